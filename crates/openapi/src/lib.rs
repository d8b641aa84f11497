//! Reads and checks an OpenAPI 3.0 or 3.1 contract, for everything that reads one: the build, the gatekeeper, the
//! service that shows it and the comparison with the last release.
//!
//! [`load`] makes a document of its text, and [`load_file`] of its files. [`read`] is the one list of checks: whatever
//! stops the start of a service and can be seen in the contract alone stops its build, too, all [`Defects`] at once. It
//! holds each member of the document to its type; brings the contract as people write it to the one form that everything
//! else works on ([`Document::json`]); compiles schemas; and holds defaults and examples against them.
//!
//! Words without an effect are left out with a notice, so that a valid contract is served ([`Mode::Open`]), or refused
//! ([`Mode::Strict`]). Nothing that is said about who may call is ever left out.

mod body;
mod bundle;
mod defect;
mod examples;
mod fields;
mod keywords;
mod kinds;
mod lower;
mod media_type;
pub mod naming;
mod operation;
mod parameters;
mod paths;
mod reader;
mod references;
mod responses;
mod routes;
mod samples;
mod scalar;
mod schema;
mod security;
mod servers;
mod shape;
mod similar;
mod statuses;
mod template;
mod types;
mod unions;
mod version;
mod violation;

pub use body::{BodyContent, BodyForm, RequestBody};
pub use bundle::{LoadError, Loaded, load_file};
pub use defect::{Defect, Defects};
pub use fields::{Field, FieldContent, Fields, FileRule};
pub use kinds::{Kinds, KindsOf};
pub use media_type::{MediaRange, MediaType, is_json, split};
pub use operation::Operation;
pub use parameters::{Form, Parameter, Style, is_ignored_header};
pub use reader::{MAX_BYTES, MAX_DEPTH, MAX_EXPANSION, ReadError, load, load_bytes};
pub use responses::{Content, Header, HeaderText, Response};
pub use routes::{Route, SchemeUse, routes, security_matrix};
pub use schema::{MOST_VIOLATIONS, Schema, integer_type, shortened};
pub use security::{KeyLocation, RequiredScheme, Requirement, SchemeKind, SecurityScheme};
pub use shape::{Members, Scalar, Several, Shape};
pub use similar::{Misspelt, nearest};
pub use statuses::Status;
pub use unions::Unions;
pub use violation::{In, Violation, pointer, unknown};

use operation::Components;
use schema::Schemas;
use security::Schemes;
use serde_json::Value;
use std::cell::RefCell;
use version::Version;

/// The demands on a contract beyond OpenAPI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: a valid contract is served. Statuses that only the gatekeeper answers need not be declared.
    #[default]
    Open,
    /// The contract says everything that is answered, and nothing that is not enforced.
    Strict,
}

/// The demands of a service on its contract.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The demands beyond OpenAPI.
    pub mode: Mode,
    /// The names that `x-access-role` may have; any name where they are not known.
    pub roles: Option<&'a [&'a str]>,
    /// Each secured operation names its role, so that a forgotten one does not let in everybody who has credentials.
    pub require_roles: bool,
    /// The checks of examples.
    pub examples: Examples,
}

/// The checks of the examples of a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Examples {
    /// Not at all: they are documentation.
    #[default]
    Unchecked,
    /// Each example that is written out keeps to its schema.
    Valid,
    /// Answers are made of them, too: each operation has a success with a whole one.
    Served,
}

/// A contract, read and checked.
#[derive(Debug)]
pub struct Document {
    /// The whole of it, in the form of OpenAPI 3.0 whatever its version was: each reference leads to a component, each
    /// schema that becomes a type is one and has a name of its own, and so have operations; requests and replies have
    /// two schemas where some members are for one of them only.
    pub json: Value,
    /// The path of the first server, before each path: empty, or `/v1`.
    pub base_path: String,
    /// Grouped by path.
    pub operations: Vec<Operation>,
    /// `components.securitySchemes`, in their order.
    pub security_schemes: Vec<SecurityScheme>,
    /// The parts of the contract that are served but have no effect, each with its place.
    pub notices: Defects,
    schemas: schema::Compilation,
    /// The former places of schemas that have another name or place now.
    places: lower::Places,
}

