//! The `Planets` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::planets::*;
use generated::models::Planet;

use super::catalogue::{query, relations, reply};
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
        let page = self.catalogue.planets.list(&query!(Planet, params))?;
        Ok(reply!(GetPlanetsResponse, page, link))
    }

    async fn get_planet(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetPlanetParams,
    ) -> Result<GetPlanetResponse, ApiError> {
        let relations = relations!(Planet, params);
        let found = self.catalogue.planets.get(params.planet_id, relations)?;
        Ok(reply!(GetPlanetResponse, found))
    }
}
