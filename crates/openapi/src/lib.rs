//! Reads an OpenAPI 3.0 contract, for everything that reads one: the build, the gate, the service that
//! shows it and the comparison with the last release.
//!
//! [`load`] makes a document of its text. [`read`] holds each object of the document against a list of
//! its keywords and their types, so that a misspelt or unsupported one is refused instead of being
//! ignored, and resolves references. OpenAPI 3.0.x, one document (`$ref` within it only). Not supported,
//! and refused: servers with a path, callbacks, links, `$ref` on a path item, `OPTIONS`, `HEAD` and
//! `TRACE` operations (the first two are answered without being declared), status ranges and `default`
//! responses.

mod defect;
mod inline;
mod keywords;
mod media_type;
mod paths;
mod reader;
mod references;
mod routes;
mod scalar;
mod schema;
mod shape;
mod similar;
mod statuses;
mod types;
mod violation;

pub use defect::{Defect, Defects};
pub use media_type::{MediaRange, MediaType, is_json, split};
pub use reader::{MAX_BYTES, MAX_DEPTH, MAX_EXPANSION, ReadError, load, load_bytes};
pub use routes::{Route, SecurityScheme, routes, security_matrix};
pub use schema::{MOST_VIOLATIONS, Schema, Schemas, shortened};
pub use shape::{Members, Scalar, Shape, shape};
pub use similar::nearest;
pub use statuses::{require_statuses, require_statuses_of};
pub use violation::{In, Violation, pointer, unknown};

use serde_json::{Map, Value};
use std::sync::Arc;

/// A contract, read and checked.
#[derive(Debug)]
pub struct Document {
    /// The whole of it. A reference leads to a named component; those that led into one are replaced by
    /// what they led to.
    pub json: Value,
    /// Grouped by path.
    pub operations: Vec<Operation>,
    /// `components.securitySchemes`, references resolved.
    pub security_schemes: Map<String, Value>,
}

/// One operation of the contract.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// In capitals.
    pub method: &'static str,
    /// The template, as the contract writes it.
    pub path: String,
    /// The first tag.
    pub tag: Option<String>,
    /// The operation object; parameters of the path merged, references (but those to schemas) resolved.
    pub json: Arc<Value>,
    /// Place in the contract, for defects.
    pub location: String,
}

/// Checks a contract, and adds every defect that can be seen without knowing the service. `None` when it
/// is none of OpenAPI 3.0.
pub fn read(document: &Value, defects: &mut Defects) -> Option<Document> {
    let version = document
        .get("openapi")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !version.starts_with("3.0.") {
        defects.add(
            "openapi",
            "only OpenAPI 3.0.x is enforced; write `openapi: 3.0.3`",
        );
        return None;
    }
    types::check(document, defects);
    let json = inline::inline(document, defects);
    keywords::check(&json, &keywords::DOCUMENT, "", defects);
    servers(&json, defects);
    let components = json.get("components").unwrap_or(&Value::Null);
    keywords::check(components, &keywords::COMPONENTS, "components", defects);
    component_names(components, defects);
    let operations = paths::operations(&json, defects);
    let security_schemes = security_schemes(&json, defects);
    Some(Document {
        json,
        operations,
        security_schemes,
    })
}

/// Adds a defect for each operation that lets in whoever has credentials because it forgot to say which
/// role they need.
pub fn require_roles(document: &Document, defects: &mut Defects) {
    for operation in &document.operations {
        let own = operation.json.get("security");
        let requirement = own.or_else(|| document.json.get("security"));
        let alternatives = requirement.and_then(Value::as_array);
        let mut alternatives = alternatives.into_iter().flatten().peekable();
        let is_secured = alternatives.peek().is_some();
        let is_optional =
            alternatives.any(|alternative| alternative.as_object().is_none_or(Map::is_empty));
        if is_secured && !is_optional && operation.json.get("x-access-role").is_none() {
            defects.add(
                &operation.location,
                "is secured and names no role, which would let in everybody who has credentials; add `x-access-role`",
            );
        }
    }
}

/// Refuses names of components that OpenAPI 3.0 does not allow (Components Object).
fn component_names(components: &Value, defects: &mut Defects) {
    for (kind, members) in components.as_object().into_iter().flatten() {
        let names = members.as_object().into_iter().flatten();
        for (name, _) in names.filter(|_| !kind.starts_with("x-")) {
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
            if name.is_empty() || !name.chars().all(is_name) {
                defects.add(
                    format!("components.{kind}.{name}"),
                    "is called by letters, digits, `.`, `-` and `_` only",
                );
            }
        }
    }
}

/// Routes are mounted at the paths of the contract, so a server may not put a path before them.
fn servers(document: &Value, defects: &mut Defects) {
    for (index, server) in document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let url = server
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            None => url.trim_start_matches('/'),
        };
        if !path.is_empty() {
            defects.add(
                format!("servers[{index}].url"),
                "has a path, which is not put before the paths; write it into each path",
            );
        }
    }
}

fn security_schemes(document: &Value, defects: &mut Defects) -> Map<String, Value> {
    let schemes = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let mut resolved = Map::new();
    for (name, scheme) in schemes.into_iter().flatten() {
        let place = format!("components.securitySchemes.{name}");
        if let Some(scheme) =
            references::resolve(document, scheme, "securitySchemes", &place, defects)
        {
            keywords::check(scheme, &keywords::SECURITY_SCHEME, &place, defects);
            resolved.insert(name.clone(), scheme.clone());
        }
    }
    resolved
}
