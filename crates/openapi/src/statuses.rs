//! The statuses that the gate answers by itself: a contract declares them.

use crate::{Defects, Document};
use serde_json::Value;

/// Adds a defect for each status that the gate answers and an operation does not declare.
pub fn require_statuses(document: &Document, defects: &mut Defects) {
    let security = document.json.get("security");
    for operation in &document.operations {
        require_statuses_of(&operation.json, security, &operation.location, defects);
    }
}

/// Does the same as [`require_statuses`] for one operation, which stands at `location`; `security` is the
/// document's.
pub fn require_statuses_of(
    operation: &Value,
    security: Option<&Value>,
    location: &str,
    defects: &mut Defects,
) {
    let responses = operation.get("responses");
    let declares = |status: &str| responses.is_some_and(|each| each.get(status).is_some());
    let security = operation.get("security").or(security);
    let is_secured = security
        .and_then(Value::as_array)
        .is_some_and(|alternatives| !alternatives.is_empty());
    if is_secured && !declares("401") {
        defects.add(
            format!("{location}.responses"),
            "a secured operation must declare its 401",
        );
    }
    if operation.get("requestBody").is_some() {
        for status in ["400", "413", "415"]
            .into_iter()
            .filter(|status| !declares(status))
        {
            defects.add(
                location,
                format!("a bad body is answered {status}, which its responses do not declare"),
            );
        }
    }
    if !declares("400") {
        defects.add(
            location,
            "an unknown query name is answered 400, which its responses do not declare",
        );
    }
}
