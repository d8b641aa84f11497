//! Accounts and their sessions.

pub(crate) mod email;
mod endpoints;
pub(crate) mod entity;
mod session_entity;
pub(crate) mod sessions;
pub(crate) mod store;

pub(crate) use store::{NewUser, create};
