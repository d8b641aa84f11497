//! Serves a contract of which nothing is written, behind the real gate.

mod caller;
mod prepare;

pub use caller::{Caller, Mock};
pub use prepare::prepare;
