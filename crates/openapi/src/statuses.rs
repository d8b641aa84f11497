//! The statuses that the gatekeeper answers by itself: a contract declares them.

use crate::{Defects, Requirement, paths::Located};

/// Adds a defect for each status that the gatekeeper answers and an operation does not declare.
pub(crate) fn check(operation: &Located, requirement: &Requirement, defects: &mut Defects) {
    let responses = operation.json.get("responses");
    let declares = |status: &str| responses.is_some_and(|each| each.get(status).is_some());
    if requirement.is_secured() && !declares("401") {
        defects.add(
            format!("{}.responses", operation.location),
            "a secured operation must declare its 401",
        );
    }
    if operation.json.get("requestBody").is_some() {
        for status in ["400", "413", "415"] {
            if !declares(status) {
                defects.add(
                    &operation.location,
                    format!("a bad body is answered {status}, which its responses do not declare"),
                );
            }
        }
    }
    if !declares("400") {
        defects.add(
            &operation.location,
            "an unknown query name is answered 400, which its responses do not declare",
        );
    }
}
