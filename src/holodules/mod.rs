//! The schedule of streams.

mod day;
mod endpoints;
pub(crate) mod entity;
pub(crate) mod store;

pub(crate) use entity::Model as Holodule;
