// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::api::apis::pets as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Pets>(routes: &mut gatekeeper::Routes) {
    routes.add("add_pet", self::add_pet::<A>);
    routes.add("get_pet_by_id", self::get_pet_by_id::<A>);
    routes.add("list_pets", self::list_pets::<A>);
    routes.add("upload_photo", self::upload_photo::<A>);
}

async fn add_pet<A: api::Pets>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("add_pet", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pets>::add_pet(
                        &gate.api().0,
                        context,
                        validated.identity()?,
                        validated.body()?,
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

async fn get_pet_by_id<A: api::Pets>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_pet_by_id", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Pets>::get_pet_by_id(
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

async fn list_pets<A: api::Pets>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("list_pets", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Pets>::list_pets(
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

async fn upload_photo<A: api::Pets>(
    gate: Data<Gate<crate::api::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("upload_photo", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pets>::upload_photo(
                        &gate.api().0,
                        context,
                        validated.identity()?,
                        validated.params()?,
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
