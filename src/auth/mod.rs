//! Who is calling: tokens, passwords, roles, revocation, and the functions that the contract names
//! for its security schemes.

mod caller;
mod endpoints;
pub(crate) mod password;
pub(crate) mod revocation;
pub(crate) mod roles;
pub(crate) mod tokens;

pub(crate) use caller::{Caller, Scheme};
