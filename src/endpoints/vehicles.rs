//! The `Vehicles` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::vehicles::*;
use generated::models::Vehicle;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Vehicles for App {
    async fn get_vehicles(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetVehiclesParams,
    ) -> Result<GetVehiclesResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<Vehicle>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.vehicles.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetVehiclesResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => {
                GetVehiclesResponse::Status200 {
                    body: body.into(),
                    etag,
                    link,
                }
            }
        })
    }

    async fn get_vehicle(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetVehicleParams,
    ) -> Result<GetVehicleResponse, ApiError> {
        let relations = RelationSet::of::<Vehicle>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .vehicles
            .get(params.vehicle_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetVehicleResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetVehicleResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
