//! The `Characters` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::characters::*;
use generated::models::Character;

use super::catalogue::{query, relations, reply};
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
        let page = self.catalogue.characters.list(&query!(Character, params))?;
        Ok(reply!(GetCharactersResponse, page, link))
    }

    async fn get_character(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetCharacterParams,
    ) -> Result<GetCharacterResponse, ApiError> {
        let relations = relations!(Character, params);
        let found = self
            .catalogue
            .characters
            .get(params.character_id, relations)?;
        Ok(reply!(GetCharacterResponse, found))
    }
}
