// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! Dates and times as the contract writes them (RFC 3339).

#![allow(dead_code, reason = "the contract decides which of these are used")]

time::serde::format_description!(pub(crate) date, Date, "[year]-[month]-[day]");

/// Format `date` of a parameter.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Date(#[serde(with = "date")] pub(crate) time::Date);

/// Format `date-time` of a parameter.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct DateTime(#[serde(with = "time::serde::rfc3339")] pub(crate) time::OffsetDateTime);
