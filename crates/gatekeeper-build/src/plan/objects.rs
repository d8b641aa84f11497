//! Objects: the members that a schema and its parts list, and what it says of others.

use super::forms::{Form, is_inert};
use super::types::Wire;
use super::{Planner, items, schema_name, text};
use openapi::Kinds;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ptr;
use std::rc::Rc;

/// The schema of a member of which nothing is said.
pub(super) const ANYTHING: &Value = &Value::Null;

/// More members of all objects together are refused: parts that each include the next would multiply without end.
const MOST_FIELDS: usize = 250_000;

/// The members of an object.
#[derive(Default)]
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
        while self.fields.iter().any(|field| field.ident == name) {
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
#[derive(Clone, Default)]
pub(super) enum Extra<'c> {
    /// There are none.
    #[default]
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
        let object = self.gather(schema);
        let fields = self.found.fields.get() + object.fields.len();
        self.found.fields.set(fields);
        if fields > MOST_FIELDS {
            self.refuse(
                "components/schemas",
                &format!("its objects have more than {MOST_FIELDS} members, those of the parts of `allOf` counted in each"),
            );
            return Rc::default();
        }
        let object = Rc::new(object);
        self.found
            .objects
            .borrow_mut()
            .insert(address, Rc::clone(&object));
        object
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
