//! The codes of the problems that an operation declares (`x-problem-codes`), by the enum that lists all codes.

use super::{Planner, items, members, names};
use serde_json::Value;

/// The schema that lists all codes. A contract without it gets no constants.
const ALL: &str = "ProblemCode";

impl<'c> Planner<'c> {
    /// The variants of [`ALL`] that the responses of an operation list, by status.
    pub(super) fn problems(&self, operation: &'c Value, place: &str) -> Vec<String> {
        let Some(schema) = self.root["components"]["schemas"].get(ALL) else {
            return Vec::new();
        };
        let all = self.enumeration(schema);
        let mut problems = Vec::new();
        for (status, response) in members(&operation["responses"]) {
            let (response, place) = self.resolve(response, &format!("{place}/responses/{status}"));
            let listed = items(&response["x-problem-codes"]).filter_map(Value::as_str);
            for code in listed {
                let wire = names::literal(code);
                let known = items(&all["variants"]).find(|variant| variant["wire"] == *wire);
                let Some(variant) = known.and_then(|variant| variant["variant"].as_str()) else {
                    self.refuse(
                        &place,
                        &format!("x-problem-codes has {code:?}, which is no value of {ALL}"),
                    );
                    continue;
                };
                let variant = format!("{ALL}::{variant}");
                if !problems.contains(&variant) {
                    problems.push(variant);
                }
            }
        }
        problems
    }
}
