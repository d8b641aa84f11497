//! The mailing list.

pub(crate) mod csv;
pub(crate) mod entity;
pub(crate) mod formula;
pub(crate) mod store;

pub(crate) use entity::Model as Subscriber;