impl Document {
    /// Returns the schema of a component, compiled.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<Schema> {
        self.schemas.schema(name)
    }

    /// Returns the parts of a component that is `oneOf` or `anyOf` them, compiled, in their order: a value is the part
    /// that it is valid by. With a discriminator, a part asks for its value, too.
    #[must_use]
    pub fn parts(&self, name: &str) -> Vec<Schema> {
        self.schemas.parts(name)
    }

    /// Returns where the contract has what is at a place of [`json`](Self::json): keys and indices parted by `/` or
    /// by dots.
    #[must_use]
    pub fn original_place(&self, place: &str) -> String {
        self.places.original(place)
    }

    /// Returns the examples of a media type or header, with their names (a single one has none): those written out, else
    /// one made from its schema.
    #[must_use]
    pub fn samples(&self, owner: &Value) -> Vec<(String, Value)> {
        examples::Samples::new(&self.json).of(owner)
    }

    /// Returns values for a media type, header or parameter, with their names (a single one has none): the examples that are
    /// good by its schema, else one that is made. Empty when no good one was found.
    #[must_use]
    pub fn values(&self, owner: &Value, schema: Option<&Schema>) -> Vec<(String, Value)> {
        samples::Maker::new(&self.json).of(owner, schema)
    }

    /// Returns a value made from the schema of a media type, header or parameter that need not be good by it, for those that
    /// have no [`values`](Self::values): some schemas allow none.
    #[must_use]
    pub fn nearest_value(&self, owner: &Value) -> Option<Value> {
        samples::Maker::new(&self.json).nearest(owner)
    }
}

/// Returns every defect of a contract that can be seen without its service.
#[must_use]
pub fn check(document: &Value, options: &Options<'_>) -> Defects {
    let mut defects = Defects::default();
    read(document, options, &mut defects);
    defects
}

/// Reads a contract, and adds each defect that [`check`] returns. With defects, the parts that have them are missing from
/// what is returned; `None` when it is none of OpenAPI 3.0 or 3.1.
pub fn read(document: &Value, options: &Options<'_>, defects: &mut Defects) -> Option<Document> {
    let version = Version::of(document, defects)?;
    if is_deeper_than(document, MAX_DEPTH) {
        let problem = format!("more than {MAX_DEPTH} arrays and objects lie inside each other");
        defects.add("", problem);
        return None;
    }
    types::check(document, version, options.mode, defects);
    let mut others = Defects::default();
    let mut document = read_parts(document, version, options, &mut others);
    let original = |place: &str| document.places.original(place);
    defects.append_elsewhere(others.relocated(original));
    document.notices = std::mem::take(&mut document.notices).relocated(original);
    Some(document)
}

/// Returns true when more arrays and objects lie inside each other, which would be too deep for the stack.
pub(crate) fn is_deeper_than(document: &Value, most: usize) -> bool {
    let mut open = vec![(document, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > most {
            return true;
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => {
                open.extend(members.values().map(|member| (member, depth + 1)));
            }
            _ => {}
        }
    }
    false
}

fn read_parts(
    document: &Value,
    version: Version,
    options: &Options<'_>,
    defects: &mut Defects,
) -> Document {
    let mut notices = Defects::default();
    if options.mode == Mode::Strict {
        component_names(document.get("components").unwrap_or(&Value::Null), defects);
    }
    let (json, places) = lower::lower(document, version, options, &mut notices, defects);
    keywords::check(&json, &keywords::DOCUMENT, "", defects);
    let base_path = servers::base_path(&json, &mut notices, defects);
    let components = json.get("components").unwrap_or(&Value::Null);
    keywords::check(components, &keywords::COMPONENTS, "components", defects);
    let located = paths::operations(&json, options, &mut notices, defects);
    let components = Components {
        document: &json,
        schemes: Schemes::read(&json, options, defects),
        schemas: Schemas::new(&json, options.mode, &mut notices, defects),
        options: *options,
        notices: RefCell::new(notices),
    };
    let operations = located
        .into_iter()
        .map(|located| Operation::read(located, &components, defects))
        .collect();
    let (schemas, inline) = components.schemas.end();
    let mut notices = components.notices.into_inner();
    notices.append(inline);
    let security_schemes = components.schemes.known;
    Document {
        json,
        base_path,
        operations,
        security_schemes,
        notices,
        schemas,
        places,
    }
}

/// Refuses names of components that OpenAPI 3.0 does not allow (Components Object).
fn component_names(components: &Value, defects: &mut Defects) {
    for (kind, members) in components.as_object().into_iter().flatten() {
        let names = members.as_object().into_iter().flatten();
        for (name, _) in names.filter(|_| !kind.starts_with("x-")) {
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
            if name.is_empty() || !name.chars().all(is_name) {
                defects.add(
                    format!("components.{kind}.{name}"),
                    "is called by letters, digits, `.`, `-` and `_` only",
                );
            }
        }
    }
}
