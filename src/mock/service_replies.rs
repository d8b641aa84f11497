//! The operations that need no store, to which a mock replies as the service does.

use std::sync::Arc;

use anyhow::Result;
use gatekeeper::{IntoReply as _, Reply, RequestContext, ValidatedRequest};
use generated::apis::service::*;

use crate::auth::Caller;
use crate::errors::{ApiError, Pages};
use crate::metrics::{Metrics, Readings};
use crate::service::{Documents, ui};
use crate::settings::Settings;

/// The prepared parts of the service from which those operations are answered.
pub(crate) struct ServiceReplies {
    documents: Documents,
    pages: Pages,
    metrics: Option<Arc<Metrics>>,
    has_viewer: bool,
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
            has_viewer: settings.ui.enabled,
        })
    }

    pub(super) fn reply(
        &self,
        operation: &str,
        context: RequestContext<'_>,
        mut validated: ValidatedRequest<'_, Caller>,
    ) -> Result<Reply, ApiError> {
        let reply = match (operation, self.has_viewer) {
            ("get_entry_point", _) => self.documents.entry_point(context).into_reply(),
            ("get_errors", _) => self.pages.all(context).into_reply(),
            ("get_error", _) => {
                let params: GetErrorParams = validated.params()?;
                let page = self.pages.of(params.code, context);
                page.ok_or_else(ApiError::not_found)?.into_reply()
            }
            ("get_openapi_json", _) => self.documents.json().into_reply(),
            ("get_openapi_yaml", _) => self.documents.yaml().into_reply(),
            ("get_metrics", _) => {
                let metrics = self.metrics.as_ref().ok_or_else(ApiError::not_found)?;
                GetMetricsResponse::Status200(metrics.render(&Readings::default())?.into())
                    .into_reply()
            }
            ("get_ui", true) => GetUiResponse::Status200 {
                body: self.documents.index.page(context).into(),
                content_security_policy: ui::POLICY.into(),
            }
            .into_reply(),
            ("get_ui_asset", true) => {
                let params: GetUiAssetParams = validated.params()?;
                let file = ui::asset(&params.asset).ok_or_else(ApiError::not_found)?;
                file.into_reply()
            }
            _ => return Err(ApiError::not_found()),
        };
        Ok(reply?)
    }
}
