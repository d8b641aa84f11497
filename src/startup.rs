//! Builds the service from its settings. The only module that imports every other.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::Duration,
};

use actix_web::{App as Actix, dev::Server, rt, web::Data};
use anyhow::{Context, Result, anyhow};
use gatekeeper::{Authenticator, Contract, ContractBuilder, Gate, Observer, Routes};
use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    audit::Audit,
    auth::{
        password::Passwords,
        revocation::Revocations,
        roles::{self, Role},
        tokens::Keys,
    },
    catalogue::{Catalogue, Dataset},
    database::{self, Database},
    errors::{self, Pages},
    idempotency::Idempotency,
    limits::{self, Limits},
    listener::{self, Workers},
    mail::{self, Mailer},
    metrics::Metrics,
    mock::{self, Mock, MockUsers, ServiceReplies},
    purge,
    service::{Documents, Readiness},
    settings::{Server as ServerSettings, Settings},
    state::{App, Shared},
    telemetry::{self, Recorder},
    users::{api_tokens::Uses, mails::MailComposer},
};

/// The service, bound and ready to run.
pub(crate) struct BoundService {
    server: Server,
    mailer: JoinHandle<()>,
    revocations: JoinHandle<()>,
    purge: JoinHandle<()>,
    audit: JoinHandle<()>,
    /// Tells the audit task to store what is queued and end.
    stop_audit: oneshot::Sender<()>,
    /// Keeps the queue of refusals open: it would close with the last worker, and its writer would seem to have failed.
    refusals: Audit,
    /// Closed at the end, when nothing uses them any more.
    databases: [Database; 2],
}

impl BoundService {
    /// Connects, prepares and binds. Must be called on an actix system. Requests are answered once
    /// [`run`](Self::run) is polled.
    ///
    /// # Errors
    ///
    /// Says which part failed and what to do about it. An unreachable Redis is no error: the service starts, logs it, and
    /// is not ready.
    pub(crate) async fn build(settings: Settings) -> Result<Self> {
        Self::assemble(settings, |builder, _| builder).await
    }

    /// Builds the service with the contract's examples instead of replies with status 501.
    ///
    /// # Errors
    ///
    /// Those of [`build`](Self::build), and an operation without an example.
    pub(crate) async fn build_with_examples(settings: Settings) -> Result<Self> {
        Self::assemble(settings, |builder, public_url| {
            builder.examples(move |example| mock::rewrite_example(example, &public_url, None))
        })
        .await
    }

