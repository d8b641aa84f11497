//! A fake service behind a real gatekeeper.

use actix_web::{
    App, HttpRequest, HttpResponse,
    dev::{Service, ServiceResponse},
    http::header::{HeaderMap, RETRY_AFTER},
    test,
    web::{Data, Payload},
};
use gatekeeper::{
    Authenticator, Contract, ContractBuilder, Credential, Denial, Gate, Identity, Manifest,
    Observer, Problem, Refusal, Rendering, Reply, RequestContext, Routes, Sent, Served,
};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    net::IpAddr,
    rc::Rc,
    sync::{Arc, Mutex},
};

/// The caller that a fake hook makes: `<scheme>.<name>.<level>`, with scopes `<scheme>.<name>.<level>.<scope>.<scope>`.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) level: u16,
    scopes: Vec<String>,
}

impl Identity for Caller {
    fn access_level(&self) -> u16 {
        self.level
    }

    fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }

    fn join(self, other: Self) -> Result<Self, Denial> {
        if self.name == other.name {
            Ok(Self {
                level: self.level.min(other.level),
                ..self
            })
        } else {
            Err(Denial::invalid("two users"))
        }
    }
}

/// Notes the hooks that were called, and the contexts that they were given. A credential says what
/// its hook is to make of it.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    pub(crate) render: Option<for<'r> fn(&Refusal<'r>) -> Option<Rendering>>,
    pub(crate) asked: Rc<RefCell<Vec<String>>>,
    visits: Rc<RefCell<Vec<(String, IpAddr)>>>,
}

impl Fake {
    fn note(&self, hook: &str, context: RequestContext<'_>) {
        self.asked.borrow_mut().push(hook.to_owned());
        let context = (context.id().to_string(), context.address());
        self.visits.borrow_mut().push(context);
    }
}

impl Authenticator for Fake {
    type Identity = Caller;
    type Failure = Problem;

    async fn authenticate(
        &self,
        context: RequestContext<'_>,
        scheme: &str,
        credential: Credential<'_>,
    ) -> Result<Caller, Denial> {
        let demand = [&[scheme.to_owned()], credential.scopes()].concat();
        self.note(&demand.join(" "), context);
        let text = match credential.sent() {
            Sent::Bearer(text) | Sent::ApiKey(text) => text.to_owned(),
            Sent::Basic {
                username,
                password: "right",
            } => format!("{scheme}.{username}.1"),
            Sent::Basic { .. } => return Err(Denial::credentials("wrong password")),
        };
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [of, name, "expired"] if *of == scheme => {
                Err(Denial::expired(format!("{name} is late")))
            }
            [of, _, "disabled"] if *of == scheme => Err(Denial::problem(Problem::new(
                403,
                "account-disabled",
                "The account is disabled.",
            ))),
            [of, _, "ending"] if *of == scheme && self.asked.borrow().len() > 1 => {
                Err(Denial::invalid("the session has ended"))
            }
            [of, name, "ending"] if *of == scheme => Ok(Caller {
                name: (*name).to_owned(),
                level: 1,
                scopes: Vec::new(),
            }),
            [of, name, level, scopes @ ..] if *of == scheme => Ok(Caller {
                name: (*name).to_owned(),
                level: level.parse().unwrap(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            }),
            ["down"] => Err(Denial::unavailable("no store", 7)),
            _ => Err(Denial::invalid("of another kind")),
        }
    }

    fn render(&self, refusal: &Refusal<'_>) -> Option<Rendering> {
        self.render?(refusal)
    }

    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        self.note(&format!("throttle {operation}"), context);
        match context.user_agent() {
            Some("hasty") => {
                let problem = Problem::new(429, "too-many-requests", "Wait a little.");
                Err(Denial::problem(problem.header(RETRY_AFTER, 7.into())))
            }
            Some("down") => Err(Denial::unavailable("no store", 7)),
            _ => Ok(()),
        }
    }
}

/// A call of the observer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) operation: Option<String>,
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) request_id: String,
}

#[derive(Default)]
pub(crate) struct Log(pub(crate) Mutex<Vec<Told>>);

impl Observer for Log {
    fn served(&self, served: &Served<'_>) {
        self.0.lock().unwrap().push(Told {
            operation: served.operation.map(str::to_owned),
            status: served.status,
            code: served.code.map(str::to_owned),
            reason: served.reason.map(str::to_owned),
            request_id: served.request_id.to_string(),
        });
    }
}

