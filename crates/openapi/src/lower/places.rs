//! The places of the contract from which the schemas of the lowered document come.

use std::{collections::BTreeMap, fmt::Write};

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// The original place of each schema that was given another name or place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(BTreeMap<String, Vec<Step>>);

impl Places {
    /// Notes where the schema stood that is now under `components.schemas` by this name.
    pub(crate) fn moved(&mut self, name: impl Into<String>, from: &[Step]) {
        let known = match from {
            [
                Step::Key(components),
                Step::Key(schemas),
                Step::Key(owner),
                ..,
            ] if components == "components" && schemas == "schemas" => self.0.get(owner),
            _ => None,
        };
        let original = match known {
            Some(outer) => outer.iter().chain(&from[3..]).cloned().collect(),
            None => from.to_vec(),
        };
        self.0.insert(name.into(), original);
    }

    /// Returns the original of a place, whose steps are parted by `.` or by `/`.
    pub(crate) fn original(&self, place: &str) -> String {
        let parted = ['.', '/'].into_iter().find_map(|separator| {
            let rest = place.strip_prefix("components")?.strip_prefix(separator)?;
            Some((
                rest.strip_prefix("schemas")?.strip_prefix(separator)?,
                separator,
            ))
        });
        let Some((rest, separator)) = parted else {
            return place.to_owned();
        };
        let is_part = |letter: char| letter.is_ascii_alphanumeric();
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        match self.0.get(name) {
            Some(original) => format!("{}{rest}", join(original, separator)),
            None => place.to_owned(),
        }
    }
}

/// Writes steps as places are written: `a.b[0]`, or `a/b/0`.
fn join(steps: &[Step], separator: char) -> String {
    let mut place = String::new();
    for step in steps {
        let written = match step {
            Step::Index(index) if separator == '.' => write!(place, "[{index}]"),
            Step::Index(index) => write!(place, "{separator}{index}"),
            Step::Key(key) if place.is_empty() => write!(place, "{key}"),
            // The path of an operation begins with the separator.
            Step::Key(key) => write!(place, "{separator}{}", key.trim_start_matches('/')),
        };
        debug_assert!(written.is_ok(), "a text takes what is written");
    }
    place
}
