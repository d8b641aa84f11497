// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// An OpenAPI 3.0 document.
pub type OpenapiDocument = serde_json::Map<String, serde_json::Value>;