/// The answer of the fake operations, once admitted.
pub(crate) type Answer = fn(Option<Caller>) -> Result<Reply, Problem>;

/// The name of the caller.
pub(crate) fn caller(caller: Option<Caller>) -> Result<Reply, Problem> {
    let name = caller.map(|caller| caller.name);
    Ok(Reply::new(200).json(json!({ "caller": name }).into())?)
}

async fn handle(
    operation: &'static str,
    answer: Answer,
    gate: Data<Gate<Fake>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin(operation, &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        answer(validated.optional_identity())
    }
    .await;
    exchange.respond(outcome)
}

/// Routes that give the same answer for all operations.
pub(crate) fn routes(operations: &'static [&'static str], answer: Answer) -> Routes {
    let mut routes = Routes::new();
    for &operation in operations {
        routes.add(operation, move |gate, request, payload| {
            handle(operation, answer, gate, request, payload)
        });
    }
    routes
}

/// A response.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) async fn of(response: ServiceResponse) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = test::read_body(response).await.to_vec();
        Self {
            status,
            headers,
            body,
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.headers
            .get_all(name)
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn one(&self, name: &str) -> String {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "{name}: {all:?}");
        all.into_iter().next().unwrap()
    }
}

/// A service under test: one contract, one fake.
pub(crate) struct Bench {
    pub(crate) contract: Arc<Contract>,
    pub(crate) fake: Fake,
    pub(crate) log: Arc<Log>,
    manifest: &'static Manifest,
    answer: Answer,
}

impl Bench {
    pub(crate) fn new(spec: &str, manifest: &'static Manifest) -> Self {
        Self::with(spec, manifest, |builder| builder)
    }

    pub(crate) fn with(
        spec: &str,
        manifest: &'static Manifest,
        change: impl FnOnce(ContractBuilder<'_>) -> ContractBuilder<'_>,
    ) -> Self {
        Self::of(spec, manifest, |builder| {
            change(builder.strict().validate_replies(true))
        })
    }

    /// A contract as OpenAPI has it, in front of the same service.
    pub(crate) fn open(
        spec: &str,
        manifest: &'static Manifest,
        change: impl FnOnce(ContractBuilder<'_>) -> ContractBuilder<'_>,
    ) -> Self {
        Self::of(spec, manifest, change)
    }

    fn of(
        spec: &str,
        manifest: &'static Manifest,
        change: impl FnOnce(ContractBuilder<'_>) -> ContractBuilder<'_>,
    ) -> Self {
        let log = Arc::new(Log::default());
        let builder = Contract::builder(spec)
            .roles(&[("basic", 1), ("admin", 2)])
            .realm("test")
            .bearer_alias("JWT")
            .low_role_is_401(true)
            .observer(log.clone());
        let contract = change(builder)
            .build(manifest)
            .unwrap_or_else(|defects| panic!("{defects}"));
        Self {
            contract: Arc::new(contract),
            fake: Fake::default(),
            log,
            manifest,
            answer: caller,
        }
    }

    pub(crate) fn answering(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    /// Sends one request.
    pub(crate) async fn send(&self, request: test::TestRequest) -> Got {
        let gate = Data::new(Gate::new(self.contract.clone(), self.fake.clone()));
        let app = App::new().app_data(gate).configure(|config| {
            gatekeeper::mount::<Fake>(
                config,
                &self.contract,
                routes(self.manifest.operations, self.answer),
            )
            .unwrap();
        });
        let app = test::init_service(app).await;
        Got::of(app.call(request.to_request()).await.unwrap()).await
    }

    /// Sends `GET` with an `Authorization`.
    pub(crate) async fn get(&self, uri: &str, authorization: &str) -> Got {
        let request = test::TestRequest::with_uri(uri);
        self.send(if authorization.is_empty() {
            request
        } else {
            request.insert_header(("Authorization", authorization))
        })
        .await
    }

    /// The hooks called since the last look.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.fake.asked.take()
    }

    /// Takes the contexts that hooks were given since the last call: request id and address.
    pub(crate) fn visits(&self) -> Vec<(String, IpAddr)> {
        self.fake.visits.take()
    }

    /// Returns the last call of the observer.
    pub(crate) fn told(&self) -> Told {
        self.log.0.lock().unwrap().last().unwrap().clone()
    }
}
