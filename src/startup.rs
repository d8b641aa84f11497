//! Builds the service from its settings: the only place that knows every part.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use actix_web::{App as Actix, HttpServer, dev::Server, rt, web::Data};
use anyhow::{Context, Result, anyhow};
use gatekeeper::{Contract, Gate, Observer};
use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    audit::Audit,
    auth::{api_tokens::Uses, password::Passwords, revocation::Revocations, roles, tokens::Keys},
    catalogue::{Catalogue, Facts},
    database,
    errors::{self, Pages},
    limits::{self, Limits},
    mailer::{self, Mailer},
    metrics::Metrics,
    service::Documents,
    settings::Settings,
    state::{App, Shared},
    telemetry::{self, Recorder},
};

/// Time in which the head of a request must be complete.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// The service, bound and ready to run.
pub(crate) struct Application {
    server: Server,
    mailer: JoinHandle<()>,
    revocations: JoinHandle<()>,
    audit: JoinHandle<()>,
    /// Tells the task above to store what is queued and end.
    stop_audit: oneshot::Sender<()>,
}

impl Application {
    /// Connects, prepares and binds. Must be called on an actix system. Requests are answered once
    /// [`run`](Self::run) is polled.
    ///
    /// # Errors
    ///
    /// One line that says which part could not be had and what to do about it. An unreachable Redis is none:
    /// the service starts, says so, and is not ready.
    pub(crate) async fn build(mut settings: Settings) -> Result<Self> {
        let listener = bind(settings.server.bind)?;
        let address = listener
            .local_addr()
            .context("the listener has no address")?;
        if settings.server.public_url.is_empty() {
            settings.server.public_url = format!("http://{address}");
        }
        let metrics = Arc::new(Metrics::new(generated::MANIFEST.operations)?);
        let recorder = Recorder {
            metrics: Arc::clone(&metrics),
        };
        let contract = Arc::new(contract(&settings, Some(Arc::new(recorder)))?);
        limits::check(&settings.limits, &contract)?;
        let catalogue = Catalogue::prepare(
            &Facts::load(&settings.catalogue.source)?,
            &settings.server.public_url,
        )?;
        let keys = Keys::new(&settings.tokens)?;
        let database = database::open(&settings.database).await?;
        // Connections of its own: a burst of requests that wait for the pool must not keep the store from
        // following the table, or every caller would be refused.
        let mut apart = settings.database.clone();
        apart.max_connections = 2;
        let revocations = Revocations::open(&settings, database::connect(&apart).await?).await?;
        let (audit, keeper) =
            Audit::open(database.clone(), Arc::clone(&metrics), settings.audit.days);
        let shared = Arc::new(Shared {
            passwords: Passwords::new(&settings.passwords)?,
            documents: Documents::prepare()?,
            problem_pages: Pages::prepare(&settings.server.public_url)?,
            catalogue,
            mail_wakeup: Arc::new(Notify::new()),
            api_token_uses: Uses::default(),
            metrics,
            audit,
            limits: Limits::open(&settings)?,
            keys,
            database,
            settings,
        });
        let mailer = Mailer::new(Arc::clone(&shared))?;
        announce(&shared.settings, address, &revocations);
        let server = serve(listener, shared, revocations.clone(), contract)?;
        let (stop_audit, stop) = oneshot::channel();
        Ok(Self {
            server,
            mailer: rt::spawn(mailer.run()),
            revocations: rt::spawn(revocations.run()),
            audit: rt::spawn(keeper.run(stop)),
            stop_audit,
        })
    }

    /// Serves until a signal stops it; requests under way are finished on SIGTERM.
    ///
    /// # Errors
    ///
    /// When the listener fails, or one of the tasks in the background does: without them mails would pile
    /// up, or every caller would be refused, and nobody would know why.
    pub(crate) async fn run(self) -> Result<()> {
        let Self {
            server,
            mut mailer,
            mut revocations,
            mut audit,
            stop_audit,
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
            ended = &mut audit => Err(anyhow!("the task that stores refusals ended: {ended:?}")),
        };
        if outcome.is_err() {
            handle.stop(true).await;
        }
        // Here, on the runtime: the connections to a mail server cannot be closed without it.
        mailer.abort();
        if !mailer.is_finished() {
            drop((&mut mailer).await);
        }
        drop(stop_audit);
        if !audit.is_finished() && timeout(database::PATIENCE, audit).await.is_err() {
            tracing::warn!("the last refusals were logged, but not stored");
        }
        outcome
    }
}

/// All that [`Application::build`] asks of the settings before it connects to anything.
///
/// # Errors
///
/// As [`Application::build`].
pub(crate) fn check(settings: &Settings) -> Result<()> {
    telemetry::filter(&settings.log)?;
    Keys::new(&settings.tokens)?;
    mailer::check(settings)?;
    Facts::load(&settings.catalogue.source)?;
    limits::check(&settings.limits, &contract(settings, None)?)
}

/// Prepares the contract; what it says and cannot be enforced is an error here.
pub(crate) fn contract(
    settings: &Settings,
    observer: Option<Arc<dyn Observer>>,
) -> Result<Contract> {
    let public_url = &settings.server.public_url;
    let builder = Contract::builder(generated::SPEC)
        .roles(roles::LEVELS)
        .realm("starwars-api")
        .bearer_alias("JWT")
        .problem_types(&errors::problem_types(public_url))
        .guide(&format!(
            "{public_url}/openapi.json lists the paths, and {public_url}/ui/ shows them."
        ))
        .trusted_proxies(settings.limits.trusted_proxies.clone())
        .cors_origins(settings.server.cors_origins.clone())
        .validate_replies(settings.gatekeeper.validate_responses);
    match observer {
        Some(observer) => builder.observer(observer),
        None => builder,
    }
    .build(&generated::MANIFEST)
    .map_err(|defects| anyhow!("the contract cannot be served:\n{defects}"))
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}; free the port or choose another with server.bind (STARWARS__SERVER__BIND)")
    })
}

fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    revocations: Revocations,
    contract: Arc<Contract>,
) -> Result<Server> {
    let workers = match shared.settings.server.workers {
        0 => thread::available_parallelism().map_or(1, usize::from),
        count => count,
    };
    let shutdown_seconds = shared.settings.server.shutdown_seconds;
    // All that mounting can refuse, found before the workers do it.
    generated::routes::<App>()
        .check(&contract)
        .map_err(|defects| anyhow!("the contract cannot be served:\n{defects}"))?;
    let server = HttpServer::new(move || {
        let app = App::new(Arc::clone(&shared), &revocations);
        let gate = Gate::new(Arc::clone(&contract), generated::Service(app));
        Actix::new().app_data(Data::new(gate)).configure(|config| {
            if let Err(defects) = gatekeeper::mount::<generated::Service<App>>(
                config,
                &contract,
                generated::routes::<App>(),
            ) {
                tracing::error!(%defects, "the contract cannot be served");
            }
        })
    })
    .workers(workers)
    .backlog(BACKLOG)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIME)
    .shutdown_timeout(shutdown_seconds)
    .listen(listener)
    .context("the listener cannot be used")?;
    Ok(server.run())
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
