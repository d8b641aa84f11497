// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::users as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Reply};

pub(crate) fn register_routes<A: api::Users>(routes: &mut gatekeeper::Routes) {
    routes.add("change_password", change_password::<A>);
    routes.add("create_user", create_user::<A>);
    routes.add("delete_user", delete_user::<A>);
    routes.add("email_verification", email_verification::<A>);
    routes.add("end_sessions", end_sessions::<A>);
    routes.add("forgotten_password", forgotten_password::<A>);
    routes.add("generate_new_tokens", generate_new_tokens::<A>);
    routes.add("get_me", get_me::<A>);
    routes.add("get_user", get_user::<A>);
    routes.add("list_events", list_events::<A>);
    routes.add("list_sessions", list_sessions::<A>);
    routes.add("list_users", list_users::<A>);
    routes.add("login", login::<A>);
    routes.add("logout", logout::<A>);
    routes.add("resend_email_verification", resend_email_verification::<A>);
    routes.add("reset_password", reset_password::<A>);
    routes.add("restore_user", restore_user::<A>);
    routes.add("signup", signup::<A>);
    routes.add("suspend_user", suspend_user::<A>);
    routes.add("update_user", update_user::<A>);
}

async fn change_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("change_password", &request, payload).await?;
        let response = gate
            .api()
            .0
            .change_password(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ChangePasswordResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("change_password", &request, outcome)
}

async fn create_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("create_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .create_user(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::CreateUserResponse::Status201 {
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
    gate.reply("create_user", &request, outcome)
}

async fn delete_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("delete_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .delete_user(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::DeleteUserResponse::Status204 => Reply::new(204),
        })
    }
    .await;
    gate.reply("delete_user", &request, outcome)
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
            .email_verification(gate.visit(&request), call.query("token")?)
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

async fn end_sessions<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("end_sessions", &request, payload).await?;
        let response = gate
            .api()
            .0
            .end_sessions(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::EndSessionsResponse::Status204 => Reply::new(204),
        })
    }
    .await;
    gate.reply("end_sessions", &request, outcome)
}

async fn forgotten_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("forgotten_password", &request, payload).await?;
        let response = gate
            .api()
            .0
            .forgotten_password(gate.visit(&request), call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ForgottenPasswordResponse::Status202(body) => Reply::new(202).json(body)?,
        })
    }
    .await;
    gate.reply("forgotten_password", &request, outcome)
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
            .generate_new_tokens(gate.visit(&request), call.identity()?, call.body()?)
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
        let response = gate
            .api()
            .0
            .get_me(gate.visit(&request), call.identity()?)
            .await?;
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

async fn get_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("get_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .get_user(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetUserResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("get_user", &request, outcome)
}

async fn list_events<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("list_events", &request, payload).await?;
        let response = gate
            .api()
            .0
            .list_events(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
                call.query("page")?,
                call.query("page_size")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ListEventsResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("list_events", &request, outcome)
}

async fn list_sessions<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("list_sessions", &request, payload).await?;
        let response = gate
            .api()
            .0
            .list_sessions(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
                call.query("page")?,
                call.query("page_size")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ListSessionsResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("list_sessions", &request, outcome)
}

async fn list_users<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("list_users", &request, payload).await?;
        let response = gate
            .api()
            .0
            .list_users(
                gate.visit(&request),
                call.identity()?,
                call.query("page")?,
                call.query("page_size")?,
                call.query("search")?,
                call.query("access_role")?,
                call.query("disabled")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ListUsersResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("list_users", &request, outcome)
}

async fn login<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("login", &request, payload).await?;
        let response = gate
            .api()
            .0
            .login(gate.visit(&request), call.body()?)
            .await?;
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
        let response = gate
            .api()
            .0
            .logout(gate.visit(&request), call.identity()?)
            .await?;
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
        let response = gate
            .api()
            .0
            .resend_email_verification(gate.visit(&request), call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ResendEmailVerificationResponse::Status202(body) => Reply::new(202).json(body)?,
        })
    }
    .await;
    gate.reply("resend_email_verification", &request, outcome)
}

async fn reset_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("reset_password", &request, payload).await?;
        let response = gate
            .api()
            .0
            .reset_password(gate.visit(&request), call.identity()?, call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::ResetPasswordResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("reset_password", &request, outcome)
}

async fn restore_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("restore_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .restore_user(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::RestoreUserResponse::Status204 => Reply::new(204),
        })
    }
    .await;
    gate.reply("restore_user", &request, outcome)
}

async fn signup<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("signup", &request, payload).await?;
        let response = gate
            .api()
            .0
            .signup(gate.visit(&request), call.body()?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::SignupResponse::Status202(body) => Reply::new(202).json(body)?,
        })
    }
    .await;
    gate.reply("signup", &request, outcome)
}

async fn suspend_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("suspend_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .suspend_user(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::SuspendUserResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("suspend_user", &request, outcome)
}

async fn update_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let outcome = async {
        let mut call = gate.admit("update_user", &request, payload).await?;
        let response = gate
            .api()
            .0
            .update_user(
                gate.visit(&request),
                call.identity()?,
                call.path("user_id")?,
                call.body()?,
            )
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::UpdateUserResponse::Status200 {
                body,
                cache_control,
            } => Reply::new(200)
                .header("cache-control", cache_control)?
                .json(body)?,
        })
    }
    .await;
    gate.reply("update_user", &request, outcome)
}
