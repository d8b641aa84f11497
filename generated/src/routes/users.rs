// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::users as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, Instrument as _};

pub(crate) fn register_routes<A: api::Users>(routes: &mut gatekeeper::Routes) {
    routes.add("change_password", self::change_password::<A>);
    routes.add("create_user", self::create_user::<A>);
    routes.add("delete_user", self::delete_user::<A>);
    routes.add("email_verification", self::email_verification::<A>);
    routes.add("end_session", self::end_session::<A>);
    routes.add("end_sessions", self::end_sessions::<A>);
    routes.add("forgotten_password", self::forgotten_password::<A>);
    routes.add("generate_new_tokens", self::generate_new_tokens::<A>);
    routes.add("get_me", self::get_me::<A>);
    routes.add("get_my_security", self::get_my_security::<A>);
    routes.add("get_user", self::get_user::<A>);
    routes.add("list_events", self::list_events::<A>);
    routes.add("list_sessions", self::list_sessions::<A>);
    routes.add("list_users", self::list_users::<A>);
    routes.add("login", self::login::<A>);
    routes.add("logout", self::logout::<A>);
    routes.add(
        "resend_email_verification",
        self::resend_email_verification::<A>,
    );
    routes.add("reset_password", self::reset_password::<A>);
    routes.add("restore_user", self::restore_user::<A>);
    routes.add("signup", self::signup::<A>);
    routes.add("suspend_user", self::suspend_user::<A>);
    routes.add("update_user", self::update_user::<A>);
}

async fn change_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("change_password", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::change_password(
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

async fn create_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("create_user", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::create_user(
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

async fn delete_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("delete_user", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::delete_user(
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

async fn email_verification<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("email_verification", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::email_verification(&gate.api().0, context, validated.params()?)
                    .await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn end_session<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("end_session", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::end_session(
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

async fn end_sessions<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("end_sessions", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::end_sessions(
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

async fn forgotten_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("forgotten_password", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::forgotten_password(&gate.api().0, context, validated.body()?)
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

async fn generate_new_tokens<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("generate_new_tokens", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::generate_new_tokens(
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

async fn get_me<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_me", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::get_me(&gate.api().0, context, validated.identity()?).await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn get_my_security<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_my_security", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::get_my_security(&gate.api().0, context, validated.identity()?)
                    .await
            })
            .await
    }
    .instrument(span)
    .await;
    exchange.respond(outcome)
}

async fn get_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_user", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::get_user(
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

async fn list_events<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("list_events", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::list_events(
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

async fn list_sessions<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("list_sessions", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::list_sessions(
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

async fn list_users<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("list_users", &request);
    let span = exchange.span();
    let outcome = async {
        let admitted = exchange.admit(payload).await?;
        exchange
            .run(admitted, async |context, mut validated| {
                <A as api::Users>::list_users(
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

async fn login<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("login", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::login(&gate.api().0, context, validated.body()?).await
                })
                .await
        }
        .instrument(span)
        .await;
        exchange.respond(outcome)
    })
    .await
}

async fn logout<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("logout", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::logout(&gate.api().0, context, validated.identity()?).await
                })
                .await
        }
        .instrument(span)
        .await;
        exchange.respond(outcome)
    })
    .await
}

async fn resend_email_verification<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("resend_email_verification", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::resend_email_verification(
                        &gate.api().0,
                        context,
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

async fn reset_password<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("reset_password", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::reset_password(
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

async fn restore_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("restore_user", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::restore_user(
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

async fn signup<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("signup", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::signup(
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

async fn suspend_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("suspend_user", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::suspend_user(
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

async fn update_user<A: api::Users>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    gatekeeper::detached(|stage| async move {
        let mut exchange = gate.begin("update_user", &request);
        let span = exchange.span();
        let outcome = async {
            let admitted = exchange.admit(payload).await?;
            stage.admitted();
            exchange
                .run(admitted, async |context, mut validated| {
                    <A as api::Users>::update_user(
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
