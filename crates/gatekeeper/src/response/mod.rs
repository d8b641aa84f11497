//! Responses: built from what an operation returns, validated against the contract, finished with the common headers.

mod builder;
mod finish;
mod validate;

pub use builder::{Body, Content, HeaderText, IntoHeader, IntoReply, PreserializedJson, Reply};
pub(crate) use validate::ReplyRules;
