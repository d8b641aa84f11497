// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::holodules as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Holodules>(routes: &mut gatekeeper::Routes) {
    routes.add("delete_holodule", self::delete_holodule::<A>);
    routes.add("get_holodule", self::get_holodule::<A>);
    routes.add("get_holodules", self::get_holodules::<A>);
    routes.add("put_holodule", self::put_holodule::<A>);
}

async fn delete_holodule<A: api::Holodules>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("delete_holodule", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Holodules>::delete_holodule(
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
    })
    .await
}

async fn get_holodule<A: api::Holodules>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_holodule", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Holodules>::get_holodule(
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

async fn get_holodules<A: api::Holodules>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_holodules", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Holodules>::get_holodules(
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

async fn put_holodule<A: api::Holodules>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("put_holodule", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Holodules>::put_holodule(
                        &gate.api().0,
                        context,
                        validated.identity()?,
                        validated.params()?,
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
