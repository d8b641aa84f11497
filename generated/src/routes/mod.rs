// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! One handler for each operation: through the gatekeeper, to the trait, and back.

pub(crate) mod auth;
pub(crate) mod characters;
pub(crate) mod films;
pub(crate) mod holodules;
pub(crate) mod pages;
pub(crate) mod planets;
pub(crate) mod service;
pub(crate) mod species;
pub(crate) mod starships;
pub(crate) mod subscribers;
pub(crate) mod users;
pub(crate) mod vehicles;
