// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::species as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Species>(routes: &mut gatekeeper::Routes) {
    routes.add("get_species", self::get_species::<A>);
    routes.add("get_species_list", self::get_species_list::<A>);
}

async fn get_species<A: api::Species>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_species", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Species>::get_species(
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

async fn get_species_list<A: api::Species>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_species_list", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Species>::get_species_list(
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
