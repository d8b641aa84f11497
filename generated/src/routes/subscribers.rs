// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::subscribers as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Reply};

pub(crate) fn register_routes<A: api::Subscribers>(routes: &mut gatekeeper::Routes) {
    routes.add("create_subscriber", create_subscriber::<A>);
    routes.add("delete_subscriber", delete_subscriber::<A>);
    routes.add("get_subscriber", get_subscriber::<A>);
    routes.add("list_subscribers", list_subscribers::<A>);
    routes.add("update_subscriber", update_subscriber::<A>);
}

async fn create_subscriber<A: api::Subscribers>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("create_subscriber", &request, payload).await?;
        let response = gate
            .api()
            .0
            .create_subscriber(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::CreateSubscriberResponse::Status201 {
                body,
                location,
                cache_control,
            } => Reply::new(201)
                .header("location", location)?
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("create_subscriber", &request, outcome)
}

async fn delete_subscriber<A: api::Subscribers>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("delete_subscriber", &request, payload).await?;
        let response = gate
            .api()
            .0
            .delete_subscriber(
                gate.visit(&request),
                call.identity()?,
                call.path("subscriber_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::DeleteSubscriberResponse::Status204 => Reply::new(204),
        })
    }
    .await;
    gate.reply("delete_subscriber", &request, outcome)
}

async fn get_subscriber<A: api::Subscribers>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("get_subscriber", &request, payload).await?;
        let response = gate
            .api()
            .0
            .get_subscriber(
                gate.visit(&request),
                call.identity()?,
                call.path("subscriber_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetSubscriberResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("get_subscriber", &request, outcome)
}

async fn list_subscribers<A: api::Subscribers>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("list_subscribers", &request, payload).await?;
        let response = gate
            .api()
            .0
            .list_subscribers(
                gate.visit(&request),
                call.identity()?,
                call.query("page")?,
                call.query("page_size")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ListSubscribersResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .content(body),
        })
    }
    .await;
    gate.reply("list_subscribers", &request, outcome)
}

async fn update_subscriber<A: api::Subscribers>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("update_subscriber", &request, payload).await?;
        let response = gate
            .api()
            .0
            .update_subscriber(
                gate.visit(&request),
                call.identity()?,
                call.path("subscriber_id")?,
                call.body()?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::UpdateSubscriberResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("update_subscriber", &request, outcome)
}
