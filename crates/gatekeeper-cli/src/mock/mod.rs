//! `gatekeeper mock`: serves a contract of which nothing is written, behind the real gatekeeper.
//!
//! Security, parameters and bodies are checked as in a service. Answers are the contract's examples, else values made
//! from its schemas. `Prefer: code=404` asks for another status, `Prefer: example=name` for one of several examples.

mod caller;
mod command;
mod prepare;

pub use caller::{Caller, Mock};
pub use command::{Arguments, mounted, run};
pub use prepare::{Mocked, prepare};
