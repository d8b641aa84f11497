// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Species`.

use crate::models::{SortOrder, SpeciesEntry, SpeciesList, SpeciesOptions, SpeciesSortField};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The species of the saga.
pub trait Species: Security {
    /// One species
    ///
    /// One species by its id.
    ///
    /// `GET /species/v1/{species_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_species(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        species_id: i32,
        options: Option<SpeciesOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetSpeciesResponse, Self::Error>;

    /// Species, by the page
    ///
    /// All species that match `search` and every one of `filters`, sorted, by the page. What is unknown is
    /// sorted last, in either order, and equals go by id. Relations are absolute URLs into this API; `options`
    /// leaves out those that are not wanted, as in `options[films]=false`.
    ///
    /// `GET /species/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_species_list(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<SpeciesOptions>,
        sort_by: SpeciesSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetSpeciesListResponse, Self::Error>;
}

/// What `get_species` answers.
pub enum GetSpeciesResponse {
    /// The species.
    Status200 {
        /// The body.
        body: Body<SpeciesEntry>,
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

/// What `get_species_list` answers.
pub enum GetSpeciesListResponse {
    /// A page of species.
    Status200 {
        /// The body.
        body: Body<SpeciesList>,
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
