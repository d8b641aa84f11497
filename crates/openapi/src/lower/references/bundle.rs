//! The last step to one document: what is referred to in other files becomes components.

use super::{
    Copies, REPEATS, add,
    names::FILES,
    target::{self, Targets, kind},
};
use crate::{
    Defects, Version,
    lower::{
        place::{Place, steps},
        places::Places,
    },
    types::{Kind, Shape, member},
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most references that follow each other where none may be.
const LONGEST: usize = 32;

/// Returns the document without the files that lie in it.
pub(crate) fn bundle(mut document: Value, version: Version, defects: &mut Defects) -> Value {
    adopt(&mut document);
    let whole = document.clone();
    let mut splicing = Splicing {
        targets: Targets::new(&whole, BTreeMap::new()),
        copies: Copies::default(),
        defects,
    };
    let files = take_files(&mut document);
    splicing.value(&mut document, Kind::Object(Shape::Document), &Place::ROOT);
    if let Value::Object(members) = &mut document {
        members.insert(FILES.to_owned(), files);
    }
    let mut bundled = super::resolve(&document, version, &mut Places::default(), defects);
    take_files(&mut bundled);
    bundled
}

fn take_files(document: &mut Value) -> Value {
    let members = document.as_object_mut();
    let files = members.and_then(|members| members.remove(FILES));
    files.unwrap_or(Value::Null)
}

/// Moves what a component is a reference to, in another file, to that component. So it has the name that it was given.
fn adopt(document: &mut Value) {
    let components = document.get("components").and_then(Value::as_object);
    let mut references = Vec::new();
    for (kind, members) in components.into_iter().flatten() {
        for (name, member) in members.as_object().into_iter().flatten() {
            if let Some(reference) = sole(member) {
                references.push((kind.clone(), name.clone(), reference.to_owned()));
            }
        }
    }
    for (kind, name, reference) in references {
        let Ok(pointer) = percent_decode_str(reference.trim_start_matches('#')).decode_utf8()
        else {
            continue;
        };
        if steps(&pointer).next().as_deref() != Some(FILES) {
            continue;
        }
        let Some(target) = document.pointer_mut(&pointer) else {
            continue;
        };
        if sole(target).is_some() || !target.is_object() {
            continue;
        }
        let alias = json!({ "$ref": format!("#/components/{kind}/{}", target::escaped(&name)) });
        let value = std::mem::replace(target, alias);
        add(document, &kind, name, value);
    }
}

/// Returns the reference of an object that is nothing else.
fn sole(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get("$ref")?.as_str()
}

/// Writes out references that stand where OpenAPI knows none, such as `paths: {$ref: paths.yaml}`.
struct Splicing<'d, 'x> {
    targets: Targets<'d>,
    copies: Copies,
    defects: &'x mut Defects,
}

impl Splicing<'_, '_> {
    fn value(&mut self, value: &mut Value, kind: Kind, place: &Place<'_>) {
        if !may_refer(kind) {
            self.splice(value, place);
        }
        match (kind, value) {
            (Kind::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(item, *kind, &place.item(index));
                }
            }
            (Kind::Map(kind) | Kind::Extensible(kind), Value::Object(members)) => {
                for (name, item) in members {
                    self.value(item, *kind, &place.member(name));
                }
            }
            (Kind::Object(shape), Value::Object(members)) => {
                self.members(members, shape, place);
            }
            (Kind::Schema | Kind::SchemaOrFlag, Value::Object(members)) => {
                self.members(members, Shape::Schema, place);
            }
            _ => {}
        }
    }

    fn members(&mut self, members: &mut Map<String, Value>, shape: Shape, place: &Place<'_>) {
        for (name, item) in members {
            if let Some(kind) = member(shape, name) {
                self.value(item, kind, &place.member(name));
            }
        }
    }

    fn splice(&mut self, value: &mut Value, place: &Place<'_>) {
        for _ in 0..LONGEST {
            let Some(reference) = sole(value) else { return };
            match self.targets.at(reference) {
                Ok(target) if self.copies.count(target) => *value = target.clone(),
                Ok(_) => return self.defects.add(place.text(), REPEATS),
                Err(problem) => return self.defects.add(place.text(), problem),
            }
        }
        self.defects.add(place.text(), "its $ref leads in a circle");
    }
}

/// Returns true where OpenAPI knows a reference, or a value may look like one.
fn may_refer(kind: Kind) -> bool {
    match kind {
        Kind::Any | Kind::Schema | Kind::SchemaOrFlag => true,
        Kind::Object(shape) => self::kind(shape).is_some(),
        _ => false,
    }
}
