// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of the contract: one trait for each tag, one enum of replies for each operation.

pub mod auth;
pub mod characters;
pub mod films;
pub mod holodules;
pub mod pages;
pub mod planets;
pub mod service;
pub mod species;
pub mod starships;
pub mod subscribers;
pub mod users;
pub mod vehicles;

pub use self::auth::Auth;
pub use self::characters::Characters;
pub use self::films::Films;
pub use self::holodules::Holodules;
pub use self::pages::Pages;
pub use self::planets::Planets;
pub use self::service::Service;
pub use self::species::Species;
pub use self::starships::Starships;
pub use self::subscribers::Subscribers;
pub use self::users::Users;
pub use self::vehicles::Vehicles;
