//! The `Species` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::species::*;
use generated::models::SpeciesEntry;

use super::catalogue::{entity_reply, page_reply, query, relations};
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
        let (query, known) = (
            query!(SpeciesEntry, params),
            params.if_none_match.as_deref(),
        );
        let page = self.catalogue.species.list(&query, known)?;
        Ok(page_reply!(GetSpeciesListResponse, page))
    }

    async fn get_species(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSpeciesParams,
    ) -> Result<GetSpeciesResponse, ApiError> {
        let relations = relations!(SpeciesEntry, params);
        let (entry, known) = (params.species_id, params.if_none_match.as_deref());
        let found = self.catalogue.species.get(entry, relations, known)?;
        Ok(entity_reply!(GetSpeciesResponse, found))
    }
}
