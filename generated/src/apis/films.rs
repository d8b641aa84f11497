// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Films`.

use crate::models::{Film, FilmList, FilmOptions, FilmSortField, SortOrder};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The films of the saga.
pub trait Films: Security {
    /// One film
    ///
    /// One film by its id.
    ///
    /// `GET /films/v1/{film_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_film(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        film_id: i32,
        options: Option<FilmOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetFilmResponse, Self::Error>;

    /// Films, by the page
    ///
    /// All films that match `search` and every one of `filters`, sorted, by the page. What is unknown is sorted
    /// last, in either order, and equals go by id. Relations are absolute URLs into this API; `options` leaves
    /// out those that are not wanted, as in `options[characters]=false`.
    ///
    /// `GET /films/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_films(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<FilmOptions>,
        sort_by: FilmSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetFilmsResponse, Self::Error>;
}

/// What `get_film` answers.
pub enum GetFilmResponse {
    /// The film.
    Status200 {
        /// The body.
        body: Body<Film>,
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

/// What `get_films` answers.
pub enum GetFilmsResponse {
    /// A page of films.
    Status200 {
        /// The body.
        body: Body<FilmList>,
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
