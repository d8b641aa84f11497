//! Objects: the members that a schema and its parts list, and what it says of others.

use super::forms::{Form, is_inert, union_parts};
use super::types::Wire;
use super::{Planner, items, members, names, schema_name, text};
use openapi::Kinds;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ptr;
use std::rc::Rc;

/// The schema of a member of which nothing is said.
const ANYTHING: &Value = &Value::Null;

/// The members of an object.
pub(super) struct Object<'c> {
    pub(super) fields: Vec<Field<'c>>,
    pub(super) required: BTreeSet<&'c str>,
    pub(super) extra: Extra<'c>,
    /// Set when a member is listed, and not only required.
    pub(super) lists: bool,
}

/// A member that is listed, or required.
#[derive(Clone)]
pub(super) struct Field<'c> {
    pub(super) name: &'c str,
    /// The name of the field in Rust.
    pub(super) ident: String,
    /// More than one where parts of `allOf` differ on it: a value is valid by each.
    pub(super) schemas: Vec<Placed<'c>>,
}

impl Object<'_> {
    /// Returns the name of the field for the members of other names.
    pub(super) fn extra_name(&self) -> String {
        let mut name = "additional_properties".to_owned();
        while self
            .fields
            .iter()
            .any(|field| names::snake(field.name) == name)
        {
            name.push('_');
        }
        name
    }
}

impl Placed<'_> {
    /// Returns the place in the document, where that of the whole object is `owner`.
    pub(super) fn within(&self, owner: &str) -> String {
        if self.place.starts_with('/') {
            format!("{owner}{}", self.place)
        } else {
            self.place.clone()
        }
    }
}

impl<'c> Field<'c> {
    /// Returns the default that is no null: that a member is null where it is absent is what `Option` says.
    pub(super) fn default(&self) -> Option<&'c Value> {
        let mut schemas = self.schemas.iter();
        schemas.find_map(|placed| {
            placed
                .schema
                .get("default")
                .filter(|value| !value.is_null())
        })
    }
}

/// A schema with its place.
#[derive(Clone)]
pub(super) struct Placed<'c> {
    pub(super) schema: &'c Value,
    pub(super) place: String,
}

/// The members of other names.
#[derive(Clone)]
pub(super) enum Extra<'c> {
    /// There are none.
    None,
    /// Nothing is said of them, so they may be there.
    Unsaid,
    Anything,
    Typed(Placed<'c>),
}

