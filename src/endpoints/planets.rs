//! The `Planets` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::planets::*;
use generated::models::Planet;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Planets for App {
    async fn get_planets(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetPlanetsParams,
    ) -> Result<GetPlanetsResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<Planet>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.planets.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetPlanetsResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => GetPlanetsResponse::Status200 {
                body: body.into(),
                etag,
                link,
            },
        })
    }

    async fn get_planet(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetPlanetParams,
    ) -> Result<GetPlanetResponse, ApiError> {
        let relations = RelationSet::of::<Planet>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .planets
            .get(params.planet_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetPlanetResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetPlanetResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
