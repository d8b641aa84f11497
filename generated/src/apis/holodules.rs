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

    /// One stream
    ///
    /// The stream of this key.
    ///
    /// `GET /holodules/v1/items/{key}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_holodule(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetHoloduleParams,
    ) -> Result<GetHoloduleResponse, Self::Error>;

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
    /// `If-Match` with the tag of `get_holodule` replaces only what was read; `If-None-Match: *` replaces nothing.
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
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
}

impl DeleteHoloduleParams {
    /// The `minLength` of `key`.
    pub const KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for DeleteHoloduleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            key: validated.path("key")?,
            if_match: validated.header("If-Match")?,
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

/// The parameters of `get_holodule`.
#[derive(Clone)]
pub struct GetHoloduleParams {
    /// The stream's key.
    pub key: String,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetHoloduleParams {
    /// The `minLength` of `key`.
    pub const KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetHoloduleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            key: validated.path("key")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_holodule`.
pub enum GetHoloduleResponse {
    /// The stream.
    Status200 {
        /// The body.
        body: Body<Holodule>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetHoloduleResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                )
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                ),
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
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
    /// `*`: only if there is nothing yet; or entity tags, none of which may be that of what is there (RFC 9110, section
    /// 13.1.2). Otherwise nothing is done.
    pub if_none_match: Option<String>,
}

impl PutHoloduleParams {
    /// The `minLength` of `key`.
    pub const KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for PutHoloduleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            key: validated.path("key")?,
            if_match: validated.header("If-Match")?,
            if_none_match: validated.header("If-None-Match")?,
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
