//! Authentication: tokens, passwords, roles, revocation, and the functions that the contract names
//! for its security schemes.

pub(crate) mod api_token_secret;
mod caller;
pub(crate) mod checks;
pub(crate) mod clock;
mod endpoints;
pub(crate) mod humanize;
pub(crate) mod password;
pub(crate) mod refusals;
pub(crate) mod revocation;
pub(crate) mod roles;
pub(crate) mod token_verifier;
pub(crate) mod tokens;

pub(crate) use caller::{Caller, Scheme};
