//! The operations that need no store, to which a mock replies as the service does.

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use anyhow::Result;
use gatekeeper::{Contract, Gate, HeaderName, Reply, RequestContext, Routes, ValidatedRequest};
use generated::models::{EntryPoint, OpenapiDocument, ProblemCode};

use super::Mock;
use crate::auth::Caller;
use crate::errors::{ApiError, Forms, Pages};
use crate::metrics::Metrics;
use crate::service::{Documents, endpoints, ui};
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

const POLICY: HeaderName = HeaderName::from_static("content-security-policy");
const CACHE_CONTROL: HeaderName = HeaderName::from_static("cache-control");
const LOCATION: HeaderName = HeaderName::from_static("location");
const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");

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
        let ok = Reply::new(200);
        let page = |forms: &Forms| -> Result<Reply, ApiError> {
            Ok(Reply::new(200)
                .header(POLICY, self.pages.policy().to_owned())?
                .header(CACHE_CONTROL, "no-cache")?
                .header(REFERRER_POLICY, endpoints::REFERRER_POLICY)?
                .content(forms.preferred(context)))
        };
        let of_ui = |content| -> Result<Reply, ApiError> {
            Ok(Reply::new(200)
                .header(POLICY, ui::POLICY)?
                .header(CACHE_CONTROL, "no-cache")?
                .content(content))
        };
        match (operation, &self.viewer) {
            ("get_entry_point", Some(viewer))
                if context.prefers(&["application/json", "text/html"]) == "text/html" =>
            {
                Ok(Reply::new(302)
                    .header(LOCATION, viewer.clone())?
                    .header(CACHE_CONTROL, "no-cache")?
                    .header(REFERRER_POLICY, endpoints::REFERRER_POLICY)?)
            }
            ("get_entry_point", _) => Ok(ok
                .header(CACHE_CONTROL, "no-cache")?
                .header(REFERRER_POLICY, endpoints::REFERRER_POLICY)?
                .json::<EntryPoint>(self.documents.entry_point.clone().into())?),
            ("get_errors", _) => page(self.pages.all()),
            ("get_error", _) => {
                let code: ProblemCode = validated.path("code")?;
                page(self.pages.of(code).ok_or_else(ApiError::not_found)?)
            }
            ("get_openapi_json", _) => {
                Ok(ok.json::<OpenapiDocument>(self.documents.json.clone().into())?)
            }
            ("get_openapi_yaml", _) => Ok(ok.content(self.documents.yaml())),
            ("get_metrics", _) => {
                let metrics = self.metrics.as_ref().ok_or_else(ApiError::not_found)?;
                Ok(ok.content(metrics.content()?))
            }
            ("get_ui", Some(_)) => {
                let page = of_ui(self.documents.index.page(context))?;
                Ok(page.header(REFERRER_POLICY, endpoints::REFERRER_POLICY)?)
            }
            ("get_ui_asset", Some(_)) => {
                let name: String = validated.path("asset")?;
                of_ui(ui::asset(&name).ok_or_else(ApiError::not_found)?)
            }
            _ => Err(ApiError::not_found()),
        }
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
