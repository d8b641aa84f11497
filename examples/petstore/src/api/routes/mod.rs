// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! One handler for each operation: through the gatekeeper, to the trait, and back.

pub(crate) mod orders;
pub(crate) mod pets;
