//! The stages of one contract that need no generated code.

use crate::{stage::Stage, start};
use openapi::Options;
use serde_json::Value;
use std::{
    io::{self, Write},
    path::Path,
};

/// Runs a contract, and prints a line for each stage: its name, and an array of problems.
pub(crate) fn run(file: &Path, stages: &[Stage]) {
    let document = match openapi::load_file(file) {
        Ok(loaded) => loaded.document,
        Err(error) => {
            let problems: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
            return say(Stage::Read, &problems);
        }
    };
    say(Stage::Read, &[]);
    if stages.contains(&Stage::Plan) {
        let plan = gatekeeper_build::plan(&document, &Options::default());
        say(Stage::Plan, &plan.err().unwrap_or_default());
    }
    if stages.contains(&Stage::Start) {
        start::run(&document, stages.contains(&Stage::Request));
    }
}

/// Prints the line of a stage.
pub(crate) fn say(stage: Stage, problems: &[String]) {
    let problems: Value = problems.iter().map(String::as_str).collect();
    println!("{}\t{problems}", stage.name());
    // The process may not live to do it later. Nobody reads what cannot be written.
    let _ = io::stdout().flush();
}
