//! Accounts and their sessions.

pub(crate) mod accounts;
pub(crate) mod email;
pub(crate) mod endpoints;
pub(crate) mod entity;
pub(crate) mod events;
pub(crate) mod mailed;
pub(crate) mod passwords;
pub(crate) mod record;
mod session_entity;
pub(crate) mod sessions;
pub(crate) mod store;

pub(crate) use store::{NewUser, create};
