//! The contract without a service behind it, for those who write clients before an operation is there: the real gate
//! lets requests in, and the contract's examples are the answers.
//!
//! Nothing is kept, so that any order of requests works. The credentials are made at start, with secrets that exist
//! nowhere else, and die with the process: what a mock takes, no service takes, and the other way round.

mod callers;
mod fit;

pub(crate) use callers::{Callers, Holder, Mock};
pub(crate) use fit::fit;
