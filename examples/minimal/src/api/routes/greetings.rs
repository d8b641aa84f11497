// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::api::apis::greetings as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Greetings>(routes: &mut gatekeeper::Routes) {
    routes.add("greet", self::greet::<A>);
}

async fn greet<A: api::Greetings>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("greet", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Greetings>::greet(&gate.api().0, context, validated.params()?).await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}
