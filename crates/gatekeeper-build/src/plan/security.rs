//! Security schemes and requirements.

use super::{Planner, docs, items, members, names, text};
use openapi::{SchemeKind, SecurityScheme, naming};
use serde_json::{Map, Value, json};

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
        let mut types = naming::Types::default();
        for SecurityScheme {
            name,
            hook: path,
            method: hook,
            kind,
            ..
        } in self.security_schemes
        {
            let place = format!("components/securitySchemes/{name}");
            let (declared, _) = self.resolve(
                &self.root["components"]["securitySchemes"][name.as_str()],
                &place,
            );
            let (kind, narrow) = match kind {
                SchemeKind::Bearer => ("Bearer", "bearer"),
                SchemeKind::Basic => ("Basic", "basic"),
                SchemeKind::ApiKey { .. } => ("ApiKey", "api_key"),
            };
            let type_name = types.make(name);
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
                "hook_doc": hook_doc(name, path, hook),
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
            _ if self.identity(operation) == Identity::None => "no credentials".to_owned(),
            some => format!(
                "security: {}{}",
                some.join(" or "),
                role.unwrap_or_default()
            ),
        }
    }
}

fn hook_doc(scheme: &str, path: &str, hook: &str) -> String {
    let decodes = format!("Decodes a credential of scheme {}", docs::code(scheme));
    if path == hook {
        format!("{decodes}.")
    } else {
        format!("{decodes}; the contract calls it {}.", docs::code(path))
    }
}
