//! Objects as structs: a field for each member, and a map for those of other names.

use super::forms::Form;
use super::objects::{Extra, Field};
use super::types::{Scope, Type, Wire};
use super::{Planner, docs, flag, items, names, schema_name, text};
use serde_json::{Value, json};

/// The attribute that tells a member which is null from one that is absent.
const PRESENT: &str = "deserialize_with = \"gatekeeper::present\"";
const SKIPPED: &str = "skip_serializing_if = \"Option::is_none\"";

/// The Rust side of a field.
struct Held {
    rust: String,
    serde: Vec<String>,
}

impl<'c> Planner<'c> {
    pub(super) fn structure(
        &self,
        name: &str,
        schema: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Value {
        let object = self.object(schema);
        let tag = self.tag_of(name);
        let mut plans = Vec::new();
        for field in &object.fields {
            if tag == Some(field.name) {
                continue;
            }
            let required = object.required.contains(field.name);
            plans.push(self.field((name, place), field, required, scope));
        }
        let extra = match self.extra(name, &object.extra, scope) {
            Some(rust) => json!({ "extra_type": rust, "extra_name": object.extra_name() }),
            None => json!(false),
        };
        let initial = plans.iter().all(|plan| plan["initial"] != json!(false));
        let trivial = plans.iter().all(|plan| flag(plan, "trivial"));
        let secretive = plans.iter().any(|plan| flag(plan, "secret"));
        let limits: Vec<&Value> = plans
            .iter()
            .flat_map(|plan| items(&plan["limits"]))
            .collect();
        json!({
            "limited": !limits.is_empty(),
            "limits": limits,
            "defaulted": plans.iter().any(|plan| plan["default_fn"].is_object()),
            "fields": plans,
            "extra": extra,
            "secretive": secretive,
            "derives_default": initial && trivial,
            "has_default": initial && !trivial,
        })
    }

    /// Returns the type of the members of other names, if a struct holds them.
    pub(super) fn extra(
        &self,
        owner: &str,
        extra: &Extra<'c>,
        scope: &mut Scope,
    ) -> Option<String> {
        match extra {
            Extra::None => None,
            Extra::Unsaid if !self.keeps_unsaid(owner) => None,
            Extra::Typed(values) => Some(self.map_of(values, scope)),
            Extra::Unsaid | Extra::Anything => {
                Some("serde_json::Map<String, serde_json::Value>".to_owned())
            }
        }
    }

    fn field(
        &self,
        (owner, owner_place): (&str, &str),
        field: &Field<'c>,
        required: bool,
        scope: &mut Scope,
    ) -> Value {
        let name = field.name;
        let typing = self.typing(field);
        let (schema, place) = (typing.schema, &*typing.within(owner_place));
        let found = self.type_of(schema, place, scope);
        let ident = field.ident.as_str();
        let boxed = self.is_boxed(owner, name);
        let default = field.default().filter(|_| !required);
        let default = default.and_then(|value| {
            let initial = self.default_of(value, schema, &found);
            if initial.is_none() {
                self.notice(place, "the default is not set, since no value of its type can be made of it; the member is optional");
            }
            initial
        });
        let mut held = self.held_as(owner, schema, &found, required || default.is_some(), boxed);
        if ident != name {
            held.serde
                .insert(0, format!("rename = {}", names::literal(name)));
        }
        let trivial = default
            .as_ref()
            .is_some_and(|default| default.trivial && !found.nullable && !boxed);
        let default_name = format!("default_{}", ident.trim_end_matches('_'));
        let expression = default.as_ref().map(|default| {
            let boxed = if boxed {
                format!("Box::new({})", default.expression)
            } else {
                default.expression.clone()
            };
            if found.nullable {
                format!("Some({boxed})")
            } else {
                boxed
            }
        });
        let at = usize::from(ident != name);
        match &default {
            Some(_) if trivial => held.serde.insert(at, "default".to_owned()),
            Some(_) => held
                .serde
                .insert(at, format!("default = \"{owner}::{default_name}\"")),
            None if !required => held.serde.insert(at, "default".to_owned()),
            None => {}
        }
        let initial = match &expression {
            Some(expression) if trivial => json!(expression),
            Some(_) => json!(format!("Self::{default_name}()")),
            None if !required => json!("None"),
            None => json!(false),
        };
        let default_fn = match expression {
            Some(expression) if !trivial => {
                json!({ "default_name": default_name, "default_value": expression })
            }
            _ => json!(false),
        };
        let target = self
            .resolve(self.essential(schema).unwrap_or(schema), place)
            .0;
        let mut described = field.schemas.iter();
        let description = described
            .find_map(|placed| text(placed.schema, "description"))
            .or_else(|| text(target, "description"));
        json!({
            "field": ident,
            "type": held.rust,
            "serde": if held.serde.is_empty() { json!(false) } else { json!(held.serde.join(", ")) },
            "field_doc": docs::lines(description, &format!("The property `{name}`.")),
            "limits": self.limits(ident, &found.rust, schema, place),
            "secret": field.schemas.iter().any(|placed| self.is_secret(placed.schema, &placed.place)),
            "trivial": !required && (trivial || default_fn == json!(false)),
            "initial": initial,
            "default_fn": default_fn,
        })
    }

    /// Returns the type of a field with its attributes, `given` when there is always a value.
    fn held_as(
        &self,
        owner: &str,
        schema: &'c Value,
        found: &Type,
        given: bool,
        boxed: bool,
    ) -> Held {
        let wrap = |rust: &str| {
            if boxed {
                format!("Box<{rust}>")
            } else {
                rust.to_owned()
            }
        };
        if !given && (found.any || found.nullable && self.tells_null(owner, schema)) {
            let inner = match found.nullable {
                true => format!("Option<{}>", wrap(found.whole())),
                false => wrap(found.whole()),
            };
            return Held {
                rust: format!("Option<{inner}>"),
                serde: vec![PRESENT.to_owned(), SKIPPED.to_owned()],
            };
        }
        let optional = !given || found.nullable;
        let rust = wrap(&found.rust);
        let mut serde = Vec::new();
        if !given {
            serde.push(SKIPPED.to_owned());
        }
        let with = match (found.wire, optional) {
            (Wire::Plain, _) => None,
            (Wire::Date, false) => Some("gatekeeper::formats::date"),
            (Wire::Date, true) => Some("gatekeeper::formats::date::option"),
            (Wire::DateTime, false) => Some("time::serde::rfc3339"),
            (Wire::DateTime, true) => Some("time::serde::rfc3339::option"),
        };
        serde.extend(with.map(|with| format!("with = {with:?}")));
        Held {
            rust: if optional {
                format!("Option<{rust}>")
            } else {
                rust
            },
            serde,
        }
    }

    /// Returns whether a member that may be null or absent says which of both it is: where it is asked for, and in what
    /// callers send, since a change to null is another one than none.
    pub(super) fn tells_null(&self, owner: &str, schema: &'c Value) -> bool {
        let asks = |schema: &Value| flag(schema, "x-nullable-absent");
        asks(schema) || asks(self.resolve(schema, "").0) || self.is_sent(owner)
    }

    /// Returns true if a property must not be printed.
    fn is_secret(&self, schema: &'c Value, place: &str) -> bool {
        let mut at = schema;
        for _ in 0..16 {
            if flag(at, "x-secret") || text(at, "format") == Some("password") {
                return true;
            }
            if self.form(at) == Form::Struct {
                return false;
            }
            let inner = ["items", "additionalProperties"]
                .into_iter()
                .find_map(|part| at.get(part));
            at = match self.essential(at).or(inner) {
                Some(inner) => inner,
                None if schema_name(at).is_some() => self.resolve(at, place).0,
                None => return false,
            };
        }
        false
    }
}
