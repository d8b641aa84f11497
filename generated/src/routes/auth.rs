// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::auth as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Reply};

pub(crate) fn register_routes<A: api::Auth>(routes: &mut gatekeeper::Routes) {
    routes.add("create_api_token", create_api_token::<A>);
    routes.add("create_token", create_token::<A>);
    routes.add("delete_api_token", delete_api_token::<A>);
    routes.add("introspect_token", introspect_token::<A>);
    routes.add("list_api_tokens", list_api_tokens::<A>);
    routes.add("revoke_token", revoke_token::<A>);
}

async fn create_api_token<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("create_api_token", &request, payload).await?;
        let response = gate
            .api()
            .0
            .create_api_token(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::CreateApiTokenResponse::Status201 {
                body,
                cache_control,
            } => Reply::new(201)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("create_api_token", &request, outcome)
}

async fn create_token<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("create_token", &request, payload).await?;
        let response = gate
            .api()
            .0
            .create_token(gate.visit(&request), call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::CreateTokenResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("create_token", &request, outcome)
}

async fn delete_api_token<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("delete_api_token", &request, payload).await?;
        let response = gate
            .api()
            .0
            .delete_api_token(
                gate.visit(&request),
                call.identity()?,
                call.path("api_token_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::DeleteApiTokenResponse::Status204 => Reply::new(204),
        })
    }
    .await;
    gate.reply("delete_api_token", &request, outcome)
}

async fn introspect_token<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("introspect_token", &request, payload).await?;
        let response = gate
            .api()
            .0
            .introspect_token(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::IntrospectTokenResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("introspect_token", &request, outcome)
}

async fn list_api_tokens<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("list_api_tokens", &request, payload).await?;
        let response = gate
            .api()
            .0
            .list_api_tokens(
                gate.visit(&request),
                call.identity()?,
                call.query("page")?,
                call.query("page_size")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ListApiTokensResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("list_api_tokens", &request, outcome)
}

async fn revoke_token<A: api::Auth>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("revoke_token", &request, payload).await?;
        let response = gate
            .api()
            .0
            .revoke_token(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::RevokeTokenResponse::Status200(body) => Reply::new(200).json(body)?,
        })
    }
    .await;
    gate.reply("revoke_token", &request, outcome)
}
