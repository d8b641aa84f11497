//! The contract as the gate keeps it: read by [`openapi`], with its schemas compiled.

use crate::Defects;
use actix_web::http::Method;
use openapi::Schemas;
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
    /// Reads a contract, YAML or JSON; `strict` asks every secured operation for its role.
    ///
    /// # Errors
    ///
    /// Every defect that can be seen without knowing the service.
    pub(crate) fn load(text: &str, strict: bool) -> Result<Self, Defects> {
        let mut defects = Defects::default();
        let document = match openapi::load(text) {
            Ok(document) => document,
            Err(error) => {
                defects.add("", format!("the contract is no readable YAML: {error}"));
                return Err(defects);
            }
        };
        let Some(document) = openapi::read(&document, &mut defects) else {
            return Err(defects);
        };
        if strict {
            openapi::require_roles(&document, &mut defects);
        }
        let members = |name: &str| {
            let members = document.json.pointer(&format!("/components/{name}"));
            members
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default()
        };
        let schemas = Schemas::new(members("schemas"), &mut defects);
        let examples = members("examples");
        let security = document.json.get("security").cloned();
        let operations = document.operations.into_iter().filter_map(operation);
        let operations = operations.collect();
        defects.into_result(Self {
            operations,
            security_schemes: document.security_schemes,
            security,
            schemas,
            examples,
        })
    }
}

fn operation(read: openapi::Operation) -> Option<OperationSpec> {
    Some(OperationSpec {
        id: read.id,
        method: Method::from_bytes(read.method.as_bytes()).ok()?,
        path: read.path,
        tag: read.tag,
        json: read.json,
        location: read.location,
    })
}

#[cfg(test)]
pub(crate) mod tests;
