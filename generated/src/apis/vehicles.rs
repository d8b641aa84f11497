// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Vehicles`.

use crate::models::{SortOrder, Vehicle, VehicleList, VehicleOptions, VehicleSortField};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// The vehicles of the saga.
pub trait Vehicles: Security {
    /// One vehicle
    ///
    /// One vehicle by its id.
    ///
    /// `GET /vehicles/v1/{vehicle_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_vehicle(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        vehicle_id: i32,
        options: Option<VehicleOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetVehicleResponse, Self::Error>;

    /// Vehicles, by the page
    ///
    /// All vehicles that match `search` and every one of `filters`, sorted, by the page. What is unknown is
    /// sorted last, in either order, and equals go by id. Relations are absolute URLs into this API; `options`
    /// leaves out those that are not wanted, as in `options[films]=false`.
    ///
    /// `GET /vehicles/v1/`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_vehicles(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        options: Option<VehicleOptions>,
        sort_by: VehicleSortField,
        sort_order: SortOrder,
        page: i32,
        page_size: i32,
        search: Option<String>,
        filters: Option<Vec<String>>,
        if_none_match: Option<String>,
    ) -> Result<GetVehiclesResponse, Self::Error>;
}

/// What `get_vehicle` answers.
pub enum GetVehicleResponse {
    /// The vehicle.
    Status200 {
        /// The body.
        body: Body<Vehicle>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `get_vehicles` answers.
pub enum GetVehiclesResponse {
    /// A page of vehicles.
    Status200 {
        /// The body.
        body: Body<VehicleList>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
        /// The pages around this one (RFC 8288), `next` and `prev`; absent when there are none.
        link: Option<gatekeeper::HeaderText>,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// Kept by the caller alone, and only with a check against `ETag`.
        cache_control: gatekeeper::HeaderText,
    },
}
