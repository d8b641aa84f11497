//! The `Service` trait of the contract.

use gatekeeper::{Content, Visit};
use generated::{
    apis::service::{
        GetHealthResponse, GetMetricsResponse, GetOpenapiJsonResponse, GetOpenapiYamlResponse,
        GetReadinessResponse, GetUiAssetResponse, GetUiResponse, Service,
    },
    models::{Status, StatusStatus},
};

use super::ui;
use crate::{database, errors::ApiError, state::App};

const ASSETS_CACHE_CONTROL: &str = "no-cache";

impl Service for App {
    async fn get_health(&self, _visit: Visit<'_>) -> Result<GetHealthResponse, ApiError> {
        Ok(GetHealthResponse::Status200(ok().into()))
    }

    async fn get_readiness(&self, _visit: Visit<'_>) -> Result<GetReadinessResponse, ApiError> {
        if let Err(error) = database::check(&self.database).await {
            return Err(ApiError::unavailable(
                "The database does not answer.",
                database::fault::describe(&error),
            ));
        }
        self.revocations.ready().await?;
        Ok(GetReadinessResponse::Status200(ok().into()))
    }

    async fn get_metrics(&self, _visit: Visit<'_>) -> Result<GetMetricsResponse, ApiError> {
        if !self.settings.metrics.enabled {
            return Err(ApiError::not_found());
        }
        Ok(GetMetricsResponse::Status200(Content {
            media_type: "text/plain",
            bytes: self.metrics.render()?.into(),
        }))
    }

    async fn get_openapi_json(
        &self,
        _visit: Visit<'_>,
    ) -> Result<GetOpenapiJsonResponse, ApiError> {
        Ok(GetOpenapiJsonResponse::Status200(
            self.documents.json.clone().into(),
        ))
    }

    async fn get_openapi_yaml(
        &self,
        _visit: Visit<'_>,
    ) -> Result<GetOpenapiYamlResponse, ApiError> {
        Ok(GetOpenapiYamlResponse::Status200(Content {
            media_type: "application/yaml",
            bytes: self.documents.yaml.clone(),
        }))
    }

    async fn get_ui(
        &self,
        _visit: Visit<'_>,
        _url: Option<String>,
    ) -> Result<GetUiResponse, ApiError> {
        self.require_ui()?;
        Ok(GetUiResponse::Status200 {
            body: ui::index(),
            content_security_policy: ui::POLICY.into(),
            cache_control: ASSETS_CACHE_CONTROL.into(),
        })
    }

    async fn get_ui_asset(
        &self,
        _visit: Visit<'_>,
        asset: String,
    ) -> Result<GetUiAssetResponse, ApiError> {
        self.require_ui()?;
        Ok(GetUiAssetResponse::Status200 {
            body: ui::asset(&asset).ok_or_else(ApiError::not_found)?,
            content_security_policy: ui::POLICY.into(),
            cache_control: ASSETS_CACHE_CONTROL.into(),
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
pub(crate) fn ok() -> Status {
    Status {
        status: StatusStatus::Ok,
    }
}
