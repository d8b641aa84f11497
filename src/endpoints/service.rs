//! The `Service` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::service::*;

use super::ok;
use crate::errors::ApiError;
use crate::service::ui;
use crate::settings::Settings;
use crate::state::App;

impl Service for App {
    async fn get_entry_point(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetEntryPointResponse, ApiError> {
        Ok(self.documents.entry_point(context))
    }

    async fn get_health(
        &self,
        _context: RequestContext<'_>,
    ) -> Result<GetHealthResponse, ApiError> {
        Ok(GetHealthResponse::Status200(ok().into()))
    }

    async fn get_readiness(
        &self,
        _context: RequestContext<'_>,
    ) -> Result<GetReadinessResponse, ApiError> {
        self.readiness
            .check(&self.database, &self.tokens.revocations, &self.limits)
            .await?;
        Ok(GetReadinessResponse::Status200(ok().into()))
    }

    async fn get_metrics(
        &self,
        _context: RequestContext<'_>,
    ) -> Result<GetMetricsResponse, ApiError> {
        if !self.settings.metrics.enabled {
            return Err(ApiError::not_found());
        }
        let metrics = self.metrics.render(&self.readings())?;
        Ok(GetMetricsResponse::Status200(metrics.into()))
    }

    async fn get_errors(&self, context: RequestContext<'_>) -> Result<GetErrorsResponse, ApiError> {
        Ok(self.problem_pages.all(context))
    }

    async fn get_error(
        &self,
        context: RequestContext<'_>,
        params: GetErrorParams,
    ) -> Result<GetErrorResponse, ApiError> {
        self.problem_pages
            .of(params.code, context)
            .ok_or_else(ApiError::not_found)
    }

    async fn get_openapi_json(
        &self,
        _context: RequestContext<'_>,
        _params: GetOpenapiJsonParams,
    ) -> Result<GetOpenapiJsonResponse, ApiError> {
        Ok(self.documents.json())
    }

    async fn get_openapi_yaml(
        &self,
        _context: RequestContext<'_>,
        _params: GetOpenapiYamlParams,
    ) -> Result<GetOpenapiYamlResponse, ApiError> {
        Ok(self.documents.yaml())
    }

    async fn get_ui(
        &self,
        context: RequestContext<'_>,
        _params: GetUiParams,
    ) -> Result<GetUiResponse, ApiError> {
        require_ui(&self.settings)?;
        Ok(GetUiResponse::Status200 {
            body: self.documents.index.page(context).into(),
            content_security_policy: ui::POLICY.into(),
        })
    }

    async fn get_ui_asset(
        &self,
        _context: RequestContext<'_>,
        params: GetUiAssetParams,
    ) -> Result<GetUiAssetResponse, ApiError> {
        require_ui(&self.settings)?;
        ui::asset(&params.asset).ok_or_else(ApiError::not_found)
    }
}

fn require_ui(settings: &Settings) -> Result<(), ApiError> {
    if settings.ui.enabled {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}
