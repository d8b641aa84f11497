//! The bodies of failures that a contract has of its own, as an enum: the gatekeeper's own failures can be rendered in
//! them.

use super::models::model;
use super::types::Scope;
use super::{Planner, carrier, docs, members, names, schema_name};
use openapi::{Defects, MediaRange, Mode, Status, is_json, naming};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const PROBLEM: &str = "application/problem+json";

/// The enum of the bodies, unless a schema has this name.
const NAME: &str = "ErrorBody";

/// The failures that the gatekeeper answers by itself.
const OF_THE_GATE: [u16; 14] = [
    400, 401, 403, 404, 405, 408, 413, 414, 415, 429, 431, 500, 501, 503,
];

/// A body that failures have.
struct ErrorBody {
    /// The schema as a type.
    rust: String,
    media_type: String,
    schema: Option<String>,
    /// The first of its places.
    place: String,
    statuses: BTreeSet<Status>,
    /// Those for which the contract does not have the gatekeeper's own form beside it.
    alone: BTreeSet<Status>,
}

impl<'c> Planner<'c> {
    /// Adds the model of the failures, where the contract has bodies for them. Each that differs from what the gatekeeper
    /// sends unless the service renders it is a notice.
    pub(super) fn errors(
        &self,
        carriers: &mut Map<String, Value>,
        files: &mut BTreeSet<String>,
        notices: &mut Defects,
    ) {
        let mut scope = Scope::default();
        let bodies = self.error_bodies(&mut scope);
        if bodies.is_empty() {
            return;
        }
        let mut types = naming::Types::default();
        for (name, _) in members(&self.root["components"]["schemas"]) {
            types.take(name);
        }
        let name = types.make(NAME);
        let mut variants: Vec<Value> = Vec::new();
        let mut taken = naming::Types::default();
        for body in &bodies {
            let wanted = match &body.schema {
                Some(name) => name.as_str(),
                None if is_json(&body.media_type) => "Json",
                None => "Text",
            };
            let media_type = names::literal(&body.media_type);
            let rendering = if is_json(&body.media_type) {
                let schema = body.schema.as_deref().map(names::literal);
                let schema = schema.map_or("None".to_owned(), |name| format!("Some({name})"));
                format!("json({media_type}, {schema}, &body)")
            } else {
                format!("text({media_type}, body)")
            };
            variants.push(json!({
                "variant": taken.make(wanted),
                "type": body.rust,
                "rendering": rendering,
                "variant_doc": [format!("{}, for {}.", docs::code(&body.media_type), listed(&body.statuses))],
            }));
            self.differs(body, &name, notices);
        }
        let module = naming::module(&name);
        files.insert(format!("models/{module}.rs"));
        let definition = json!({ "name": name, "variants": variants });
        let plan = model(&module, &name, &scope.models, "failures", definition);
        carriers.insert(format!("Carrier{:05}", carriers.len()), carrier(plan));
    }

    fn error_bodies(&self, scope: &mut Scope) -> Vec<ErrorBody> {
        let mut bodies: Vec<ErrorBody> = Vec::new();
        let paths = members(&self.root["paths"]).filter(|(path, _)| !path.starts_with("x-"));
        let operations = paths.flat_map(|(path, item)| {
            members(item)
                .map(move |(method, operation)| (format!("paths.{path}.{method}"), operation))
        });
        let responses = operations.flat_map(|(place, operation)| {
            members(&operation["responses"])
                .map(move |(key, response)| (key, response, format!("{place}.responses.{key}")))
        });
        for (key, response, at) in responses {
            let (response, place) = self.resolve(response, "responses");
            let Some(status) = Status::parse(key).filter(|status| is_failure(*status)) else {
                continue;
            };
            let has_problem = response["content"].get(PROBLEM).is_some();
            for (media_type, content) in members(&response["content"]) {
                let Some((rust, schema)) = self.error_type(media_type, content, &place, scope)
                else {
                    continue;
                };
                let known = bodies.iter().position(|body| {
                    body.rust == rust && (body.schema.is_some() || body.media_type == *media_type)
                });
                let at = known.unwrap_or_else(|| {
                    bodies.push(ErrorBody {
                        rust,
                        media_type: media_type.clone(),
                        schema,
                        place: format!("{at}.content.{media_type}"),
                        statuses: BTreeSet::new(),
                        alone: BTreeSet::new(),
                    });
                    bodies.len() - 1
                });
                bodies[at].statuses.insert(status);
                if !has_problem {
                    bodies[at].alone.insert(status);
                }
            }
        }
        bodies
    }

    /// Returns the type of a body of failures, and the component that it is; `None` for what has none.
    fn error_type(
        &self,
        media_type: &str,
        content: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Option<(String, Option<String>)> {
        let range = MediaRange::parse(media_type)?;
        // The gatekeeper's own form, unless it has more members than those.
        if media_type == PROBLEM && self.mode == Mode::Strict || range.has_wildcard() {
            return None;
        }
        if is_json(media_type) {
            let schema = content.get("schema")?;
            if self.is_binary(schema, place) {
                return None;
            }
            let rust = self.type_of(schema, place, scope).or_null();
            return Some((rust, schema_name(schema).map(str::to_owned)));
        }
        let is_text = range.kind.eq_ignore_ascii_case("text");
        is_text.then(|| ("String".to_owned(), None))
    }

    /// Notes the statuses that are answered in another form unless the service renders them.
    fn differs(&self, body: &ErrorBody, name: &str, notices: &mut Defects) {
        if body.media_type == PROBLEM {
            return;
        }
        let by_gate = |status: &Status| match status {
            Status::Exact(status) => OF_THE_GATE.contains(status),
            Status::Class(_) | Status::Default => true,
        };
        let statuses: BTreeSet<Status> = body.alone.iter().copied().filter(by_gate).collect();
        if statuses.is_empty() {
            return;
        }
        let place = match &body.schema {
            Some(schema) => format!("components.schemas.{schema}"),
            None => body.place.clone(),
        };
        notices.add(
            self.original(&place),
            format!(
                "is the body of {} ({}); failures of the gatekeeper are {PROBLEM} unless `Security::render_error` returns `{name}`",
                listed(&statuses),
                body.media_type
            ),
        );
    }
}

fn is_failure(status: Status) -> bool {
    match status {
        Status::Exact(status) => status >= 400,
        Status::Class(class) => class >= 4,
        Status::Default => true,
    }
}

fn listed(statuses: &BTreeSet<Status>) -> String {
    let statuses: Vec<String> = statuses.iter().map(Status::to_string).collect();
    statuses.join(", ")
}
