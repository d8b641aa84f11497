//! Works out, from the contract, the names and types that the templates print.
//!
//! Mustache can neither look up a `$ref` nor tell an optional identity from a required one, and the
//! base generator's types are not ours. So the generator is handed a copy of the contract that keeps
//! what it does well (operations by tag, schemas, security schemes, one file for each) and carries
//! the rest as `x-rust` extensions. What has no sound translation is refused here, with its location.

mod arguments;
mod bodies;
mod choices;
mod defaults;
mod docs;
mod errors;
mod forms;
mod gathering;
mod headers;
mod limits;
mod media;
mod models;
mod names;
mod objects;
mod operations;
mod problems;
mod reach;
mod recursion;
mod replies;
mod security;
mod structs;
mod tags;
mod types;

pub(crate) use docs::visible;
use openapi::{Defects, Document, Examples, KindsOf, Mode, Options};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The copy for the generator, and the files that must come of it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The copy, with names and types as `x-rust` extensions.
    pub document: Value,
    /// The paths of the files, in the folder of the sources.
    pub files: BTreeSet<String>,
    /// The parts of the contract that are served but have no effect.
    pub notices: Defects,
}

/// The checks of strict mode, where roles are not known and examples are documentation.
pub const STRICT: Options<'static> = Options {
    mode: Mode::Strict,
    roles: None,
    require_roles: true,
    examples: Examples::Valid,
};

/// Translates a contract, or says everything that cannot be translated, one line each. Whatever a start by the same
/// `checks` refuses is refused here, too, in the same words.
///
/// # Errors
///
/// A line for each part of the contract that cannot be translated or served.
pub fn plan(contract: &Value, checks: &Options<'_>) -> Result<Plan, Vec<String>> {
    let mut defects = Defects::default();
    let document = openapi::read(contract, checks, &mut defects);
    // What is translated is the one form that reading makes of a contract; one with defects has none.
    if !defects.is_empty() {
        let refusals = defects.iter().map(|defect| visible(&defect.to_string()));
        return Err(refusals.collect());
    }
    let root = document
        .as_ref()
        .map_or(contract, |document| &document.json);
    let planner = Planner {
        root,
        document: document.as_ref(),
        security_schemes: (document.as_ref())
            .map_or(&[], |document| document.security_schemes.as_slice()),
        mode: checks.mode,
        beside: operations::types_beside(root),
        kinds: KindsOf::new(root),
        found: forms::Found::default(),
        refusals: RefCell::default(),
        notices: RefCell::default(),
    };
    let mut files: BTreeSet<String> = [
        "lib.rs",
        "security.rs",
        "models/mod.rs",
        "apis/mod.rs",
        "routes/mod.rs",
    ]
    .map(String::from)
    .into();
    let mut schemas = planner.models(&mut files);
    let mut differing = Defects::default();
    planner.errors(&mut schemas, &mut files, &mut differing);
    let paths = planner.operations(&mut files);
    let schemes = planner.schemes();
    let (refusals, made) = (planner.refusals.into_inner(), planner.notices.into_inner());
    if !refusals.is_empty() {
        return Err(refusals.into_iter().collect());
    }
    let mut notices = document
        .map(|document| document.notices)
        .unwrap_or_default();
    notices.append(made);
    notices.append(differing);
    Ok(Plan {
        document: json!({
            "openapi": "3.0.3",
            "info": { "title": "contract", "version": "1" },
            "paths": paths,
            "components": { "schemas": schemas, "securitySchemes": schemes },
        }),
        files,
        notices,
    })
}

/// A longer way of references is taken for a circle.
const MOST_REFERENCES: usize = 10_000;

/// The contract being read, and what had to be refused so far: what has no translation. What is wrong with the contract
/// itself is among the defects of its reader, and passed over here.
struct Planner<'c> {
    root: &'c Value,
    security_schemes: &'c [openapi::SecurityScheme],
    mode: Mode,
    document: Option<&'c Document>,
    /// Types that models share the modules of operations with.
    beside: BTreeSet<String>,
    kinds: KindsOf<'c>,
    /// Findings about schemas.
    found: forms::Found<'c>,
    refusals: RefCell<BTreeSet<String>>,
    notices: RefCell<Defects>,
}

impl<'c> Planner<'c> {
    /// Returns where the contract has what is at a place of the document.
    fn original(&self, place: &str) -> String {
        self.document.map_or_else(
            || place.to_owned(),
            |document| document.original_place(place),
        )
    }

    /// Notes what cannot be translated: where, what, and what to write instead.
    fn refuse(&self, place: &str, why: &str) {
        let place = self.original(place);
        let refusal = visible(&format!("{place}: {why}"));
        self.refusals.borrow_mut().insert(refusal);
    }

    /// Notes what has no effect.
    fn notice(&self, place: &str, what: &str) {
        let place = self.original(place);
        self.notices.borrow_mut().add(place, what);
    }

    /// Follows `$ref`s inside the document; says where the value stands.
    fn resolve(&self, value: &'c Value, place: &str) -> (&'c Value, String) {
        let (mut value, mut place) = (value, place.to_owned());
        for _ in 0..MOST_REFERENCES {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return (value, place);
            };
            let target = reference
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer));
            let Some(target) = target else {
                self.refuse(
                    &place,
                    &format!(
                        "`{reference}` is not in this document; keep the contract in one file"
                    ),
                );
                return (&Value::Null, place);
            };
            (value, place) = (target, reference.trim_start_matches("#/").to_owned());
        }
        self.refuse(&place, "the `$ref`s go round in a circle");
        (&Value::Null, place)
    }

    /// An operation as the gatekeeper reads it.
    fn read(&self, id: &str) -> Option<&'c openapi::Operation> {
        let mut operations = self.document?.operations.iter();
        operations.find(|operation| operation.id == id)
    }

    /// The named schema that a reference leads to.
    fn schema(&self, name: &str) -> &'c Value {
        &self.root["components"]["schemas"][name]
    }
}

/// The members of an object, none when it is not one.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The items of an array, none when it is not one.
fn items(value: &Value) -> impl Iterator<Item = &Value> + Clone {
    value.as_array().into_iter().flatten()
}

/// The text of a member.
fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member).and_then(Value::as_str)
}

/// Returns true if a member is `true`.
fn flag(value: &Value, member: &str) -> bool {
    value.get(member).and_then(Value::as_bool).unwrap_or(false)
}

/// The name of a schema under `components/schemas` that a reference names; none when it goes on into
/// that schema.
fn schema_name(schema: &Value) -> Option<&str> {
    text(schema, "$ref")?
        .strip_prefix("#/components/schemas/")
        .filter(|name| !name.contains('/'))
}

/// A stand-in that makes the generator write one model file, with the plan for it.
fn carrier(plan: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": { "carrier": { "type": "string" } }, "x-rust": plan })
}
