//! The `Starships` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::starships::*;
use generated::models::Starship;

use super::catalogue::{query, relations, reply};
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
        let page = self.catalogue.starships.list(&query!(Starship, params))?;
        Ok(reply!(GetStarshipsResponse, page, link))
    }

    async fn get_starship(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetStarshipParams,
    ) -> Result<GetStarshipResponse, ApiError> {
        let relations = relations!(Starship, params);
        let found = self
            .catalogue
            .starships
            .get(params.starship_id, relations)?;
        Ok(reply!(GetStarshipResponse, found))
    }
}
