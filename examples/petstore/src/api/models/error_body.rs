// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use super::Error;

/// The bodies that the contract has for failures: `Security::render_error` returns them.
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorBody {
    /// `application/json`, for 404, default.
    Error(Error),
}

impl std::convert::From<ErrorBody> for gatekeeper::Rendering {
    fn from(body: ErrorBody) -> Self {
        match body {
            ErrorBody::Error(body) => Self::json("application/json", Some("Error"), &body),
        }
    }
}
