//! The forms that schemas take in Rust.

use super::objects::Object;
use super::tags::Tagged;
use super::{Planner, items, text};
use openapi::Kinds;
use serde_json::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ptr;
use std::rc::Rc;

/// Keywords by which a schema says more of the form of its values than their type.
const TYPING: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "format",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "required",
];

/// The item that a schema becomes, or is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Struct,
    /// An enum of texts.
    Words,
    /// An enum of whole numbers.
    Numbers,
    /// An enum with a variant for each part of a `oneOf` or `anyOf`.
    Union,
    /// A type that exists already; a named schema is another name for it.
    Alias,
}

/// Findings about schemas, by their addresses in the document or by their names.
#[derive(Default)]
pub(super) struct Found<'c> {
    forms: RefCell<HashMap<*const Value, Form>>,
    pub(super) objects: RefCell<HashMap<*const Value, Rc<Object<'c>>>>,
    /// The number of all fields of the objects.
    pub(super) fields: Cell<usize>,
    /// Schemas that no Rust type is an alias of.
    pub(super) circular: OnceCell<BTreeSet<&'c str>>,
    /// Members that need a box, by the names of their structs and enums.
    pub(super) boxed: OnceCell<BTreeMap<String, BTreeSet<String>>>,
    /// Schemas whose values callers send.
    pub(super) sent: OnceCell<BTreeSet<&'c str>>,
    /// Objects that are parts of an `anyOf`.
    pub(super) shared: OnceCell<BTreeSet<&'c str>>,
    /// Unions that serde tells apart.
    pub(super) tags: OnceCell<BTreeMap<&'c str, Tagged<'c>>>,
    pub(super) unions: OnceCell<openapi::Unions>,
}

impl<'c> Planner<'c> {
    /// Returns the form of a schema; a reference is another name.
    pub(super) fn form(&self, schema: &'c Value) -> Form {
        if schema.get("$ref").is_some() {
            return Form::Alias;
        }
        if let Some(known) = self.found.forms.borrow().get(&ptr::from_ref(schema)) {
            return *known;
        }
        let form = self.find_form(schema);
        self.found.forms.borrow_mut().insert(schema, form);
        form
    }

    fn find_form(&self, schema: &'c Value) -> Form {
        if schema.get("enum").is_some() {
            return self.form_of_enum(schema);
        }
        if let Some(inner) = self.essential(schema) {
            return match self.form(inner) {
                // Its parts are asked for by its name.
                Form::Union => Form::Alias,
                form => form,
            };
        }
        if union_parts(schema).is_some_and(|(_, parts)| self.choices(parts).len() > 1) {
            return Form::Union;
        }
        if self.kinds.of(schema).without(Kinds::NULL) == Kinds::OBJECT && self.object(schema).lists
        {
            return Form::Struct;
        }
        Form::Alias
    }

