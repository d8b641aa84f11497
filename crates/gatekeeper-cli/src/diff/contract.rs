//! A contract as data, with its references.
//!
//! The text is read by [`openapi::load`], but the operations are not taken from [`openapi::read`]: that leaves out what
//! it refuses, and the contract of a release has to be compared as it was, even when the checks of today would refuse it.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A chain of references longer than this is a circle.
const MOST_HOPS: usize = 32;

/// A contract: OpenAPI 3.0 in one document.
#[derive(Debug)]
pub struct Contract(Value);

/// The method and path of an operation on the wire. The names of path parameters do not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationKey {
    path: String,
    method: &'static str,
}

impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// An operation with its path item.
#[derive(Debug)]
pub(crate) struct Operation<'c> {
    path: &'c str,
    item: &'c Value,
    pub(crate) json: &'c Value,
}

impl Contract {
    /// Reads a contract, YAML or JSON.
    ///
    /// # Errors
    ///
    /// Fails when the text is no YAML, and as [`Contract::new`] does.
    pub fn parse(text: &str) -> Result<Self> {
        Self::new(openapi::load(text).context("is no readable YAML")?)
    }

    /// Checks that a document can be compared.
    ///
    /// # Errors
    ///
    /// Fails when there is no operation, an operation without a name, or a reference that leads nowhere.
    pub fn new(document: Value) -> Result<Self> {
        let contract = Self(document);
        contract.check_references(&contract.0)?;
        let operations = contract.operations();
        ensure!(!operations.is_empty(), "declares no operation");
        for (key, operation) in operations {
            ensure!(!operation.id().is_empty(), "{key} has no operationId");
        }
        Ok(contract)
    }

    fn check_references(&self, value: &Value) -> Result<()> {
        match value {
            Value::Object(members) => {
                if let Some(name) = reference(value) {
                    let target = self.follow(value);
                    ensure!(target.is_some(), "{name} leads nowhere");
                }
                members
                    .values()
                    .try_for_each(|each| self.check_references(each))
            }
            Value::Array(items) => items
                .iter()
                .try_for_each(|each| self.check_references(each)),
            _ => Ok(()),
        }
    }

    fn follow<'c>(&'c self, mut value: &'c Value) -> Option<&'c Value> {
        for _ in 0..MOST_HOPS {
            let Some(name) = reference(value) else {
                return Some(value);
            };
            value = self.0.pointer(name.strip_prefix('#')?)?;
        }
        None
    }

    /// Follows the references of a value; null when they lead nowhere.
    pub(crate) fn resolve<'c>(&'c self, value: &'c Value) -> &'c Value {
        self.follow(value).unwrap_or(&Value::Null)
    }

    /// Returns the whole document.
    pub(crate) fn root(&self) -> &Value {
        &self.0
    }

    pub(crate) fn operations(&self) -> BTreeMap<OperationKey, Operation<'_>> {
        let mut found = BTreeMap::new();
        for (path, item) in members(&self.0["paths"]) {
            for method in METHODS {
                if let Some(json) = item.get(method) {
                    let key = OperationKey {
                        path: without_names(path),
                        method,
                    };
                    found.insert(key, Operation { path, item, json });
                }
            }
        }
        found
    }
}

impl<'c> Operation<'c> {
    pub(crate) fn id(&self) -> &'c str {
        self.json["operationId"].as_str().unwrap_or_default()
    }

    /// Returns the parameters by `in` and name; those of the path by their position in it.
    pub(crate) fn parameters(
        &self,
        contract: &'c Contract,
    ) -> BTreeMap<(String, String), &'c Value> {
        let positions: Vec<&str> = self
            .path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        let mut found = BTreeMap::new();
        // Those of the operation come last, because they override those of the path.
        for parameter in items(&self.item["parameters"]).chain(items(&self.json["parameters"])) {
            let parameter = contract.resolve(parameter);
            let place = parameter["in"].as_str().unwrap_or_default();
            let name = parameter["name"].as_str().unwrap_or_default();
            let name = match place {
                "path" => positions
                    .iter()
                    .position(|each| *each == name)
                    .map_or_else(|| name.to_owned(), |at| at.to_string()),
                "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            found.insert((place.to_owned(), name), parameter);
        }
        found
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |known, part| {
        let rest = part.split_once('}').map_or("", |(_, rest)| rest);
        known + "{}" + rest
    })
}

/// Returns the members of an object; none of anything else.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Returns the items of an array; none of anything else.
pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
