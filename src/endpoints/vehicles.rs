//! The `Vehicles` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::vehicles::*;
use generated::models::Vehicle;

use super::catalogue::{entity_reply, page_reply, query, relations};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Vehicles for App {
    async fn get_vehicles(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetVehiclesParams,
    ) -> Result<GetVehiclesResponse, ApiError> {
        let (query, known) = (query!(Vehicle, params), params.if_none_match.as_deref());
        let page = self.catalogue.vehicles.list(&query, known)?;
        Ok(page_reply!(GetVehiclesResponse, page))
    }

    async fn get_vehicle(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetVehicleParams,
    ) -> Result<GetVehicleResponse, ApiError> {
        let relations = relations!(Vehicle, params);
        let (vehicle, known) = (params.vehicle_id, params.if_none_match.as_deref());
        let found = self.catalogue.vehicles.get(vehicle, relations, known)?;
        Ok(entity_reply!(GetVehicleResponse, found))
    }
}
