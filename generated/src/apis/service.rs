// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Service`.

use crate::models::{
    Acknowledgement, EntryPoint, OpenapiDocument, ProblemCode, ProblemPage, ProblemPageList,
};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// Health, metrics, the catalogue of errors, this document and its viewer.
pub trait Service: Security {
    /// Where to begin
    ///
    /// What this service is, and where its contract, its viewer, its errors and its status are. As a page for people with
    /// `Accept: text/html`. Where the operator switched the viewer off, `viewer` is null.
    ///
    /// `GET /`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_entry_point(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetEntryPointResponse, Self::Error>;

    /// One error, explained
    ///
    /// What the `type` of a problem leads to: meaning, cause and cure of its code. As a page for people with
    /// `Accept: text/html`.
    ///
    /// `GET /errors/v1/{code}`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_error(
        &self,
        context: RequestContext<'_>,
        params: GetErrorParams,
    ) -> Result<GetErrorResponse, Self::Error>;

    /// Every error, explained
    ///
    /// All codes with status, meaning, cause and cure. As a page for people with `Accept: text/html`.
    ///
    /// `GET /errors/v1/`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_errors(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetErrorsResponse, Self::Error>;

    /// Is the process up
    ///
    /// Answers as soon as the process accepts requests; asks nothing else.
    ///
    /// `GET /healthz`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_health(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetHealthResponse, Self::Error>;

    /// Metrics for Prometheus
    ///
    /// Prometheus text format, with the names of OpenTelemetry's semantic conventions; 404 where the operator switched it off.
    ///
    /// `GET /metrics`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_metrics(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetMetricsResponse, Self::Error>;

    /// This document as JSON
    ///
    /// The contract that this process enforces, with its address in `servers` where the operator set one.
    ///
    /// `GET /openapi.json`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_openapi_json(
        &self,
        context: RequestContext<'_>,
        params: GetOpenapiJsonParams,
    ) -> Result<GetOpenapiJsonResponse, Self::Error>;

    /// This document as YAML
    ///
    /// The contract that this process enforces, as written but for `servers`, as in `get_openapi_json`.
    ///
    /// `GET /openapi.yaml`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_openapi_yaml(
        &self,
        context: RequestContext<'_>,
        params: GetOpenapiYamlParams,
    ) -> Result<GetOpenapiYamlResponse, Self::Error>;

    /// Can the process serve
    ///
    /// Asks the database, the revocation store and the counters of limits for what requests need, writing included; 503 names the one that does not do it, or says that the instance is stopping. An answer holds for a second.
    ///
    /// `GET /readyz`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_readiness(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetReadinessResponse, Self::Error>;

    /// Swagger UI
    ///
    /// The viewer of this document. It asks no other site; 404 where the operator switched it off. A `url`
    /// in the query is ignored: the viewer shows this service's contract only.
    ///
    /// `GET /ui/`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_ui(
        &self,
        context: RequestContext<'_>,
        params: GetUiParams,
    ) -> Result<GetUiResponse, Self::Error>;

    /// A file of Swagger UI
    ///
    /// Styles, scripts and icon of the viewer, from the binary.
    ///
    /// `GET /ui/{asset}`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_ui_asset(
        &self,
        context: RequestContext<'_>,
        params: GetUiAssetParams,
    ) -> Result<GetUiAssetResponse, Self::Error>;
}

/// The replies of `get_entry_point`.
pub enum GetEntryPointResponse {
    /// The service in short.
    Status200Json {
        /// The body.
        body: Body<EntryPoint>,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
    /// The service in short.
    Status200Html {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl GetEntryPointResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "text/html"];
}

impl gatekeeper::IntoReply for GetEntryPointResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .json(body)?,
            Self::Status200Html {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `get_error`.
#[derive(Clone)]
pub struct GetErrorParams {
    /// The problem's `code`.
    pub code: ProblemCode,
}

impl gatekeeper::FromParameters for GetErrorParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            code: validated.path("code")?,
        })
    }
}

/// The replies of `get_error`.
pub enum GetErrorResponse {
    /// The explanation.
    Status200Json {
        /// The body.
        body: Body<ProblemPage>,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
    /// The explanation.
    Status200Html {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl GetErrorResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "text/html"];
}

impl gatekeeper::IntoReply for GetErrorResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .json(body)?,
            Self::Status200Html {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The replies of `get_errors`.
pub enum GetErrorsResponse {
    /// The catalogue of errors.
    Status200Json {
        /// The body.
        body: Body<ProblemPageList>,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
    /// The catalogue of errors.
    Status200Html {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl GetErrorsResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "text/html"];
}

impl gatekeeper::IntoReply for GetErrorsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .json(body)?,
            Self::Status200Html {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The replies of `get_health`.
pub enum GetHealthResponse {
    /// The process is up.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for GetHealthResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}

/// The replies of `get_metrics`.
pub enum GetMetricsResponse {
    /// The metrics.
    Status200(gatekeeper::ReplyBody),
}

impl gatekeeper::IntoReply for GetMetricsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).body("text/plain", body),
        })
    }
}

/// The parameters of `get_openapi_json`.
#[derive(Clone)]
pub struct GetOpenapiJsonParams {
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetOpenapiJsonParams {
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetOpenapiJsonParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_openapi_json`.
pub enum GetOpenapiJsonResponse {
    /// The contract.
    Status200 {
        /// The body.
        body: Body<OpenapiDocument>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetOpenapiJsonResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?,
        })
    }
}

/// The parameters of `get_openapi_yaml`.
#[derive(Clone)]
pub struct GetOpenapiYamlParams {
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetOpenapiYamlParams {
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetOpenapiYamlParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_openapi_yaml`.
pub enum GetOpenapiYamlResponse {
    /// The contract.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetOpenapiYamlResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .body("application/yaml", body),
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?,
        })
    }
}

/// The replies of `get_readiness`.
pub enum GetReadinessResponse {
    /// Requests can be served.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for GetReadinessResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}

/// The parameters of `get_ui`.
#[derive(Clone)]
pub struct GetUiParams {
    /// Ignored. Swagger UI's own parameter for showing another document.
    pub url: Option<String>,
}

impl GetUiParams {
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetUiParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            url: validated.query("url")?,
        })
    }
}

/// The replies of `get_ui`.
pub enum GetUiResponse {
    /// The page.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetUiResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `get_ui_asset`.
#[derive(Clone)]
pub struct GetUiAssetParams {
    /// The file's name.
    pub asset: String,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetUiAssetParams {
    /// The `maxLength` of `asset`.
    pub const ASSET_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetUiAssetParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            asset: validated.path("asset")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_ui_asset`.
pub enum GetUiAssetResponse {
    /// The file.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl GetUiAssetResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] =
        &["text/css", "text/javascript", "image/png"];
}

impl gatekeeper::IntoReply for GetUiAssetResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
                etag,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .content(body),
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?,
        })
    }
}
