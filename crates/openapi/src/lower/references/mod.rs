//! References: each leads to a component afterwards, and to nothing in between.
//!
//! The target of a reference inside of a component, or of a path, becomes a component itself; a reference stays where
//! it was. So both places have one type, and a schema may lie in itself.

mod bundle;
mod names;
mod paths;
mod target;

pub(crate) use super::place::escaped;
pub(crate) use bundle::bundle;
pub(crate) use names::FILES;

use super::{
    place::Place,
    places::{Places, Step},
    walk::{self, Visitor},
};
use crate::{
    Defects, Version,
    types::{Kind, Shape},
};
use names::Names;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use target::{Target, Targets, kind, pointer};

/// The most values that are copied: references can multiply each other.
const MAX_COPIES: usize = 200_000;

const REPEATS: &str = "repeats too much by its $ref; put what it leads to under components, and refer to it by its name";

/// Returns a copy of a document in which each reference leads to a component.
pub(super) fn resolve(
    document: &Value,
    version: Version,
    places: &mut Places,
    defects: &mut Defects,
) -> Value {
    let mut copies = Copies::default();
    let anchors = |document: &Value| match version {
        Version::V30 => BTreeMap::new(),
        Version::V31 => anchors(document),
    };
    let document = paths::inline(document, anchors(document), &mut copies, defects);
    let mut resolved = document.clone();
    let mut rewriting = Rewriting {
        targets: Targets::new(&document, anchors(&document)),
        names: Names::new(&document),
        inside: BTreeMap::new(),
        outside: BTreeMap::new(),
        defects,
    };
    walk::document(&mut resolved, &mut rewriting);
    rewriting.add_outside(&mut resolved, &mut copies);
    let Rewriting { inside, names, .. } = rewriting;
    if !inside.is_empty() {
        let mut moving = Moving {
            inside,
            moved: Vec::new(),
        };
        walk::document(&mut resolved, &mut moving);
        for (kind, name, from, value) in moving.moved {
            if kind == "schemas" {
                places.moved(name.clone(), &origin(&from));
            }
            add(&mut resolved, kind, name, value);
        }
    }
    names.rename(&mut resolved);
    let components = resolved.get_mut("components");
    if let Some(components) = components.and_then(Value::as_object_mut) {
        components.remove("pathItems");
    }
    resolved
}

/// Returns the steps to each schema with an `$anchor`, by that.
fn anchors(document: &Value) -> BTreeMap<String, Vec<String>> {
    struct Anchors(BTreeMap<String, Vec<String>>);
    impl Visitor for Anchors {
        fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
            let anchor = value.get("$anchor").filter(|_| shape == Shape::Schema);
            if let Some(anchor) = anchor.and_then(Value::as_str) {
                let steps = super::place::steps(&place.pointer()).collect();
                self.0.insert(anchor.to_owned(), steps);
            }
            true
        }
    }
    let mut anchors = Anchors(BTreeMap::new());
    walk::document(&mut document.clone(), &mut anchors);
    anchors.0
}

/// The members that are lists of what may be referred to.
const LISTS: [&str; 5] = ["parameters", "allOf", "oneOf", "anyOf", "prefixItems"];

/// Returns a pointer as the steps of a place.
fn origin(pointer: &str) -> Vec<Step> {
    let mut in_list = false;
    let steps = super::place::steps(pointer);
    let steps = steps.map(|step| {
        let index = step.parse().ok().filter(|_| in_list);
        in_list = LISTS.contains(&step.as_str());
        index.map_or(Step::Key(step), Step::Index)
    });
    steps.collect()
}

/// The copies made so far.
#[derive(Default)]
struct Copies(usize);

impl Copies {
    /// Counts a copy of a value; false when there are too many.
    fn count(&mut self, value: &Value) -> bool {
        self.0 = self.0.saturating_add(size(value));
        self.0 < MAX_COPIES
    }
}

/// Counts the values in a value, and its texts by their length.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| 1 + name.len() / 32 + size(value))
            .sum(),
        Value::String(text) => 1 + text.len() / 32,
        _ => 1,
    }
}

/// Adds a component.
fn add(document: &mut Value, kind: &str, name: String, value: Value) {
    let mut at = document;
    for step in ["components", kind] {
        let Value::Object(members) = at else { return };
        at = members
            .entry(step)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    if let Value::Object(members) = at {
        members.insert(name, value);
    }
}

/// Rewrites references, and notes what has to become a component.
struct Rewriting<'d, 'x> {
    targets: Targets<'d>,
    names: Names,
    /// Names of the components to be made of what stands at a place, by its pointer.
    inside: BTreeMap<String, (&'static str, String)>,
    /// The same for places that are left as they are, with their steps.
    outside: BTreeMap<String, (Shape, String, Vec<String>)>,
    defects: &'x mut Defects,
}

impl Visitor for Rewriting<'_, '_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        let Value::Object(members) = value else {
            return false;
        };
        if shape == Shape::Discriminator {
            self.mapping(members);
            return false;
        }
        if let Some(kind) = kind(shape) {
            self.reference(members, kind, shape, place);
        }
        if shape == Shape::Schema {
            self.parts(members);
        }
        true
    }
}

