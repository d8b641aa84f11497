//! Path parameters: each expression of a path has one, and there is no other.

use super::{
    place::Place,
    walk::{self, Visitor},
};
use crate::{Defects, paths::METHODS, template, types::Shape};
use serde_json::{Map, Value, json};

/// Adds those that are missing, as texts, and leaves out those that no path has.
pub(super) fn complete(document: &mut Value, notices: &mut Defects) {
    walk::document(document, &mut Required(notices));
    let Value::Object(document) = document else {
        return;
    };
    let components = document.get("components").cloned();
    let components = components.as_ref().and_then(|all| all.get("parameters"));
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        // A template that is none is a defect of its own.
        let mut broken = Defects::default();
        let names = template::expressions(path, "", &mut broken);
        let (Value::Object(item), true) = (item, broken.is_empty()) else {
            continue;
        };
        let mut completion = Completion {
            names,
            components,
            notices,
        };
        let place = format!("paths.{path}");
        let shared = completion.declared(item, &place);
        for (method, _) in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                let place = format!("{place}.{method}");
                let own = completion.declared(operation, &place);
                completion.add(operation, &[&shared, &own], &place);
            }
        }
    }
}

/// Marks each path parameter as required.
struct Required<'n>(&'n mut Defects);

impl Visitor for Required<'_> {
    fn enter(&mut self, shape: Shape, value: &mut Value, place: &Place<'_>) -> bool {
        if let (Shape::Parameter, Value::Object(members)) = (shape, value)
            && members.get("in") == Some(&json!("path"))
            && members.get("required") != Some(&Value::Bool(true))
        {
            self.0.add(
                place.text(),
                "a path parameter is always there, as `required: true` would say",
            );
            members.insert("required".to_owned(), Value::Bool(true));
        }
        shape != Shape::Schema
    }
}

struct Completion<'p, 'n> {
    /// Those of the expressions in the path.
    names: Vec<&'p str>,
    components: Option<&'p Value>,
    notices: &'n mut Defects,
}

impl Completion<'_, '_> {
    /// Returns the names of the path parameters that an object declares; those without an expression are left out.
    fn declared(&mut self, owner: &mut Map<String, Value>, place: &str) -> Vec<String> {
        let mut declared = Vec::new();
        let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
            return declared;
        };
        let mut index = 0;
        parameters.retain(|parameter| {
            let name = self.path_parameter(parameter);
            let is_kept = name
                .as_deref()
                .is_none_or(|name| self.names.contains(&name));
            if let Some(name) = name {
                if is_kept {
                    declared.push(name);
                } else {
                    let problem = format!("has no effect: the path has no `{{{name}}}`");
                    self.notices
                        .add(format!("{place}.parameters[{index}]"), problem);
                }
            }
            index += 1;
            is_kept
        });
        declared
    }

    /// Returns the name of a parameter that is one of the path.
    fn path_parameter(&self, parameter: &Value) -> Option<String> {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        let parameter = match reference {
            Some(reference) => {
                let name = reference.strip_prefix("#/components/parameters/")?;
                self.components?.get(name)?
            }
            None => parameter,
        };
        let is_in_path = parameter.get("in").and_then(Value::as_str) == Some("path");
        let name = parameter.get("name").and_then(Value::as_str);
        name.filter(|_| is_in_path).map(str::to_owned)
    }

    /// Adds a parameter for each expression that has none.
    fn add(&mut self, operation: &mut Map<String, Value>, declared: &[&Vec<String>], place: &str) {
        for name in &self.names {
            if declared
                .iter()
                .any(|names| names.iter().any(|known| known == name))
            {
                continue;
            }
            let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
            if let Value::Array(parameters) = parameters {
                parameters.push(json!({
                    "name": name, "in": "path", "required": true, "schema": { "type": "string" },
                }));
                self.notices.add(
                    place,
                    format!(
                        "no path parameter `{name}` is declared, which the path has; it is a text"
                    ),
                );
            }
        }
    }
}
