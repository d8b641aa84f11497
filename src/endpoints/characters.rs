//! The `Characters` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::characters::*;
use generated::models::Character;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Characters for App {
    async fn get_characters(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetCharactersParams,
    ) -> Result<GetCharactersResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<Character>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.characters.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetCharactersResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => {
                GetCharactersResponse::Status200 {
                    body: body.into(),
                    etag,
                    link,
                }
            }
        })
    }

    async fn get_character(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetCharacterParams,
    ) -> Result<GetCharacterResponse, ApiError> {
        let relations = RelationSet::of::<Character>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .characters
            .get(params.character_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetCharacterResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetCharacterResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
