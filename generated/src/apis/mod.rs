// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of the contract: one trait for each tag, one enum of replies for each operation.

pub mod auth;
pub mod films;
pub mod holodules;
pub mod service;
pub mod subscribers;
pub mod users;

pub use self::auth::Auth;
pub use self::films::Films;
pub use self::holodules::Holodules;
pub use self::service::Service;
pub use self::subscribers::Subscribers;
pub use self::users::Users;
