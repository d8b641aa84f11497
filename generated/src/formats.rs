// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! Dates and times as the contract writes them (RFC 3339).

#![allow(
    unused_imports,
    reason = "the contract decides which of these are used"
)]

pub(crate) use gatekeeper::formats::{Date, DateTime, date};
