// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Vehicles`.

use crate::models::{
    SortOrder, Vehicle, VehicleList, VehicleOptions, VehicleRelation, VehicleSortField,
};
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_vehicle(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetVehicleParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_vehicles(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetVehiclesParams,
    ) -> Result<GetVehiclesResponse, Self::Error>;
}

/// The parameters of `get_vehicle`.
#[derive(Clone)]
pub struct GetVehicleParams {
    /// The id of the vehicle.
    pub vehicle_id: i32,
    /// Relations to leave out, as in `options[films]=false`. All are in by default.
    pub options: Option<VehicleOptions>,
    /// Relations to leave out, as in `without=films&without=pilots`. It adds to what `options` leaves out, for
    /// clients that cannot write `options[…]`.
    pub without: Option<Vec<VehicleRelation>>,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetVehicleParams {
    /// The `minimum` of `vehicle_id`.
    pub const VEHICLE_ID_MINIMUM: i32 = 1;
    /// The `maximum` of `vehicle_id`.
    pub const VEHICLE_ID_MAXIMUM: i32 = 100000;
    /// The `maxItems` of `without`.
    pub const WITHOUT_MAX_ITEMS: usize = 2;
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetVehicleParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            vehicle_id: validated.path("vehicle_id")?,
            options: validated.query("options")?,
            without: validated.query("without")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_vehicle`.
pub enum GetVehicleResponse {
    /// The vehicle.
    Status200 {
        /// The body.
        body: Body<Vehicle>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetVehicleResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                )
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                ),
        })
    }
}

/// The parameters of `get_vehicles`.
#[derive(Clone)]
pub struct GetVehiclesParams {
    /// Relations to leave out, as in `options[films]=false`. All are in by default.
    pub options: Option<VehicleOptions>,
    /// The field to sort by; numbers are sorted as numbers.
    pub sort_by: VehicleSortField,
    /// Whether the least or the greatest comes first.
    pub sort_order: SortOrder,
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
    /// Only vehicles whose names contain this text; the case of letters does not count.
    pub search: Option<String>,
    /// `field:op:value`, repeatable; all must match. Ops are `eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in`
    /// (values parted by `|`) and `contains` (not for numbers). Numbers compare as numbers, text without
    /// regard to case, dates as text, a list by any of its entries. What is unknown matches nothing but
    /// `ne`.
    pub filters: Option<Vec<String>>,
    /// Relations to leave out, as in `without=films&without=pilots`. It adds to what `options` leaves out, for
    /// clients that cannot write `options[…]`.
    pub without: Option<Vec<VehicleRelation>>,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetVehiclesParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
    /// The `minLength` of `search`.
    pub const SEARCH_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `search`.
    pub const SEARCH_MAX_LENGTH: usize = 100;
    /// The `maxItems` of `filters`.
    pub const FILTERS_MAX_ITEMS: usize = 10;
    /// The `maxItems` of `without`.
    pub const WITHOUT_MAX_ITEMS: usize = 2;
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetVehiclesParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            options: validated.query("options")?,
            sort_by: validated.query("sort_by")?,
            sort_order: validated.query("sort_order")?,
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
            search: validated.query("search")?,
            filters: validated.query("filters")?,
            without: validated.query("without")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_vehicles`.
pub enum GetVehiclesResponse {
    /// A page of vehicles.
    Status200 {
        /// The body.
        body: Body<VehicleList>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// The pages around this one (RFC 8288), `next` and `prev`; absent when there are none.
        link: Option<gatekeeper::HeaderText>,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetVehiclesResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag, link } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                )
                .header(const { gatekeeper::HeaderName::from_static("link") }, link)?
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("private, no-cache") },
                ),
        })
    }
}
