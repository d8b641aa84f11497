//! The `Species` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::species::*;
use generated::models::SpeciesEntry;

use super::catalogue::{query, relations, reply};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Species for App {
    async fn get_species_list(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSpeciesListParams,
    ) -> Result<GetSpeciesListResponse, ApiError> {
        let page = self.catalogue.species.list(&query!(SpeciesEntry, params))?;
        Ok(reply!(GetSpeciesListResponse, page, link))
    }

    async fn get_species(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSpeciesParams,
    ) -> Result<GetSpeciesResponse, ApiError> {
        let relations = relations!(SpeciesEntry, params);
        let found = self.catalogue.species.get(params.species_id, relations)?;
        Ok(reply!(GetSpeciesResponse, found))
    }
}
