// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::api::apis::orders as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Orders>(routes: &mut gatekeeper::Routes) {
    routes.add("place_order", self::place_order::<A>);
}

async fn place_order<A: api::Orders>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("place_order", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Orders>::place_order(
                        &gate.api().0,
                        context,
                        validated.identity()?,
                        validated.content()?,
                    )
                    .await
                })
                .await
        }
        .instrument(span)
        .await;
        exchange.respond(outcome)
    })
    .await
}
