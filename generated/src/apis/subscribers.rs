// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Subscribers`.

use crate::models::{Subscriber, SubscriberFields};
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn create_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: SubscriberFields,
    ) -> Result<CreateSubscriberResponse, Self::Error>;

    /// Take a subscriber off the list
    ///
    /// Removes a subscriber.
    ///
    /// `DELETE /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn delete_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        subscriber_id: uuid::Uuid,
    ) -> Result<DeleteSubscriberResponse, Self::Error>;

    /// One subscriber
    ///
    /// The subscriber with this id.
    ///
    /// `GET /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        subscriber_id: uuid::Uuid,
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
    /// Why the operation failed; the error says how that looks to the caller.
    async fn list_subscribers(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        page: i32,
        page_size: i32,
    ) -> Result<ListSubscribersResponse, Self::Error>;

    /// Change a subscriber
    ///
    /// Replaces name and address. The place on the list stays. An address that somebody else has on the list is 409
    /// `subscriber-already-exists`.
    ///
    /// `PUT /subscribers/v1/{subscriber_id}`; security: `basic` or `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn update_subscriber(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        subscriber_id: uuid::Uuid,
        body: SubscriberFields,
    ) -> Result<UpdateSubscriberResponse, Self::Error>;
}

/// What `create_subscriber` answers.
pub enum CreateSubscriberResponse {
    /// The new subscriber.
    Status201 {
        /// The body.
        body: Body<Subscriber>,
        /// URL of the subscriber that was made.
        location: gatekeeper::HeaderText,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `delete_subscriber` answers.
pub enum DeleteSubscriberResponse {
    /// The subscriber is gone.
    Status204,
}

/// What `get_subscriber` answers.
pub enum GetSubscriberResponse {
    /// The subscriber.
    Status200 {
        /// The body.
        body: Body<Subscriber>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `list_subscribers` answers.
pub enum ListSubscribersResponse {
    /// A page of subscribers, or all of them as CSV.
    Status200 {
        /// The body.
        body: gatekeeper::Content,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `update_subscriber` answers.
pub enum UpdateSubscriberResponse {
    /// The subscriber as it is now.
    Status200 {
        /// The body.
        body: Body<Subscriber>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}