impl<'c> Planner<'c> {
    /// Gathers the members of a schema with those of the parts of its `allOf`. Places begin at the schema, but for those of
    /// named parts.
    pub(super) fn object(&self, schema: &'c Value) -> Rc<Object<'c>> {
        let address = ptr::from_ref(schema);
        if let Some(known) = self.found.objects.borrow().get(&address) {
            return Rc::clone(known);
        }
        let mut gathering = Gathering::default();
        self.gather(schema, "", &mut gathering);
        let object = Rc::new(gathering.finish());
        self.found
            .objects
            .borrow_mut()
            .insert(address, Rc::clone(&object));
        object
    }

    fn gather(&self, schema: &'c Value, place: &str, found: &mut Gathering<'c>) {
        let (schema, place) = self.resolve(schema, place);
        if !found.seen.insert(schema) {
            return;
        }
        for (name, schema) in members(&schema["properties"]) {
            let place = format!("{place}/properties/{name}");
            found.add(name, Placed { schema, place });
        }
        found
            .required
            .extend(items(&schema["required"]).filter_map(Value::as_str));
        let mut is_patterned = schema.get("patternProperties").is_some();
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                None => {}
                Some(Value::Bool(false)) if is_patterned => {}
                Some(Value::Bool(false)) if keyword == "additionalProperties" => {
                    found.closed = true;
                }
                Some(Value::Bool(false)) => found.sealed = true,
                Some(typed @ Value::Object(keywords)) if !keywords.is_empty() => {
                    let place = format!("{place}/{keyword}");
                    found.typed.push(Placed {
                        schema: typed,
                        place,
                    });
                }
                // Of unevaluated members, nothing is said that way.
                Some(_) if keyword == "additionalProperties" => is_patterned = true,
                Some(_) => {}
            }
        }
        found.free |= is_patterned;
        let is_base = schema.get("discriminator").is_some() && union_parts(schema).is_none();
        found.loose |= is_base;
        for keyword in ["oneOf", "anyOf"] {
            let parts = items(&schema[keyword]);
            parts.for_each(|part| self.may_list(part, &mut found.alternatives));
        }
        for keyword in ["then", "else"] {
            let part = schema.get(keyword);
            part.into_iter()
                .for_each(|part| self.may_list(part, &mut found.alternatives));
        }
        for (_, part) in members(&schema["dependentSchemas"]) {
            self.may_list(part, &mut found.alternatives);
        }
        for (index, part) in items(&schema["allOf"]).enumerate() {
            self.gather(part, &format!("{place}/allOf/{index}"), found);
        }
    }

    /// Gathers the members that a value may have by one of several schemas.
    fn may_list(&self, schema: &'c Value, found: &mut Alternatives<'c>) {
        let (schema, _) = self.resolve(schema, "");
        if !found.seen.insert(schema) {
            return;
        }
        found
            .names
            .extend(members(&schema["properties"]).map(|(name, _)| name.as_str()));
        found.free |= schema.get("patternProperties").is_some()
            || schema
                .get("additionalProperties")
                .is_some_and(|extra| extra != &Value::Bool(false));
        for keyword in ["allOf", "oneOf", "anyOf"] {
            items(&schema[keyword]).for_each(|part| self.may_list(part, found));
        }
        for keyword in ["then", "else"] {
            schema
                .get(keyword)
                .into_iter()
                .for_each(|part| self.may_list(part, found));
        }
    }

    /// Returns the schema by which a member gets its type: of several the narrowest, since a value is valid by each. Nothing
    /// where no one type holds whatever is valid by all.
    pub(super) fn typing(&self, field: &Field<'c>) -> Placed<'c> {
        if let [only] = field.schemas.as_slice() {
            return only.clone();
        }
        let says_more = |placed: &&Placed<'c>| !is_inert(placed.schema);
        let candidates: Vec<&Placed<'c>> = field.schemas.iter().filter(says_more).collect();
        let first = field.schemas.first();
        let place = first.map(|placed| placed.place.clone()).unwrap_or_default();
        self.narrowest(&candidates).cloned().unwrap_or(Placed {
            schema: ANYTHING,
            place,
        })
    }

    /// Returns the narrowest of schemas by all of which a value is valid; `None` when a type of one could lose what another
    /// says.
    pub(super) fn narrowest<'p>(&self, candidates: &[&'p Placed<'c>]) -> Option<&'p Placed<'c>> {
        let is_object = |placed: &&&Placed<'c>| self.kinds.of(placed.schema).has(Kinds::OBJECT);
        let is_array = |placed: &&&Placed<'c>| self.kinds.of(placed.schema).has(Kinds::ARRAY);
        if candidates.iter().filter(is_object).count() > 1
            || candidates.iter().filter(is_array).count() > 1
        {
            return candidates.iter().copied().find(|candidate| {
                let mut others = candidates.iter();
                others.all(|other| {
                    other.schema == candidate.schema
                        || self.includes(candidate.schema, other.schema)
                })
            });
        }
        let rank = |placed: &Placed<'c>| self.rank(placed.schema);
        let mut best = None;
        for candidate in candidates {
            match best {
                Some(known) if rank(known) >= rank(candidate) => {}
                _ => best = Some(*candidate),
            }
        }
        best
    }

    /// Returns whether a schema has another among the parts of its `allOf`.
    fn includes(&self, schema: &'c Value, other: &'c Value) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(next) = open.pop() {
            let (target, _) = self.resolve(next, "");
            if seen.insert(ptr::from_ref(target)) {
                open.extend(items(&target["allOf"]));
            }
        }
        let (other, _) = self.resolve(other, "");
        seen.contains(&ptr::from_ref(other))
    }

    /// Returns how much the type of a schema says.
    fn rank(&self, schema: &'c Value) -> u8 {
        let mut at = schema;
        for _ in 0..16 {
            match self.essential(at) {
                Some(inner) => at = inner,
                None => match schema_name(at) {
                    Some(name) if self.circular_aliases().contains(name) => return 0,
                    Some(name) => at = self.schema(name),
                    None => break,
                },
            }
        }
        match self.form(at) {
            Form::Words | Form::Numbers => 5,
            Form::Union | Form::Struct => 2,
            Form::Alias if self.essence(at).wire != Wire::Plain => 4,
            Form::Alias => match self.kinds.of(at).without(Kinds::NULL) {
                Kinds::ALL | Kinds::NONE => 0,
                Kinds::STRING if self.scalar(at) != "String" => 4,
                Kinds::NUMBER => 1,
                Kinds::INTEGER if text(at, "format").is_some() => 3,
                _ => 2,
            },
        }
    }
}

/// The members found so far.
#[derive(Default)]
struct Gathering<'c> {
    seen: BTreeSet<*const Value>,
    fields: Vec<Field<'c>>,
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
    seen: BTreeSet<*const Value>,
    names: BTreeSet<&'c str>,
    free: bool,
}

impl<'c> Gathering<'c> {
    fn add(&mut self, name: &'c str, placed: Placed<'c>) {
        match self.fields.iter_mut().find(|known| known.name == name) {
            None => self.fields.push(Field {
                name,
                ident: String::new(),
                schemas: vec![placed],
            }),
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
        let is_listed = |name: &str| self.fields.iter().any(|field| field.name == name);
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
            .filter(|name| !self.fields.iter().any(|field| field.name == **name))
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
