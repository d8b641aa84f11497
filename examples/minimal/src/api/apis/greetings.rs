// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Greetings`.

use crate::api::models::GreetResponseBody;
use crate::api::security::Security;
use gatekeeper::{Body, RequestContext};

/// The operations of tag `Greetings`.
pub trait Greetings: Security {
    /// Greet somebody
    ///
    /// `GET /greetings/{name}`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn greet(
        &self,
        context: RequestContext<'_>,
        params: GreetParams,
    ) -> Result<GreetResponse, Self::Error>;
}

/// The parameters of `greet`.
#[derive(Clone)]
pub struct GreetParams {
    /// The parameter `name` (path).
    pub name: String,
    /// The parameter `times` (query).
    pub times: i32,
}

impl GreetParams {
    /// The `minLength` of `name`.
    pub const NAME_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 40;
    /// The `minimum` of `times`.
    pub const TIMES_MINIMUM: i32 = 1;
    /// The `maximum` of `times`.
    pub const TIMES_MAXIMUM: i32 = 3;
}

impl gatekeeper::FromParameters for GreetParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            name: validated.path("name")?,
            times: validated.query("times")?,
        })
    }
}

/// The replies of `greet`.
pub enum GreetResponse {
    /// The greeting.
    Status200(Body<GreetResponseBody>),
}

impl gatekeeper::IntoReply for GreetResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}
