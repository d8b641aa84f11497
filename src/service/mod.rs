//! Health, metrics, the contract itself and its viewer.

pub(crate) mod endpoints;
mod readiness;
mod ui;

use anyhow::{Context, Result};
use gatekeeper::{Bytes, Prepared};
use generated::models::OpenapiDocument;

pub(crate) use readiness::Readiness;

/// The contract in both of its forms, made once.
pub(crate) struct Documents {
    json: Prepared<OpenapiDocument>,
    yaml: Bytes,
}

impl Documents {
    /// Prepares the contract that the binary was made from.
    pub(crate) fn prepare() -> Result<Self> {
        let document = contract_as_json()?;
        Ok(Self {
            json: Prepared::new(&document)?,
            yaml: Bytes::from_static(generated::SPEC.as_bytes()),
        })
    }
}

/// The contract, parsed.
pub(crate) fn contract_as_json() -> Result<OpenapiDocument> {
    serde_saphyr::from_str(generated::SPEC).context("openapi.yaml cannot be read")
}
