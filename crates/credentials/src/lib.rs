//! Credentials: tokens and passwords, how they are made, verified and revoked, the roles that they give, and what is encrypted
//! with their secrets.
//!
//! Knows neither endpoints nor accounts. The functions that the contract names for its security schemes are in
//! `src/auth/endpoints.rs`.

pub mod api_token_secret;
pub mod checks;
mod clock;
pub mod humanize;
pub mod password;
pub mod report;
pub mod revocation;
pub mod roles;
pub mod seal;
pub mod tokens;
