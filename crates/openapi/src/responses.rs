//! Responses: headers and content for a status, a class of statuses, or all others.

use crate::{
    Defects, MediaRange, MediaType, Schema, Shape, Status, examples, is_json,
    media_type::is_header_name, operation::Components, paths::Located, shape::shape,
};
use serde_json::{Map, Value};

const PROBLEM_CODES: &str = "x-problem-codes";

/// A response of an operation.
#[derive(Clone, Debug)]
pub struct Response {
    /// The statuses that it is for.
    pub status: Status,
    /// The same, as the contract writes it.
    pub key: String,
    /// The headers declared.
    pub headers: Vec<Header>,
    /// One for each media type; none where there is no content.
    pub content: Vec<Content>,
    /// `x-problem-codes`: the codes that its problems may have; any code where there is no list.
    pub problem_codes: Option<Vec<String>>,
}

/// A header of a response; its style is `simple`.
#[derive(Clone, Debug)]
pub struct Header {
    /// The name, as the contract writes it.
    pub name: String,
    /// Set when each response of the status has it.
    pub required: bool,
    /// The form of an object: `a=1,b=2` when set, else `a,1,b,2`.
    pub explode: bool,
    /// The form of its text; none where it is not held to one.
    pub text: Option<HeaderText>,
}

/// The form of a header's text.
#[derive(Clone, Debug)]
pub struct HeaderText {
    /// The shape that the text is decoded to; none where the text is JSON (`content`).
    pub shape: Option<Shape>,
    /// The schema of the decoded value.
    pub schema: Schema,
}

/// The content of a response in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type or range, as the contract writes it.
    pub name: String,
    /// Type and subtype in lower case; either may be `*`.
    pub essence: String,
    /// The schema of JSON; other content is not looked into.
    pub schema: Option<Schema>,
    /// The component that it is.
    pub schema_name: Option<String>,
}

impl Content {
    /// Returns true if a body of this media type is of this content; parameters do not count.
    #[must_use]
    pub fn holds(&self, media_type: &MediaType<'_>) -> bool {
        let essence = media_type.essence();
        match self.essence.strip_suffix("/*") {
            Some("*") => true,
            Some(kind) => essence
                .split_once('/')
                .is_some_and(|(sent, _)| sent == kind),
            None => essence == self.essence,
        }
    }

    /// Returns true if it is a range of media types.
    #[must_use]
    pub fn is_range(&self) -> bool {
        self.essence.ends_with("/*")
    }

    /// Returns true for a range, such as `*/*`, that JSON is in.
    fn may_be_json(&self) -> bool {
        matches!(self.essence.as_str(), "*/*" | "application/*")
    }
}

impl Response {
    /// Reads the responses of an operation, the most specific first.
    pub(crate) fn read_all(
        operation: &Located,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Vec<Self> {
        let is_strict = components.is_strict();
        let declared = operation.json.get("responses").and_then(Value::as_object);
        if is_strict && declared.is_none_or(Map::is_empty) {
            defects.add(
                &operation.location,
                "has no responses; every status that it can return is declared",
            );
        }
        let mut responses: Vec<Self> = Vec::new();
        let mut has_refused_status = false;
        for (key, response) in declared.into_iter().flatten() {
            let place = format!("{}.responses.{key}", operation.location);
            let mut reader = Reader {
                components,
                defects,
                place,
            };
            match reader.status(key) {
                Some(status) if responses.iter().any(|known| known.status == status) => {
                    reader.defects.add(
                        &reader.place,
                        format!("is declared twice; leave one {status}"),
                    );
                }
                Some(status) => responses.push(reader.response(status, key, response)),
                None => has_refused_status = true,
            }
        }
        let has_success = responses
            .iter()
            .any(|response| response.status.is_success());
        if is_strict && !has_refused_status && !has_success {
            defects.add(
                &operation.location,
                "declares no success (a status from 200 to 399)",
            );
        }
        responses.sort_by_key(|response| response.status);
        responses
    }
}

struct Reader<'a, 'd> {
    components: &'a Components<'d>,
    defects: &'a mut Defects,
    place: String,
}

impl Reader<'_, '_> {
    fn is_strict(&self) -> bool {
        self.components.is_strict()
    }

    /// Reads the key of a response.
    fn status(&mut self, key: &str) -> Option<Status> {
        let status = Status::parse(key);
        if self.is_strict() {
            let sent = status.filter(|status| matches!(status, Status::Exact(200..600)));
            if sent.is_none() {
                self.defects.add(&self.place, "is no status that can be sent; ranges and `default` would hide what is returned, so each status is listed");
            }
            return sent;
        }
        if status.is_none() {
            self.defects.add(
                &self.place,
                "is no status; write one such as `200`, a class such as `4XX`, or `default`",
            );
        }
        status
    }

    fn response(&mut self, status: Status, key: &str, response: &Value) -> Response {
        let members = |name: &str| response.get(name).and_then(Value::as_object);
        let mut content = members("content").filter(|content| !content.is_empty());
        if status.is_empty() && content.is_some() {
            self.components.not_enforced(
                &self.place,
                "a reply of this status has no content (RFC 9110 section 15); leave it out",
                self.defects,
            );
            content = content.filter(|_| self.is_strict());
        }
        let headers = members("headers").into_iter().flatten();
        let headers = headers.filter_map(|(name, header)| self.header(name, header));
        let headers = headers.collect();
        let content = content.into_iter().flatten();
        let content = content.filter_map(|(name, media_type)| self.content(name, media_type));
        Response {
            status,
            key: key.to_owned(),
            headers,
            content: content.collect(),
            problem_codes: problem_codes(response),
        }
    }

