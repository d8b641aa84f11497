// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The schemas of the contract.

mod error;
mod error_body;
mod order;
mod pet;
mod pet_request;
mod status;
mod upload;

pub use self::error::Error;
pub use self::error_body::ErrorBody;
pub use self::order::Order;
pub use self::pet::Pet;
pub use self::pet_request::PetRequest;
pub use self::status::Status;
pub use self::upload::Upload;
