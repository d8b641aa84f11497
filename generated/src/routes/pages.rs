// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::pages as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Pages>(routes: &mut gatekeeper::Routes) {
    routes.add("confirm_email", self::confirm_email::<A>);
    routes.add("show_mail_request", self::show_mail_request::<A>);
    routes.add("show_password", self::show_password::<A>);
    routes.add("show_signup", self::show_signup::<A>);
    routes.add("submit_mail_request", self::submit_mail_request::<A>);
    routes.add("submit_password", self::submit_password::<A>);
    routes.add("submit_signup", self::submit_signup::<A>);
}

async fn confirm_email<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("confirm_email", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pages>::confirm_email(
                        &gate.api().0,
                        context,
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

async fn show_mail_request<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("show_mail_request", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, _| {
                <A as api::Pages>::show_mail_request(&gate.api().0, context).await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn show_password<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("show_password", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Pages>::show_password(&gate.api().0, context, validated.params()?).await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn show_signup<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("show_signup", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, _| {
                <A as api::Pages>::show_signup(&gate.api().0, context).await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn submit_mail_request<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("submit_mail_request", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pages>::submit_mail_request(
                        &gate.api().0,
                        context,
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

async fn submit_password<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("submit_password", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pages>::submit_password(
                        &gate.api().0,
                        context,
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

async fn submit_signup<A: api::Pages>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("submit_signup", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Pages>::submit_signup(
                        &gate.api().0,
                        context,
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
