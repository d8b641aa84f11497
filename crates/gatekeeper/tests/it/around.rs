//! The hook around operations, and ordinary middleware around everything, over real connections.

use crate::{
    scopes::{MANIFEST, SPEC},
    support::{Caller, Fake},
    wire::exchange,
};
use actix_web::{
    App, HttpMessage, HttpRequest, HttpServer,
    dev::{ServerHandle, Service},
    http::header::{HeaderName, HeaderValue},
    web::{Data, Payload},
};
use gatekeeper::{
    Admitted, Authenticator, Contract, Credential, Denial, Gate, Problem, Reply, RequestContext,
    Routes,
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// A service that meters its operations by tenant, the first letter of the caller.
struct Metered {
    fake: Fake,
    log: Arc<Mutex<Vec<String>>>,
}

/// Put beside the request by the hook.
struct Tenant(String);

/// Put beside the request by middleware.
struct Region(&'static str);

impl Authenticator for Metered {
    type Identity = Caller;
    type Failure = Problem;

    async fn authenticate(
        &self,
        context: RequestContext<'_>,
        scheme: &str,
        credential: Credential<'_>,
    ) -> Result<Caller, Denial> {
        self.fake.authenticate(context, scheme, credential).await
    }

    async fn around<'r>(
        &self,
        request: Admitted<'r, Caller>,
        operation: impl AsyncFnOnce(Admitted<'r, Caller>) -> Result<Reply, Problem>,
    ) -> Result<Reply, Problem> {
        let (id, context) = (request.operation(), request.context());
        let name = request.identity().map(|caller| caller.name.clone());
        let name = name.unwrap_or_else(|| "nobody".to_owned());
        if name == "vader" {
            return Err(Problem::new(403, "forbidden", "Not for this tenant."));
        }
        let tenant = name.get(..1).unwrap_or_default().to_owned();
        context.extensions_mut().insert(Tenant(tenant));
        let outcome = operation(request).await;
        let status = match &outcome {
            Ok(reply) => reply.status(),
            Err(problem) => problem.status,
        };
        self.log
            .lock()
            .unwrap()
            .push(format!("{id} {name} {status}"));
        outcome
    }
}

/// Routes that answer with what stands beside the request.
fn routes() -> Routes {
    let mut routes = Routes::new();
    for &operation in MANIFEST.operations {
        routes.add(
            operation,
            move |gate: Data<Gate<Metered>>, request: HttpRequest, payload: Payload| async move {
                let mut exchange = gate.begin(operation, &request);
                let outcome = async {
                    let admitted = exchange.admit(payload).await?;
                    let answer = async |context: RequestContext<'_>, _| {
                        let beside = context.extensions();
                        let tenant = beside.get::<Tenant>().map(|tenant| tenant.0.clone());
                        let region = beside.get::<Region>().map(|region| region.0);
                        if operation == "read" {
                            return Err(Problem::new(404, "gone", "It was there."));
                        }
                        let body = json!({"caller": tenant, "region": region});
                        Ok(Reply::new(200).json(body.into())?)
                    };
                    exchange.run(admitted, answer).await
                }
                .await;
                exchange.respond(outcome)
            },
        );
    }
    routes
}

fn serve(log: &Arc<Mutex<Vec<String>>>) -> (SocketAddr, ServerHandle) {
    let contract = Contract::builder(SPEC)
        .roles(&[("admin", 2)])
        .build(&MANIFEST);
    let contract = Arc::new(contract.unwrap_or_else(|defects| panic!("{defects}")));
    let log = Arc::clone(log);
    let server = HttpServer::new(move || {
        let service = Metered {
            fake: Fake::default(),
            log: Arc::clone(&log),
        };
        let gate = Data::new(Gate::new(Arc::clone(&contract), service));
        App::new()
            .app_data(gate)
            .wrap_fn(|request, next| {
                request.extensions_mut().insert(Region("outer rim"));
                let answer = next.call(request);
                async move {
                    let mut answer = answer.await?;
                    let name = HeaderName::from_static("x-middleware");
                    let headers = answer.headers_mut();
                    headers.insert(name, HeaderValue::from_static("was here"));
                    Ok(answer)
                }
            })
            .configure(|config| gatekeeper::mount::<Metered>(config, &contract, routes()).unwrap())
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (address, handle)
}

async fn get(address: SocketAddr, target: &str, token: &str) -> String {
    let request = format!(
        "GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    exchange(address, request.into_bytes()).await
}

#[actix_web::test]
async fn a_hook_runs_around_each_admitted_operation_and_no_other_request() {
    let log = Arc::default();
    let (address, handle) = serve(&log);
    let answer = get(address, "/any", "bearer.leia.1").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"caller\":\"l\""), "{answer}");
    for (target, token, status) in [
        ("/nothing", "x", "200"),
        ("/read", "oauth.leia.1.read", "404"),
        ("/read", "oauth.leia.1", "403"),
        ("/any", "garbage", "401"),
        ("/nowhere", "bearer.leia.1", "404"),
        ("/any", "bearer.vader.1", "403"),
    ] {
        let answer = get(address, target, token).await;
        let expected = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(&expected), "{target} {token}: {answer}");
    }
    let log = log.lock().unwrap().clone();
    assert_eq!(log, ["any leia 200", "nothing nobody 200", "read leia 404"]);
    handle.stop(false).await;
}

#[actix_web::test]
async fn middleware_sees_every_request_and_operations_see_what_it_leaves() {
    let (address, handle) = serve(&Arc::default());
    for target in ["/any", "/nowhere", "/read"] {
        let answer = get(address, target, "bearer.leia.1").await;
        assert!(answer.contains("x-middleware: was here"), "{answer}");
        assert!(answer.contains("x-request-id: "), "{answer}");
    }
    let answer = get(address, "/any", "bearer.leia.1").await;
    assert!(answer.contains("\"region\":\"outer rim\""), "{answer}");
    handle.stop(false).await;
}
