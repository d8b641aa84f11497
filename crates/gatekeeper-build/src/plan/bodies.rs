//! Bodies: one argument, of the type that the media types have in common, else an enum with a variant for each of them.

use super::arguments::{argument, taken_from_request};
use super::media::word;
use super::types::Scope;
use super::{Planner, docs, flag, items, names, text};
use openapi::{BodyContent, BodyForm, FieldContent, Fields, naming};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The body of an operation.
pub(super) struct Body {
    pub(super) argument: Value,
    /// The enum of its media types; false where it is none.
    pub(super) choice: Value,
    /// The struct of a form with files; false where it is none.
    pub(super) form: Value,
}

/// A body in one media type.
#[derive(PartialEq)]
struct Taken {
    rust: String,
    /// The expressions that take it out of the request: one that is there, and one that may not be.
    decoded: String,
    optional: (String, String),
}

impl Taken {
    /// A body that is no one value.
    fn content(rust: &str) -> Self {
        Self {
            rust: rust.to_owned(),
            decoded: "validated.content()?".to_owned(),
            optional: (
                format!("Option<{rust}>"),
                "validated.optional_content()?".to_owned(),
            ),
        }
    }

    /// A value that has been decoded.
    fn value(kind: &super::types::Type) -> Self {
        let (rust, decoded) = taken_from_request("body()", "body::<WIRE>()", kind, true);
        let optional = taken_from_request("body()", "body::<WIRE>()", kind, false);
        Self {
            rust,
            decoded,
            optional,
        }
    }

    fn plain(rust: &str) -> Self {
        Self {
            rust: rust.to_owned(),
            decoded: "validated.body()?".to_owned(),
            optional: (format!("Option<{rust}>"), "validated.body()?".to_owned()),
        }
    }
}

impl<'c> Planner<'c> {
    /// Returns the argument for the body, if there is one, and the types that are made for it.
    pub(super) fn body(
        &self,
        operation: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Option<Body> {
        let id = text(operation, "operationId")?;
        let read = self.read(id)?.body.as_ref()?;
        let body = operation.get("requestBody")?;
        let (body, place) = self.resolve(body, &format!("{place}/requestBody"));
        let types = self.body_types(id);
        let mut form = json!(false);
        let mut taken = Vec::new();
        for content in &read.content {
            let place = format!("{place}/content/{}", content.key);
            let declared = &body["content"][&content.key];
            if let BodyForm::Multipart(fields, _) = &content.form {
                form = self.upload(&types.form, fields, declared, &place, scope);
            }
            taken.push(self.taken(content, declared, &place, &types.form, scope));
        }
        let (first, rest) = taken.split_first()?;
        // Which bytes they are is to be told; a stream tells it itself.
        let tells = rest.is_empty() || first.rust != BYTES;
        let mut choice = json!(false);
        let whole = if tells && rest.iter().all(|other| other == first) {
            first
        } else {
            choice = variants(&types.choice, &read.content, &taken);
            &Taken::content(&types.choice)
        };
        let (rust, decoded) = if flag(body, "required") {
            (&whole.rust, &whole.decoded)
        } else {
            (&whole.optional.0, &whole.optional.1)
        };
        Some(Body {
            argument: argument("body", rust, decoded),
            choice,
            form,
        })
    }

    fn taken(
        &self,
        content: &BodyContent,
        declared: &'c Value,
        place: &str,
        form: &str,
        scope: &mut Scope,
    ) -> Taken {
        let schema = declared.get("schema");
        match (&content.form, schema) {
            (BodyForm::Bytes, _) => Taken::content(BYTES),
            (BodyForm::Stream, _) => Taken::content("gatekeeper::BodyStream"),
            (BodyForm::Multipart(..), _) => Taken::content(form),
            (_, Some(schema)) => {
                let place = format!("{place}/schema");
                Taken::value(&self.type_of(schema, &place, scope))
            }
            (BodyForm::Text(..), None) => Taken::plain("String"),
            (_, None) => Taken::plain("serde_json::Value"),
        }
    }

    /// The struct of a form with files: a field for each property.
    fn upload(
        &self,
        name: &str,
        fields: &Fields,
        declared: &'c Value,
        place: &str,
        scope: &mut Scope,
    ) -> Value {
        let place = format!("{place}/schema");
        let mut required = BTreeSet::new();
        self.required(&declared["schema"], &place, 0, &mut required);
        let others = if fields.members.closed {
            &[][..]
        } else {
            &["other_values", "other_files"]
        };
        let made = fields.named.iter();
        let made = made.map(|field| (field.name.as_str(), names::snake(&field.name)));
        let made = names::distinct(made.chain(others.iter().map(|name| ("", (*name).to_owned()))));
        let mut planned = Vec::new();
        for (name, field) in made.iter().zip(&fields.named) {
            let wire = names::literal(&field.name);
            let always = required.contains(field.name.as_str());
            let property = self.property(&declared["schema"], &field.name, &place, 0);
            let (rust, decoded) = match &field.content {
                FieldContent::File(rule) if rule.many => {
                    (format!("Vec<{FILE}>"), format!("validated.files({wire})?"))
                }
                FieldContent::File(_) if always => {
                    (FILE.to_owned(), format!("validated.file({wire})?"))
                }
                FieldContent::File(_) => (
                    format!("Option<{FILE}>"),
                    format!("validated.optional_file({wire})?"),
                ),
                FieldContent::Value(_) => match &property {
                    Some((schema, place)) => {
                        let kind = self.type_of(schema, place, scope);
                        let always = always || field.default.is_some();
                        let plain = format!("part({wire})");
                        let typed = format!("part::<WIRE>({wire})");
                        taken_from_request(&plain, &typed, &kind, always)
                    }
                    None => continue,
                },
            };
            let description = property.and_then(|(schema, _)| text(schema, "description"));
            let sentence = format!("The field {}.", docs::code(&field.name));
            planned.push(json!({
                "field": name,
                "type": rust,
                "decoded": decoded,
                "field_doc": docs::lines(description, &sentence),
            }));
        }
        let mut others = made.iter().skip(fields.named.len());
        if let (Some(values), Some(files)) = (others.next(), others.next()) {
            planned.push(json!({
                "field": values,
                "type": "serde_json::Map<String, serde_json::Value>",
                "decoded": "validated.other_parts()?",
                "field_doc": ["Values of other names."],
            }));
            planned.push(json!({
                "field": files,
                "type": format!("Vec<{FILE}>"),
                "decoded": "validated.other_files()?",
                "field_doc": ["Files of other names."],
            }));
        }
        json!({ "form_type": name, "form_fields": planned })
    }

    /// Finds a property of a schema, or of the parts that it is made of.
    fn property(
        &self,
        schema: &'c Value,
        name: &str,
        place: &str,
        depth: usize,
    ) -> Option<(&'c Value, String)> {
        let (schema, place) = self.resolve(schema, place);
        if depth > DEEPEST {
            return None;
        }
        if let Some(property) = schema["properties"].get(name) {
            return Some((property, format!("{place}/properties/{name}")));
        }
        let mut parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|keyword| {
            let parts = items(&schema[keyword]).enumerate();
            parts.map(move |(index, part)| (format!("{keyword}/{index}"), part))
        });
        parts.find_map(|(step, part)| {
            self.property(part, name, &format!("{place}/{step}"), depth + 1)
        })
    }

