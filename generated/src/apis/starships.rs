// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Starships`.

use crate::models::{SortOrder, Starship, StarshipList, StarshipOptions, StarshipSortField};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The starships of the saga.
pub trait Starships: Security {
    /// One starship
    ///
    /// One starship by its id.
    ///
    /// `GET /starships/v1/{starship_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_starship(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        starship_id: i32,
        options: Option<StarshipOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetStarshipResponse, Self::Error>;

    /// Starships, by the page
    ///
    /// All starships that match `search` and every one of `filters`, sorted, by the page. What is unknown is
    /// sorted last, in either order, and equals go by id. Relations are absolute URLs into this API; `options`
    /// leaves out those that are not wanted, as in `options[films]=false`.
    ///
    /// `GET /starships/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_starships(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<StarshipOptions>,
        sort_by: StarshipSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetStarshipsResponse, Self::Error>;
}

/// What `get_starship` answers.
pub enum GetStarshipResponse {
    /// The starship.
    Status200 {
        /// The body.
        body: Body<Starship>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `get_starships` answers.
pub enum GetStarshipsResponse {
    /// A page of starships.
    Status200 {
        /// The body.
        body: Body<StarshipList>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
        /// The pages around this one (RFC 8288), `next` and `prev`; absent when there are none.
        link: Option<gatekeeper::HeaderText>,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
}
