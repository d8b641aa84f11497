//! The `Service` trait of the contract.

use gatekeeper::RequestContext;
use generated::{
    apis::service::{
        GetEntryPointResponse, GetErrorResponse, GetErrorsResponse, GetHealthResponse,
        GetMetricsResponse, GetOpenapiJsonResponse, GetOpenapiYamlResponse, GetReadinessResponse,
        GetUiAssetResponse, GetUiResponse, Service,
    },
    models::{Acknowledgement, AcknowledgementStatus, ProblemCode},
};

use super::ui;
use crate::{errors::ApiError, state::App};

const CACHE_CONTROL: &str = "no-cache";
/// Links in an answer do not tell the URL that they were found at.
pub(crate) const REFERRER_POLICY: &str = "no-referrer";

impl Service for App {
    async fn get_entry_point(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetEntryPointResponse, ApiError> {
        if self.settings.ui.enabled
            && context.prefers(&["application/json", "text/html"]) == "text/html"
        {
            return Ok(GetEntryPointResponse::Status302 {
                location: ui::url(&self.settings.server.public_url).into(),
                cache_control: CACHE_CONTROL.into(),
                referrer_policy: REFERRER_POLICY.into(),
            });
        }
        Ok(GetEntryPointResponse::Status200 {
            body: self.documents.entry_point.clone().into(),
            cache_control: CACHE_CONTROL.into(),
            referrer_policy: REFERRER_POLICY.into(),
        })
    }

    async fn get_health(&self, _visit: RequestContext<'_>) -> Result<GetHealthResponse, ApiError> {
        Ok(GetHealthResponse::Status200(ok().into()))
    }

    async fn get_readiness(
        &self,
        _visit: RequestContext<'_>,
    ) -> Result<GetReadinessResponse, ApiError> {
        self.readiness.check(self).await?;
        Ok(GetReadinessResponse::Status200(ok().into()))
    }

    async fn get_metrics(
        &self,
        _visit: RequestContext<'_>,
    ) -> Result<GetMetricsResponse, ApiError> {
        if !self.settings.metrics.enabled {
            return Err(ApiError::not_found());
        }
        Ok(GetMetricsResponse::Status200(self.metrics.content()?))
    }

    async fn get_errors(&self, context: RequestContext<'_>) -> Result<GetErrorsResponse, ApiError> {
        Ok(GetErrorsResponse::Status200 {
            body: self.problem_pages.all().preferred(context),
            content_security_policy: self.problem_pages.policy().to_owned().into(),
            cache_control: CACHE_CONTROL.into(),
            referrer_policy: REFERRER_POLICY.into(),
        })
    }

    async fn get_error(
        &self,
        context: RequestContext<'_>,
        code: ProblemCode,
    ) -> Result<GetErrorResponse, ApiError> {
        let page = self
            .problem_pages
            .of(code)
            .ok_or_else(ApiError::not_found)?;
        Ok(GetErrorResponse::Status200 {
            body: page.preferred(context),
            content_security_policy: self.problem_pages.policy().to_owned().into(),
            cache_control: CACHE_CONTROL.into(),
            referrer_policy: REFERRER_POLICY.into(),
        })
    }

    async fn get_openapi_json(
        &self,
        _visit: RequestContext<'_>,
    ) -> Result<GetOpenapiJsonResponse, ApiError> {
        Ok(GetOpenapiJsonResponse::Status200(
            self.documents.json.clone().into(),
        ))
    }

    async fn get_openapi_yaml(
        &self,
        _visit: RequestContext<'_>,
    ) -> Result<GetOpenapiYamlResponse, ApiError> {
        Ok(GetOpenapiYamlResponse::Status200(self.documents.yaml()))
    }

    async fn get_ui(
        &self,
        context: RequestContext<'_>,
        _url: Option<String>,
    ) -> Result<GetUiResponse, ApiError> {
        self.require_ui()?;
        Ok(GetUiResponse::Status200 {
            body: self.documents.index.page(context),
            content_security_policy: ui::POLICY.into(),
            cache_control: CACHE_CONTROL.into(),
            referrer_policy: REFERRER_POLICY.into(),
        })
    }

    async fn get_ui_asset(
        &self,
        _visit: RequestContext<'_>,
        asset: String,
    ) -> Result<GetUiAssetResponse, ApiError> {
        self.require_ui()?;
        Ok(GetUiAssetResponse::Status200 {
            body: ui::asset(&asset).ok_or_else(ApiError::not_found)?,
            content_security_policy: ui::POLICY.into(),
            cache_control: CACHE_CONTROL.into(),
        })
    }
}

impl App {
    fn require_ui(&self) -> Result<(), ApiError> {
        if self.settings.ui.enabled {
            Ok(())
        } else {
            Err(ApiError::not_found())
        }
    }
}

/// The body of every reply that only says yes.
pub(crate) fn ok() -> Acknowledgement {
    Acknowledgement {
        status: AcknowledgementStatus::Ok,
    }
}
