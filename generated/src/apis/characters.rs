// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Characters`.

use crate::models::{Character, CharacterList, CharacterOptions, CharacterSortField, SortOrder};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The people and droids of the saga.
pub trait Characters: Security {
    /// One character
    ///
    /// One character by its id.
    ///
    /// `GET /characters/v1/{character_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_character(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        character_id: i32,
        options: Option<CharacterOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetCharacterResponse, Self::Error>;

    /// Characters, by the page
    ///
    /// All characters that match `search` and every one of `filters`, sorted, by the page. What is unknown is
    /// sorted last, in either order, and equals go by id. Relations are absolute URLs into this API; `options`
    /// leaves out those that are not wanted, as in `options[films]=false`.
    ///
    /// `GET /characters/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_characters(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<CharacterOptions>,
        sort_by: CharacterSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetCharactersResponse, Self::Error>;
}

/// What `get_character` answers.
pub enum GetCharacterResponse {
    /// The character.
    Status200 {
        /// The body.
        body: Body<Character>,
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

/// What `get_characters` answers.
pub enum GetCharactersResponse {
    /// A page of characters.
    Status200 {
        /// The body.
        body: Body<CharacterList>,
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
