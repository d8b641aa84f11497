//! The `Planets` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::planets::*;
use generated::models::Planet;

use super::catalogue::{entity_reply, page_reply, query, relations};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Planets for App {
    async fn get_planets(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetPlanetsParams,
    ) -> Result<GetPlanetsResponse, ApiError> {
        let (query, known) = (query!(Planet, params), params.if_none_match.as_deref());
        let page = self.catalogue.planets.list(&query, known)?;
        Ok(page_reply!(GetPlanetsResponse, page))
    }

    async fn get_planet(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetPlanetParams,
    ) -> Result<GetPlanetResponse, ApiError> {
        let relations = relations!(Planet, params);
        let (planet, known) = (params.planet_id, params.if_none_match.as_deref());
        let found = self.catalogue.planets.get(planet, relations, known)?;
        Ok(entity_reply!(GetPlanetResponse, found))
    }
}
