//! The fields of a form, and how each is written (Encoding Object).

use crate::{
    Form, MediaRange, Members, Scalar, Shape, Style, is_json,
    shape::{Finder, target},
};
use serde_json::{Map, Value, json};

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Those that the schema names.
    pub named: Vec<Field>,
    /// All of them, by their shapes.
    pub members: Members,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name of the property.
    pub name: String,
    /// The style in which arrays and objects are written.
    pub style: Style,
    /// One name for each item or member.
    pub explode: bool,
    /// Its content.
    pub content: FieldContent,
    /// Its value where none is sent in a form with files.
    pub default: Option<Value>,
}

/// The content of a field.
#[derive(Clone, Debug)]
pub enum FieldContent {
    /// A value.
    Value(Form),
    /// Files.
    File(FileRule),
}

/// The rules for the files of a field.
#[derive(Clone, Debug)]
pub struct FileRule {
    /// Set for an array of them.
    pub many: bool,
    /// The media types and ranges that each may be of; any, where none is stated.
    pub types: Vec<String>,
    /// The most bytes of each.
    pub longest: Option<u64>,
}

impl Fields {
    /// Returns the fields of an object, with the `encoding` of its media type; none when the shape is of no object.
    pub(crate) fn of(shape: Shape, media_type: &Value, with_files: bool) -> Option<Self> {
        let members = match shape {
            Shape::Object(members) => members,
            Shape::Several(several) => {
                several.shapes.into_iter().find_map(|shape| match shape {
                    Shape::Object(members) => Some(members),
                    _ => None,
                })?
            }
            Shape::Scalar(_) | Shape::Array(_) => return None,
        };
        let named = members.named.iter().map(|(name, shape)| {
            let encoding = media_type
                .pointer("/encoding")
                .and_then(|all| all.get(name));
            Field::of(name, shape, encoding.unwrap_or(&Value::Null), with_files)
        });
        Some(Self {
            named: named.collect(),
            members,
        })
    }

    /// Returns a field by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.named.iter().find(|field| field.name == name)
    }
}

impl Field {
    fn of(name: &str, shape: &Shape, encoding: &Value, with_files: bool) -> Self {
        let style = match encoding.get("style").and_then(Value::as_str) {
            Some("spaceDelimited") => Style::SpaceDelimited,
            Some("pipeDelimited") => Style::PipeDelimited,
            Some("deepObject") => Style::DeepObject,
            _ => Style::Form,
        };
        let explode = encoding.get("explode").and_then(Value::as_bool);
        let is_styled = ["style", "explode", "allowReserved"]
            .iter()
            .any(|keyword| encoding.get(keyword).is_some());
        let stated = encoding.get("contentType").and_then(Value::as_str);
        let types: Vec<String> = stated
            .into_iter()
            .flat_map(|types| types.split(','))
            .map(|each| each.trim().to_owned())
            .filter(|each| !each.is_empty())
            .collect();
        let content = match file(shape, &types).filter(|_| with_files) {
            Some(many) => FieldContent::File(FileRule {
                many,
                types,
                longest: None,
            }),
            None => FieldContent::Value(form(shape, &types, is_styled)),
        };
        Self {
            name: name.to_owned(),
            style,
            explode: explode.unwrap_or(style == Style::Form),
            content,
            default: None,
        }
    }
}

/// Returns the form of a value. An object is JSON unless a style says otherwise; a `contentType` of JSON makes JSON of
/// anything. Of a list, that goes for each item.
fn form(shape: &Shape, types: &[String], is_styled: bool) -> Form {
    let is_json = types.first().is_some_and(|first| is_json(first));
    match shape {
        _ if is_styled => Form::Styled(shape.clone()),
        Shape::Array(items) if is_json || may_be_object(items) => Form::JsonItems,
        _ if is_json => Form::Json,
        _ if may_be_object(shape) => Form::Whole(shape.clone()),
        _ => Form::Styled(shape.clone()),
    }
}

fn may_be_object(shape: &Shape) -> bool {
    match shape {
        Shape::Object(_) => true,
        Shape::Several(several) => several.shapes.iter().any(may_be_object),
        Shape::Scalar(_) | Shape::Array(_) => false,
    }
}

/// Returns true for several files, false for one, none for values. A file is `format: binary`, or text of a media type that
/// is none of text or JSON.
fn file(shape: &Shape, types: &[String]) -> Option<bool> {
    let is_other = types.first().is_some_and(|first| {
        let range = MediaRange::parse(first);
        range.is_some_and(|range| !range.kind.eq_ignore_ascii_case("text") && !is_json(first))
            && !first.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    match shape {
        Shape::Scalar(Scalar::Bytes) => Some(false),
        Shape::Scalar(Scalar::Text) if is_other => Some(false),
        Shape::Array(items) => {
            let items = file(items, types)?;
            (!items).then_some(true)
        }
        Shape::Several(several) => {
            let files = several.shapes.iter().filter_map(|shape| file(shape, types));
            files.reduce(|one, other| one || other)
        }
        Shape::Scalar(_) | Shape::Object(_) => None,
    }
}

/// Returns the schema of a form in which anything may stand for a file, and notes the most bytes of each and the defaults
/// of values.
pub(crate) fn without_files(
    schema: &Value,
    fields: &mut Fields,
    components: &Map<String, Value>,
) -> Value {
    let finder = Finder::new(components);
    relaxed(schema, fields, &finder, 0)
}

fn relaxed(schema: &Value, fields: &mut Fields, finder: &Finder<'_>, depth: usize) -> Value {
    let found = target(schema, finder.components);
    if !finder.may_visit(depth) {
        return schema.clone();
    }
    let mut found = found.clone();
    if let Some(properties) = found.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties {
            let Some(field) = fields.named.iter_mut().find(|field| field.name == *name) else {
                continue;
            };
            let described = target(property, finder.components).clone();
            let FieldContent::File(rule) = &mut field.content else {
                let default = property.get("default").or(described.get("default"));
                field.default = field.default.take().or(default.cloned());
                continue;
            };
            let one = match described.get("items") {
                Some(items) => target(items, finder.components),
                None => &described,
            };
            let longest = one.get("maxLength").and_then(Value::as_u64);
            rule.longest = rule.longest.or(longest);
            *property = match described {
                Value::Object(mut list) if list.contains_key("items") => {
                    list.insert("items".to_owned(), json!({}));
                    Value::Object(list)
                }
                _ => json!({}),
            };
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        if let Some(parts) = found.get_mut(keyword).and_then(Value::as_array_mut) {
            for part in parts {
                *part = relaxed(part, fields, finder, depth + 1);
            }
        }
    }
    found
}
