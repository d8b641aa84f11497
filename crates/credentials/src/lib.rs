//! Credentials: tokens and passwords, how they are made and verified, and the roles that they give.
//!
//! Knows neither endpoints nor accounts. The functions that the contract names for its security schemes are in
//! `src/auth/endpoints.rs`.

pub mod api_token_secret;
pub mod checks;
pub mod clock;
pub mod humanize;
pub mod password;
pub mod roles;
pub mod tokens;
