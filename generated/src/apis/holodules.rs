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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn delete_holodule(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        key: String,
    ) -> Result<DeleteHoloduleResponse, Self::Error>;

    /// The schedule of a day
    ///
    /// The streams that begin on that day (UTC), newest first, those of one time by their keys. A day without any is
    /// 404; one that no calendar has is 400.
    ///
    /// `GET /holodules/v1/{date}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_holodules(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        date: String,
    ) -> Result<GetHolodulesResponse, Self::Error>;

    /// Enter a stream, or change it
    ///
    /// Makes the stream of this key, or replaces it. A day (UTC) holds 200 streams; one more is 409 `holodule-limit`.
    ///
    /// `PUT /holodules/v1/items/{key}`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn put_holodule(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        key: String,
        body: HoloduleFields,
    ) -> Result<PutHoloduleResponse, Self::Error>;
}

/// What `delete_holodule` answers.
pub enum DeleteHoloduleResponse {
    /// The stream is gone.
    Status204,
}

/// What `get_holodules` answers.
pub enum GetHolodulesResponse {
    /// The streams of the day.
    Status200(Body<HoloduleList>),
}

/// What `put_holodule` answers.
pub enum PutHoloduleResponse {
    /// The stream as it is now.
    Status200(Body<Holodule>),
    /// The new stream.
    Status201(Body<Holodule>),
}
