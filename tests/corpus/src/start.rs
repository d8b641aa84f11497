//! Starts a mock of a contract, and asks it for each operation once.

use crate::{request, single::say, stage::Stage};
use actix_web::{App, body::to_bytes, rt::System, test};
use gatekeeper::{Observer, Served};
use gatekeeper_cli::mock::{self, Mock, Mocked};
use openapi::{Operation, Status};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the line for an operation of which the mock has no good answer.
pub(crate) const NOTE: &str = "note";

/// Keeps the reason of the last answer.
#[derive(Default)]
struct Reason(Mutex<String>);

impl Observer for Reason {
    fn served(&self, served: &Served<'_>) {
        let reason = served.reason.or(served.code).unwrap_or_default();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reason.clone_into(&mut kept);
    }
}

/// Prepares a contract and, if asked for, calls each of its operations.
pub(crate) fn run(document: &Value, requests: bool) {
    // What it answers is held to the contract, too.
    let text = document.to_string();
    let reason = Arc::new(Reason::default());
    let observer = Arc::clone(&reason);
    let mocked = match mock::prepare(&text, &[], |builder| {
        builder.validate_replies(true).observer(observer)
    }) {
        Ok(mocked) => mocked,
        Err(defects) => {
            let problems: Vec<String> = defects.iter().map(ToString::to_string).collect();
            return say(Stage::Start, &problems);
        }
    };
    say(Stage::Start, &[]);
    if requests {
        let problems = System::new().block_on(calls(mocked, &reason));
        say(Stage::Request, &problems);
    }
}

async fn calls(mocked: Mocked, reason: &Reason) -> Vec<String> {
    let (contract, document) = (Arc::new(mocked.contract), mocked.document);
    let service = Mock {
        deny: false,
        roles: mocked.roles,
    };
    let app = App::new().configure(|config| mock::mounted(config, &contract, service));
    let app = test::init_service(app).await;
    let mut problems = Vec::new();
    for operation in &document.operations {
        let place = format!("{} {}", operation.method, operation.path);
        let request = match request::of(operation, &document) {
            Ok(request) => request.to_request(),
            Err(problem) => {
                problems.push(format!("{place}: {problem}"));
                continue;
            }
        };
        let response = test::call_service(&app, request).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body()).await;
        if mocked
            .notices
            .iter()
            .any(|notice| notice.place() == operation.location)
        {
            // Its schema may allow no value at all, and the mock says so.
            println!("{NOTE}\t{place}");
        } else if !is_good(operation, status) {
            let reason = reason.0.lock().unwrap_or_else(PoisonError::into_inner);
            let body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
            let violation = match body.pointer("/errors/0") {
                Some(violation) => violation.to_string(),
                None => String::new(),
            };
            problems.push(format!("{place}: answered {status}, {reason} {violation}"));
        } else if body.is_err() {
            problems.push(format!("{place}: the body of the answer breaks off"));
        }
    }
    problems
}

/// Returns true for a success, and for the only statuses that are declared where no success is.
fn is_good(operation: &Operation, status: u16) -> bool {
    let mut declared = operation.responses.iter().map(|response| response.status);
    let has_success = declared.clone().any(Status::is_success);
    status < 400 || (!has_success && declared.any(|declared| declared.covers(status)))
}
