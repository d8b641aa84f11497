//! The `Vehicles` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::vehicles::*;
use generated::models::Vehicle;

use super::catalogue::{query, relations, reply};
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
        let page = self.catalogue.vehicles.list(&query!(Vehicle, params))?;
        Ok(reply!(GetVehiclesResponse, page, link))
    }

    async fn get_vehicle(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetVehicleParams,
    ) -> Result<GetVehicleResponse, ApiError> {
        let relations = relations!(Vehicle, params);
        let found = self.catalogue.vehicles.get(params.vehicle_id, relations)?;
        Ok(reply!(GetVehicleResponse, found))
    }
}
