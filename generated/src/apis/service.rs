// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Service`.

use crate::models::{Acknowledgement, EntryPoint, OpenapiDocument, ProblemCode};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// Health, metrics, the catalogue of errors, this document and its viewer.
pub trait Service: Security {
    /// Where to begin
    ///
    /// What this service is, and where its contract and its viewer are. A browser (`Accept: text/html`) is led to the
    /// viewer; where the operator switched that off, `viewer` is null, and a browser gets the same as everybody.
    ///
    /// `GET /`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_error(
        &self,
        context: RequestContext<'_>,
        code: ProblemCode,
    ) -> Result<GetErrorResponse, Self::Error>;

    /// Every error, explained
    ///
    /// All codes with status, meaning, cause and cure. As a page for people with `Accept: text/html`.
    ///
    /// `GET /errors/v1/`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_health(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetHealthResponse, Self::Error>;

    /// Counters for Prometheus
    ///
    /// Prometheus text format; 404 where the operator switched it off.
    ///
    /// `GET /metrics`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_openapi_json(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetOpenapiJsonResponse, Self::Error>;

    /// This document as YAML
    ///
    /// The contract that this process enforces, as written but for `servers`, as in `get_openapi_json`.
    ///
    /// `GET /openapi.yaml`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_openapi_yaml(
        &self,
        context: RequestContext<'_>,
    ) -> Result<GetOpenapiYamlResponse, Self::Error>;

    /// Can the process serve
    ///
    /// Asks the database, the revocation store and the counters of limits for what requests need, writing included; 503 names the one that does not do it. An answer holds for a second.
    ///
    /// `GET /readyz`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_ui(
        &self,
        context: RequestContext<'_>,
        url: Option<String>,
    ) -> Result<GetUiResponse, Self::Error>;

    /// A file of Swagger UI
    ///
    /// Styles, scripts and icon of the viewer, from the binary.
    ///
    /// `GET /ui/{asset}`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_ui_asset(
        &self,
        context: RequestContext<'_>,
        asset: String,
    ) -> Result<GetUiAssetResponse, Self::Error>;
}

/// What `get_entry_point` answers.
pub enum GetEntryPointResponse {
    /// The service in short.
    Status200 {
        /// The body.
        body: Body<EntryPoint>,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
    /// The viewer, for browsers.
    Status302 {
        /// URL of the viewer.
        location: gatekeeper::HeaderText,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
}

/// What `get_error` answers.
pub enum GetErrorResponse {
    /// The explanation.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
}

/// What `get_errors` answers.
pub enum GetErrorsResponse {
    /// The catalogue of errors.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
}

/// What `get_health` answers.
pub enum GetHealthResponse {
    /// The process is up.
    Status200(Body<Acknowledgement>),
}

/// What `get_metrics` answers.
pub enum GetMetricsResponse {
    /// The counters.
    Status200(gatekeeper::Content),
}

/// What `get_openapi_json` answers.
pub enum GetOpenapiJsonResponse {
    /// The contract.
    Status200(Body<OpenapiDocument>),
}

/// What `get_openapi_yaml` answers.
pub enum GetOpenapiYamlResponse {
    /// The contract.
    Status200(gatekeeper::Content),
}

/// What `get_readiness` answers.
pub enum GetReadinessResponse {
    /// Requests can be served.
    Status200(Body<Acknowledgement>),
}

/// What `get_ui` answers.
pub enum GetUiResponse {
    /// The page.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
}

/// What `get_ui_asset` answers.
pub enum GetUiAssetResponse {
    /// The file.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
        /// Kept only with a check whether it is still the same.
        cache_control: gatekeeper::HeaderText,
    },
}
