//! Security schemes and requirements.

use super::{Planner, docs, items, members, names, text};
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
        for (name, scheme) in members(&self.root["components"]["securitySchemes"]) {
            let place = format!("components/securitySchemes/{name}");
            let (scheme, place) = self.resolve(scheme, &place);
            let http = text(scheme, "scheme").map(str::to_lowercase);
            let (kind, narrow, extension) = match (text(scheme, "type"), http.as_deref()) {
                (Some("http"), Some("bearer")) => ("Bearer", "bearer", "x-bearerInfoFunc"),
                (Some("http"), Some("basic")) => ("Basic", "basic", "x-basicInfoFunc"),
                (Some("apiKey"), _) => ("ApiKey", "api_key", "x-apikeyInfoFunc"),
                _ => continue,
            };
            let Some(path) = text(scheme, extension) else {
                continue;
            };
            if !names::is_dotted(path) {
                self.refuse(
                    &place,
                    &format!("{path:?} in {extension} is no dotted name, e.g. `auth.decode_token`"),
                );
                continue;
            }
            let hook = path.rsplit('.').next().unwrap_or(path);
            if !names::is_method_name(hook) {
                self.refuse(
                    &place,
                    &format!("`{hook}` in {extension} is no free Rust method name in snake_case"),
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
                text(scheme, "description"),
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
        let requirement = self.requirement(operation);
        let mut alternatives = items(requirement).peekable();
        if alternatives.peek().is_none() {
            Identity::None
        } else if alternatives.any(|alternative| members(alternative).next().is_none()) {
            Identity::Optional
        } else {
            Identity::Required
        }
    }

    /// The requirement in words, for the documentation.
    pub(super) fn requirement_in_words(&self, operation: &'c Value) -> String {
        let alternatives: Vec<String> = items(self.requirement(operation))
            .map(|alternative| {
                let all: Vec<String> = members(alternative)
                    .map(|(name, _)| docs::code(name))
                    .collect();
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
