//! Authentication: the functions that the contract names for its security schemes, and revocation. Tokens, passwords and
//! roles are in `crates/credentials`.

mod caller;
mod endpoints;
pub(crate) mod refusals;
pub(crate) mod revocation;
pub(crate) mod token_verifier;

pub(crate) use caller::{Caller, Scheme};
pub(crate) use credentials::{api_token_secret, checks, clock, humanize, password, roles, tokens};
