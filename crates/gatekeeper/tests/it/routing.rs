//! Base paths, overlapping templates, several expressions in a segment, methods that few contracts have.

use crate::{
    support::{Fake, Got, Log},
    wire::exchange,
};
use actix_web::{
    App, HttpRequest, HttpServer,
    dev::Service,
    http::Method,
    test::{self, TestRequest},
    web::{self, Data, Payload},
};
use gatekeeper::{Contract, ContractBuilder, Gate, Manifest, Reply, Routes};
use serde_json::{Value, json};
use std::sync::Arc;

const SPEC: &str = include_str!("../fixtures/accepted/routing.yaml");
const MANIFEST: Manifest = Manifest {
    operations: &[
        "any",
        "item",
        "remove_item",
        "cancel",
        "page",
        "cover",
        "range",
        "twice",
        "users",
        "users_slash",
        "size",
        "literal",
        "probe",
        "ask",
        "loop_back",
        "got",
        "headed",
        "root",
    ],
    hooks: &[],
};
const PARAMETERS: [&str; 7] = ["any", "id", "item-id", "page", "format", "from", "to"];

struct Server {
    contract: Arc<Contract>,
    scope: &'static str,
}

fn server(change: impl FnOnce(ContractBuilder<'_>) -> ContractBuilder<'_>) -> Server {
    let builder = change(Contract::builder(SPEC).observer(Arc::new(Log::default())));
    let contract = builder
        .build(&MANIFEST)
        .unwrap_or_else(|defects| panic!("{defects}"));
    Server {
        contract: Arc::new(contract),
        scope: "",
    }
}

/// Routes that answer with their operation and its path parameters, in a header: a HEAD shows no body.
fn naming() -> Routes {
    let mut routes = Routes::new();
    for &operation in MANIFEST.operations {
        routes.add(
            operation,
            move |gate: Data<Gate<Fake>>, request: HttpRequest, payload: Payload| async move {
                let mut exchange = gate.begin(operation, &request);
                let outcome = async {
                    let mut validated = exchange.admit(payload).await?;
                    let mut told = json!([operation]);
                    for name in PARAMETERS.iter().chain(&["größe"]) {
                        if let Some(value) = validated.path::<Option<Value>>(name)? {
                            told.as_array_mut().unwrap().push(value);
                        }
                    }
                    let name = gatekeeper::HeaderName::from_static("x-told");
                    Ok(Reply::new(200).header(name, told.to_string())?)
                }
                .await;
                exchange.respond(outcome)
            },
        );
    }
    routes
}

impl Server {
    async fn send(&self, request: TestRequest) -> Got {
        let gate = Data::new(Gate::new(Arc::clone(&self.contract), Fake::default()));
        let app = App::new()
            .app_data(gate)
            .service(web::scope(self.scope).configure(|config| {
                gatekeeper::mount::<Fake>(config, &self.contract, naming()).unwrap();
            }));
        let app = test::init_service(app).await;
        Got::of(app.call(request.to_request()).await.unwrap()).await
    }

    async fn told(&self, method: Method, uri: &str) -> Value {
        let got = self.send(TestRequest::with_uri(uri).method(method)).await;
        match got.status {
            200 => serde_json::from_str(&got.one("x-told")).unwrap(),
            status => json!(status),
        }
    }
}

#[actix_web::test]
async fn the_path_of_the_first_server_stands_before_all_others() {
    let server = server(|builder| builder);
    assert_eq!(server.contract.base_path(), "/api/v2");
    for (uri, told) in [
        ("/api/v2/items/7", json!(["item", "7"])),
        ("/api/v2/", json!(["root"])),
        ("/api/v2", json!(["root"])),
        ("/items/7", json!(404)),
        ("/", json!(404)),
        ("/api/v1/items/7", json!(404)),
    ] {
        assert_eq!(server.told(Method::GET, uri).await, told, "{uri}");
    }
    let hint = server.send(TestRequest::with_uri("/api/v2/item/7")).await;
    let detail = hint.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.ends_with("did you mean `/api/v2/items/{id}`?"),
        "{detail}"
    );
    // RFC 9110 section 15.5.6
    let request = TestRequest::with_uri("/api/v2/items/7").method(Method::PUT);
    let got = server.send(request).await;
    assert_eq!(
        (got.status, got.one("allow").as_str()),
        (405, "DELETE, GET, HEAD, OPTIONS")
    );
}

