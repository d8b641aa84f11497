//! Names of components: those of the document, and those that are made.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The member of a document in which the other files of a contract lie while they are bundled.
pub(crate) const FILES: &str = "x-files";

/// Steps of a place that say nothing about what stands there.
const STRUCTURE: [&str; 23] = [
    "$defs",
    "additionalProperties",
    "allOf",
    "anyOf",
    "components",
    "content",
    "definitions",
    "examples",
    "headers",
    "items",
    "oneOf",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "requestBody",
    "responses",
    "schema",
    "schemas",
    "securitySchemes",
    "application/json",
];

/// The names of components.
pub(super) struct Names {
    taken: BTreeMap<String, BTreeSet<String>>,
    /// Names that could not stand in a reference as they are, with what they become.
    renamed: BTreeMap<String, BTreeMap<String, String>>,
}

impl Names {
    pub(super) fn new(document: &Value) -> Self {
        let mut names = Self {
            taken: BTreeMap::new(),
            renamed: BTreeMap::new(),
        };
        let kinds = document.get("components").and_then(Value::as_object);
        let kinds: Vec<(&String, &Map<String, Value>)> = kinds
            .into_iter()
            .flatten()
            .filter_map(|(kind, members)| Some((kind, members.as_object()?)))
            .collect();
        for (kind, members) in &kinds {
            let plain = members.keys().filter(|name| is_plain(name)).cloned();
            names.taken.insert((*kind).clone(), plain.collect());
        }
        // Requirements call security schemes by their names, not by references.
        for (kind, members) in kinds
            .into_iter()
            .filter(|(kind, _)| *kind != "securitySchemes")
        {
            for name in members.keys().filter(|name| !is_plain(name)) {
                let made = names.free(kind, &plain(name));
                let renamed = names.renamed.entry(kind.clone()).or_default();
                renamed.insert(name.clone(), made);
            }
        }
        names
    }

    /// Returns the name that a component of the document has in references.
    pub(super) fn of(&self, kind: &str, name: &str) -> String {
        let renamed = self.renamed.get(kind).and_then(|names| names.get(name));
        renamed.map_or(name, String::as_str).to_owned()
    }

    /// Makes a name for what stands at a place.
    pub(super) fn make(&mut self, kind: &str, steps: &[String]) -> String {
        // A definition inside a schema has a name of its own.
        let own = match steps {
            [.., definitions, name] if matches!(definitions.as_str(), "$defs" | "definitions") => {
                plain(name)
            }
            // So has what stands in a file of its own.
            [files, file] if files == FILES => stem(file),
            steps => {
                let steps = match steps {
                    [files, _, inside @ ..] if files == FILES => inside,
                    steps => steps,
                };
                let telling = steps
                    .iter()
                    .filter(|step| !STRUCTURE.contains(&step.as_str()));
                let telling: Vec<String> = telling.map(|step| plain(step)).collect();
                telling.join("_")
            }
        };
        self.free(kind, &own)
    }

    /// Gives the components that are renamed their names.
    pub(super) fn rename(&self, document: &mut Value) {
        for (kind, names) in &self.renamed {
            let members = document
                .get_mut("components")
                .and_then(|components| components.get_mut(kind))
                .and_then(Value::as_object_mut);
            if let Some(members) = members {
                let old = std::mem::take(members);
                members.extend(old.into_iter().map(|(name, value)| {
                    let new = names.get(&name).cloned();
                    (new.unwrap_or(name), value)
                }));
            }
        }
    }

    /// Returns a name that is not taken, and takes it.
    fn free(&mut self, kind: &str, wanted: &str) -> String {
        let taken = self.taken.entry(kind.to_owned()).or_default();
        let wanted = if wanted.is_empty() { "Unnamed" } else { wanted };
        let mut name = wanted.to_owned();
        let mut number = 2;
        while taken.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        taken.insert(name.clone());
        name
    }
}

/// Returns true for a name that stands in a reference as it is.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '~', '%', '#'])
}

/// Returns the letters and digits of a text, with `_` for what lies between.
fn plain(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Returns the name of a file without what precedes and follows it.
fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or_default();
    plain(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}