    /// Returns the schema that an `allOf` of one part, or of one that says something, stands for, where that is written out.
    pub(super) fn written_out(&self, schema: &'c Value) -> &'c Value {
        let mut schema = schema;
        while let Some(inner) = self
            .essential(schema)
            .filter(|inner| inner.get("$ref").is_none())
        {
            schema = inner;
        }
        schema
    }

    fn form_of_enum(&self, schema: &'c Value) -> Form {
        let kinds = self.kinds.of(schema);
        let values = || values(schema, kinds);
        let is_text = |value: &Value| value.is_string();
        let is_number = |value: &Value| value.is_i64();
        if values().next().is_none() {
            Form::Alias
        } else if values().all(is_text) {
            Form::Words
        } else if values().all(is_number) && text(schema, "type") != Some("number") {
            Form::Numbers
        } else {
            Form::Alias
        }
    }

    /// Returns the one part of `allOf`, `oneOf` or `anyOf` that a schema is made of: it is the schema itself, but for a
    /// description, a default or null.
    pub(super) fn essential(&self, schema: &'c Value) -> Option<&'c Value> {
        if let Some((_, parts)) = union_parts(schema) {
            return match self.choices(parts).as_slice() {
                [(only, _)] if !is_inert(only) => Some(*only),
                _ => None,
            };
        }
        schema.get("allOf")?;
        let says_more = |keyword: &str| keyword != "allOf" && schema.get(keyword).is_some();
        if TYPING.iter().any(|keyword| says_more(keyword)) {
            return None;
        }
        let says_nothing = |part: &&Value| is_inert(part) && part.get("required").is_none();
        let mut parts = items(&schema["allOf"]).filter(|part| !says_nothing(part));
        match (parts.next(), parts.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// Returns the parts of a union that have a type of their own, each with the indices of those that share it. None are
    /// those that only null belongs to, and all are when none says what its values are like.
    pub(super) fn choices(&self, parts: &'c Value) -> Vec<(&'c Value, Vec<usize>)> {
        let mut found: Vec<(String, &Value, Vec<usize>)> = Vec::new();
        if items(parts).all(is_inert) {
            return Vec::new();
        }
        for (index, part) in items(parts).enumerate() {
            let kinds = self.kinds.of(part).without(Kinds::NULL);
            if kinds == Kinds::NONE {
                continue;
            }
            let key = self.key(part, kinds);
            match found.iter_mut().find(|(known, ..)| *known == key) {
                Some((.., indices)) => indices.push(index),
                None => found.push((key, part, vec![index])),
            }
        }
        found
            .into_iter()
            .map(|(_, part, indices)| (part, indices))
            .collect()
    }

    /// Returns a text that is the same for parts of the same type.
    fn key(&self, part: &'c Value, kinds: Kinds) -> String {
        let simple = [Kinds::STRING, Kinds::BOOLEAN, Kinds::INTEGER, Kinds::NUMBER];
        if let Some(reference) = text(part, "$ref") {
            reference.to_owned()
        } else if self.form(part) != Form::Alias {
            part.to_string()
        } else if simple.contains(&kinds) {
            self.scalar(part).to_owned()
        } else if kinds != Kinds::ARRAY && kinds != Kinds::OBJECT {
            String::new()
        } else {
            part.to_string()
        }
    }
}

/// Returns the values of an enum that its type leaves, without null.
fn values(schema: &Value, kinds: Kinds) -> impl Iterator<Item = &Value> {
    let kinds = kinds.without(Kinds::NULL);
    items(&schema["enum"]).filter(move |value| kinds.has(Kinds::of_value(value)))
}

/// Returns the keyword and the parts of a schema that is a choice and nothing else.
pub(super) fn union_parts(schema: &Value) -> Option<(&'static str, &Value)> {
    let others = TYPING
        .iter()
        .filter(|keyword| !matches!(**keyword, "oneOf" | "anyOf" | "required" | "format"));
    if others
        .into_iter()
        .any(|keyword| schema.get(*keyword).is_some())
    {
        return None;
    }
    match (schema.get("oneOf"), schema.get("anyOf")) {
        (Some(parts), None) => Some(("oneOf", parts)),
        (None, Some(parts)) => Some(("anyOf", parts)),
        _ => None,
    }
}

/// Returns whether a schema says nothing of the form of its values but, perhaps, their type.
pub(super) fn is_inert(schema: &Value) -> bool {
    let is_typing = |keyword: &str| match (keyword, schema.get(keyword)) {
        (_, None) => false,
        // Members that have to be there, and nothing of what they are.
        ("required", _) => false,
        ("allOf" | "oneOf" | "anyOf", Some(parts)) => !items(parts).all(is_inert),
        ("properties", Some(Value::Object(listed))) => !listed.is_empty(),
        _ => true,
    };
    let is_object = matches!(text(schema, "type"), None | Some("object"));
    is_object && !TYPING.iter().any(|keyword| is_typing(keyword))
}
