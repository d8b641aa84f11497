//! Forms (WHATWG URL section 5.1), and the values of those with files.

use super::UploadedFile;
use crate::{
    In, Violation,
    parameters::{Encoding, Findings, Pair, Piece, Styled, array, pairs, repeated},
};
use openapi::{FieldContent, Fields, MOST_VIOLATIONS, Scalar, Schema, Shape, pointer, shortened};
use serde_json::{Map, Value};

/// A form with files.
#[derive(Debug)]
pub(crate) struct Form {
    /// Decoded and validated.
    pub(crate) values: Map<String, Value>,
    /// In the order in which they were sent.
    pub(crate) files: Vec<UploadedFile>,
}

/// More fields than this in one form are refused.
const MOST_FIELDS: usize = 256;

/// Reads a form, and holds it to its schema.
pub(super) fn read(
    bytes: &[u8],
    fields: &Fields,
    schema: &Schema,
) -> Result<Value, Vec<Violation>> {
    let refused = |message: String| Err(vec![Violation::new(In::Body, "", message)]);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refused("is not valid UTF-8".to_owned());
    };
    let (mut pairs, broken) = pairs(text);
    if let Some(rule) = broken {
        return refused(format!("a field's name {rule}"));
    }
    if pairs.len() > MOST_FIELDS {
        return refused(format!("has more than {MOST_FIELDS} fields"));
    }
    let mut violations = Vec::new();
    let values = values(fields, &mut pairs, Encoding::Form, &mut violations);
    let values = Value::Object(values);
    check(schema, &values, &mut violations);
    if violations.is_empty() {
        Ok(values)
    } else {
        Err(violations)
    }
}

/// Adds what the schema says about the values of a form. Some could not be read, for which there are violations already:
/// about these and about the whole, which they are missing from, it says nothing.
pub(super) fn check(schema: &Schema, values: &Value, violations: &mut Vec<Violation>) {
    let field = |violation: &Violation| violation.pointer.split('/').nth(1).map(str::to_owned);
    let unread: Vec<_> = violations.iter().map(field).collect();
    let mut found = schema.validate(values, In::Body, "");
    if !unread.is_empty() {
        found.retain(|violation| {
            let field = field(violation);
            field.is_some() && !unread.contains(&field)
        });
    }
    violations.extend(found);
    violations.truncate(MOST_VIOLATIONS);
}

/// Reads the values of fields from their pairs.
pub(super) fn values(
    fields: &Fields,
    pairs: &mut [Pair<'_>],
    encoding: Encoding,
    violations: &mut Vec<Violation>,
) -> Map<String, Value> {
    let mut values = Map::new();
    let mut findings = Findings {
        location: In::Body,
        violations,
    };
    for field in &fields.named {
        let FieldContent::Value(form) = &field.content else {
            continue;
        };
        let base = pointer("", &shortened(&field.name));
        let styled = Styled {
            name: &field.name,
            base: &base,
            style: field.style,
            explode: field.explode,
            among_others: true,
        };
        let value = styled.spread(form, pairs, encoding, &mut findings);
        values.extend(value.map(|value| (field.name.clone(), value)));
    }
    others(fields, pairs, encoding, &mut values, &mut findings);
    values
}

/// Reads the fields that no schema names.
fn others(
    fields: &Fields,
    pairs: &mut [Pair<'_>],
    encoding: Encoding,
    values: &mut Map<String, Value>,
    findings: &mut Findings<'_>,
) {
    for index in 0..pairs.len() {
        // RFC 6749 section 3.2: what is not recognised is ignored, however often it is sent.
        if pairs[index].used || fields.members.ignores(&pairs[index].name) {
            continue;
        }
        let name = pairs[index].name.to_string();
        let here = pointer("", &shortened(&name));
        let same: Vec<Piece<'_>> = pairs
            .iter_mut()
            .filter(|pair| pair.name == name)
            .map(|pair| {
                pair.claim();
                Piece::new(pair.raw, encoding)
            })
            .collect();
        let value = if fields.members.unstated && same.len() > 1 {
            let text = Shape::Scalar(Scalar::Text);
            Some(array(same.into_iter(), &text, &here, findings))
        } else {
            repeated(&same, fields.members.shape(&name), &here, findings)
        };
        values.extend(value.map(|value| (name, value)));
    }
}
