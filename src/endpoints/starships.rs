//! The `Starships` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::starships::*;
use generated::models::Starship;

use super::catalogue::{entity_reply, page_reply, query, relations};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Starships for App {
    async fn get_starships(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetStarshipsParams,
    ) -> Result<GetStarshipsResponse, ApiError> {
        let (query, known) = (query!(Starship, params), params.if_none_match.as_deref());
        let page = self.catalogue.starships.list(&query, known)?;
        Ok(page_reply!(GetStarshipsResponse, page))
    }

    async fn get_starship(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetStarshipParams,
    ) -> Result<GetStarshipResponse, ApiError> {
        let relations = relations!(Starship, params);
        let (starship, known) = (params.starship_id, params.if_none_match.as_deref());
        let found = self.catalogue.starships.get(starship, relations, known)?;
        Ok(entity_reply!(GetStarshipResponse, found))
    }
}