#[actix_web::test]
async fn another_base_path_or_none_can_be_given_at_the_start() {
    for (given, uri) in [
        ("/films", "/films/items/7"),
        ("/films/", "/films/items/7"),
        ("/", "/items/7"),
        ("", "/items/7"),
    ] {
        let server = server(|builder| builder.base_path(given));
        assert_eq!(
            server.told(Method::GET, uri).await,
            json!(["item", "7"]),
            "{given}"
        );
        assert_eq!(
            server.told(Method::GET, "/api/v2/items/7").await,
            json!(404),
            "{given}"
        );
    }
    for bad in ["films", "/a//b", "/{a}", "/a/../b", "/a?b", "/a%20b", "//"] {
        let built = Contract::builder(SPEC).base_path(bad).build(&MANIFEST);
        let defects = built.err().unwrap().to_string();
        assert!(defects.starts_with("base_path: "), "{bad}: {defects}");
    }
}

#[actix_web::test]
async fn a_scope_of_actix_stands_before_the_base_path() {
    let server = Server {
        scope: "/deep/down",
        ..server(|builder| builder)
    };
    let uri = "/deep/down/api/v2/items/1-2/range";
    assert_eq!(server.told(Method::GET, uri).await, json!(["range", 1, 2]));
}

/// OpenAPI 3.0.3, Paths Object: "concrete (non-templated) paths would be matched before their templated counterparts".
#[actix_web::test]
async fn the_more_literal_template_is_tried_first_whatever_the_order() {
    let server = server(|builder| builder.base_path(""));
    for (method, uri, told) in [
        (Method::GET, "/users", json!(["users"])),
        (Method::GET, "/films", json!(["any", "films"])),
        (Method::GET, "/items/cover.png", json!(["cover", "png"])),
        (Method::GET, "/items/7.png", json!(["page", 7, "png"])),
        (Method::GET, "/items/7", json!(["item", "7"])),
        (Method::POST, "/items/7:cancel", json!(["cancel", "7"])),
        (
            Method::POST,
            "/items/a%3Ab:cancel",
            json!(["cancel", "a:b"]),
        ),
        (Method::GET, "/items/7:cancel", json!(405)),
        (Method::GET, "/items/10-20/range", json!(["range", 10, 20])),
        (Method::GET, "/items/x-20/range", json!(400)),
        (Method::GET, "/items/7.gif", json!(400)),
    ] {
        assert_eq!(
            server.told(method.clone(), uri).await,
            told,
            "{method} {uri}"
        );
    }
}

#[actix_web::test]
async fn one_path_may_name_its_expressions_differently_for_each_method() {
    let server = server(|builder| builder.base_path(""));
    assert_eq!(
        server.told(Method::GET, "/items/7").await,
        json!(["item", "7"])
    );
    let told = server.told(Method::DELETE, "/items/7").await;
    assert_eq!(told, json!(["remove_item", "7"]));
}

#[actix_web::test]
async fn an_expression_that_stands_twice_has_one_value() {
    let server = server(|builder| builder.base_path(""));
    let told = server.told(Method::GET, "/twice/7/of/7").await;
    assert_eq!(told, json!(["twice", 7]));
    let got = server.send(TestRequest::with_uri("/twice/7/of/8")).await;
    assert_eq!(got.status, 400);
    let message = &got.json()["errors"][0]["message"];
    assert_eq!(message, "must be the same wherever it stands in the path");
}

