//! The templates, filled without OpenAPI Generator: as much of Mustache as they use.

use crate::folder;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;

/// The templates by their name.
pub(crate) struct Templates(BTreeMap<String, Vec<Node>>);

enum Node {
    Text(String),
    Name(String),
    Partial(String),
    Section {
        name: String,
        inverted: bool,
        inside: Vec<Node>,
    },
}

impl Templates {
    pub(crate) fn load() -> Self {
        let entries = fs::read_dir(folder().join("templates")).unwrap();
        let templates = entries.map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(path).unwrap();
            (name, parse(&mut &*text, None))
        });
        Self(templates.collect())
    }

    /// Every file that comes of a planned document, each under the name of its template and a number.
    pub(crate) fn fill(&self, document: &Value) -> Vec<(String, String)> {
        let extended = |value: &Value| json!({ "vendorExtensions": { "x-rust": value["x-rust"] } });
        let values = |value: &Value| -> Vec<Value> {
            let members = value.as_object().into_iter().flatten();
            members.map(|(_, value)| extended(value)).collect()
        };
        let components = &document["components"];
        let models: Vec<Value> = values(&components["schemas"])
            .into_iter()
            .map(|model| json!({ "model": model }))
            .collect();
        let schemes = values(&components["securitySchemes"]);
        let mut tags: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
        for item in document["paths"].as_object().into_iter().flatten() {
            for operation in item.1.as_object().into_iter().flatten() {
                let tag = operation.1["tags"][0].as_str().unwrap();
                let operations = tags.entry(tag.to_owned()).or_default();
                let id = operation.1["operationId"].to_string();
                operations.push((id, extended(operation.1)));
            }
        }
        let apis: Vec<Value> = tags
            .into_values()
            .map(|mut operations| {
                // As the generator does.
                operations.sort_by(|(one, _), (other, _)| one.cmp(other));
                let operations: Vec<Value> = operations.into_iter().map(|(_, each)| each).collect();
                json!({ "codeRoot": "crate", "operations": { "operation": operations } })
            })
            .collect();
        let whole = json!({
            "generatorVersion": "0",
            "contractName": "openapi.yaml",
            "contractPath": "\"../../openapi.yaml\"",
            "codeRoot": "crate",
            "models": models,
            "apiInfo": { "apis": apis },
            "hasAuthMethods": !schemes.is_empty(),
            "authMethods": schemes,
        });
        let mut files = Vec::new();
        for template in ["lib", "security", "models", "apis", "routes"] {
            files.push((template.to_owned(), self.one(template, &whole)));
        }
        for (index, model) in models.iter().enumerate() {
            let context =
                json!({ "generatorVersion": "0", "codeRoot": "crate", "models": [model] });
            files.push((format!("model {index}"), self.one("model", &context)));
        }
        for (index, api) in apis.iter().enumerate() {
            for template in ["api", "route"] {
                files.push((format!("{template} {index}"), self.one(template, api)));
            }
        }
        files
    }

    fn one(&self, template: &str, context: &Value) -> String {
        let mut out = String::new();
        self.write(&self.0[template], &mut vec![context.clone()], &mut out);
        out
    }

    fn write(&self, nodes: &[Node], stack: &mut Vec<Value>, out: &mut String) {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Name(name) => match find(stack, name) {
                    Value::String(text) => out.push_str(&text),
                    Value::Null => {}
                    other => out.push_str(&other.to_string()),
                },
                Node::Partial(name) => self.write(&self.0[name], stack, out),
                Node::Section {
                    name,
                    inverted,
                    inside,
                } => {
                    let value = find(stack, name);
                    let holds = match &value {
                        Value::Null | Value::Bool(false) => false,
                        Value::Array(items) => !items.is_empty(),
                        _ => true,
                    };
                    match value {
                        _ if *inverted && !holds => self.write(inside, stack, out),
                        _ if *inverted => {}
                        Value::Array(items) => {
                            let last = items.len().saturating_sub(1);
                            for (index, item) in items.into_iter().enumerate() {
                                stack.push(json!({ "-first": index == 0, "-last": index == last }));
                                stack.push(item);
                                self.write(inside, stack, out);
                                stack.truncate(stack.len() - 2);
                            }
                        }
                        value if holds => {
                            stack.push(value);
                            self.write(inside, stack, out);
                            stack.pop();
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn find(stack: &[Value], name: &str) -> Value {
    if name == "." {
        return stack.last().cloned().unwrap_or_default();
    }
    let mut steps = name.split('.');
    let first = steps.next().unwrap_or_default();
    let start = stack.iter().rev().find_map(|context| context.get(first));
    steps
        .try_fold(start.cloned().unwrap_or_default(), |value, step| {
            value.get(step).cloned()
        })
        .unwrap_or_default()
}

fn parse(rest: &mut &str, section: Option<&str>) -> Vec<Node> {
    let mut nodes = Vec::new();
    while let Some((text, after)) = rest.split_once("{{") {
        nodes.push(Node::Text(text.to_owned()));
        if let Some(after) = after.strip_prefix('{') {
            let (name, after) = after.split_once("}}}").unwrap();
            nodes.push(Node::Name(name.to_owned()));
            *rest = after;
            continue;
        }
        let (tag, after) = after.split_once("}}").unwrap();
        *rest = after;
        let (sign, name) = tag.split_at(1);
        match sign {
            "#" | "^" => nodes.push(Node::Section {
                name: name.to_owned(),
                inverted: sign == "^",
                inside: parse(rest, Some(name)),
            }),
            "/" => {
                assert_eq!(section, Some(name));
                return nodes;
            }
            ">" => nodes.push(Node::Partial(name.to_owned())),
            _ => panic!("the templates use no {{{{{tag}}}}}"),
        }
    }
    assert_eq!(section, None);
    nodes.push(Node::Text((*rest).to_owned()));
    *rest = "";
    nodes
}

/// The members of an object, for those who build one.
pub(crate) fn object(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(Map::from_iter(members))
}
