//! Schemas as people write them, through the whole gatekeeper: what passes fits the type that it is read into.

use crate::support::Fake;
use actix_web::{
    App, HttpRequest, HttpResponse,
    dev::Service,
    test::{self, TestRequest},
    web::{Data, Payload},
};
use gatekeeper::{Contract, Gate, Manifest, Problem, Reply, Routes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

const SPEC: &str = r##"
openapi: 3.0.3
info: { title: Readings, version: '1' }
paths:
  /readings:
    post:
      operationId: add_reading
      tags: [Readings]
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Reading' } } }
      responses: { '200': { description: As it was read., content: { application/json: { schema: { type: object } } } } }
components:
  schemas:
    Reading:
      type: object
      required: [count]
      properties:
        count: { type: integer }
        small: { type: integer, format: uint8 }
        large: { type: integer, format: uint64 }
        name: { type: string, pattern: '^(?!admin$)\w+$' }
        source: { $ref: '#/components/schemas/Source' }
        next: { $ref: '#/components/schemas/Reading' }
    Source:
      discriminator: { propertyName: kind }
      oneOf: [{ $ref: '#/components/schemas/Probe' }, { $ref: '#/components/schemas/Droid' }]
    Probe: { type: object, required: [kind], properties: { kind: { type: string, enum: [probe] }, depth: { type: integer } } }
    Droid: { type: object, required: [kind], properties: { kind: { type: string, enum: [droid] }, depth: { type: string } } }
"##;
const MANIFEST: Manifest = Manifest {
    operations: &["add_reading"],
    hooks: &[],
};

#[derive(Deserialize, Serialize)]
struct Reading {
    count: i64,
    small: Option<u8>,
    large: Option<u64>,
}

async fn add(gate: Data<Gate<Fake>>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let mut exchange = gate.begin("add_reading", &request);
    let outcome: Result<Reply, Problem> = async {
        let mut validated = exchange.admit(payload).await?;
        let reading: Reading = validated.body()?;
        Ok(Reply::new(200).json(json!(reading).into())?)
    }
    .await;
    exchange.respond(outcome)
}

fn contract() -> Contract {
    let contract = Contract::builder(SPEC).build(&MANIFEST);
    contract.unwrap_or_else(|defects| panic!("{defects}"))
}

#[actix_web::test]
async fn each_number_that_passes_fits_its_type() {
    let contract = Arc::new(contract());
    let gate = Data::new(Gate::new(contract.clone(), Fake::default()));
    let app = App::new().app_data(gate).configure(|config| {
        let mut routes = Routes::new();
        routes.add("add_reading", add);
        gatekeeper::mount::<Fake>(config, &contract, routes).unwrap();
    });
    let app = test::init_service(app).await;
    for (body, answer) in [
        (
            r#"{"count": 1.0}"#,
            json!({"count": 1, "small": null, "large": null}),
        ),
        (
            r#"{"count": -0}"#,
            json!({"count": 0, "small": null, "large": null}),
        ),
        (
            r#"{"count": -1e2, "small": 255.0, "large": 18446744073709551615}"#,
            json!({"count": -100, "small": 255, "large": u64::MAX}),
        ),
        (r#"{"count": 1e19}"#, json!(400)),
        (r#"{"count": 1e300}"#, json!(400)),
        (r#"{"count": 1.5}"#, json!(400)),
        (r#"{"count": 1, "small": 256}"#, json!(400)),
        (r#"{"count": 1, "small": -1}"#, json!(400)),
        (r#"{"count": 1, "large": 18446744073709551616}"#, json!(400)),
    ] {
        let request = TestRequest::post()
            .uri("/readings")
            .insert_header(("content-type", "application/json"))
            .insert_header(("content-length", body.len().to_string()))
            .set_payload(body);
        let response = app.call(request.to_request()).await.unwrap();
        let status = response.status().as_u16();
        let read = test::read_body(response).await;
        let read = match status {
            200 => serde_json::from_slice(&read).unwrap(),
            status => json!(status),
        };
        assert_eq!(read, answer, "{body}");
    }
}

#[test]
fn violations_are_told_of_the_part_that_a_tag_names_at_any_depth() {
    let contract = contract();
    let refused = |body: Value| -> Vec<String> {
        let violations = contract.check_body("add_reading", &body).unwrap_err();
        let told = violations.into_iter();
        told.map(|told| format!("{} {}", told.pointer, told.message))
            .collect()
    };
    assert_eq!(
        refused(json!({"count": 1, "next": {"count": 2, "source": {"kind": "droid", "depth": 3}}})),
        ["/next/source/depth must be a string"]
    );
    assert_eq!(
        refused(json!({"count": 1, "source": {"kind": "other"}})),
        ["/source/kind must be one of `probe`, `droid`"]
    );
    assert_eq!(
        refused(json!({"count": 1, "name": "admin"})),
        [r"/name must match the pattern ^(?!admin$)\w+$"]
    );
    let probe = json!({"count": 1, "name": "R2", "source": {"kind": "probe", "depth": 3}});
    assert_eq!(contract.check_body("add_reading", &probe), Ok(()));
}
