//! Responses: a status each, with headers and content.

use crate::{
    Defects, MediaType, Schema, Shape, examples, is_json, media_type::is_header_name,
    operation::Components, paths::Located, shape::shape,
};
use serde_json::Value;

const PROBLEM_CODES: &str = "x-problem-codes";

/// A response of an operation.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
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
    /// The shape that its text is decoded to.
    pub shape: Shape,
    /// The schema of the decoded value.
    pub schema: Schema,
}

/// The content of a response in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type, as the contract writes it.
    pub name: String,
    /// Type and subtype in lower case.
    pub essence: String,
    /// The schema of JSON; other content is not looked into.
    pub schema: Option<Schema>,
}

impl Response {
    /// Reads the responses of an operation, by status.
    pub(crate) fn read_all(
        operation: &Located,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Vec<Self> {
        let declared = operation.json.get("responses").and_then(Value::as_object);
        let mut responses: Vec<Self> = Vec::new();
        for (status, response) in declared.into_iter().flatten() {
            if let Ok(status) = status.parse() {
                let place = format!("{}.responses.{status}", operation.location);
                let mut reader = Reader {
                    components,
                    defects,
                    place,
                };
                responses.push(reader.response(status, response));
            }
        }
        let is_success = |response: &Self| (200..400).contains(&response.status);
        if !operation.has_refused_status && !responses.iter().any(is_success) {
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
    fn response(&mut self, status: u16, response: &Value) -> Response {
        let members = |name: &str| response.get(name).and_then(Value::as_object);
        let content = members("content");
        if matches!(status, 204 | 205 | 304) && content.is_some_and(|content| !content.is_empty()) {
            self.defects.add(
                &self.place,
                "a reply of this status has no content (RFC 9110 section 15); leave it out",
            );
        }
        let headers = members("headers").into_iter().flatten();
        let headers = headers.filter_map(|(name, header)| self.header(name, header));
        let headers = headers.collect();
        let content = content.into_iter().flatten();
        let content = content.filter_map(|(name, media_type)| self.content(name, media_type));
        Response {
            status,
            headers,
            content: content.collect(),
            problem_codes: problem_codes(response),
        }
    }

    fn content(&mut self, name: &str, media_type: &Value) -> Option<Content> {
        let place = format!("{}.content.{name}", self.place);
        let Some(essence) = MediaType::parse(name).map(|parsed| parsed.essence()) else {
            self.defects.add(
                place,
                "is no media type; ranges would hide what is returned",
            );
            return None;
        };
        let schema = media_type.get("schema");
        if !is_json(name) {
            if !schema.is_none_or(is_plain) {
                self.defects.add(
                    place,
                    "only JSON is held against a schema; describe other content as `type: string`",
                );
            }
            return Some(Content {
                name: name.to_owned(),
                essence,
                schema: None,
            });
        }
        let Some(schema) = schema else {
            self.defects
                .add(place, "has no schema; what is returned has to be stated");
            return None;
        };
        let schema =
            self.components
                .schemas
                .compile(schema, &format!("{place}.schema"), self.defects)?;
        examples::check_served(media_type, &schema, &place, self.components, self.defects);
        Some(Content {
            name: name.to_owned(),
            essence,
            schema: Some(schema),
        })
    }

    fn header(&mut self, name: &str, header: &Value) -> Option<Header> {
        let place = format!("{}.headers.{name}", self.place);
        if !is_header_name(name) {
            self.defects.add(place, "is no header name");
            return None;
        }
        if name.eq_ignore_ascii_case("content-type") {
            self.defects.add(
                place,
                "OpenAPI ignores a header named Content-Type; describe it by content",
            );
            return None;
        }
        if header.get("style").is_some_and(|style| style != "simple") {
            self.defects.add(&place, "headers have style `simple` only");
        }
        let Some(schema) = header.get("schema") else {
            if header.get("content").is_none() {
                self.defects.add(place, "has no schema");
            }
            return None;
        };
        let shape = match shape(schema, self.components.schemas.raw()) {
            Ok(shape) => shape,
            Err(problem) => {
                self.defects.add(place, problem);
                return None;
            }
        };
        let schema =
            self.components
                .schemas
                .compile(schema, &format!("{place}.schema"), self.defects)?;
        examples::check(header, &schema, &place, self.components, self.defects);
        let is = |keyword: &str| header.get(keyword) == Some(&Value::Bool(true));
        Some(Header {
            name: name.to_owned(),
            required: is("required"),
            explode: is("explode"),
            shape,
            schema,
        })
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
