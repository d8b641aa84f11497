// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The schemas of the contract.

mod greet_response_body;

pub use self::greet_response_body::GreetResponseBody;
