// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Orders`.

use crate::api::models::{Error, Order};
use crate::api::security::Security;
use gatekeeper::{Body, RequestContext};

/// Purchases.
pub trait Orders: Security {
    /// Buy a pet
    ///
    /// `POST /orders`; security: `api_key`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn place_order(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: PlaceOrderBody,
    ) -> Result<PlaceOrderResponse, Self::Error>;
}

/// The body of `place_order`, by its media type.
pub enum PlaceOrderBody {
    /// `application/json`
    Json(Order),
    /// `application/xml`
    Xml(String),
}

impl gatekeeper::FromBody for PlaceOrderBody {
    fn from_body<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        match validated.body_type() {
            Some("application/json") => Ok(Self::Json(validated.body()?)),
            Some("application/xml") => Ok(Self::Xml(validated.body()?)),
            _ => Err(validated.no_such_body()),
        }
    }
}

/// The replies of `place_order`.
pub enum PlaceOrderResponse {
    /// The order.
    Status200(Body<Order>),
    /// Anything else, the refusals of the gatekeeper included.
    Default {
        /// The status.
        status: u16,
        /// The body.
        body: Body<Error>,
    },
}

impl gatekeeper::IntoReply for PlaceOrderResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
            Self::Default { status, body } => {
                gatekeeper::Reply::of_class(&[2, 3, 4, 5], status)?.json(body)?
            }
        })
    }
}
