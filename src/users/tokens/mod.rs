//! Tokens of accounts: their status, how the operator makes and inspects them, and how they are revoked.

pub(crate) mod inspect;
mod introspect;
pub(crate) mod mint;
pub(crate) mod revoke;
#[cfg(test)]
mod tests;
pub(crate) mod token_status;

pub(crate) use introspect::TokenIntrospection;
