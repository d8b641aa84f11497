//! The mailing list.

pub(crate) mod csv;
mod endpoints;
pub(crate) mod entity;
pub(crate) mod formula;
pub(crate) mod store;

pub(crate) use entity::Model as Subscriber;
