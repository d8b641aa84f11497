// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::starships as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Starships>(routes: &mut gatekeeper::Routes) {
    routes.add("get_starship", self::get_starship::<A>);
    routes.add("get_starships", self::get_starships::<A>);
}

async fn get_starship<A: api::Starships>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_starship", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Starships>::get_starship(
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

async fn get_starships<A: api::Starships>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_starships", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Starships>::get_starships(
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
