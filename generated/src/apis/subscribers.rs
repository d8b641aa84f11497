// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Subscribers`.

use crate::models::{Subscriber, SubscriberFields, SubscriberList};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// A mailing list, which anybody with an account may join and admins look after.
pub trait Subscribers: Security {
    /// Join the mailing list
    ///
    /// Adds a subscriber, at the end of the list. An address that is on it is 409 `subscriber-already-exists`.
    ///
    /// `POST /subscribers/v1/`; security: `basic` or `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn create_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: CreateSubscriberParams,
        body: SubscriberFields,
    ) -> Result<CreateSubscriberResponse, Self::Error>;

    /// Take a subscriber off the list
    ///
    /// Removes a subscriber.
    ///
    /// `DELETE /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn delete_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: DeleteSubscriberParams,
    ) -> Result<DeleteSubscriberResponse, Self::Error>;

    /// One subscriber
    ///
    /// The subscriber with this id.
    ///
    /// `GET /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetSubscriberParams,
    ) -> Result<GetSubscriberResponse, Self::Error>;

    /// All subscribers
    ///
    /// Subscribers in the order in which they joined, by the page. With `Accept: text/csv` all of them, whatever page
    /// is asked for, as CSV with a header line (RFC 4180). There a cell that a spreadsheet would take for a formula has
    /// an apostrophe before it.
    ///
    /// `GET /subscribers/v1/`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_subscribers(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListSubscribersParams,
    ) -> Result<ListSubscribersResponse, Self::Error>;

    /// Change a subscriber
    ///
    /// Replaces name and address. The place on the list stays. An address that somebody else has on the list is 409
    /// `subscriber-already-exists`. With `If-Match`, only a subscriber that is still as it was read is changed.
    ///
    /// `PUT /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn update_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: UpdateSubscriberParams,
        body: SubscriberFields,
    ) -> Result<UpdateSubscriberResponse, Self::Error>;
}

/// The parameters of `create_subscriber`.
#[derive(Clone)]
pub struct CreateSubscriberParams {
    /// Makes the request repeatable: the same key and body get the same reply for 24 hours, and what the first request made is
    /// not made again. A string of 1 to 255 visible characters (RFC 8941, section 3.3.3), without quotation marks and
    /// backslashes in it; a UUID and the like are also taken without the quotation marks around them, and are the same key.
    /// Choose it at random: whoever knows it and the body can repeat the request.
    pub idempotency_key: Option<String>,
}

impl CreateSubscriberParams {
    /// The `minLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MAX_LENGTH: usize = 257;
}

impl gatekeeper::FromParameters for CreateSubscriberParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            idempotency_key: validated.header("Idempotency-Key")?,
        })
    }
}

/// The replies of `create_subscriber`.
pub enum CreateSubscriberResponse {
    /// The new subscriber.
    Status201 {
        /// The body.
        body: Body<Subscriber>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// URL of the subscriber that was made.
        location: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for CreateSubscriberResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status201 {
                body,
                etag,
                location,
            } => gatekeeper::Reply::new(201)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .header(
                    const { gatekeeper::HeaderName::from_static("location") },
                    location,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `delete_subscriber`.
#[derive(Clone)]
pub struct DeleteSubscriberParams {
    /// The subscriber's id.
    pub subscriber_id: uuid::Uuid,
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
}

impl DeleteSubscriberParams {
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for DeleteSubscriberParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            subscriber_id: validated.path("subscriber_id")?,
            if_match: validated.header("If-Match")?,
        })
    }
}

/// The replies of `delete_subscriber`.
pub enum DeleteSubscriberResponse {
    /// The subscriber is gone.
    Status204,
}

impl gatekeeper::IntoReply for DeleteSubscriberResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The parameters of `get_subscriber`.
#[derive(Clone)]
pub struct GetSubscriberParams {
    /// The subscriber's id.
    pub subscriber_id: uuid::Uuid,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetSubscriberParams {
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetSubscriberParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            subscriber_id: validated.path("subscriber_id")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_subscriber`.
pub enum GetSubscriberResponse {
    /// The subscriber.
    Status200 {
        /// The body.
        body: Body<Subscriber>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetSubscriberResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                ),
        })
    }
}

/// The parameters of `list_subscribers`.
#[derive(Clone)]
pub struct ListSubscribersParams {
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
}

impl ListSubscribersParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
}

impl gatekeeper::FromParameters for ListSubscribersParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
        })
    }
}

/// The replies of `list_subscribers`.
pub enum ListSubscribersResponse {
    /// A page of subscribers, or all of them as CSV.
    Status200Json(Body<SubscriberList>),
    /// A page of subscribers, or all of them as CSV.
    Status200Csv(gatekeeper::ReplyBody),
}

impl ListSubscribersResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "text/csv"];
}

impl gatekeeper::IntoReply for ListSubscribersResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
            Self::Status200Csv(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .body("text/csv", body),
        })
    }
}

/// The parameters of `update_subscriber`.
#[derive(Clone)]
pub struct UpdateSubscriberParams {
    /// The subscriber's id.
    pub subscriber_id: uuid::Uuid,
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
}

impl UpdateSubscriberParams {
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for UpdateSubscriberParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            subscriber_id: validated.path("subscriber_id")?,
            if_match: validated.header("If-Match")?,
        })
    }
}

/// The replies of `update_subscriber`.
pub enum UpdateSubscriberResponse {
    /// The subscriber as it is now.
    Status200(Body<Subscriber>),
}

impl gatekeeper::IntoReply for UpdateSubscriberResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}
