// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of the contract: one trait for each tag, one enum of replies for each operation.

pub mod orders;
pub mod pets;

pub use self::orders::Orders;
pub use self::pets::Pets;
