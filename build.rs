//! Build script of the `generated` crate: makes its sources from `openapi.yaml` when the contract or
//! the templates changed since, before anything that depends on them is compiled.

#[path = "crates/gatekeeper-build/src/plan/mod.rs"]
mod plan;
#[path = "crates/gatekeeper-build/src/regenerate/mod.rs"]
mod regenerate;

use std::process::ExitCode;

fn main() -> ExitCode {
    match regenerate::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => regenerate::report(&problems),
    }
}
