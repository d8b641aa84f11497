// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// The bodies that the contract has for failures: `Security::render_error` returns them.
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorBody {
    /// `text/html`, for 400, 401, 413, 414, 415, 429, 500, 503.
    Text(String),
}

impl std::convert::From<ErrorBody> for gatekeeper::Rendering {
    fn from(body: ErrorBody) -> Self {
        match body {
            ErrorBody::Text(body) => Self::text("text/html", body),
        }
    }
}
