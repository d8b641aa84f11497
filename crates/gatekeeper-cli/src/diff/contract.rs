//! A contract as data, with its references.
//!
//! The operations are those of the document as it is served ([`openapi::Document::json`]), not those that were read: these
//! leave out what is refused, and the contract of a release has to be compared as it was, even when the checks of today
//! would refuse it.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context, Result, bail, ensure};
use openapi::{Defects, Options};
use serde_json::{Map, Value};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A chain of references longer than this is a circle.
const MOST_HOPS: usize = 32;

/// A contract: OpenAPI 3, in the form in which it is served.
#[derive(Debug)]
pub struct Contract {
    document: Value,
    /// The path of its server, which stands before all others.
    base_path: String,
}

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

    /// Reads a document as it is served: names are made where it has none, and references lead to components.
    ///
    /// # Errors
    ///
    /// Fails when it is none of OpenAPI 3, when there is no operation, and on a reference that leads nowhere.
    pub fn new(document: Value) -> Result<Self> {
        let mut defects = Defects::default();
        // What else is wrong with it does not matter: the contract of a release is compared as it was, even when the
        // checks of today would refuse it.
        let read = openapi::read(&document, &Options::default(), &mut defects);
        let Some(read) = read else {
            bail!("{defects}");
        };
        let contract = Self {
            document: read.json,
            base_path: read.base_path,
        };
        contract.check_references(&contract.document)?;
        ensure!(!contract.operations().is_empty(), "declares no operation");
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
            value = self.document.pointer(name.strip_prefix('#')?)?;
        }
        None
    }

    /// Follows the references of a value; null when they lead nowhere.
    pub(crate) fn resolve<'c>(&'c self, value: &'c Value) -> &'c Value {
        self.follow(value).unwrap_or(&Value::Null)
    }

    /// Returns what a reference by itself leads to, as a discriminator has it.
    pub(crate) fn target<'c>(&'c self, reference: &Value) -> Option<&'c Value> {
        self.document
            .pointer(reference.as_str()?.strip_prefix('#')?)
    }

    /// Returns the whole document.
    pub(crate) fn root(&self) -> &Value {
        &self.document
    }

    pub(crate) fn operations(&self) -> BTreeMap<OperationKey, Operation<'_>> {
        let mut found = BTreeMap::new();
        for (path, item) in members(&self.document["paths"]) {
            for method in METHODS {
                if let Some(json) = item.get(method) {
                    let key = OperationKey {
                        path: without_names(&format!("{}{path}", self.base_path)),
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
