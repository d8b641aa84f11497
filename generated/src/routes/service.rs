// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::service as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, HeaderName, Reply};

pub(crate) fn register_routes<A: api::Service>(routes: &mut gatekeeper::Routes) {
    routes.add("get_entry_point", get_entry_point::<A>);
    routes.add("get_error", get_error::<A>);
    routes.add("get_errors", get_errors::<A>);
    routes.add("get_health", get_health::<A>);
    routes.add("get_metrics", get_metrics::<A>);
    routes.add("get_openapi_json", get_openapi_json::<A>);
    routes.add("get_openapi_yaml", get_openapi_yaml::<A>);
    routes.add("get_readiness", get_readiness::<A>);
    routes.add("get_ui", get_ui::<A>);
    routes.add("get_ui_asset", get_ui_asset::<A>);
}

async fn get_entry_point<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_entry_point", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_entry_point(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetEntryPointResponse::Status200 {
                body,
                cache_control,
                referrer_policy,
            } => Reply::new(200)
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(
                    const { HeaderName::from_static("referrer-policy") },
                    referrer_policy,
                )?
                .json(body)?,
            api::GetEntryPointResponse::Status302 {
                location,
                cache_control,
                referrer_policy,
            } => Reply::new(302)
                .header(const { HeaderName::from_static("location") }, location)?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(
                    const { HeaderName::from_static("referrer-policy") },
                    referrer_policy,
                )?,
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_error<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_error", &request);
    let outcome = async {
        let mut call = passage.admit(payload).await?;
        let response = gate
            .api()
            .0
            .get_error(passage.visit(), call.path("code")?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetErrorResponse::Status200 {
                body,
                content_security_policy,
                cache_control,
                referrer_policy,
            } => Reply::new(200)
                .header(
                    const { HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(
                    const { HeaderName::from_static("referrer-policy") },
                    referrer_policy,
                )?
                .content(body),
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_errors<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_errors", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_errors(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetErrorsResponse::Status200 {
                body,
                content_security_policy,
                cache_control,
                referrer_policy,
            } => Reply::new(200)
                .header(
                    const { HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(
                    const { HeaderName::from_static("referrer-policy") },
                    referrer_policy,
                )?
                .content(body),
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_health<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_health", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_health(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetHealthResponse::Status200(body) => Reply::new(200).json(body)?,
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_metrics<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_metrics", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_metrics(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetMetricsResponse::Status200(body) => Reply::new(200).content(body),
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_openapi_json<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_openapi_json", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_openapi_json(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetOpenapiJsonResponse::Status200(body) => Reply::new(200).json(body)?,
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_openapi_yaml<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_openapi_yaml", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_openapi_yaml(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetOpenapiYamlResponse::Status200(body) => Reply::new(200).content(body),
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_readiness<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_readiness", &request);
    let outcome = async {
        passage.admit(payload).await?;
        let response = gate.api().0.get_readiness(passage.visit()).await?;
        Ok::<Reply, A::Error>(match response {
            api::GetReadinessResponse::Status200(body) => Reply::new(200).json(body)?,
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_ui<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_ui", &request);
    let outcome = async {
        let mut call = passage.admit(payload).await?;
        let response = gate
            .api()
            .0
            .get_ui(passage.visit(), call.query("url")?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetUiResponse::Status200 {
                body,
                content_security_policy,
                cache_control,
                referrer_policy,
            } => Reply::new(200)
                .header(
                    const { HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(
                    const { HeaderName::from_static("referrer-policy") },
                    referrer_policy,
                )?
                .content(body),
        })
    }
    .await;
    passage.reply(outcome)
}

async fn get_ui_asset<A: api::Service>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut passage = gate.receive("get_ui_asset", &request);
    let outcome = async {
        let mut call = passage.admit(payload).await?;
        let response = gate
            .api()
            .0
            .get_ui_asset(passage.visit(), call.path("asset")?)
            .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetUiAssetResponse::Status200 {
                body,
                content_security_policy,
                cache_control,
            } => Reply::new(200)
                .header(
                    const { HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .content(body),
        })
    }
    .await;
    passage.reply(outcome)
}
