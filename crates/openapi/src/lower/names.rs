//! Names: each operation gets an id that is a method's name, and one tag that is a trait's; each schema the name of a
//! type. What is such a name already stays what it is, and goes before what is made.

use super::{
    places::{Places, Step},
    renames,
};
use crate::{Defects, Mode, Options, naming, security::Schemes};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The methods of HTTP that a path item has operations for.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The tag of operations that have none.
const UNTAGGED: &str = "Default";

/// Gives each operation and schema its name.
pub(super) fn assign(
    document: &mut Value,
    options: &Options<'_>,
    places: &mut Places,
    notices: &mut Defects,
) {
    operations(document, options, notices);
    tags(document);
    schemas(document, places);
}

/// Returns each operation of a document with its method and path.
pub(super) fn each_operation(
    document: &mut Value,
) -> impl Iterator<Item = (&str, &str, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let paths = paths.into_iter().flatten();
    let paths = paths.filter(|(path, _)| !path.starts_with("x-"));
    paths.flat_map(|(path, item)| {
        let item = item.as_object_mut().into_iter().flatten();
        item.filter(|(method, _)| METHODS.contains(&method.as_str()))
            .filter_map(|(method, operation)| {
                Some((method.as_str(), path.as_str(), operation.as_object_mut()?))
            })
    })
}

/// Gives each operation an id of its own that is the name of a method. Two that would be one get a number, as OpenAPI
/// Generator gives it.
fn operations(document: &mut Value, options: &Options<'_>, notices: &mut Defects) {
    // What is wrong with schemes is told when they are read for good.
    let schemes = Schemes::read(document, options, &mut Defects::default());
    let hooks: BTreeSet<&str> = (schemes.known.iter())
        .map(|scheme| scheme.method.as_str())
        .collect();
    let is_good = |id: &str| naming::is_free_method_name(id) && !hooks.contains(id);
    // By the types that are named after them: `get_a1` and `get_a_1` have the same.
    let mut taken = BTreeSet::new();
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    let mut kept = BTreeSet::new();
    let mut repeats: BTreeMap<String, String> = BTreeMap::new();
    for (method, path, operation) in each_operation(document) {
        let place = format!("paths.{path}.{method}");
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            continue;
        };
        match given.get(id) {
            // In strict mode it has the same name, whatever that is made of, and is refused for it.
            Some(other) if options.mode == Mode::Strict => {
                repeats.insert(place.clone(), other.clone());
                kept.insert(place);
            }
            Some(other) => notices.add(
                format!("{place}.operationId"),
                format!("`{id}` is the operationId of {other}, too; this one gets a number"),
            ),
            None => {
                given.insert(id.to_owned(), place.clone());
                if is_good(id) && taken.insert(naming::pascal(id)) {
                    kept.insert(place);
                }
            }
        }
    }
    let mut ids: BTreeMap<String, Value> = BTreeMap::new();
    for (method, path, operation) in each_operation(document) {
        let place = format!("paths.{path}.{method}");
        if kept.contains(&place) {
            if let Some(id) = operation.get("operationId") {
                ids.insert(place, id.clone());
            }
            continue;
        }
        let id = operation.get("operationId").and_then(Value::as_str);
        let mut wanted = match id.filter(|id| !naming::snake(id).is_empty()) {
            Some(id) => naming::method_name(id),
            None => naming::method_name(&by_path(method, path)),
        };
        if hooks.contains(wanted.as_str()) {
            wanted.push('_');
        }
        let mut id = wanted.clone();
        let mut number = 0;
        while !is_good(&id) && id != wanted || !taken.insert(naming::pascal(&id)) {
            id = format!("{}_{number}", wanted.trim_end_matches('_'));
            number += 1;
        }
        operation.insert("operationId".to_owned(), id.clone().into());
        ids.insert(place, id.into());
    }
    for (method, path, operation) in each_operation(document) {
        let first = repeats.get(&format!("paths.{path}.{method}"));
        if let Some(id) = first.and_then(|first| ids.get(first)) {
            operation.insert("operationId".to_owned(), id.clone());
        }
    }
}

/// Returns words for an operation without an id: `get films by film_id`.
fn by_path(method: &str, path: &str) -> String {
    let mut words = method.to_owned();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        words.push(' ');
        words.push_str(before);
        words.push_str(" by ");
        match after.split_once('}') {
            Some((name, after)) => {
                words.push_str(name);
                rest = after;
            }
            None => rest = after,
        }
    }
    words.push(' ');
    words.push_str(rest);
    words
}

/// Returns the types that are named after operations, and stand beside the trait.
fn operation_types(document: &mut Value) -> BTreeSet<String> {
    let ids = each_operation(document)
        .filter_map(|(_, _, operation)| operation.get("operationId")?.as_str());
    ids.flat_map(naming::operation_types).collect()
}

/// Leaves each operation its first tag, by a text of which a trait's name can be made. Tags that make one name are one.
fn tags(document: &mut Value) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let beside = operation_types(document);
    for (_, _, operation) in each_operation(document) {
        let tag = operation.get("tags").and_then(|tags| tags.get(0));
        let tag = tag.and_then(Value::as_str).unwrap_or(UNTAGGED);
        let mut name = naming::trait_name(tag);
        if beside.contains(&name) {
            name.push_str("Api");
        }
        // A text that makes this name by itself says more than the name.
        let text = if naming::pascal(tag) == name {
            tag
        } else {
            &name
        };
        let text = known
            .entry(naming::module(&name))
            .or_insert_with(|| text.to_owned());
        if text != tag {
            renamed
                .entry(tag.to_owned())
                .or_insert_with(|| text.clone());
        }
        let text = Value::from(text.as_str());
        operation.insert("tags".to_owned(), Value::Array(vec![text]));
    }
    let described = document.get_mut("tags").and_then(Value::as_array_mut);
    for tag in described.into_iter().flatten() {
        let name = tag.get("name").and_then(Value::as_str);
        if let Some(text) = name.and_then(|name| renamed.get(name)) {
            tag["name"] = text.as_str().into();
        }
    }
}

/// Gives each schema the nearest free name of a type, and lets what refers to it follow.
fn schemas(document: &mut Value, places: &mut Places) {
    let schemas = document.pointer("/components/schemas");
    let Some(schemas) = schemas.and_then(Value::as_object) else {
        return;
    };
    let mut types = naming::Types::default();
    let kept: BTreeSet<&str> = schemas
        .keys()
        .map(String::as_str)
        .filter(|name| naming::is_free_type_name(name) && types.take(name))
        .collect();
    let changed = schemas.keys().filter(|name| !kept.contains(name.as_str()));
    let changed: HashMap<String, String> = changed
        .map(|name| (name.clone(), types.make(name)))
        .collect();
    if changed.is_empty() {
        return;
    }
    for (original, name) in &changed {
        let place = [
            "components".into(),
            "schemas".into(),
            Step::Key(original.clone()),
        ];
        places.moved(name.as_str(), &place);
    }
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        let named = std::mem::take(schemas).into_iter().map(|(name, schema)| {
            let name = changed.get(&name).cloned().unwrap_or(name);
            (name, schema)
        });
        *schemas = named.collect();
    }
    renames::rename(document, &changed);
}
