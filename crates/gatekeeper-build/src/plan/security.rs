//! Security schemes and requirements.

use super::{Planner, docs, items, members, names, text};
use openapi::{SchemeKind, SecurityScheme};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The caller of an operation, as its security requirement has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    None,
    Optional,
    Required,
}

impl<'c> Planner<'c> {
    /// The security schemes, each with its hook.
    pub(super) fn schemes(&self) -> Value {
        let mut schemes = Map::new();
        let (mut types, mut hooks) = (BTreeMap::new(), BTreeMap::new());
        for SecurityScheme {
            name, hook, kind, ..
        } in self.security_schemes
        {
            let place = format!("components/securitySchemes/{name}");
            let (declared, place) = self.resolve(
                &self.root["components"]["securitySchemes"][name.as_str()],
                &place,
            );
            let (kind, narrow) = match kind {
                SchemeKind::Bearer => ("Bearer", "bearer"),
                SchemeKind::Basic => ("Basic", "basic"),
                SchemeKind::ApiKey { .. } => ("ApiKey", "api_key"),
            };
            if !names::is_dotted(hook) {
                self.refuse(
                    &place,
                    &format!(
                        "its decode function {hook:?} has no dotted name, e.g. `auth.decode_token`"
                    ),
                );
                continue;
            }
            let path = hook;
            let hook = path.rsplit('.').next().unwrap_or(path);
            if !names::is_method_name(hook) {
                self.refuse(
                    &place,
                    &format!(
                        "its decode function `{hook}` is no free Rust method name in snake_case"
                    ),
                );
            }
            if self.operation_ids().any(|id| id == hook) {
                self.refuse(
                    &place,
                    &format!("`{hook}` is an operationId, too; rename one of them"),
                );
            }
            let type_name = names::pascal(name);
            if !names::is_free_type_name(&type_name) {
                self.refuse(&place, "no Rust type name can be made of this; use letters");
            }
            for (taken, this) in [(&mut types, type_name.as_str()), (&mut hooks, hook)] {
                if let Some(other) = taken.insert(this.to_owned(), name) {
                    self.refuse(
                        &place,
                        &format!("shares the Rust name {this} with {other}; rename one of them"),
                    );
                }
            }
            let doc = docs::lines(
                text(declared, "description"),
                &format!("The security scheme `{name}`."),
            );
            let plan = json!({
                "scheme": names::literal(name),
                "scheme_type": type_name,
                "kind": kind,
                "narrow": narrow,
                "hook": hook,
                "path": names::literal(path),
                "hook_doc": format!(
                    "Decodes a credential of scheme {}; the contract calls it {}.",
                    docs::code(name),
                    docs::code(path)
                ),
                "scheme_doc": doc,
            });
            let carrier = match kind {
                "ApiKey" => {
                    json!({ "type": "apiKey", "in": "header", "name": "carrier", "x-rust": plan })
                }
                _ => json!({ "type": "http", "scheme": narrow, "x-rust": plan }),
            };
            schemes.insert(format!("scheme_{:05}", schemes.len()), carrier);
        }
        Value::Object(schemes)
    }

    fn operation_ids(&self) -> impl Iterator<Item = &'c str> {
        let paths = members(&self.root["paths"]).flat_map(|(_, item)| members(item));
        paths.filter_map(|(_, operation)| text(operation, "operationId"))
    }

    /// The security requirement of an operation: its own, or that of the whole contract.
    pub(super) fn requirement(&self, operation: &'c Value) -> &'c Value {
        operation.get("security").unwrap_or(&self.root["security"])
    }

    /// Returns whether an operation has a caller, and whether it may be without.
    pub(super) fn identity(&self, operation: &'c Value) -> Identity {
        let is_empty = |alternative: &Value| members(alternative).next().is_none();
        let mut alternatives = items(self.requirement(operation));
        if alternatives.clone().all(is_empty) {
            Identity::None
        } else if alternatives.any(is_empty) {
            Identity::Optional
        } else {
            Identity::Required
        }
    }

    /// The requirement in words, for the documentation.
    pub(super) fn requirement_in_words(&self, operation: &'c Value) -> String {
        let one = |(name, scopes): (&String, &Value)| {
            let scopes: Vec<String> = (items(scopes).filter_map(Value::as_str))
                .map(docs::code)
                .collect();
            match scopes.as_slice() {
                [] => docs::code(name),
                scopes => format!("{} ({})", docs::code(name), scopes.join(", ")),
            }
        };
        let alternatives: Vec<String> = items(self.requirement(operation))
            .map(|alternative| {
                let all: Vec<String> = members(alternative).map(one).collect();
                if all.is_empty() {
                    "nothing".to_owned()
                } else {
                    all.join(" and ")
                }
            })
            .collect();
        let role =
            text(operation, "x-access-role").map(|role| format!(", role {}", docs::code(role)));
        match alternatives.as_slice() {
            [] => "no credentials".to_owned(),
            some => format!(
                "security: {}{}",
                some.join(" or "),
                role.unwrap_or_default()
            ),
        }
    }
}
