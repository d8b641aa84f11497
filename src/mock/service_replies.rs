//! The operations that need no store, to which a mock replies as the service does.

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use anyhow::Result;
use gatekeeper::{Contract, Gate, IntoReply as _, Reply, RequestContext, Routes, ValidatedRequest};
use generated::apis::service::*;

use super::Mock;
use crate::auth::Caller;
use crate::errors::{ApiError, Pages};
use crate::metrics::Metrics;
use crate::service::{Documents, ui};
use crate::settings::Settings;

/// The operations that need no store.
const OPERATIONS: [&str; 8] = [
    "get_entry_point",
    "get_error",
    "get_errors",
    "get_metrics",
    "get_openapi_json",
    "get_openapi_yaml",
    "get_ui",
    "get_ui_asset",
];

/// The prepared parts of the service from which those operations are answered.
pub(crate) struct ServiceReplies {
    documents: Documents,
    pages: Pages,
    metrics: Option<Arc<Metrics>>,
    /// The URL of the viewer, if it is served.
    viewer: Option<String>,
}

impl ServiceReplies {
    /// Prepares the parts that the settings enable.
    ///
    /// # Errors
    /// Those of the service at start.
    pub(crate) fn prepare(
        settings: &Settings,
        server: Option<&str>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self> {
        let public_url = &settings.server.public_url;
        Ok(Self {
            documents: Documents::prepare(settings, server)?,
            pages: Pages::prepare(public_url)?,
            metrics: settings.metrics.enabled.then(|| Arc::clone(metrics)),
            viewer: settings.ui.enabled.then(|| ui::url(public_url)),
        })
    }

    fn reply(
        &self,
        operation: &str,
        context: RequestContext<'_>,
        mut validated: ValidatedRequest<'_, Caller>,
    ) -> Result<Reply, ApiError> {
        let policy = || self.pages.policy().to_owned().into();
        let reply = match (operation, &self.viewer) {
            ("get_entry_point", Some(viewer))
                if context.prefers(&["application/json", "text/html"]) == "text/html" =>
            {
                let location = viewer.clone().into();
                GetEntryPointResponse::Status302 { location }.into_reply()
            }
            ("get_entry_point", _) => {
                let entry_point = self.documents.entry_point.clone();
                GetEntryPointResponse::Status200(entry_point.into()).into_reply()
            }
            ("get_errors", _) => GetErrorsResponse::Status200 {
                body: self.pages.all().preferred(context),
                content_security_policy: policy(),
            }
            .into_reply(),
            ("get_error", _) => {
                let params: GetErrorParams = validated.params()?;
                let page = self.pages.of(params.code).ok_or_else(ApiError::not_found)?;
                GetErrorResponse::Status200 {
                    body: page.preferred(context),
                    content_security_policy: policy(),
                }
                .into_reply()
            }
            ("get_openapi_json", _) => {
                GetOpenapiJsonResponse::Status200(self.documents.json.clone().into()).into_reply()
            }
            ("get_openapi_yaml", _) => {
                GetOpenapiYamlResponse::Status200(self.documents.yaml()).into_reply()
            }
            ("get_metrics", _) => {
                let metrics = self.metrics.as_ref().ok_or_else(ApiError::not_found)?;
                GetMetricsResponse::Status200(metrics.content()?).into_reply()
            }
            ("get_ui", Some(_)) => GetUiResponse::Status200 {
                body: self.documents.index.page(context),
                content_security_policy: ui::POLICY.into(),
            }
            .into_reply(),
            ("get_ui_asset", Some(_)) => {
                let params: GetUiAssetParams = validated.params()?;
                GetUiAssetResponse::Status200 {
                    body: ui::asset(&params.asset).ok_or_else(ApiError::not_found)?,
                    content_security_policy: ui::POLICY.into(),
                }
                .into_reply()
            }
            _ => return Err(ApiError::not_found()),
        };
        Ok(reply?)
    }
}

/// Returns the routes of a mock: examples, except for the operations that need no store.
pub(crate) fn routes(contract: &Contract) -> Routes {
    let mut routes = Routes::unimplemented::<generated::Service<Mock>>(contract);
    for operation in OPERATIONS {
        routes.replace(
            operation,
            move |gate: Data<Gate<generated::Service<Mock>>>,
                  request: HttpRequest,
                  payload: Payload| { receive(operation, gate, request, payload) },
        );
    }
    routes
}

async fn receive(
    operation: &'static str,
    gate: Data<Gate<generated::Service<Mock>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin(operation, &request);
    let outcome = match exchange.admit(payload).await {
        Ok(validated) => gate
            .api()
            .0
            .replies
            .reply(operation, exchange.context(), validated),
        Err(rejection) => Err(rejection.into()),
    };
    exchange.respond(outcome)
}
