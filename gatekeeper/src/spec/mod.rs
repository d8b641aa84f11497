//! The contract as data: read, references resolved, and anything refused that is not enforced.
//!
//! OpenAPI 3.0.x in YAML or JSON, one document (`$ref` within it only). Every object is held
//! against a list of its keywords, so that a misspelt or unsupported one stops the start instead
//! of being ignored. Not supported, and refused: servers with a path, callbacks, links, `$ref` on
//! a path item, `OPTIONS`, `HEAD` and `TRACE` operations (the first two are answered without being
//! declared), status ranges and `default` responses.

mod keywords;
mod paths;
mod references;

use crate::{Defects, schema::Schemas};
use actix_web::http::Method;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A contract, read and checked.
#[derive(Debug)]
pub(crate) struct Spec {
    /// Grouped by path.
    pub(crate) operations: Vec<OperationSpec>,
    /// `components.securitySchemes`, references resolved.
    pub(crate) security_schemes: Map<String, Value>,
    /// The requirement for operations that state none.
    pub(crate) security: Option<Value>,
    /// `components.schemas`.
    pub(crate) schemas: Schemas,
    /// `components.examples`.
    pub(crate) examples: Map<String, Value>,
}

/// One operation of the contract.
#[derive(Debug)]
pub(crate) struct OperationSpec {
    /// The `operationId`.
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The template, as the contract writes it.
    pub(crate) path: String,
    /// The first tag.
    pub(crate) tag: Option<String>,
    /// The operation object; parameters of the path merged, references (but those to schemas) resolved.
    pub(crate) json: Arc<Value>,
    /// Place in the contract, for defects.
    pub(crate) location: String,
}

impl Spec {
    /// Reads a contract, YAML or JSON.
    ///
    /// # Errors
    ///
    /// Every defect that can be seen without knowing the service.
    pub(crate) fn load(yaml: &str) -> Result<Self, Defects> {
        let mut defects = Defects::default();
        // Duplicate keys are errors by default; `yes` and `no` stay words, as YAML 1.2 has it.
        let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
        let document: Value = match serde_saphyr::from_str_with_options(yaml, options) {
            Ok(document) => document,
            Err(error) => {
                defects.add("", format!("the contract is no readable YAML: {error}"));
                return Err(defects);
            }
        };
        let version = document
            .get("openapi")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !version.starts_with("3.0.") {
            defects.add(
                "openapi",
                "only OpenAPI 3.0.x is enforced; write `openapi: 3.0.3`",
            );
            return Err(defects);
        }
        keywords::check(&document, &keywords::DOCUMENT, "", &mut defects);
        servers(&document, &mut defects);
        let components = document.get("components").unwrap_or(&Value::Null);
        keywords::check(
            components,
            &keywords::COMPONENTS,
            "components",
            &mut defects,
        );
        let members = |name: &str| {
            let members = components.get(name).and_then(Value::as_object);
            members.cloned().unwrap_or_default()
        };
        let schemas = Schemas::new(members("schemas"), &mut defects);
        let operations = paths::operations(&document, &mut defects);
        let security_schemes = security_schemes(&document, &mut defects);
        let security = document.get("security").cloned();
        defects.into_result(Self {
            operations,
            security_schemes,
            security,
            schemas,
            examples: members("examples"),
        })
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

#[cfg(test)]
pub(crate) mod tests;
