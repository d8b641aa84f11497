//! The `Characters` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::characters::*;
use generated::models::Character;

use super::catalogue::{entity_reply, page_reply, query, relations};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Characters for App {
    async fn get_characters(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetCharactersParams,
    ) -> Result<GetCharactersResponse, ApiError> {
        let (query, known) = (query!(Character, params), params.if_none_match.as_deref());
        let page = self.catalogue.characters.list(&query, known)?;
        Ok(page_reply!(GetCharactersResponse, page))
    }

    async fn get_character(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetCharacterParams,
    ) -> Result<GetCharacterResponse, ApiError> {
        let relations = relations!(Character, params);
        let (character, known) = (params.character_id, params.if_none_match.as_deref());
        let found = self.catalogue.characters.get(character, relations, known)?;
        Ok(entity_reply!(GetCharacterResponse, found))
    }
}
