//! The owners of schemas without a name, outside of other schemas: operations and components.

use super::{Hoister, kinds::is_constant};
use crate::{
    lower::{names::METHODS, places::Step},
    naming,
};
use serde_json::{Map, Value};

impl Hoister<'_> {
    /// Visits everything but `components.schemas`.
    pub(super) fn document(&mut self, document: &mut Value) {
        let members = document.as_object_mut();
        let Some(members) = members else { return };
        if let Some(Value::Object(paths)) = members.get_mut("paths") {
            let paths = paths.iter_mut().filter(|(path, _)| !path.starts_with("x-"));
            self.within("paths", |this| {
                for (path, item) in paths {
                    this.within(path.as_str(), |this| this.path(path, item));
                }
            });
        }
        if let Some(Value::Object(components)) = members.get_mut("components") {
            self.within("components", |this| this.components(components));
        }
    }

    fn path(&mut self, path: &str, item: &mut Value) {
        let words = naming::pascal(&path.replace('{', " by "));
        self.parameters(item, &words);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                self.within(method.as_str(), |this| this.operation(operation));
            }
        }
    }

    fn operation(&mut self, operation: &mut Value) {
        let id = operation.get("operationId").and_then(Value::as_str);
        let Some(name) = id.map(naming::pascal) else {
            return;
        };
        self.parameters(operation, &name);
        if let Some(body) = operation.get_mut("requestBody") {
            let name = format!("{name}Body");
            self.within("requestBody", |this| this.content(body, &name, &name));
        }
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let Some(responses) = responses else { return };
        let mut statuses = responses.keys();
        let success = statuses.find(|status| status.starts_with('2')).cloned();
        self.within("responses", |this| {
            for (status, response) in responses {
                let inner = format!("{name}Response");
                let (own, inner) = if success.as_ref() == Some(status) {
                    // That alone is the type of all replies of the operation.
                    (format!("{inner}Body"), inner)
                } else {
                    let name = format!("{inner}{}", naming::pascal(status));
                    (name.clone(), name)
                };
                this.within(status.as_str(), |this| {
                    this.response(response, &own, &inner)
                });
            }
        });
    }

    fn components(&mut self, components: &mut Map<String, Value>) {
        for (kind, ending) in [
            ("parameters", "Parameter"),
            ("headers", "Header"),
            ("requestBodies", "Body"),
            ("responses", "Response"),
        ] {
            let members = components.get_mut(kind).and_then(Value::as_object_mut);
            for (name, member) in members.into_iter().flatten() {
                let mut made = naming::pascal(name);
                if !made.ends_with(ending) {
                    made.push_str(ending);
                }
                let steps = [kind.into(), name.as_str().into()];
                self.at.extend::<[Step; 2]>(steps);
                match kind {
                    "requestBodies" => self.content(member, &made, &made),
                    "responses" => self.response(member, &made, &made),
                    "headers" => self.header(member, &made),
                    _ => self.parameter(member, &made),
                }
                self.at.truncate(self.at.len() - 2);
            }
        }
    }

    fn parameters(&mut self, owner: &mut Value, name: &str) {
        let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut);
        self.within("parameters", |this| {
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                let own = parameter.get("name").and_then(Value::as_str);
                let name = format!("{name}{}", naming::pascal(own.unwrap_or_default()));
                this.within(Step::Index(index), |this| this.parameter(parameter, &name));
            }
        });
    }

    fn parameter(&mut self, parameter: &mut Value, name: &str) {
        if let Some(schema) = parameter.get_mut("schema") {
            self.within("schema", |this| this.place(schema, name, name));
        }
        self.content(parameter, name, name);
    }

    fn response(&mut self, response: &mut Value, name: &str, inner: &str) {
        let headers = response.get_mut("headers").and_then(Value::as_object_mut);
        self.within("headers", |this| {
            for (header, value) in headers.into_iter().flatten() {
                let name = format!("{inner}{}", naming::pascal(header));
                this.within(header.as_str(), |this| this.header(value, &name));
            }
        });
        self.content(response, name, inner);
    }

    fn header(&mut self, header: &mut Value, name: &str) {
        // A header with one value is written by the generated code itself.
        if let Some(schema) = header
            .get_mut("schema")
            .filter(|schema| !is_constant(schema))
        {
            self.within("schema", |this| this.place(schema, name, name));
        }
    }

    /// Visits the schemas of media types. Where several have the same one, it is one type.
    fn content(&mut self, owner: &mut Value, name: &str, inner: &str) {
        let content = owner.get_mut("content").and_then(Value::as_object_mut);
        let mut seen: Vec<(Value, Value)> = Vec::new();
        let alone = content.as_ref().is_none_or(|content| content.len() == 1);
        self.within("content", |this| {
            for (media_type, value) in content.into_iter().flatten() {
                let Some(schema) = value.get_mut("schema") else {
                    continue;
                };
                if is_form_with_files(media_type) {
                    // Its struct is made for the operation: files are in it. What lies in it is not.
                    let name = format!("{name}{}", if alone { "" } else { "Multipart" });
                    this.within(media_type.as_str(), |this| {
                        this.within("schema", |this| this.parts(schema, &name));
                    });
                    continue;
                }
                if let Some((_, same)) = seen.iter().find(|(original, _)| original == schema) {
                    schema.clone_from(same);
                    continue;
                }
                let original = schema.clone();
                let kind = if seen.is_empty() {
                    ""
                } else {
                    short(media_type)
                };
                let (name, inner) = (format!("{name}{kind}"), format!("{inner}{kind}"));
                this.within(media_type.as_str(), |this| {
                    this.within("schema", |this| this.place(schema, &name, &inner));
                });
                seen.push((original, schema.clone()));
            }
        });
    }
}

/// Returns a word for a media type that is not the first one.
fn short(media_type: &str) -> &'static str {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => "Form",
        json if json.ends_with("json") => "Json",
        xml if xml.ends_with("xml") => "Xml",
        text if text.starts_with("text/") => "Text",
        _ => "Other",
    }
}

fn is_form_with_files(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("multipart/form-data")
}
