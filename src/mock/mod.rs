//! A mock of the service, for work on clients before an operation is implemented. The gatekeeper admits requests as in
//! the service, and replies are the contract's examples. Operations that need no store reply as the service does: the
//! contract, its viewer, the pages of errors, the metrics.
//!
//! Nothing is stored, so requests work in any order. Credentials are made at start with fresh secrets that are never
//! stored, so the service refuses those of a mock, and a mock refuses those of the service.

mod rewrite;
mod routes;
mod security;
mod service_replies;
mod users;

pub(crate) use rewrite::rewrite_example;
pub(crate) use routes::routes;
pub(crate) use security::Mock;
pub(crate) use service_replies::ServiceReplies;
pub(crate) use users::{MockUser, MockUsers};