    /// Gathers the names of properties that are always there.
    fn required(
        &self,
        schema: &'c Value,
        place: &str,
        depth: usize,
        names: &mut BTreeSet<&'c str>,
    ) {
        let (schema, place) = self.resolve(schema, place);
        names.extend(items(&schema["required"]).filter_map(Value::as_str));
        if depth > DEEPEST {
            return;
        }
        for (index, part) in items(&schema["allOf"]).enumerate() {
            self.required(part, &format!("{place}/allOf/{index}"), depth + 1, names);
        }
    }

    /// Returns the names of the types that are made for a body.
    fn body_types(&self, id: &str) -> BodyTypes {
        BodyTypes::of(id, self.root)
    }
}

const BYTES: &str = "gatekeeper::Bytes";
const FILE: &str = "gatekeeper::UploadedFile";
/// Parts in each other, at most.
const DEEPEST: usize = 16;

/// The types that may be made for a body.
pub(super) struct BodyTypes {
    pub(super) choice: String,
    pub(super) form: String,
}

impl BodyTypes {
    /// Returns the names that no schema has.
    pub(super) fn of(id: &str, root: &Value) -> Self {
        let schemas = &root["components"]["schemas"];
        let name = naming::pascal(id);
        let free = |endings: [&str; 2]| {
            let mut made = endings.iter().map(|ending| format!("{name}{ending}"));
            let found = made.find(|made| schemas.get(made).is_none());
            found.unwrap_or_else(|| format!("{name}{}OfRequest", endings[0]))
        };
        Self {
            choice: free(["Body", "Content"]),
            form: free(["Form", "FormData"]),
        }
    }
}

/// The enum of the media types of a body.
fn variants(name: &str, contents: &[BodyContent], taken: &[Taken]) -> Value {
    let all: Vec<&str> = contents
        .iter()
        .map(|content| content.name.as_str())
        .collect();
    let mut words: Vec<String> = Vec::new();
    for media_type in &all {
        let word = match *media_type {
            "application/x-www-form-urlencoded" => "Form".to_owned(),
            "multipart/form-data" => "Multipart".to_owned(),
            media_type => word(media_type, &all),
        };
        // `video/3gpp`
        let word = if naming::is_free_type_name(&word) {
            word
        } else {
            format!("Type{word}")
        };
        let numbered = (2..).map(|number| format!("{word}{number}"));
        let mut free = std::iter::once(word.clone()).chain(numbered);
        words.extend(free.find(|word| !words.contains(word)));
    }
    let variants: Vec<Value> = words
        .into_iter()
        .zip(contents.iter().zip(taken))
        .map(|(word, (content, taken))| {
            json!({
                "variant": word,
                "type": taken.rust,
                "wire": names::literal(&content.name),
                "wire_doc": docs::code(&content.name),
                "decoded": taken.decoded,
            })
        })
        .collect();
    json!({ "choice_type": name, "choice_variants": variants })
}
