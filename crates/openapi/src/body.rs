//! Request bodies: JSON, forms, text, and what is taken as bytes.

use crate::{
    Defects, Fields, MediaRange, MediaType, Scalar, Schema, Shape, examples, fields::without_files,
    is_json, operation::Components, paths::Located, shape::shape,
};
use serde_json::{Map, Value, json};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of forms with files (RFC 7578).
const MULTIPART: &str = "multipart/form-data";

/// The request body of an operation.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Set when a request without a body is a violation.
    pub required: bool,
    /// One for each media type that is taken. A range with a schema of an object is in it twice: for JSON, and for all else.
    pub content: Vec<BodyContent>,
}

/// The body in one media type.
#[derive(Clone, Debug)]
pub struct BodyContent {
    /// The media type or range, as the contract writes it: its key in `content`.
    pub key: String,
    /// The same; of the JSON in a range, `application/json`.
    pub name: String,
    /// The form in which it is read.
    pub form: BodyForm,
}

/// The form in which a body is read.
#[derive(Clone, Debug)]
pub enum BodyForm {
    /// JSON.
    Json(Schema),
    /// A form (WHATWG URL section 5.1), and the schema of its object.
    Form(Fields, Schema),
    /// A form with files (RFC 7578), and the schema of its object, in which anything may stand for a file.
    Multipart(Fields, Schema),
    /// Text, and the schema of its value.
    Text(Shape, Schema),
    /// Bytes at once.
    Bytes,
    /// Bytes as they come.
    Stream,
}

impl RequestBody {
    pub(crate) fn read(
        operation: &Located,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Option<Self> {
        let body = operation.json.get("requestBody")?;
        let place = format!("{}.requestBody", operation.location);
        if components.is_strict() && ["GET", "DELETE"].contains(&operation.method) {
            defects.add(
                &place,
                format!(
                    "a body has no meaning for {} (RFC 9110 section 9.3); use parameters",
                    operation.method
                ),
            );
        }
        let content = body.get("content").and_then(Value::as_object);
        if content.is_none_or(Map::is_empty) {
            let problem = "has no content; state the media types that it takes";
            components.not_enforced(&place, problem, defects);
            return None;
        }
        let body_types: Vec<&String> = content.into_iter().flat_map(Map::keys).collect();
        let mut read = Vec::new();
        for (name, content) in content.into_iter().flatten() {
            let place = format!("{place}.content.{name}");
            let mut reader = Reader {
                components,
                defects,
                place,
                takes_json: body_types.iter().any(|name| is_json(name)),
            };
            read.extend(reader.content(name, content).unwrap_or_default());
        }
        Some(Self {
            content: read,
            required: body.get("required") == Some(&Value::Bool(true)),
        })
    }

    /// Returns the content that is of a media type. A type goes before a range; the first one where several fit alike.
    #[must_use]
    pub fn content_of(&self, media_type: &MediaType<'_>) -> Option<&BodyContent> {
        let fitting = self.content.iter().filter_map(|content| {
            let fit = content.fit(media_type)?;
            Some((fit, content))
        });
        // The last of the largest is the first that is written.
        let fitting = fitting.rev();
        fitting
            .max_by_key(|(fit, _)| *fit)
            .map(|(_, content)| content)
    }
}

impl BodyContent {
    fn fit(&self, media_type: &MediaType<'_>) -> Option<usize> {
        if self.key != self.name && !is_json(&media_type.essence()) {
            return None;
        }
        MediaRange::parse(&self.key)?.fit(media_type)
    }

    /// Returns the schema that its value is held to.
    #[must_use]
    pub fn schema(&self) -> Option<&Schema> {
        match &self.form {
            BodyForm::Json(schema)
            | BodyForm::Form(_, schema)
            | BodyForm::Multipart(_, schema)
            | BodyForm::Text(_, schema) => Some(schema),
            BodyForm::Bytes | BodyForm::Stream => None,
        }
    }
}

struct Reader<'a, 'd> {
    components: &'a Components<'a>,
    defects: &'d mut Defects,
    place: String,
    /// Set when JSON is among the media types of the body.
    takes_json: bool,
}

impl Reader<'_, '_> {
    fn content(&mut self, name: &str, content: &Value) -> Option<Vec<BodyContent>> {
        let range = MediaRange::parse(name);
        let is_known = |range: &MediaRange<'_>| {
            !self.components.is_strict() || (!range.has_wildcard() && range.parameters.is_empty())
        };
        let Some(range) = range.filter(is_known) else {
            self.defects.add(
                &self.place,
                if self.components.is_strict() {
                    "must be one media type without parameters"
                } else {
                    "is no media type; write one such as `application/json`"
                },
            );
            return None;
        };
        let essence = range.essence();
        let schema = content.get("schema");
        if self.components.is_strict() && schema.is_none() {
            self.defects
                .add(&self.place, "has no schema; what it takes has to be stated");
            return None;
        }
        let is_form = [FORM, MULTIPART].contains(&essence.as_str());
        if content.get("encoding").is_some() && !is_form {
            self.not_enforced("its `encoding` has no effect; it is for forms");
        }
        let form = if is_json(&essence) {
            BodyForm::Json(self.schema(schema, content)?)
        } else if essence == FORM {
            self.form(schema, content)?
        } else if essence == MULTIPART {
            self.multipart(schema, content)?
        } else {
            self.other(&essence, schema, content)?
        };
        let mut read = Vec::new();
        if self.holds_json(&essence) && matches!(form, BodyForm::Bytes) {
            read.push(BodyContent {
                key: name.to_owned(),
                name: "application/json".to_owned(),
                form: BodyForm::Json(self.schema(schema, content)?),
            });
        }
        read.push(BodyContent {
            key: name.to_owned(),
            name: name.to_owned(),
            form,
        });
        Some(read)
    }

