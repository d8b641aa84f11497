//! Which components have members for one direction only, and where each is used.

use super::Direction;
use crate::{
    lower::{
        place::Place,
        walk::{self, Visitor},
    },
    types::{Kind, Shape},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The most parts that are looked through for the members of one schema.
const MOST_PARTS: usize = 200;

const REFERENCE: &str = "#/components/schemas/";

/// The schemas among the components, before anything is changed.
pub(super) struct Components {
    schemas: BTreeMap<String, Value>,
    /// The components that each refers to.
    references: BTreeMap<String, BTreeSet<String>>,
    read_only: Flagged,
    write_only: Flagged,
}

/// The components that a keyword says something about.
struct Flagged {
    /// Those that have it, or are made of one that has.
    whole: BTreeSet<String>,
    /// Those with such members, or made of one that has.
    members: BTreeSet<String>,
}

impl Components {
    pub(super) fn of(document: &Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        let schemas: BTreeMap<String, Value> = schemas
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect();
        let references = schemas.iter().map(|(name, schema)| {
            let mut references = References::default();
            references.collect(&mut schema.clone(), Kind::Schema);
            (name.clone(), references.0)
        });
        let references = references.collect();
        let (read_only, write_only) = (
            flagged(&schemas, Direction::Request.keyword()),
            flagged(&schemas, Direction::Reply.keyword()),
        );
        Self {
            schemas,
            references,
            read_only,
            write_only,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.schemas.keys().map(String::as_str)
    }

    /// Returns the components that are not the same in requests and replies.
    pub(super) fn differing(&self) -> BTreeSet<String> {
        let own = self.schemas.iter().filter(|(_, schema)| {
            let mut search = Search {
                components: self,
                found: false,
            };
            walk::value(
                &mut (*schema).clone(),
                Kind::Schema,
                &Place::ROOT,
                &mut search,
            );
            search.found
        });
        let own = own.map(|(name, _)| name.clone()).collect();
        backwards(&self.references, own)
    }

    fn flagged(&self, direction: Direction) -> &Flagged {
        match direction {
            Direction::Request => &self.read_only,
            Direction::Reply => &self.write_only,
        }
    }

    /// Returns true for a member that is left out in a direction.
    pub(super) fn hides(&self, member: &Value, direction: Direction) -> bool {
        is_hidden(member, direction.keyword(), &self.flagged(direction).whole)
    }

    /// Returns the names of the members of a schema that are left out, those of its parts included.
    pub(super) fn hidden(&self, schema: &Value, direction: Direction) -> BTreeSet<String> {
        let holders = &self.flagged(direction).members;
        let mut hidden = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        let mut steps = 0;
        while let Some(schema) = open.pop() {
            steps += 1;
            if steps > MOST_PARTS {
                break;
            }
            let members = schema.get("properties").and_then(Value::as_object);
            let members = members.into_iter().flatten();
            let names = members.filter(|(_, member)| self.hides(member, direction));
            hidden.extend(names.map(|(name, _)| name.clone()));
            open.extend(parts(schema));
            if let Some(name) = name(schema)
                && holders.contains(name)
                && seen.insert(name)
            {
                open.extend(self.schemas.get(name));
            }
        }
        hidden
    }
}

/// Returns the components that a keyword says something about.
fn flagged(schemas: &BTreeMap<String, Value>, keyword: &str) -> Flagged {
    let edges = schemas.iter().map(|(name, schema)| {
        let targets = in_place(schema).into_iter().map(str::to_owned);
        (name.clone(), targets.collect())
    });
    let edges = edges.collect();
    let with = |is: &dyn Fn(&Value) -> bool| {
        let own = schemas.iter().filter(|(_, schema)| is(schema));
        own.map(|(name, _)| name.clone()).collect()
    };
    let whole = backwards(&edges, with(&|schema| has_flag(schema, keyword)));
    let members = backwards(
        &edges,
        with(&|schema| hides_members(schema, keyword, &whole)),
    );
    Flagged { whole, members }
}

/// Returns true for a schema with members that have a keyword, or with a part that has such ones.
fn hides_members(schema: &Value, keyword: &str, whole: &BTreeSet<String>) -> bool {
    let members = schema.get("properties").and_then(Value::as_object);
    let mut members = members.into_iter().flat_map(|members| members.values());
    members.any(|member| is_hidden(member, keyword, whole))
        || parts(schema).any(|part| hides_members(part, keyword, whole))
}

fn is_hidden(member: &Value, keyword: &str, whole: &BTreeSet<String>) -> bool {
    has_flag(member, keyword) || in_place(member).iter().any(|name| whole.contains(*name))
}

/// Returns what leads to one of `ends`, and those.
fn backwards(
    edges: &BTreeMap<String, BTreeSet<String>>,
    ends: BTreeSet<String>,
) -> BTreeSet<String> {
    let mut sources: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (source, targets) in edges {
        for target in targets {
            sources.entry(target).or_default().push(source);
        }
    }
    let mut open: Vec<String> = ends.iter().cloned().collect();
    let mut reached = ends;
    while let Some(name) = open.pop() {
        for source in sources.get(name.as_str()).into_iter().flatten() {
            if reached.insert((*source).clone()) {
                open.push((*source).clone());
            }
        }
    }
    reached
}

/// Returns true for a schema that has a keyword itself, or in a part that is written out.
fn has_flag(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
        || parts(schema).any(|part| has_flag(part, keyword))
}

/// Returns the components that a schema is, or is made of by `allOf`.
fn in_place(schema: &Value) -> Vec<&str> {
    let own = name(schema).into_iter();
    own.chain(parts(schema).flat_map(in_place)).collect()
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let parts = schema.get("allOf").and_then(Value::as_array);
    parts.into_iter().flatten()
}

/// Returns the name of the component that a schema refers to.
fn name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// Looks for members that one direction leaves out.
struct Search<'c> {
    components: &'c Components,
    found: bool,
}

impl Visitor for Search<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) -> bool {
        if shape == Shape::Schema {
            let members = value.get("properties").and_then(Value::as_object);
            let mut members = members.into_iter().flat_map(|members| members.values());
            self.found |= members.any(|member| {
                [Direction::Request, Direction::Reply]
                    .iter()
                    .any(|direction| self.components.hides(member, *direction))
            });
        }
        !self.found
    }
}

