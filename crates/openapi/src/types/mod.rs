//! The type of each member that OpenAPI defines. What is read is never skipped for its type: a
//! `required: yes`, a text in YAML 1.2, would be a parameter that may be missing.

mod members;

pub(crate) use members::{member, names};

use crate::{Defects, Mode, Version};
use serde_json::Value;

/// The type of a member.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Any,
    Text,
    /// A text that is documentation.
    Words,
    Flag,
    Number,
    /// A whole number, not negative.
    Count,
    /// A text; since 3.1, or several.
    Types,
    /// Since 3.1 a number, before a flag.
    Exclusive,
    List(&'static Kind),
    Map(&'static Kind),
    /// A map that extensions may stand in.
    Extensible(&'static Kind),
    Object(Shape),
    /// A schema; since 3.1, or a boolean.
    Schema,
    /// A schema, or a boolean.
    SchemaOrFlag,
}

/// The objects of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Path,
    Operation,
    ExternalDocs,
    Parameter,
    Body,
    MediaType,
    Encoding,
    Response,
    Example,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
}

/// Adds a defect for each member of another type.
pub(crate) fn check(document: &Value, version: Version, mode: Mode, defects: &mut Defects) {
    let mut check = Check {
        version,
        mode,
        defects,
    };
    check.value(document, Kind::Object(Shape::Document), "");
}

struct Check<'d> {
    version: Version,
    mode: Mode,
    defects: &'d mut Defects,
}

impl Check<'_> {
    fn value(&mut self, value: &Value, kind: Kind, place: &str) {
        let kind = self.in_version(kind, value);
        let wanted = match (kind, value) {
            (Kind::Any, _)
            | (Kind::Text, Value::String(_))
            | (Kind::Flag | Kind::SchemaOrFlag, Value::Bool(_))
            | (Kind::Number, Value::Number(_)) => return,
            (Kind::Count, Value::Number(number)) if is_whole(number.as_f64()) => return,
            (Kind::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, *kind, &format!("{place}[{index}]"));
                }
                return;
            }
            (Kind::Map(kind), Value::Object(members)) => {
                for (name, value) in members {
                    self.value(value, *kind, &below(place, name));
                }
                return;
            }
            (Kind::Extensible(kind), Value::Object(members)) => {
                for (name, value) in members.iter().filter(|(name, _)| !name.starts_with("x-")) {
                    self.value(value, *kind, &below(place, name));
                }
                return;
            }
            (Kind::Object(shape), Value::Object(members)) => {
                for (name, value) in members {
                    // What only a later version defines says nothing in this one.
                    let is_known = names(shape, self.version).any(|known| known == name);
                    if is_known && let Some(kind) = member(shape, name) {
                        self.value(value, kind, &below(place, name));
                    }
                }
                return;
            }
            (Kind::SchemaOrFlag, Value::Object(_)) => {
                return self.value(value, Kind::Object(Shape::Schema), place);
            }
            (Kind::Text, Value::Number(_) | Value::Bool(_) | Value::Null) => {
                "must be a text; put it in quotes"
            }
            (Kind::Text | Kind::Words | Kind::Types, _) => "must be a text",
            (Kind::Flag | Kind::Exclusive, Value::String(_)) => {
                "must be `true` or `false`, without quotes; other words are texts in YAML 1.2"
            }
            (Kind::Flag | Kind::Exclusive, _) => "must be `true` or `false`",
            (Kind::Number, _) => "must be a number",
            (Kind::Count, _) => "must be a whole number that is not negative",
            (Kind::List(_), _) => "must be a list",
            (Kind::Map(_) | Kind::Extensible(_) | Kind::Object(_) | Kind::Schema, _) => {
                "must be an object"
            }
            (Kind::SchemaOrFlag, _) => "must be a schema, `true` or `false`",
        };
        self.defects.add(place, wanted);
    }

    /// Returns the type in the version of the document, of those that changed.
    fn in_version(&self, kind: Kind, value: &Value) -> Kind {
        match (kind, self.version) {
            // What is no text is left out, or written as one.
            (Kind::Words, _) if self.mode == Mode::Open => Kind::Any,
            (Kind::Words, _) => Kind::Text,
            (Kind::Types, Version::V31) if value.is_array() => Kind::List(&Kind::Text),
            (Kind::Types, _) => Kind::Text,
            (Kind::Exclusive, Version::V30) => Kind::Flag,
            (Kind::Exclusive, Version::V31) => Kind::Number,
            (Kind::Schema, Version::V30) => Kind::Object(Shape::Schema),
            (Kind::Schema, Version::V31) => Kind::SchemaOrFlag,
            (kind, _) => kind,
        }
    }
}

fn is_whole(number: Option<f64>) -> bool {
    number.is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

/// Returns the location of a member.
pub(crate) fn below(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}.{name}")
    }
}
