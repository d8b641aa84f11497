//! The members that OpenAPI defines, by object.

use super::{Kind, Shape};
use crate::Version;

/// Names and types of members.
type Members = &'static [(&'static str, Kind)];

const TEXTS: Kind = Kind::List(&Kind::Text);
const SCHEMAS: Kind = Kind::List(&Kind::Schema);
const SCHEMA_MAP: Kind = Kind::Map(&Kind::Schema);
const HEADERS: Kind = Kind::Map(&Kind::Object(Shape::Header));
const EXAMPLES: Kind = Kind::Map(&Kind::Object(Shape::Example));
const CONTENT: Kind = Kind::Map(&Kind::Object(Shape::MediaType));
const PARAMETERS: Kind = Kind::List(&Kind::Object(Shape::Parameter));
const SERVERS: Kind = Kind::List(&Kind::Object(Shape::Server));
const SECURITY: Kind = Kind::List(&Kind::Map(&TEXTS));
// Documentation, which is not looked into.
const LINKS: Kind = Kind::Map(&Kind::Any);
const CALLBACKS: Kind = Kind::Map(&Kind::Any);
const PATHS: Kind = Kind::Map(&Kind::Object(Shape::Path));
const OPERATION: Kind = Kind::Object(Shape::Operation);

/// Returns the members of an object in every version, by the sections of the specification.
fn members(shape: Shape) -> Members {
    use Kind::{
        Any, Count, Exclusive, Extensible, Flag, List, Map, Number, Object, Schema, SchemaOrFlag,
        Text, Types, Words,
    };
    match shape {
        Shape::Document => &[
            ("openapi", Text),
            ("info", Object(Shape::Info)),
            ("servers", SERVERS),
            ("paths", Extensible(&Object(Shape::Path))),
            ("components", Object(Shape::Components)),
            ("security", SECURITY),
            ("tags", List(&Object(Shape::Tag))),
            ("externalDocs", Object(Shape::ExternalDocs)),
        ],
        Shape::Info => &[
            ("title", Words),
            ("description", Words),
            ("version", Words),
            ("termsOfService", Words),
            ("contact", Object(Shape::Contact)),
            ("license", Object(Shape::License)),
        ],
        Shape::Contact => &[("name", Words), ("url", Words), ("email", Words)],
        Shape::License => &[("name", Words), ("url", Words)],
        Shape::Server => &[
            ("url", Text),
            ("description", Words),
            ("variables", Map(&Object(Shape::ServerVariable))),
        ],
        Shape::ServerVariable => &[("enum", TEXTS), ("default", Text), ("description", Words)],
        Shape::Components => &[
            ("schemas", SCHEMA_MAP),
            ("responses", Map(&Object(Shape::Response))),
            ("parameters", Map(&Object(Shape::Parameter))),
            ("examples", EXAMPLES),
            ("requestBodies", Map(&Object(Shape::Body))),
            ("headers", HEADERS),
            ("securitySchemes", Map(&Object(Shape::SecurityScheme))),
            ("links", LINKS),
            ("callbacks", CALLBACKS),
        ],
        Shape::Path => &[
            ("$ref", Text),
            ("summary", Words),
            ("description", Words),
            ("get", OPERATION),
            ("put", OPERATION),
            ("post", OPERATION),
            ("delete", OPERATION),
            ("options", OPERATION),
            ("head", OPERATION),
            ("patch", OPERATION),
            ("trace", OPERATION),
            ("servers", SERVERS),
            ("parameters", PARAMETERS),
        ],
        Shape::Operation => &[
            ("tags", TEXTS),
            ("summary", Words),
            ("description", Words),
            ("externalDocs", Object(Shape::ExternalDocs)),
            ("operationId", Text),
            ("parameters", PARAMETERS),
            ("requestBody", Object(Shape::Body)),
            ("responses", Extensible(&Object(Shape::Response))),
            ("callbacks", CALLBACKS),
            ("deprecated", Flag),
            ("security", SECURITY),
            ("servers", SERVERS),
            ("x-access-role", Text),
            ("x-compressible", Flag),
        ],
        Shape::ExternalDocs => &[("description", Words), ("url", Words)],
        Shape::Parameter => &[
            ("$ref", Text),
            ("name", Text),
            ("in", Text),
            ("description", Words),
            ("required", Flag),
            ("deprecated", Flag),
            ("allowEmptyValue", Flag),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
            ("schema", Schema),
            ("example", Any),
            ("examples", EXAMPLES),
            ("content", CONTENT),
        ],
        Shape::Body => &[
            ("$ref", Text),
            ("description", Words),
            ("content", CONTENT),
            ("required", Flag),
        ],
        Shape::MediaType => &[
            ("schema", Schema),
            ("example", Any),
            ("examples", EXAMPLES),
            ("encoding", Map(&Object(Shape::Encoding))),
        ],
        Shape::Encoding => &[
            ("contentType", Text),
            ("headers", HEADERS),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
        ],
        Shape::Response => &[
            ("$ref", Text),
            ("description", Words),
            ("headers", HEADERS),
            ("content", CONTENT),
            ("links", LINKS),
            ("x-problem-codes", TEXTS),
        ],
        Shape::Example => &[
            ("$ref", Text),
            ("summary", Words),
            ("description", Words),
            ("value", Any),
            ("externalValue", Text),
        ],
        Shape::Header => &[
            ("$ref", Text),
            ("description", Words),
            ("required", Flag),
            ("deprecated", Flag),
            ("allowEmptyValue", Flag),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
            ("schema", Schema),
            ("example", Any),
            ("examples", EXAMPLES),
            ("content", CONTENT),
        ],
        Shape::Tag => &[
            ("name", Text),
            ("description", Words),
            ("externalDocs", Object(Shape::ExternalDocs)),
        ],
        Shape::Schema => &[
            ("$ref", Text),
            ("title", Words),
            ("description", Words),
            ("type", Types),
            ("format", Text),
            ("multipleOf", Number),
            ("maximum", Number),
            ("exclusiveMaximum", Exclusive),
            ("minimum", Number),
            ("exclusiveMinimum", Exclusive),
            ("maxLength", Count),
            ("minLength", Count),
            ("pattern", Text),
            ("maxItems", Count),
            ("minItems", Count),
            ("uniqueItems", Flag),
            ("maxProperties", Count),
            ("minProperties", Count),
            ("required", TEXTS),
            ("enum", List(&Any)),
            ("allOf", SCHEMAS),
            ("oneOf", SCHEMAS),
            ("anyOf", SCHEMAS),
            ("not", Schema),
            ("items", Schema),
            ("properties", SCHEMA_MAP),
            ("additionalProperties", SchemaOrFlag),
            ("default", Any),
            ("nullable", Flag),
            ("discriminator", Object(Shape::Discriminator)),
            ("readOnly", Flag),
            ("writeOnly", Flag),
            ("xml", Object(Shape::Xml)),
            ("externalDocs", Object(Shape::ExternalDocs)),
            ("example", Any),
            ("deprecated", Flag),
            ("x-pattern-message", Text),
            ("x-enum-varnames", TEXTS),
            ("x-secret", Flag),
        ],
        Shape::Discriminator => &[("propertyName", Text), ("mapping", Map(&Text))],
        Shape::Xml => &[
            ("name", Text),
            ("namespace", Text),
            ("prefix", Text),
            ("attribute", Flag),
            ("wrapped", Flag),
        ],
        Shape::SecurityScheme => &[
            ("$ref", Text),
            ("type", Text),
            ("description", Words),
            ("name", Text),
            ("in", Text),
            ("scheme", Text),
            ("bearerFormat", Words),
            ("flows", Object(Shape::Flows)),
            ("openIdConnectUrl", Text),
            ("x-bearerInfoFunc", Text),
            ("x-basicInfoFunc", Text),
            ("x-apikeyInfoFunc", Text),
            ("x-tokenInfoFunc", Text),
        ],
        Shape::Flows => &[
            ("implicit", Object(Shape::Flow)),
            ("password", Object(Shape::Flow)),
            ("clientCredentials", Object(Shape::Flow)),
            ("authorizationCode", Object(Shape::Flow)),
        ],
        Shape::Flow => &[
            ("authorizationUrl", Text),
            ("tokenUrl", Text),
            ("refreshUrl", Text),
            ("scopes", Map(&Text)),
        ],
    }
}