    async fn assemble(
        mut settings: Settings,
        change: impl FnOnce(ContractBuilder<'static>, String) -> ContractBuilder<'static>,
    ) -> Result<Self> {
        // Without `server.public_url` the contract keeps its server `/`, which is right wherever it is read.
        let server = Some(settings.server.public_url.clone()).filter(|url| !url.is_empty());
        let (listener, address) = listen(&mut settings)?;
        let metrics = Arc::new(Metrics::new(generated::MANIFEST.operations.len())?);
        let builder = builder(&settings).observer(recorder(&metrics));
        let contract = prepared(change(builder, settings.server.public_url.clone()))?;
        limits::check(&settings.limits, &contract)?;
        let dataset = Dataset::load(&settings.catalogue.source, &contract)?;
        let catalogue = Catalogue::new(&dataset, &settings.server.public_url)?;
        let keys = Keys::new(&settings.tokens)?;
        let database = database::open(&settings.database).await?;
        let background = database::connect_background(&settings.database).await?;
        database::warn_of_a_wrong_clock(&background).await?;
        let revocations = Revocations::open(&settings, background.clone()).await?;
        let (audit, audit_writer) =
            Audit::open(database.clone(), Arc::clone(&metrics), &settings.audit);
        let stopping = Arc::new(AtomicBool::new(false));
        let passwords = Passwords::new(&settings.passwords)?;
        metrics.register(passwords.seconds.clone())?;
        let limits = Limits::open(&settings, revocations.redis())?;
        let shared = Arc::new(Shared {
            passwords: Arc::new(passwords),
            documents: Documents::prepare(&settings, server.as_deref())?,
            readiness: Readiness::new(Arc::clone(&stopping)),
            problem_pages: Pages::prepare(&settings.server.public_url)?,
            catalogue,
            mail_wakeup: Arc::new(Notify::new()),
            api_token_uses: Uses::default(),
            metrics,
            audit,
            idempotency: Idempotency::new(&settings.tokens, limits.clone()),
            limits,
            keys: Arc::new(keys),
            database,
            background: background.clone(),
            settings,
        });
        let databases = [shared.database.clone(), background.clone()];
        let refusals = shared.audit.clone();
        let mailer = Mailer::new(
            &shared.settings,
            shared.database.clone(),
            Arc::clone(&shared.mail_wakeup),
            Arc::clone(&shared.metrics),
            MailComposer::new(
                shared.database.clone(),
                Arc::clone(&shared.keys),
                &shared.settings.tokens,
            ),
        )?;
        let settings = shared.settings.clone();
        let server = {
            let revocations = revocations.clone();
            let api = move || generated::Service(App::new(Arc::clone(&shared), &revocations));
            serve(
                listener,
                (&settings.server, stopping),
                contract,
                api,
                |_| generated::routes::<App>(),
            )?
        };
        // From here on signals are listened to: whoever reads the line may stop the service in good order.
        announce(&settings, address, &revocations);
        let (stop_audit, stop) = oneshot::channel();
        Ok(Self {
            server,
            mailer: rt::spawn(mailer.run()),
            revocations: rt::spawn(revocations.run()),
            purge: rt::spawn(purge::run(background)),
            audit: rt::spawn(audit_writer.run(stop)),
            stop_audit,
            refusals,
            databases,
        })
    }

    /// Serves until a signal stops it; requests under way are finished.
    ///
    /// # Errors
    ///
    /// The listener or one of the tasks in the background failed: without them mails would pile up, or every caller would be
    /// refused, and nobody would know why.
    pub(crate) async fn run(self) -> Result<()> {
        let Self {
            server,
            mut mailer,
            mut revocations,
            mut purge,
            mut audit,
            stop_audit,
            refusals,
            databases,
        } = self;
        let handle = server.handle();
        let mut server = rt::spawn(server);
        let outcome = tokio::select! {
            served = &mut server => match served {
                Ok(served) => served.context("the listener failed"),
                Err(ended) => Err(ended.into()),
            },
            ended = &mut mailer => Err(anyhow!("the task that sends mails ended: {ended:?}")),
            ended = &mut revocations => Err(anyhow!("the task that follows revocations ended: {ended:?}")),
            ended = &mut purge => Err(anyhow!("the task that deletes old rows ended: {ended:?}")),
            ended = &mut audit => Err(anyhow!("the task that stores refusals ended: {ended:?}")),
        };
        if outcome.is_err() {
            handle.stop(true).await;
        }
        // Awaited on the runtime, without which the connections to a mail server cannot be closed.
        mailer.abort();
        if !mailer.is_finished() {
            drop((&mut mailer).await);
        }
        // They would take a database that is closed for one that is away.
        revocations.abort();
        purge.abort();
        drop((stop_audit, refusals));
        if !audit.is_finished() && timeout(database::TIMEOUT, audit).await.is_err() {
            tracing::warn!("the last refusals were logged, but not stored");
        }
        for database in databases {
            database.close().await;
        }
        outcome
    }
}

/// Creates a server that accepts the credentials of `users` and replies with the contract's examples; a login replies with
/// the tokens of `role`. Needs no database. Must be called on an actix system.
///
/// # Errors
///
/// Those of [`BoundService::build_with_examples`] that need no database.
pub(crate) fn mock(settings: &mut Settings, users: &Arc<MockUsers>, role: Role) -> Result<Server> {
    let server = Some(settings.server.public_url.clone()).filter(|url| !url.is_empty());
    let (listener, _) = listen(settings)?;
    let metrics = Arc::new(Metrics::new(generated::MANIFEST.operations.len())?);
    let (public_url, mock_users) = (settings.server.public_url.clone(), Arc::clone(users));
    let contract = prepared(builder(settings).observer(recorder(&metrics)).examples(
        move |example| {
            mock::rewrite_example(example, &public_url, mock_users.with_role(role));
        },
    ))?;
    let mock = Mock {
        users: Arc::clone(users),
        replies: Arc::new(ServiceReplies::prepare(
            settings,
            server.as_deref(),
            &metrics,
        )?),
    };
    let api = move || generated::Service(mock.clone());
    serve(
        listener,
        (&settings.server, Arc::default()),
        contract,
        api,
        mock::routes,
    )
}

/// Checks everything in the settings that [`BoundService::build`] checks before it connects to anything.
///
/// # Errors
///
/// Those of [`BoundService::build`].
pub(crate) fn check(settings: &Settings) -> Result<()> {
    telemetry::filter(&settings.log)?;
    Keys::new(&settings.tokens)?;
    mail::check(settings)?;
    let contract = contract(settings)?;
    Dataset::load(&settings.catalogue.source, &contract)?;
    limits::check(&settings.limits, &contract)
}

/// Prepares the contract.
///
/// # Errors
///
/// The contract says something that cannot be enforced.
pub(crate) fn contract(settings: &Settings) -> Result<Contract> {
    prepared(builder(settings))
}

fn builder(settings: &Settings) -> ContractBuilder<'static> {
    let public_url = &settings.server.public_url;
    Contract::builder(generated::SPEC)
        .strict()
        .roles(roles::LEVELS)
        .require_roles(true)
        .low_role_is_401(true)
        .realm("starwars-api")
        .bearer_alias("JWT")
        .problem_types(&errors::problem_types(public_url))
        .not_found_hint(&format!(
            "{public_url}/openapi.json lists the paths, and {public_url}/ui/ shows them."
        ))
        .trusted_proxies(settings.limits.trusted_proxies.clone())
        .cors_origins(settings.server.cors_origins.clone())
        .compression(settings.server.compression)
        .validate_replies(settings.gatekeeper.validate_responses)
        .lazy_spans(telemetry::asks_for_requests(settings))
}

