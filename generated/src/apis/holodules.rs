// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Holodules`.

use crate::models::{Holodule, HoloduleFields, HoloduleList};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// A schedule of streams, by the day.
pub trait Holodules: Security {
    /// Take a stream off the schedule
    ///
    /// Removes the stream of this key.
    ///
    /// `DELETE /holodules/v1/items/{key}`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn delete_holodule(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: DeleteHoloduleParams,
    ) -> Result<DeleteHoloduleResponse, Self::Error>;

    /// The schedule of a day
    ///
    /// The streams that begin on that day (UTC), newest first, those of one time by their keys. A day without any is
    /// 404; one that no calendar has is 400.
    ///
    /// `GET /holodules/v1/{date}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_holodules(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetHolodulesParams,
    ) -> Result<GetHolodulesResponse, Self::Error>;

    /// Enter a stream, or change it
    ///
    /// Makes the stream of this key, or replaces it. A day (UTC) holds 200 streams; one more is 409 `holodule-limit`.
    ///
    /// `PUT /holodules/v1/items/{key}`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn put_holodule(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: PutHoloduleParams,
        body: HoloduleFields,
    ) -> Result<PutHoloduleResponse, Self::Error>;
}

/// The parameters of `delete_holodule`.
#[derive(Clone)]
pub struct DeleteHoloduleParams {
    /// The stream's key.
    pub key: String,
}

impl DeleteHoloduleParams {
    /// The `minLength` of `key`.
    pub const KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
}

impl gatekeeper::FromParameters for DeleteHoloduleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            key: validated.path("key")?,
        })
    }
}

/// The replies of `delete_holodule`.
pub enum DeleteHoloduleResponse {
    /// The stream is gone.
    Status204,
}

impl gatekeeper::IntoReply for DeleteHoloduleResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The parameters of `get_holodules`.
#[derive(Clone)]
pub struct GetHolodulesParams {
    /// The day, `YYYYMMDD`.
    pub date: String,
}

impl GetHolodulesParams {
    /// The `minLength` of `date`.
    pub const DATE_MIN_LENGTH: usize = 8;
    /// The `maxLength` of `date`.
    pub const DATE_MAX_LENGTH: usize = 8;
}

impl gatekeeper::FromParameters for GetHolodulesParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            date: validated.path("date")?,
        })
    }
}

/// The replies of `get_holodules`.
pub enum GetHolodulesResponse {
    /// The streams of the day.
    Status200(Body<HoloduleList>),
}

impl gatekeeper::IntoReply for GetHolodulesResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}

/// The parameters of `put_holodule`.
#[derive(Clone)]
pub struct PutHoloduleParams {
    /// The stream's key.
    pub key: String,
}

impl PutHoloduleParams {
    /// The `minLength` of `key`.
    pub const KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
}

impl gatekeeper::FromParameters for PutHoloduleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            key: validated.path("key")?,
        })
    }
}

/// The replies of `put_holodule`.
pub enum PutHoloduleResponse {
    /// The stream as it is now.
    Status200(Body<Holodule>),
    /// The new stream.
    Status201(Body<Holodule>),
}

impl gatekeeper::IntoReply for PutHoloduleResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
            Self::Status201(body) => gatekeeper::Reply::new(201).json(body)?,
        })
    }
}
