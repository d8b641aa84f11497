// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::planets as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Planets>(routes: &mut gatekeeper::Routes) {
    routes.add("get_planet", self::get_planet::<A>);
    routes.add("get_planets", self::get_planets::<A>);
}

async fn get_planet<A: api::Planets>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_planet", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Planets>::get_planet(
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

async fn get_planets<A: api::Planets>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_planets", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Planets>::get_planets(
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