/// Returns the members that 3.1 added.
fn added(shape: Shape) -> Members {
    use Kind::{Any, Count, List, Map, Schema, SchemaOrFlag, Text, Words};
    match shape {
        Shape::Document => &[("webhooks", Map(&Any)), ("jsonSchemaDialect", Text)],
        Shape::Info => &[("summary", Words)],
        Shape::License => &[("identifier", Words)],
        Shape::Components => &[("pathItems", PATHS)],
        Shape::Schema => &[
            ("$id", Text),
            ("$schema", Text),
            ("$anchor", Text),
            ("$dynamicAnchor", Text),
            ("$dynamicRef", Text),
            ("$comment", Words),
            ("$defs", SCHEMA_MAP),
            ("$vocabulary", Any),
            ("const", Any),
            ("contains", Schema),
            ("maxContains", Count),
            ("minContains", Count),
            ("prefixItems", SCHEMAS),
            ("patternProperties", SCHEMA_MAP),
            ("propertyNames", Schema),
            ("dependentRequired", Map(&TEXTS)),
            ("dependentSchemas", SCHEMA_MAP),
            ("unevaluatedItems", SchemaOrFlag),
            ("unevaluatedProperties", SchemaOrFlag),
            ("if", Schema),
            ("then", Schema),
            ("else", Schema),
            ("contentEncoding", Text),
            ("contentMediaType", Text),
            ("contentSchema", Schema),
            ("examples", List(&Any)),
        ],
        // The siblings of a reference.
        Shape::Parameter | Shape::Body | Shape::Response | Shape::Header => &[("summary", Words)],
        _ => &[],
    }
}

/// Returns the type of a member of an object; none for those that no version of OpenAPI defines there.
pub(crate) fn member(shape: Shape, name: &str) -> Option<Kind> {
    let mut all = members(shape).iter().chain(added(shape));
    all.find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// Returns the names of the members that a version defines.
pub(crate) fn names(shape: Shape, version: Version) -> impl Iterator<Item = &'static str> {
    let added = match version {
        Version::V30 => &[],
        Version::V31 => added(shape),
    };
    members(shape).iter().chain(added).map(|(name, _)| *name)
}