fn prepared(builder: ContractBuilder<'_>) -> Result<Contract> {
    let contract = builder.build(&generated::MANIFEST);
    contract.map_err(|defects| anyhow!("the contract cannot be served:\n{defects}"))
}

fn recorder(metrics: &Arc<Metrics>) -> Arc<dyn Observer> {
    Arc::new(Recorder {
        metrics: Arc::clone(metrics),
    })
}

/// Binds the address, and sets `server.public_url` from it if the settings do not.
fn listen(settings: &mut Settings) -> Result<(TcpListener, SocketAddr)> {
    for advice in settings.advice() {
        tracing::warn!("{advice}");
    }
    let server = &mut settings.server;
    let listener = server.bind.listen().with_context(|| {
        format!("cannot listen on {}; free the port or choose another with server.bind (STARWARS__SERVER__BIND)", server.bind)
    })?;
    let address = listener
        .local_addr()
        .context("the listener has no address")?;
    if server.public_url.is_empty() {
        server.public_url = server.bind.base_url(address.port());
    }
    Ok((listener, address))
}

fn serve<A: Authenticator>(
    listener: TcpListener,
    (settings, stopping): (&ServerSettings, Arc<AtomicBool>),
    contract: Contract,
    api: impl Fn() -> A + Clone + Send + 'static,
    routes: fn(&Contract) -> Routes,
) -> Result<Server> {
    let workers = Workers {
        count: match settings.workers {
            0 => thread::available_parallelism().map_or(1, usize::from),
            count => count,
        },
        drain: Duration::from_secs(settings.drain_seconds),
        shutdown_seconds: settings.shutdown_seconds,
        stopping,
    };
    let contract = Arc::new(contract);
    // Whatever mounting can refuse is found here, before the workers do it.
    routes(&contract)
        .check(&contract)
        .map_err(|defects| anyhow!("the contract cannot be served:\n{defects}"))?;
    let app = move || {
        let gate = Gate::new(Arc::clone(&contract), api());
        Actix::new().app_data(Data::new(gate)).configure(|config| {
            if let Err(defects) = gatekeeper::mount::<A>(config, &contract, routes(&contract)) {
                tracing::error!(%defects, "the contract cannot be served");
            }
        })
    };
    listener::server(listener, &workers, app)
}

fn announce(settings: &Settings, address: SocketAddr, revocations: &Revocations) {
    let public_url = &settings.server.public_url;
    tracing::info!(
        profile = %settings.profile,
        revocations = %revocations.describe(),
        "listening on {address} as {public_url}"
    );
    if settings.ui.enabled {
        tracing::info!("Swagger UI: {public_url}/ui/");
    }
}