#[actix_web::test]
async fn paths_that_differ_in_a_slash_are_two() {
    let server = server(|builder| builder.base_path(""));
    assert_eq!(server.told(Method::GET, "/users").await, json!(["users"]));
    assert_eq!(
        server.told(Method::GET, "/users/").await,
        json!(["users_slash"])
    );
}

#[actix_web::test]
async fn names_and_literals_are_of_any_letters() {
    let server = server(|builder| builder.base_path(""));
    let uri = "/gr%C3%B6%C3%9Fe/7";
    assert_eq!(server.told(Method::GET, uri).await, json!(["size", 7]));
    assert_eq!(
        server.told(Method::GET, "/a.b+c(d)/*").await,
        json!(["literal"])
    );
    assert_eq!(server.told(Method::GET, "/aXb+c(d)/*").await, json!(404));
    assert_eq!(server.told(Method::GET, "/a.b+c(d)/x").await, json!(404));
}

#[actix_web::test]
async fn head_options_and_trace_are_operations_where_they_are_declared() {
    let server = server(|builder| builder.base_path(""));
    assert_eq!(server.told(Method::HEAD, "/probe").await, json!(["probe"]));
    assert_eq!(server.told(Method::OPTIONS, "/probe").await, json!(["ask"]));
    assert_eq!(
        server.told(Method::TRACE, "/probe").await,
        json!(["loop_back"])
    );
    assert_eq!(server.told(Method::GET, "/probe").await, json!(405));
    assert_eq!(server.told(Method::HEAD, "/both").await, json!(["headed"]));
    assert_eq!(server.told(Method::GET, "/both").await, json!(["got"]));
    assert_eq!(server.told(Method::HEAD, "/users").await, json!(["users"]));
    assert_eq!(server.told(Method::OPTIONS, "/users").await, json!(204));
    assert_eq!(server.told(Method::TRACE, "/users").await, json!(405));
}

/// RFC 9110, sections 9.3.2 and 9.3.8.
#[actix_web::test]
async fn methods_that_few_contracts_have_cross_the_wire() {
    let contract = server(|builder| builder.base_path("/deep")).contract;
    let server = HttpServer::new(move || {
        let gate = Data::new(Gate::new(Arc::clone(&contract), Fake::default()));
        App::new().app_data(gate).configure(|config| {
            gatekeeper::mount::<Fake>(config, &contract, naming()).unwrap();
        })
    });
    let server = server.workers(1).disable_signals();
    let server = server.bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for (line, told) in [
        ("TRACE /deep/probe", "[\"loop_back\"]"),
        ("HEAD /deep/probe", "[\"probe\"]"),
        ("OPTIONS /deep/probe", "[\"ask\"]"),
        ("GET /deep/items/%37%2epng", "[\"page\",7,\"png\"]"),
        ("GET /deep/items/a%2Fb", "[\"item\",\"a/b\"]"),
        ("GET http://a/deep/items/7", "[\"item\",\"7\"]"),
    ] {
        let request = format!("{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let answer = exchange(address, request.into_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{line}: {answer}");
        assert!(
            answer.contains(&format!("x-told: {told}\r\n")),
            "{line}: {answer}"
        );
    }
    handle.stop(false).await;
}

/// Fetch, section "CORS-preflight request".
#[actix_web::test]
async fn a_preflight_is_answered_where_options_is_an_operation_too() {
    let origins = vec!["https://example.org".to_owned()];
    let server = server(|builder| builder.base_path("").cors_origins(origins));
    let ask = |origin: &str| {
        TestRequest::with_uri("/probe")
            .method(Method::OPTIONS)
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", "TRACE"))
    };
    let got = server.send(ask("https://example.org")).await;
    assert_eq!(got.status, 204);
    assert_eq!(
        got.one("access-control-allow-methods"),
        "HEAD, OPTIONS, TRACE"
    );
    assert_eq!(server.send(ask("https://example.com")).await.status, 200);
}
