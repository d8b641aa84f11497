//! Authentication: the functions that the contract names for its security schemes. Tokens, passwords, roles and
//! revocation are in `crates/credentials`.

mod caller;
mod endpoints;
pub(crate) mod refusals;
pub(crate) mod token_verifier;

pub(crate) use caller::{Caller, Scheme};
pub(crate) use credentials::{
    api_token_secret, checks, humanize, password, report, revocation, roles, tokens,
};
