//! The Star Wars API: the catalogue behind JWT, spec first.
//!
//! `openapi.yaml` says what is served, the `generated` crate has it as traits, the `gatekeeper` crate enforces
//! it, and the modules here implement it. `startup` is the only module that knows them all.
//!
//! The decode hooks of two security schemes take different types, so they cannot be swapped. This compiles:
//!
//! ```
//! use gatekeeper::Bearer;
//! use generated::security::schemes::{Jwt, JwtRefresh};
//!
//! fn decode_refresh_token(_: Bearer<'_, JwtRefresh>) {}
//! fn hook_of_jwt_refresh(credential: Bearer<'_, JwtRefresh>) {
//!     decode_refresh_token(credential)
//! }
//! ```
//!
//! and this, which differs in one type, does not:
//!
//! ```compile_fail
//! use gatekeeper::Bearer;
//! use generated::security::schemes::{Jwt, JwtRefresh};
//!
//! fn decode_refresh_token(_: Bearer<'_, JwtRefresh>) {}
//! fn hook_of_jwt(credential: Bearer<'_, Jwt>) {
//!     decode_refresh_token(credential)
//! }
//! ```

mod audit;
mod auth;
mod catalogue;
pub mod cli;
mod endpoints;
mod errors;
mod holodules;
mod html;
mod idempotency;
#[cfg(test)]
mod layers;
mod limits;
mod mock;
mod preconditions;
mod purge;
mod service;
mod startup;
mod state;
mod subscribers;
mod users;

use ::{database, mail};
use infrastructure::{clients, listener, metrics, paging, redis, settings, telemetry, text};

/// Internals that `benches/micro.rs` measures; not for use.
#[doc(hidden)]
pub mod benchmark {
    pub use crate::catalogue::benchmark::{Lists, NAMES as LISTS};

    /// The contract as the service prepares it.
    ///
    /// # Errors
    ///
    /// None while the service starts.
    pub fn contract() -> anyhow::Result<gatekeeper::Contract> {
        crate::startup::contract(&crate::settings::Settings::default())
    }
}
