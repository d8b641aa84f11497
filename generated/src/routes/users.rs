// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::users as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Reply};

pub(crate) fn register_routes<A: api::Users>(routes: &mut gatekeeper::Routes) {
    routes.add("email_verification", email_verification::<A>);
    routes.add("generate_new_tokens", generate_new_tokens::<A>);
    routes.add("get_me", get_me::<A>);
    routes.add("login", login::<A>);
    routes.add("logout", logout::<A>);
    routes.add("resend_email_verification", resend_email_verification::<A>);
    routes.add("signup", signup::<A>);
}

async fn email_verification<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("email_verification", &request, payload).await?;
        let response = gate
            .api()
            .0
            .email_verification(call.query("token")?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::EmailVerificationResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("email_verification", &request, outcome)
}

async fn generate_new_tokens<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("generate_new_tokens", &request, payload).await?;
        let response = gate
            .api()
            .0
            .generate_new_tokens(call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GenerateNewTokensResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("generate_new_tokens", &request, outcome)
}

async fn get_me<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("get_me", &request, payload).await?;
        let response = gate.api().0.get_me(call.identity()?).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetMeResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("get_me", &request, outcome)
}

async fn login<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("login", &request, payload).await?;
        let response = gate.api().0.login(call.body()?).await?;
        Ok::<Reply, A::Error>(match response {
            api::LoginResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("login", &request, outcome)
}

async fn logout<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("logout", &request, payload).await?;
        let response = gate.api().0.logout(call.identity()?).await?;
        Ok::<Reply, A::Error>(match response {
            api::LogoutResponse::Status200(body) => Reply::new(200).json(body)?,
        })
    }
    .await;
    gate.reply("logout", &request, outcome)
}

async fn resend_email_verification<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate
            .admit("resend_email_verification", &request, payload)
            .await?;
        let response = gate.api().0.resend_email_verification(call.body()?).await?;
        Ok::<Reply, A::Error>(match response {
            api::ResendEmailVerificationResponse::Status202(body) => Reply::new(202).json(body)?,
        })
    }
    .await;
    gate.reply("resend_email_verification", &request, outcome)
}

async fn signup<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("signup", &request, payload).await?;
        let response = gate.api().0.signup(call.body()?).await?;
        Ok::<Reply, A::Error>(match response {
            api::SignupResponse::Status202(body) => Reply::new(202).json(body)?,
        })
    }
    .await;
    gate.reply("signup", &request, outcome)
}
