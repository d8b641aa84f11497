//! Responses: built from what an operation returns, validated against the contract, finished with the common headers.

mod builder;
mod coding;
mod events;
mod finish;
mod header;
mod json;
mod payload;
mod representation;
mod stream;
mod validate;

pub use builder::{IntoReply, Reply};
pub use events::{Event, EventStream};
pub use header::{HeaderText, IntoHeader};
pub use json::{Body, PreserializedJson};
pub use payload::{Content, PreparedBody, ReplyBody, ReplyStream};
pub use representation::lists_tag;
pub(crate) use validate::ReplyRules;
