// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Planets`.

use crate::models::{Planet, PlanetList, PlanetOptions, PlanetSortField, SortOrder};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The planets of the saga.
pub trait Planets: Security {
    /// One planet
    ///
    /// One planet by its id.
    ///
    /// `GET /planets/v1/{planet_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_planet(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        planet_id: i32,
        options: Option<PlanetOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetPlanetResponse, Self::Error>;

    /// Planets, by the page
    ///
    /// All planets that match `search` and every one of `filters`, sorted, by the page. What is unknown is
    /// sorted last, in either order, and equals go by id. Relations are absolute URLs into this API; `options`
    /// leaves out those that are not wanted, as in `options[films]=false`.
    ///
    /// `GET /planets/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_planets(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<PlanetOptions>,
        sort_by: PlanetSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetPlanetsResponse, Self::Error>;
}

/// What `get_planet` answers.
pub enum GetPlanetResponse {
    /// The planet.
    Status200 {
        /// The body.
        body: Body<Planet>,
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

/// What `get_planets` answers.
pub enum GetPlanetsResponse {
    /// A page of planets.
    Status200 {
        /// The body.
        body: Body<PlanetList>,
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
