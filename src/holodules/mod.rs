//! The schedule of streams.

pub(crate) mod day;
pub(crate) mod entity;
pub(crate) mod store;

pub(crate) use entity::Model as Holodule;