impl Rewriting<'_, '_> {
    /// Rewrites the reference of an object. What is none, or leads nowhere, has a defect and stands for nothing.
    fn reference(
        &mut self,
        members: &mut Map<String, Value>,
        kind: &str,
        shape: Shape,
        place: &Place<'_>,
    ) {
        let name = match members.get("$ref") {
            None => return,
            Some(Value::String(reference)) => self.name(reference, shape),
            // Its type is a defect of its own.
            Some(_) => Err(String::new()),
        };
        match name {
            Ok(name) => {
                let reference = json!(format!("#/components/{kind}/{name}"));
                members.insert("$ref".to_owned(), reference);
            }
            Err(problem) => {
                if !problem.is_empty() {
                    self.defects.add(place.text(), problem);
                }
                if shape == Shape::Schema {
                    members.remove("$ref");
                }
            }
        }
    }

    /// Returns the name of the component that a reference is to.
    fn name(&mut self, reference: &str, shape: Shape) -> Result<String, String> {
        let Some(kind) = kind(shape) else {
            return Err(String::new());
        };
        Ok(match self.targets.find(reference, shape)? {
            Target::Component(name) => self.names.of(kind, &name),
            Target::Inside(steps) => {
                let names = &mut self.names;
                let made = self.inside.entry(pointer(&steps));
                made.or_insert_with(|| (kind, names.make(kind, &steps)))
                    .1
                    .clone()
            }
            Target::Outside(steps) => {
                let names = &mut self.names;
                let made = self.outside.entry(pointer(&steps));
                made.or_insert_with(|| (shape, names.make(kind, &steps), steps))
                    .1
                    .clone()
            }
        })
    }

    /// Rewrites the targets in a discriminator's mapping: names of schemas, or references.
    fn mapping(&mut self, discriminator: &mut Map<String, Value>) {
        let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") else {
            return;
        };
        for target in mapping.values_mut() {
            let Value::String(text) = target else {
                continue;
            };
            let named = format!("#/components/schemas/{}", escaped(text));
            let name = self.name(&named, Shape::Schema);
            // A target that leads nowhere is none of the parts, which is told there.
            if let Ok(name) = name.or_else(|_| self.name(text, Shape::Schema)) {
                *text = format!("#/components/schemas/{name}");
            }
        }
    }

    /// Notes the names of a discriminator's parts that are another's in what follows.
    fn parts(&mut self, schema: &mut Map<String, Value>) {
        let parts = schema.get("oneOf").or_else(|| schema.get("anyOf"));
        let parts = parts.and_then(Value::as_array).into_iter().flatten();
        let parts: Vec<String> = parts
            .filter_map(|part| Some(part.get("$ref")?.as_str()?.to_owned()))
            .collect();
        let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else {
            return;
        };
        let mapped = discriminator.get("mapping").and_then(Value::as_object);
        let mapped: BTreeSet<String> = mapped
            .into_iter()
            .flat_map(|mapping| mapping.values())
            .filter_map(|target| target.as_str().map(str::to_owned))
            .collect();
        for part in parts {
            let Some(last) = super::place::steps(&part).last() else {
                continue;
            };
            let becomes = self.name(&part, Shape::Schema);
            if becomes.is_ok_and(|name| name != last)
                && !mapped.contains(&part)
                && !mapped.contains(&last)
            {
                let mapping = discriminator
                    .entry("mapping")
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(mapping) = mapping {
                    mapping.entry(last).or_insert(Value::String(part));
                }
            }
        }
    }

    /// Adds components for what stands where OpenAPI defines nothing.
    fn add_outside(&mut self, document: &mut Value, copies: &mut Copies) {
        let mut added = BTreeSet::new();
        loop {
            let open = self.outside.iter().find(|(at, _)| !added.contains(*at));
            let Some((at, (shape, name, steps))) = open else {
                return;
            };
            added.insert(at.clone());
            let (shape, name, steps) = (*shape, name.clone(), steps.clone());
            let Some(value) = self.targets.value(&steps) else {
                continue;
            };
            let place = format!("components.{}.{name}", kind(shape).unwrap_or_default());
            if !value.is_object() {
                self.defects.add(steps.join("."), "must be an object");
            } else if !copies.count(value) {
                self.defects.add(steps.join("."), REPEATS);
                return;
            } else {
                let mut copy = value.clone();
                walk::value(
                    &mut copy,
                    Kind::Object(shape),
                    &Place::ROOT.member(&place),
                    self,
                );
                add(document, kind(shape).unwrap_or_default(), name, copy);
            }
        }
    }
}

/// Makes components of what stands elsewhere, and leaves references.
struct Moving {
    inside: BTreeMap<String, (&'static str, String)>,
    /// Each with its kind, its name, and the pointer to where it stood.
    moved: Vec<(&'static str, String, String, Value)>,
}

impl Visitor for Moving {
    fn enter(&mut self, _: Shape, _: &mut Value, _: &Place<'_>) -> bool {
        true
    }

    fn leave(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) {
        if kind(shape).is_some()
            && let pointer = place.pointer()
            && let Some((kind, name)) = self.inside.remove(&pointer)
        {
            let reference = json!({ "$ref": format!("#/components/{kind}/{name}") });
            let moved = std::mem::replace(value, reference);
            self.moved.push((kind, name, pointer, moved));
        }
    }
}
