//! Discriminators that serde writes: the structs they tell apart do not hold them.

use super::forms::{Form, union_parts};
use super::{Planner, items, members, schema_name, text};
use openapi::Kinds;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A union with its discriminator.
#[derive(Clone)]
pub(super) struct Tagged<'c> {
    pub(super) property: &'c str,
    /// The value that tells each part.
    pub(super) values: BTreeMap<&'c str, &'c str>,
}

impl<'c> Planner<'c> {
    /// Returns the unions that serde tells apart. Each part of them is a struct that stands nowhere else, and that one value
    /// of a text tells.
    pub(super) fn tags(&self) -> &BTreeMap<&'c str, Tagged<'c>> {
        self.found.tags.get_or_init(|| {
            let mut unions = BTreeMap::new();
            for (name, schema) in members(&self.root["components"]["schemas"]) {
                if let Some(tagged) = self.tagged(schema) {
                    unions.insert(name.as_str(), tagged);
                }
            }
            self.leave_out_those_that_share(&mut unions);
            unions
        })
    }

    /// Returns the discriminator that a struct does not hold.
    pub(super) fn tag_of(&self, name: &str) -> Option<&'c str> {
        let unions = self.tags().values();
        unions
            .filter(|tagged| tagged.values.contains_key(name))
            .map(|tagged| tagged.property)
            .next()
    }

    fn tagged(&self, schema: &'c Value) -> Option<Tagged<'c>> {
        let property = text(&schema["discriminator"], "propertyName")?;
        let (_, parts) = union_parts(schema)?;
        let mapping = &schema["discriminator"]["mapping"];
        let mut values = BTreeMap::new();
        for part in items(parts) {
            let name = schema_name(part)?;
            let struct_ = self.schema(name);
            if self.form(struct_) != Form::Struct {
                return None;
            }
            let object = self.object(struct_);
            let field = object.fields.iter().find(|field| field.name == property)?;
            let is_text = Kinds::STRING.has(self.kinds.of(self.typing(field).schema));
            if !object.required.contains(property) || !is_text {
                return None;
            }
            let mut leading = members(mapping).filter(|(_, target)| {
                let target = target.as_str().unwrap_or_default();
                target
                    .strip_prefix("#/components/schemas/")
                    .unwrap_or(target)
                    == name
            });
            let value = match (leading.next(), leading.next()) {
                (Some((value, _)), None) => value.as_str(),
                (None, _) => name,
                (Some(_), Some(_)) => return None,
            };
            values.insert(name, value);
        }
        let each = values.len() == items(parts).count();
        (each && values.len() > 1).then_some(Tagged { property, values })
    }

    /// Leaves out the unions whose parts stand elsewhere, too: there, they need the member.
    fn leave_out_those_that_share(&self, unions: &mut BTreeMap<&'c str, Tagged<'c>>) {
        let mut uses = Uses::default();
        uses.visit(self.root, None);
        loop {
            let mut tags: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for tagged in unions.values() {
                for name in tagged.values.keys() {
                    tags.entry(name).or_default().insert(tagged.property);
                }
            }
            let shared = unions.iter().find(|(_, tagged)| {
                tagged.values.keys().any(|name| {
                    let users = uses.by_name.get(name);
                    let mut users = users.into_iter().flatten();
                    tags[name].len() > 1
                        || users.any(|user| user.is_none_or(|user| !unions.contains_key(user)))
                })
            });
            let Some((&name, _)) = shared else { return };
            unions.remove(name);
        }
    }
}

/// The users of each named schema: the union that it is a part of, or anything else.
#[derive(Default)]
struct Uses<'c> {
    by_name: BTreeMap<&'c str, BTreeSet<Option<&'c str>>>,
}

impl<'c> Uses<'c> {
    fn visit(&mut self, value: &'c Value, union: Option<&'c str>) {
        if let Some(name) = schema_name(value) {
            self.by_name.entry(name).or_default().insert(union);
        }
        for (name, member) in members(value) {
            match name.as_str() {
                "example" | "examples" => {}
                "schemas" => {
                    for (name, schema) in members(member) {
                        self.visit_schema(name, schema);
                    }
                }
                _ => self.visit(member, None),
            }
        }
        items(value).for_each(|item| self.visit(item, None));
    }

    fn visit_schema(&mut self, name: &'c str, schema: &'c Value) {
        if let Some((_, parts)) = union_parts(schema) {
            items(parts).for_each(|part| self.visit(part, Some(name)));
        } else {
            self.visit(schema, None);
        }
    }
}