/// The components that are referred to.
#[derive(Default)]
struct References(BTreeSet<String>);

impl References {
    fn collect(&mut self, value: &mut Value, kind: Kind) {
        walk::value(value, kind, &Place::ROOT, self);
    }
}

impl Visitor for References {
    fn enter(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) -> bool {
        if shape == Shape::Discriminator {
            let mapping = value.get("mapping").and_then(Value::as_object);
            let targets = mapping.into_iter().flat_map(|mapping| mapping.values());
            let names = targets.filter_map(|target| target.as_str()?.strip_prefix(REFERENCE));
            self.0.extend(names.map(str::to_owned));
        } else if shape == Shape::Schema {
            self.0.extend(name(value).map(str::to_owned));
        }
        true
    }
}

/// The components that requests and replies lead to.
pub(super) struct Uses {
    requests: BTreeSet<String>,
    replies: BTreeSet<String>,
}

impl Uses {
    pub(super) fn of(document: &Value, components: &Components) -> Self {
        let mut first = First {
            requests: References::default(),
            replies: References::default(),
        };
        walk::document(&mut document.clone(), &mut first);
        let reached = |first: References| {
            let mut open: Vec<String> = first.0.iter().cloned().collect();
            let mut reached = first.0;
            while let Some(name) = open.pop() {
                for target in components.references.get(&name).into_iter().flatten() {
                    if reached.insert(target.clone()) {
                        open.push(target.clone());
                    }
                }
            }
            reached
        };
        Self {
            requests: reached(first.requests),
            replies: reached(first.replies),
        }
    }

    pub(super) fn in_requests(&self, name: &str) -> bool {
        self.requests.contains(name)
    }

    pub(super) fn in_replies(&self, name: &str) -> bool {
        self.replies.contains(name)
    }
}

/// The components that operations refer to.
struct First {
    requests: References,
    replies: References,
}

impl Visitor for First {
    fn enter(&mut self, shape: Shape, value: &mut Value, _: &Place<'_>) -> bool {
        match shape {
            Shape::Parameter | Shape::Body => self.requests.collect(value, Kind::Object(shape)),
            Shape::Response | Shape::Header => self.replies.collect(value, Kind::Object(shape)),
            // What components refer to each other for is no use.
            shape => return shape != Shape::Schema,
        }
        false
    }
}
