//! The type of each member that OpenAPI 3.0 defines. What is read is never skipped for its type: a
//! `required: yes`, a text in YAML 1.2, would be a parameter that may be missing.

use crate::Defects;
use serde_json::Value;

/// The type of a member.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number, not negative.
    Count,
    List(&'static Kind),
    Map(&'static Kind),
    /// A map that extensions may stand in.
    Extensible(&'static Kind),
    Object(Shape),
    /// A schema, or a boolean.
    SchemaOrFlag,
}

/// The objects of OpenAPI 3.0.
#[derive(Clone, Copy)]
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
    Response,
    Example,
    Header,
    Tag,
    Schema,
    Discriminator,
    SecurityScheme,
}

const TEXTS: Kind = Kind::List(&Kind::Text);
const SCHEMA: Kind = Kind::Object(Shape::Schema);
const HEADERS: Kind = Kind::Map(&Kind::Object(Shape::Header));
const EXAMPLES: Kind = Kind::Map(&Kind::Object(Shape::Example));
const CONTENT: Kind = Kind::Map(&Kind::Object(Shape::MediaType));
const PARAMETERS: Kind = Kind::List(&Kind::Object(Shape::Parameter));
const SERVERS: Kind = Kind::List(&Kind::Object(Shape::Server));
const SECURITY: Kind = Kind::List(&Kind::Map(&TEXTS));

/// Returns the type of a member of an object; none for those that OpenAPI does not define there.
pub(crate) fn member(shape: Shape, name: &str) -> Option<Kind> {
    use Kind::{Any, Count, Extensible, Flag, List, Map, Number, Object, SchemaOrFlag, Text};
    let kind = match (shape, name) {
        (_, "$ref" | "description" | "summary") => Text,
        (_, "externalDocs") => Object(Shape::ExternalDocs),
        (Shape::Document, "openapi") => Text,
        (Shape::Document, "info") => Object(Shape::Info),
        (Shape::Document | Shape::Path | Shape::Operation, "servers") => SERVERS,
        (Shape::Document, "paths") => Extensible(&Object(Shape::Path)),
        (Shape::Document, "components") => Object(Shape::Components),
        (Shape::Document | Shape::Operation, "security") => SECURITY,
        (Shape::Document, "tags") => List(&Object(Shape::Tag)),
        (Shape::Info, "title" | "version" | "termsOfService") => Text,
        (Shape::Info, "contact") => Object(Shape::Contact),
        (Shape::Info, "license") => Object(Shape::License),
        (Shape::Contact, "name" | "url" | "email") => Text,
        (Shape::License, "name" | "url") => Text,
        (Shape::Server, "url") => Text,
        (Shape::Server, "variables") => Map(&Object(Shape::ServerVariable)),
        (Shape::ServerVariable, "enum") => TEXTS,
        (Shape::ServerVariable, "default") => Text,
        (Shape::Components, "schemas") => Map(&SCHEMA),
        (Shape::Components, "responses") => Map(&Object(Shape::Response)),
        (Shape::Components, "parameters") => Map(&Object(Shape::Parameter)),
        (Shape::Components, "examples") => EXAMPLES,
        (Shape::Components, "requestBodies") => Map(&Object(Shape::Body)),
        (Shape::Components, "headers") => HEADERS,
        (Shape::Components, "securitySchemes") => Map(&Object(Shape::SecurityScheme)),
        (
            Shape::Path,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
        ) => Object(Shape::Operation),
        (Shape::Path | Shape::Operation, "parameters") => PARAMETERS,
        (Shape::Operation, "tags") => TEXTS,
        (Shape::Operation, "operationId" | "x-access-role") => Text,
        (Shape::Operation, "requestBody") => Object(Shape::Body),
        (Shape::Operation, "responses") => Extensible(&Object(Shape::Response)),
        (Shape::ExternalDocs, "url") => Text,
        (Shape::Parameter, "name" | "in") => Text,
        (Shape::Parameter | Shape::Header, "style") => Text,
        (
            Shape::Parameter | Shape::Header,
            "required" | "deprecated" | "allowEmptyValue" | "explode" | "allowReserved",
        ) => Flag,
        (Shape::Parameter | Shape::Header | Shape::MediaType, "schema") => SCHEMA,
        (Shape::Parameter | Shape::Header | Shape::MediaType, "examples") => EXAMPLES,
        (Shape::Parameter | Shape::Header | Shape::Body | Shape::Response, "content") => CONTENT,
        (Shape::Body, "required") | (Shape::Operation, "deprecated") => Flag,
        (Shape::Response, "headers") => HEADERS,
        (Shape::Response, "x-problem-codes") => TEXTS,
        (Shape::Example, "externalValue") => Text,
        (Shape::Tag, "name") => Text,
        (Shape::Discriminator, "propertyName") => Text,
        (Shape::Discriminator, "mapping") => Map(&Text),
        (
            Shape::SecurityScheme,
            "type" | "name" | "in" | "scheme" | "bearerFormat" | "openIdConnectUrl"
            | "x-bearerInfoFunc" | "x-basicInfoFunc" | "x-apikeyInfoFunc",
        ) => Text,
        (Shape::Schema, "title" | "type" | "format" | "pattern" | "x-pattern-message") => Text,
        (Shape::Schema, "multipleOf" | "maximum" | "minimum") => Number,
        (
            Shape::Schema,
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties",
        ) => Count,
        (
            Shape::Schema,
            "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems" | "nullable" | "readOnly"
            | "writeOnly" | "deprecated" | "x-secret",
        ) => Flag,
        (Shape::Schema, "required" | "x-enum-varnames") => TEXTS,
        (Shape::Schema, "enum") => List(&Any),
        (Shape::Schema, "allOf" | "oneOf" | "anyOf") => List(&SCHEMA),
        (Shape::Schema, "not" | "items") => SCHEMA,
        (Shape::Schema, "properties") => Map(&SCHEMA),
        (Shape::Schema, "additionalProperties") => SchemaOrFlag,
        (Shape::Schema, "discriminator") => Object(Shape::Discriminator),
        _ => return None,
    };
    Some(kind)
}

/// Adds a defect for each member of another type.
pub(crate) fn check(document: &Value, defects: &mut Defects) {
    visit(document, Kind::Object(Shape::Document), "", defects);
}

fn visit(value: &Value, kind: Kind, place: &str, defects: &mut Defects) {
    let wanted = match (kind, value) {
        (Kind::Any, _)
        | (Kind::Text, Value::String(_))
        | (Kind::Flag | Kind::SchemaOrFlag, Value::Bool(_))
        | (Kind::Number, Value::Number(_)) => return,
        (Kind::Count, Value::Number(number)) if is_whole(number.as_f64()) => return,
        (Kind::List(kind), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, *kind, &format!("{place}[{index}]"), defects);
            }
            return;
        }
        (Kind::Map(kind), Value::Object(members)) => {
            for (name, value) in members {
                visit(value, *kind, &below(place, name), defects);
            }
            return;
        }
        (Kind::Extensible(kind), Value::Object(members)) => {
            for (name, value) in members.iter().filter(|(name, _)| !name.starts_with("x-")) {
                visit(value, *kind, &below(place, name), defects);
            }
            return;
        }
        (Kind::Object(shape), Value::Object(members)) => {
            for (name, value) in members {
                if let Some(kind) = member(shape, name) {
                    visit(value, kind, &below(place, name), defects);
                }
            }
            return;
        }
        (Kind::SchemaOrFlag, Value::Object(_)) => return visit(value, SCHEMA, place, defects),
        (Kind::Text, Value::Number(_) | Value::Bool(_) | Value::Null) => {
            "must be a text; put it in quotes"
        }
        (Kind::Text, _) => "must be a text",
        (Kind::Flag, Value::String(_)) => {
            "must be `true` or `false`, without quotes; other words are texts in YAML 1.2"
        }
        (Kind::Flag, _) => "must be `true` or `false`",
        (Kind::Number, _) => "must be a number",
        (Kind::Count, _) => "must be a whole number that is not negative",
        (Kind::List(_), _) => "must be a list",
        (Kind::Map(_) | Kind::Extensible(_) | Kind::Object(_), _) => "must be an object",
        (Kind::SchemaOrFlag, _) => "must be a schema, `true` or `false`",
    };
    defects.add(place, wanted);
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
