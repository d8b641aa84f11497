//! The contract without a service behind it, for those who write clients before an operation is there: the real gate
//! lets requests in, and the contract's examples are the answers. What the service needs no store for is answered as it
//! does: the contract, its viewer, the pages of errors, the counters.
//!
//! Nothing is kept, so that any order of requests works. The credentials are made at start, with secrets that exist
//! nowhere else, and die with the process: what a mock takes, no service takes, and the other way round.

mod callers;
mod fit;
mod real;

pub(crate) use callers::{Callers, Holder, Mock};
pub(crate) use fit::fit;
pub(crate) use real::{Real, routes};
