//! The operations: trait methods, their arguments and their replies.

use super::arguments::argument;
use super::bodies::BodyTypes;
use super::security::Identity;
use super::types::Scope;
use super::{Planner, docs, items, members, names, text};
use openapi::naming;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "patch", "head", "options", "trace",
];

/// The parts that the operations of one tag share.
#[derive(Default)]
pub(super) struct Tag {
    pub(super) models: BTreeSet<String>,
    pub(super) bodies: bool,
}

impl<'c> Planner<'c> {
    /// The paths with a plan for each operation.
    pub(super) fn operations(&self, files: &mut BTreeSet<String>) -> Value {
        let mut paths: Vec<(String, Value, String)> = Vec::new();
        let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
        let served = members(&self.root["paths"]).filter(|(path, _)| !path.starts_with("x-"));
        for (path, item) in served {
            let place = format!("paths{path}");
            for (method, operation) in members(item) {
                let place = format!("{place}/{method}");
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let (Some(id), Some(tag)) = (text(operation, "operationId"), tag_of(operation))
                else {
                    continue;
                };
                let gathered = tags.entry(tag.to_owned()).or_default();
                let mut plan = self.operation(path, method, item, operation, &place, gathered);
                plan["id"] = json!(id);
                paths.push((method.clone(), plan, tag.to_owned()));
            }
        }
        for tag in tags.keys() {
            let module = names::module(tag);
            files.insert(format!("apis/{module}.rs"));
            files.insert(format!("routes/{module}.rs"));
        }
        self.carry(paths, &tags)
    }

    fn carry(&self, paths: Vec<(String, Value, String)>, tags: &BTreeMap<String, Tag>) -> Value {
        let mut document = Map::new();
        let order: Vec<&String> = tags.keys().collect();
        for (method, mut plan, tag) in paths {
            let gathered = &tags[&tag];
            let index = order.iter().position(|each| **each == tag);
            let described = items(&self.root["tags"]).find(|each| text(each, "name") == Some(&tag));
            let description = described.and_then(|each| text(each, "description"));
            plan["module"] = json!(names::module(&tag));
            plan["trait"] = json!(names::pascal(&tag));
            plan["tag_doc"] = json!(docs::lines(
                description,
                &format!("The operations of tag `{tag}`.")
            ));
            plan["imports"] = json!(gathered.models);
            plan["imported"] = json!(!gathered.models.is_empty());
            plan["bodies"] = json!(gathered.bodies);
            // RFC 9110, section 9.2.1: what is not safe may change something.
            plan["writes"] = json!(!matches!(
                method.as_str(),
                "get" | "head" | "options" | "trace"
            ));
            // Made-up names: of the real ones the generator would read parameters, or make others.
            let carrier = json!({
                "operationId": format!("operation_{}", plan["id"].as_str().unwrap_or_default()),
                "tags": [format!("Tag{:05}", index.unwrap_or_default())],
                "responses": { "204": { "description": "carrier" } },
                "x-rust": plan,
            });
            document.insert(
                format!("/{:05}", document.len()),
                json!({ method: carrier }),
            );
        }
        Value::Object(document)
    }

    fn operation(
        &self,
        path: &str,
        method: &str,
        item: &'c Value,
        operation: &'c Value,
        place: &str,
        tag: &mut Tag,
    ) -> Value {
        let id = text(operation, "operationId").unwrap_or_default();
        let [response, params_type] = naming::operation_types(id);
        let mut scope = Scope::beside_operations();
        let mut arguments = Vec::new();
        match self.identity(operation) {
            Identity::None => {}
            Identity::Optional => arguments.push(argument(
                "identity",
                "Option<Self::Identity>",
                "validated.optional_identity()",
            )),
            Identity::Required => {
                arguments.push(argument(
                    "identity",
                    "Self::Identity",
                    "validated.identity()?",
                ));
            }
        }
        let fields = self.parameters(item, operation, place, &mut scope);
        let params = if fields.is_empty() {
            json!(false)
        } else {
            arguments.push(argument("params", &params_type, "validated.params()?"));
            let limits: Vec<&Value> = fields
                .iter()
                .flat_map(|field| items(&field["limits"]))
                .collect();
            json!({
                "params_type": params_type,
                "params_limited": !limits.is_empty(),
                "params_limits": limits,
                "params_fields": fields,
            })
        };
        let body = self.body(operation, place, &mut scope);
        arguments.extend(body.iter().map(|body| body.argument.clone()));
        let variants = self.variants(operation, place, &mut scope, tag);
        let media_types = self.media_types(operation, place);
        self.check_problem_codes(operation, place);
        tag.models.append(&mut scope.models);
        json!({
            "doc": self.operation_doc(path, method, operation, id),
            "response": response,
            "params": params,
            "body_choice": body.as_ref().map_or(json!(false), |body| body.choice.clone()),
            "body_form": body.as_ref().map_or(json!(false), |body| body.form.clone()),
            "takes": !arguments.is_empty(),
            "arguments": arguments,
            "variants": variants,
            "negotiated": !media_types.is_empty(),
            "media_types": media_types,
        })
    }

    fn operation_doc(
        &self,
        path: &str,
        method: &str,
        operation: &'c Value,
        id: &str,
    ) -> Vec<String> {
        let mut lines = docs::lines(
            text(operation, "summary"),
            &format!("The operation `{id}`."),
        );
        if let Some(description) = text(operation, "description") {
            lines.push(String::new());
            lines.extend(docs::lines(Some(description), ""));
        }
        lines.push(String::new());
        let words = self.requirement_in_words(operation);
        let path = docs::code(&format!("{} {path}", method.to_uppercase()));
        lines.push(format!("{path}; {words}."));
        lines
    }
}

/// Returns the types that stand in the modules of operations besides models: their traits, replies and parameters, and
/// what the template names without a path.
pub(super) fn types_beside(root: &Value) -> BTreeSet<String> {
    let items = members(&root["paths"]).flat_map(|(_, item)| members(item));
    let mut types: BTreeSet<String> = ["Body", "RequestContext", "Security"]
        .map(String::from)
        .into();
    for (_, operation) in items {
        types.extend(tag_of(operation).map(names::pascal));
        let id = text(operation, "operationId");
        types.extend(id.map(naming::operation_types).into_iter().flatten());
        if let Some(id) = id.filter(|_| operation.get("requestBody").is_some()) {
            let BodyTypes { choice, form } = BodyTypes::of(id, root);
            types.extend([choice, form]);
        }
    }
    types
}

fn tag_of(operation: &Value) -> Option<&str> {
    operation["tags"].get(0)?.as_str()
}
