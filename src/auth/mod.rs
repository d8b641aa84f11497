//! Who is calling: tokens, passwords, roles, revocation, and the functions that the contract names
//! for its security schemes.

pub(crate) mod api_tokens;
mod caller;
pub(crate) mod checks;
mod door;
mod endpoints;
pub(crate) mod inspect;
mod introspect;
pub(crate) mod mint;
mod operations;
pub(crate) mod password;
pub(crate) mod revocation;
pub(crate) mod revoke;
pub(crate) mod roles;
pub(crate) mod tokens;
mod words;
mod worth;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use caller::{Caller, Scheme};
