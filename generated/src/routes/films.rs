// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::films as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Films>(routes: &mut gatekeeper::Routes) {
    routes.add("get_film", self::get_film::<A>);
    routes.add("get_films", self::get_films::<A>);
}

async fn get_film<A: api::Films>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_film", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Films>::get_film(
                    &gate.api().0,
                    context,
                    validated.identity()?,
                    validated.params()?,
                )
                .await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn get_films<A: api::Films>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_films", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Films>::get_films(
                    &gate.api().0,
                    context,
                    validated.identity()?,
                    validated.params()?,
                )
                .await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}
