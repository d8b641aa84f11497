//! The codes of the problems that an operation declares (`x-problem-codes`), by the enum that lists all codes.

use super::{Planner, items, members};
use serde_json::Value;

/// The schema that lists all codes. A contract without it may list any.
const ALL: &str = "ProblemCode";

impl<'c> Planner<'c> {
    /// Refuses codes of an operation's responses that are no values of [`ALL`].
    pub(super) fn check_problem_codes(&self, operation: &'c Value, place: &str) {
        let Some(all) = self.root["components"]["schemas"].get(ALL) else {
            return;
        };
        for (status, response) in members(&operation["responses"]) {
            let (response, place) = self.resolve(response, &format!("{place}/responses/{status}"));
            let listed = items(&response["x-problem-codes"]);
            for code in listed.filter(|code| !items(&all["enum"]).any(|known| known == *code)) {
                self.refuse(
                    &place,
                    &format!("x-problem-codes has {code}, which is no value of {ALL}"),
                );
            }
        }
    }
}