    /// Returns true for a range that takes JSON which no other media type takes.
    fn holds_json(&self, essence: &str) -> bool {
        !self.takes_json && matches!(essence, "*/*" | "application/*")
    }

    /// Compiles the schema; one that takes anything where none is stated.
    fn schema(&mut self, schema: Option<&Value>, content: &Value) -> Option<Schema> {
        let anything = json!({});
        let compiled = self.components.schemas.compile(
            schema.unwrap_or(&anything),
            &format!("{}.schema", self.place),
            self.defects,
        )?;
        examples::check(
            content,
            &compiled,
            &self.place,
            self.components,
            self.defects,
        );
        Some(compiled)
    }

    fn shape(&mut self, schema: Option<&Value>) -> Shape {
        let anything = json!({});
        let place = format!("{}.schema", self.place);
        shape(
            schema.unwrap_or(&anything),
            &place,
            self.components,
            self.defects,
        )
    }

    fn form(&mut self, schema: Option<&Value>, content: &Value) -> Option<BodyForm> {
        let object = json!({ "type": "object" });
        let says_nothing = schema.is_none_or(|schema| schema == &json!({}));
        let schema = schema.filter(|_| !says_nothing).or(Some(&object));
        let shape = self.shape(schema);
        match Fields::of(shape, content, false) {
            Some(fields) => Some(BodyForm::Form(fields, self.schema(schema, content)?)),
            None => {
                self.not_enforced("a form is an object");
                Some(BodyForm::Bytes)
            }
        }
    }

    fn multipart(&mut self, schema: Option<&Value>, content: &Value) -> Option<BodyForm> {
        let shape = self.shape(schema);
        if schema.is_none() || matches!(shape, Shape::Scalar(_)) {
            return Some(BodyForm::Stream);
        }
        match Fields::of(shape, content, true) {
            Some(mut fields) => {
                let raw = self.components.schemas.raw();
                let relaxed = schema.map(|schema| without_files(schema, &mut fields, raw));
                let compiled = self.schema(relaxed.as_ref(), content)?;
                Some(BodyForm::Multipart(fields, compiled))
            }
            None => {
                self.not_enforced("a form is an object");
                Some(BodyForm::Stream)
            }
        }
    }

    /// Reads what is neither JSON nor a form.
    fn other(
        &mut self,
        essence: &str,
        schema: Option<&Value>,
        content: &Value,
    ) -> Option<BodyForm> {
        let is_text = is_text(essence);
        if schema.is_none() && !is_text {
            return Some(BodyForm::Stream);
        }
        let text = json!({ "type": "string" });
        let schema = schema.unwrap_or(&text);
        match self.shape(Some(schema)) {
            Shape::Scalar(Scalar::Bytes) => Some(BodyForm::Stream),
            Shape::Scalar(Scalar::Text) if !is_text => Some(BodyForm::Stream),
            shape @ (Shape::Scalar(_) | Shape::Several(_)) if is_text => {
                Some(BodyForm::Text(shape, self.schema(Some(schema), content)?))
            }
            _ if self.holds_json(essence) => {
                self.not_enforced(
                    "its schema is enforced for JSON only; what is sent as another type is taken as bytes",
                );
                Some(BodyForm::Bytes)
            }
            _ => {
                self.not_enforced(
                    "its schema is not enforced, and it is taken as bytes; only JSON, forms and text are held to a schema",
                );
                Some(if is_long(essence) {
                    BodyForm::Stream
                } else {
                    BodyForm::Bytes
                })
            }
        }
    }

    fn not_enforced(&mut self, problem: &str) {
        self.components
            .not_enforced(&self.place, problem, self.defects);
    }
}

/// Returns true for text, which is taken as such.
fn is_text(essence: &str) -> bool {
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+yaml")
        || matches!(
            essence,
            "application/xml" | "application/yaml" | "application/x-yaml"
        )
}

/// Returns true for what is not held in memory, whatever its schema says: files, parts and lists without an end.
fn is_long(essence: &str) -> bool {
    ["audio/", "font/", "image/", "multipart/", "video/"]
        .iter()
        .any(|kind| essence.starts_with(kind))
        || matches!(
            essence,
            "application/gzip"
                | "application/jsonl"
                | "application/json-seq"
                | "application/ndjson"
                | "application/octet-stream"
                | "application/pdf"
                | "application/x-ndjson"
                | "application/x-tar"
                | "application/zip"
        )
}