    fn content(&mut self, name: &str, media_type: &Value) -> Option<Content> {
        let place = format!("{}.content.{name}", self.place);
        let range =
            MediaRange::parse(name).filter(|range| !range.has_wildcard() || !self.is_strict());
        let Some(essence) = range.map(|range| range.essence()) else {
            let problem = if self.is_strict() {
                "is no media type; ranges would hide what is returned"
            } else {
                "is no media type; write one such as `application/json`"
            };
            self.defects.add(place, problem);
            return None;
        };
        let mut content = Content {
            name: name.to_owned(),
            essence,
            schema: None,
            schema_name: None,
        };
        let schema = media_type.get("schema");
        if schema.is_some_and(|schema| self.is_binary(schema)) && is_json(name) {
            self.components.not_enforced(
                &place,
                "is bytes (`format: binary`), which are not held against being JSON",
                self.defects,
            );
            return Some(content);
        }
        // A range holds JSON, too.
        if !is_json(name) && !content.may_be_json() {
            if !schema.is_none_or(is_plain) {
                self.components.not_enforced(
                    &place,
                    "only JSON is held against a schema; describe other content as `type: string`",
                    self.defects,
                );
            }
            return Some(content);
        }
        let Some(schema) = schema else {
            if self.is_strict() {
                self.defects
                    .add(place, "has no schema; what is returned has to be stated");
                return None;
            }
            return Some(content);
        };
        let name = schema.get("$ref").and_then(Value::as_str);
        let name = name.and_then(|name| name.strip_prefix("#/components/schemas/"));
        content.schema_name = name.map(str::to_owned);
        let schema =
            self.components
                .schemas
                .compile(schema, &format!("{place}.schema"), self.defects)?;
        examples::check_served(media_type, &schema, &place, self.components, self.defects);
        content.schema = Some(schema);
        Some(content)
    }

    /// Returns true for a schema of bytes, which are sent as they are, whatever the media type says.
    fn is_binary(&self, schema: &Value) -> bool {
        let name = schema.get("$ref").and_then(Value::as_str);
        let name = name.and_then(|name| name.strip_prefix("#/components/schemas/"));
        let named = name.and_then(|name| self.components.schemas.raw().get(name));
        named
            .unwrap_or(schema)
            .get("format")
            .and_then(Value::as_str)
            == Some("binary")
    }

    fn header(&mut self, name: &str, header: &Value) -> Option<Header> {
        let place = format!("{}.headers.{name}", self.place);
        if !is_header_name(name) {
            self.components
                .not_enforced(&place, "is no header name", self.defects);
            return None;
        }
        if name.eq_ignore_ascii_case("content-type") {
            self.components.not_enforced(
                &place,
                "OpenAPI ignores a header named Content-Type; describe it by content",
                self.defects,
            );
            return None;
        }
        if header.get("style").is_some_and(|style| style != "simple") {
            self.defects.add(&place, "headers have style `simple` only");
        }
        let is = |keyword: &str| header.get(keyword) == Some(&Value::Bool(true));
        Some(Header {
            name: name.to_owned(),
            required: is("required"),
            explode: is("explode"),
            text: self.header_text(header, &place),
        })
    }

    fn header_text(&mut self, header: &Value, place: &str) -> Option<HeaderText> {
        let (owner, schema, shape) = match header.get("schema") {
            Some(schema) => {
                let shape = shape(schema, place, self.components, self.defects);
                (header, schema, Some(shape))
            }
            None => {
                let content = header.get("content").and_then(Value::as_object);
                let content = content.and_then(|content| content.iter().next());
                if content.is_none() && self.is_strict() {
                    self.defects.add(place, "has no schema");
                }
                let (name, media_type) = content?;
                let schema = media_type.get("schema").filter(|_| is_json(name));
                if schema.is_none() {
                    self.components.not_enforced(
                        place,
                        "only JSON is held against a schema; describe other text by `schema`",
                        self.defects,
                    );
                }
                (media_type, schema?, None)
            }
        };
        let schema =
            self.components
                .schemas
                .compile(schema, &format!("{place}.schema"), self.defects)?;
        examples::check(owner, &schema, place, self.components, self.defects);
        Some(HeaderText { shape, schema })
    }
}

/// Reads `x-problem-codes`; what is no list of texts is a defect by its type.
fn problem_codes(response: &Value) -> Option<Vec<String>> {
    let codes = response.get(PROBLEM_CODES)?.as_array()?.iter();
    let codes = codes.filter_map(Value::as_str).map(str::to_owned);
    Some(codes.collect())
}

/// Returns true for a schema that says no more of its value than that it is text or bytes.
fn is_plain(schema: &Value) -> bool {
    let members = schema.as_object().into_iter().flatten();
    members
        .into_iter()
        .all(|(keyword, value)| match keyword.as_str() {
            "type" => value == "string",
            "format" => value == "binary",
            "description" | "example" | "title" => true,
            other => other.starts_with("x-"),
        })
}
