//! Where a reference leads.

pub(super) use crate::lower::place::escaped;
use crate::{
    MAX_DEPTH,
    lower::{place::steps, walk},
    types::{Kind, Shape},
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// The most steps to a place: more than there are levels in a document.
const LONGEST: usize = 2 * MAX_DEPTH;

/// The place that a reference leads to, over all references in between.
pub(super) enum Target {
    /// A component of the kind that was wanted.
    Component(String),
    /// Another place of a value of that kind.
    Inside(Vec<String>),
    /// A place for which OpenAPI defines nothing.
    Outside(Vec<String>),
}

/// Finds what references lead to.
pub(super) struct Targets<'d> {
    document: &'d Value,
    /// The steps to each schema with an `$anchor`.
    anchors: BTreeMap<String, Vec<String>>,
    /// Where the references end that were followed: long chains are followed once.
    ends: RefCell<BTreeMap<String, Result<Vec<String>, String>>>,
}

impl<'d> Targets<'d> {
    pub(super) fn new(document: &'d Value, anchors: BTreeMap<String, Vec<String>>) -> Self {
        Self {
            document,
            anchors,
            ends: RefCell::default(),
        }
    }

    /// Returns where a reference leads that stands for a `shape`.
    pub(super) fn find(&self, reference: &str, shape: Shape) -> Result<Target, String> {
        let steps = self.follow(reference, shape)?;
        let is_component = |steps: &[String]| {
            steps.len() == 3 && steps[0] == "components" && Some(steps[1].as_str()) == kind(shape)
        };
        if is_component(&steps) {
            return Ok(Target::Component(steps[2].clone()));
        }
        match walk::kind_at(&steps) {
            Some(Kind::Object(found)) if found == shape => Ok(Target::Inside(steps)),
            Some(Kind::Schema | Kind::SchemaOrFlag) if shape == Shape::Schema => {
                Ok(Target::Inside(steps))
            }
            None | Some(Kind::Any) => Ok(Target::Outside(steps)),
            Some(_) => Err(format!(
                "its $ref leads to what is no {}; it has to name one of {}",
                noun(shape),
                homes(shape)
            )),
        }
    }

    /// Returns what a reference leads to, whatever that is.
    pub(super) fn at(&self, reference: &str) -> Result<&'d Value, String> {
        let steps = self.follow(reference, Shape::Path)?;
        self.value(&steps).ok_or_else(|| nowhere(Shape::Path))
    }

    /// Returns the value at a place.
    pub(super) fn value(&self, steps: &[String]) -> Option<&'d Value> {
        steps
            .iter()
            .try_fold(self.document, |value, step| below(value, step))
    }

    /// Returns the steps to what is no reference itself.
    fn follow(&self, reference: &str, shape: Shape) -> Result<Vec<String>, String> {
        let mut steps = self.steps(reference, shape)?;
        let mut seen = BTreeSet::new();
        let end = loop {
            let at = pointer(&steps);
            if let Some(known) = self.ends.borrow().get(&at) {
                break known.clone();
            }
            // One that leads to what lies in itself grows with each round.
            if steps.len() > LONGEST || !seen.insert(at) {
                break Err("its $ref leads in a circle".to_owned());
            }
            match self.next(&steps, shape) {
                Ok(Some(next)) => steps = next,
                Ok(None) => break Ok(steps),
                Err(problem) => break Err(problem),
            }
        };
        let mut ends = self.ends.borrow_mut();
        ends.extend(seen.into_iter().map(|at| (at, end.clone())));
        end
    }

    /// Returns the steps that a reference on the way, or at the end, goes on with; none where there is no other.
    fn next(&self, steps: &[String], shape: Shape) -> Result<Option<Vec<String>>, String> {
        let mut value = self.document;
        for (index, step) in steps.iter().enumerate() {
            if let Some(next) = below(value, step) {
                value = next;
            } else if let Some(reference) = reference(value).filter(|_| index > 0) {
                let mut next = self.steps(reference, shape)?;
                next.extend_from_slice(&steps[index..]);
                return Ok(Some(next));
            } else {
                return Err(nowhere(shape));
            }
        }
        match alias(value) {
            Some(reference) => self.steps(reference, shape).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the steps of a reference, a URI Reference whose fragment is a JSON Pointer or an anchor.
    fn steps(&self, reference: &str, shape: Shape) -> Result<Vec<String>, String> {
        let Some(fragment) = reference.strip_prefix('#') else {
            return Err(elsewhere(reference));
        };
        let Ok(fragment) = percent_decode_str(fragment).decode_utf8() else {
            return Err(nowhere(shape));
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(steps(&fragment).collect());
        }
        let anchored = self.anchors.get(fragment.as_ref()).cloned();
        anchored.ok_or_else(|| nowhere(shape))
    }
}

/// Returns the reference that an object is.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// Returns the reference of an object that says nothing else.
fn alias(value: &Value) -> Option<&str> {
    let says_nothing = |keyword: &String| {
        matches!(
            keyword.as_str(),
            "$ref" | "description" | "summary" | "title"
        ) || keyword.starts_with("x-")
    };
    let members = value.as_object()?;
    reference(value).filter(|_| members.keys().all(says_nothing))
}

fn below<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Returns steps as a JSON Pointer.
pub(super) fn pointer(steps: &[String]) -> String {
    let steps = steps.iter().map(|step| format!("/{}", escaped(step)));
    steps.collect()
}

/// Returns the member of `components` in which objects of a shape have their names.
pub(super) fn kind(shape: Shape) -> Option<&'static str> {
    Some(match shape {
        Shape::Schema => "schemas",
        Shape::Response => "responses",
        Shape::Parameter => "parameters",
        Shape::Example => "examples",
        Shape::Body => "requestBodies",
        Shape::Header => "headers",
        Shape::SecurityScheme => "securitySchemes",
        _ => return None,
    })
}

fn noun(shape: Shape) -> &'static str {
    match shape {
        Shape::Schema => "schema",
        Shape::Response => "response",
        Shape::Parameter => "parameter",
        Shape::Example => "example",
        Shape::Body => "request body",
        Shape::Header => "header",
        Shape::Path => "path item",
        _ => "security scheme",
    }
}

fn homes(shape: Shape) -> String {
    match kind(shape) {
        Some(kind) => format!("#/components/{kind}/… in this document"),
        None => "the paths of this document".to_owned(),
    }
}

fn nowhere(shape: Shape) -> String {
    format!(
        "its $ref leads nowhere; it has to name one of {}",
        homes(shape)
    )
}

fn elsewhere(reference: &str) -> String {
    if reference.contains("://") {
        "its $ref leads to a URL, and nothing is fetched; copy what is there into this document"
            .to_owned()
    } else {
        format!(
            "its $ref leads to another file, {reference:?}; a contract of several files is loaded by its path, or bundled into one"
        )
    }
}
