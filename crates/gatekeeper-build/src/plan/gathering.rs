//! The members of an object, gathered from its schema and from the parts of its `allOf`.

use super::forms::union_parts;
use super::objects::{ANYTHING, Extra, Field, Object, Placed};
use super::{Planner, items, members, names};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A schema to visit: before its parts, or after them for what it says itself.
enum Visit<'c> {
    Enter(Placed<'c>),
    Own(Placed<'c>),
}

impl<'c> Planner<'c> {
    /// Gathers the members of a schema, those of the parts of its `allOf` first.
    pub(super) fn gather(&self, schema: &'c Value) -> Object<'c> {
        let mut found = Gathering::default();
        let mut alternatives = Vec::new();
        let place = String::new();
        let mut open = vec![Visit::Enter(Placed { schema, place })];
        while let Some(visit) = open.pop() {
            match visit {
                Visit::Enter(Placed { schema, place }) => {
                    let (schema, place) = self.resolve(schema, &place);
                    if !found.seen.insert(schema) {
                        continue;
                    }
                    let parts = items(&schema["allOf"]).enumerate();
                    let mut parts: Vec<Visit<'_>> = parts
                        .map(|(index, part)| {
                            let place = format!("{place}/allOf/{index}");
                            Visit::Enter(Placed {
                                schema: part,
                                place,
                            })
                        })
                        .collect();
                    open.push(Visit::Own(Placed { schema, place }));
                    parts.reverse();
                    open.append(&mut parts);
                }
                Visit::Own(placed) => {
                    alternatives.extend(alternatives_of(placed.schema));
                    found.own(&placed);
                }
            }
        }
        self.may_list(alternatives, &mut found.alternatives);
        found.finish()
    }

    /// Gathers the members that a value may have by one of several schemas.
    fn may_list(&self, mut open: Vec<&'c Value>, found: &mut Alternatives<'c>) {
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            let (schema, _) = self.resolve(next, "");
            if !seen.insert(std::ptr::from_ref(schema)) {
                continue;
            }
            let listed = members(&schema["properties"]);
            found.names.extend(listed.map(|(name, _)| name.as_str()));
            let extra = schema.get("additionalProperties");
            found.free |= schema.get("patternProperties").is_some()
                || extra.is_some_and(|extra| extra != &Value::Bool(false));
            open.extend(items(&schema["allOf"]));
            open.extend(alternatives_of(schema));
        }
    }
}

/// Returns the schemas of which only some are asked for.
fn alternatives_of(schema: &Value) -> impl Iterator<Item = &Value> {
    let choices = ["oneOf", "anyOf"].into_iter();
    let choices = choices.flat_map(|keyword| items(&schema[keyword]));
    let conditions = ["then", "else"].into_iter();
    let conditions = conditions.filter_map(|keyword| schema.get(keyword));
    let dependent = members(&schema["dependentSchemas"]).map(|(_, part)| part);
    choices.chain(conditions).chain(dependent)
}

/// The members found so far.
#[derive(Default)]
struct Gathering<'c> {
    seen: BTreeSet<*const Value>,
    fields: Vec<Field<'c>>,
    /// The numbers of the fields, by their names.
    numbers: BTreeMap<&'c str, usize>,
    required: BTreeSet<&'c str>,
    /// No members of other names.
    closed: bool,
    /// No members of other names than some schema lists.
    sealed: bool,
    /// Any of other names.
    free: bool,
    /// Those of other names are alike.
    typed: Vec<Placed<'c>>,
    /// A value may have members that other schemas list.
    loose: bool,
    alternatives: Alternatives<'c>,
}

#[derive(Default)]
struct Alternatives<'c> {
    names: BTreeSet<&'c str>,
    free: bool,
}

impl<'c> Gathering<'c> {
    /// Adds what a schema says by itself.
    fn own(&mut self, placed: &Placed<'c>) {
        let Placed { schema, place } = placed;
        for (name, schema) in members(&schema["properties"]) {
            let place = format!("{place}/properties/{name}");
            self.add(name, Placed { schema, place });
        }
        self.required
            .extend(items(&schema["required"]).filter_map(Value::as_str));
        let mut is_free = schema.get("patternProperties").is_some();
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                None => {}
                Some(Value::Bool(false)) if is_free => {}
                Some(Value::Bool(false)) if keyword == "additionalProperties" => {
                    self.closed = true;
                }
                Some(Value::Bool(false)) => self.sealed = true,
                Some(typed @ Value::Object(keywords)) if !keywords.is_empty() => {
                    let place = format!("{place}/{keyword}");
                    self.typed.push(Placed {
                        schema: typed,
                        place,
                    });
                }
                // Of unevaluated members, nothing is said that way.
                Some(_) if keyword == "additionalProperties" => is_free = true,
                Some(_) => {}
            }
        }
        self.free |= is_free;
        // Other schemas are made of it, and their values stand where it does.
        self.loose |= schema.get("discriminator").is_some() && union_parts(schema).is_none();
    }

    fn add(&mut self, name: &'c str, placed: Placed<'c>) {
        match self
            .numbers
            .get(name)
            .and_then(|number| self.fields.get_mut(*number))
        {
            None => {
                self.numbers.insert(name, self.fields.len());
                self.fields.push(Field {
                    name,
                    ident: String::new(),
                    schemas: vec![placed],
                });
            }
            Some(known) => {
                if known
                    .schemas
                    .iter()
                    .all(|other| other.schema != placed.schema)
                {
                    known.schemas.push(placed);
                }
            }
        }
    }

    fn finish(mut self) -> Object<'c> {
        let is_listed = |name: &str| self.numbers.contains_key(name);
        let loose = self.loose
            || self.alternatives.free
            || !self.alternatives.names.iter().all(|name| is_listed(name));
        let extra = match self.typed.as_slice() {
            _ if self.closed || self.sealed && !loose => Extra::None,
            [typed] if !loose && !self.free => Extra::Typed(typed.clone()),
            [] if !loose && !self.free => Extra::Unsaid,
            _ => Extra::Anything,
        };
        let lists = !self.fields.is_empty();
        let missing: Vec<&str> = self
            .required
            .iter()
            .filter(|name| !self.numbers.contains_key(**name))
            .copied()
            .collect();
        for name in missing {
            let placed = match &extra {
                Extra::None => continue,
                Extra::Typed(typed) => typed.clone(),
                Extra::Unsaid | Extra::Anything => Placed {
                    schema: ANYTHING,
                    place: format!("/required/{name}"),
                },
            };
            self.add(name, placed);
        }
        let made = self.fields.iter();
        let made = names::distinct(made.map(|field| (field.name, names::snake(field.name))));
        for (field, ident) in self.fields.iter_mut().zip(made) {
            field.ident = ident;
        }
        Object {
            fields: self.fields,
            required: self.required,
            extra,
            lists,
        }
    }
}
