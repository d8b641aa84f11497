//! Starts a mock of a contract.

use crate::{single::say, stage::Stage};
use gatekeeper_cli::mock;
use serde_json::Value;

/// Prepares a contract.
pub(crate) fn run(document: &Value, _requests: bool) {
    match mock::prepare(&document.to_string(), &[], |builder| builder) {
        Ok(_) => say(Stage::Start, &[]),
        Err(defects) => {
            let problems: Vec<String> = defects.iter().map(ToString::to_string).collect();
            say(Stage::Start, &problems);
        }
    }
}
