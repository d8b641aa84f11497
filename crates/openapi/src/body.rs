//! Request bodies: JSON, and forms (`application/x-www-form-urlencoded`).
//!
//! Other media types, `encoding` and ranges such as `*/*` are refused.

use crate::{
    Defects, MediaType, Members, Schema, Shape, examples, is_json, operation::Components,
    paths::Located, shape::shape,
};
use serde_json::{Map, Value};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// The request body of an operation.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Set when a request without a body is a violation.
    pub required: bool,
    /// One for each media type that is taken.
    pub content: Vec<BodyContent>,
}

/// The body in one media type.
#[derive(Clone, Debug)]
pub struct BodyContent {
    /// Type and subtype in lower case.
    pub essence: String,
    /// The fields of a form; none for JSON.
    pub form: Option<Members>,
    /// The schema of the decoded value.
    pub schema: Schema,
}

impl RequestBody {
    pub(crate) fn read(
        operation: &Located,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Option<Self> {
        let body = operation.json.get("requestBody")?;
        let place = format!("{}.requestBody", operation.location);
        if ["GET", "DELETE"].contains(&operation.method) {
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
            defects.add(
                &place,
                "has no content; state the media types that it takes",
            );
        }
        let content = content.into_iter().flatten().filter_map(|(name, content)| {
            let place = format!("{place}.content.{name}");
            BodyContent::read(name, content, &place, components, defects)
        });
        Some(Self {
            content: content.collect(),
            required: body.get("required") == Some(&Value::Bool(true)),
        })
    }
}

impl BodyContent {
    fn read(
        name: &str,
        content: &Value,
        place: &str,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Option<Self> {
        let parsed = MediaType::parse(name).filter(MediaType::is_bare);
        let Some(essence) = parsed.map(|parsed| parsed.essence()) else {
            defects.add(place, "must be one media type without parameters");
            return None;
        };
        let Some(schema) = content.get("schema") else {
            defects.add(place, "has no schema; what it takes has to be stated");
            return None;
        };
        let form = if is_json(name) {
            None
        } else if essence == FORM {
            match shape(schema, components.schemas.raw()) {
                Ok(Shape::Object(members)) => Some(members),
                Ok(_) => {
                    defects.add(place, "a form is an object");
                    return None;
                }
                Err(problem) => {
                    defects.add(place, problem);
                    return None;
                }
            }
        } else {
            defects.add(
                place,
                format!("is not read; use application/json, another +json type or {FORM}"),
            );
            return None;
        };
        let compiled = components
            .schemas
            .compile(schema, &format!("{place}.schema"), defects)?;
        examples::check(content, &compiled, place, components, defects);
        Some(Self {
            essence,
            form,
            schema: compiled,
        })
    }
}
