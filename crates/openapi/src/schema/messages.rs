//! Violations in words: the rule that was broken, never the value that broke it.

use super::convert::PATTERN_MESSAGE;
use crate::{
    In, Violation,
    violation::{pointer, unknown},
};
use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
    paths::LocationSegment,
};
use serde_json::{Map, Value};

/// Longer lists of options are cut.
const MOST_OPTIONS: usize = 20;

/// Appends what `error`, found by the schema `document` in the value at `base`, means.
pub(super) fn explain(
    document: &Value,
    error: &ValidationError<'_>,
    location: In,
    base: &str,
    violations: &mut Vec<Violation>,
) {
    let place = format!("{base}{}", error.instance_path().as_str());
    let message = match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = siblings(document, error);
            let names: Vec<&str> = known
                .iter()
                .flat_map(|known| known.keys())
                .map(String::as_str)
                .collect();
            for name in unexpected.iter().take(super::MOST_VIOLATIONS) {
                violations.push(Violation::new(
                    location,
                    pointer(&place, &shortened(name)),
                    unknown("property", name, &names),
                ));
            }
            return;
        }
        Kind::Required { property } => {
            let place = pointer(&place, property.as_str().unwrap_or_default());
            violations.push(Violation::new(location, place, "is required"));
            return;
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            return alternatives(document, context, location, base, &place, violations);
        }
        Kind::OneOfMultipleValid { .. } => "matches more than one of the allowed forms".to_owned(),
        Kind::Type { kind } => format!("must be {}", types(kind)),
        Kind::Enum { options } => one_of(options.as_array().map(Vec::as_slice).unwrap_or_default()),
        Kind::Constant { expected_value } => one_of(std::slice::from_ref(expected_value)),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::MinLength { limit } => {
            format!("must be at least {}", many(*limit, "character", " long"))
        }
        Kind::MaxLength { limit } => {
            format!("must be at most {}", many(*limit, "character", " long"))
        }
        Kind::MinItems { limit } => format!("must have at least {}", many(*limit, "item", "")),
        Kind::MaxItems { limit } => format!("must have at most {}", many(*limit, "item", "")),
        Kind::MinProperties { limit } => format!("must have at least {}", properties(*limit)),
        Kind::MaxProperties { limit } => format!("must have at most {}", properties(*limit)),
        Kind::UniqueItems => "must not hold the same item twice".to_owned(),
        Kind::Pattern { pattern } => own_words(document, error)
            .unwrap_or_else(|| format!("must match the pattern {pattern}")),
        Kind::Format { format } => format_rule(format).to_owned(),
        Kind::Not { .. } => "has a form that is excluded".to_owned(),
        other => format!("breaks the rule `{}`", other.keyword()),
    };
    violations.push(Violation::new(location, place, message));
}

/// Explains the violations of the alternative that the value was meant to be, where that can be seen.
fn alternatives(
    document: &Value,
    branches: &[Vec<ValidationError<'static>>],
    location: In,
    base: &str,
    place: &str,
    violations: &mut Vec<Violation>,
) {
    let here =
        |error: &ValidationError<'_>| format!("{base}{}", error.instance_path().as_str()) == place;
    let wrong_type = |branch: &Vec<ValidationError<'_>>| {
        branch
            .iter()
            .any(|error| here(error) && matches!(error.kind(), Kind::Type { .. }))
    };
    let candidates: Vec<_> = branches
        .iter()
        .filter(|branch| !wrong_type(branch))
        .collect();
    let tagged: Vec<_> = candidates
        .iter()
        .copied()
        .filter(|branch| !branch.iter().any(|error| is_tag(error, base, place)))
        .collect();
    match (candidates.as_slice(), tagged.as_slice()) {
        ([only], _) | (_, [only]) => {
            for error in *only {
                explain(document, error, location, base, violations);
            }
        }
        ([], _) => {
            let mut kinds: Vec<String> = Vec::new();
            for error in branches.iter().flatten().filter(|error| here(error)) {
                if let Kind::Type { kind } = error.kind()
                    && !kinds.contains(&types(kind))
                {
                    kinds.push(types(kind));
                }
            }
            violations.push(Violation::new(
                location,
                place,
                format!("must be {}", kinds.join(" or ")),
            ));
        }
        (_, []) => {
            let tags: Vec<_> = candidates
                .iter()
                .flat_map(|branch| branch.iter().find(|error| is_tag(error, base, place)))
                .collect();
            let options: Vec<Value> = tags.iter().flat_map(|error| tag_options(error)).collect();
            match tags.first() {
                Some(first) if matches!(first.kind(), Kind::Required { .. }) => {
                    explain(document, first, location, base, violations)
                }
                Some(first) => {
                    let place = format!("{base}{}", first.instance_path().as_str());
                    violations.push(Violation::new(location, place, one_of(&options)));
                }
                None => {}
            }
        }
        _ => violations.push(Violation::new(
            location,
            place,
            "matches none of the allowed forms",
        )),
    }
}

/// Returns true if the error is about a direct member that tells the alternatives apart.
fn is_tag(error: &ValidationError<'_>, base: &str, place: &str) -> bool {
    let own = format!("{base}{}", error.instance_path().as_str());
    match error.kind() {
        Kind::Enum { .. } => own
            .strip_prefix(place)
            .is_some_and(|rest| rest.matches('/').count() == 1),
        Kind::Required { .. } => own == place && error.schema_path().as_str().contains("/allOf/0/"),
        _ => false,
    }
}

fn tag_options(error: &ValidationError<'_>) -> Vec<Value> {
    match error.kind() {
        Kind::Enum { options } => options.as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Returns the `properties` beside the keyword that failed, found along the path that the validator took.
fn siblings<'d>(
    document: &'d Value,
    error: &ValidationError<'_>,
) -> Option<&'d Map<String, Value>> {
    broken(document, error)?.get("properties")?.as_object()
}

/// Returns the schema whose keyword `error` breaks.
fn broken<'d>(document: &'d Value, error: &ValidationError<'_>) -> Option<&'d Value> {
    let mut steps: Vec<LocationSegment<'_>> = error.evaluation_path().iter().collect();
    steps.pop();
    let mut schema = document;
    for step in steps {
        schema = match step {
            LocationSegment::Property(name) if name == "$ref" => {
                document.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)?
            }
            LocationSegment::Property(name) => schema.get(name.as_ref())?,
            LocationSegment::Index(index) => schema.get(index)?,
        };
    }
    Some(schema)
}

/// Returns the contract's own words for its pattern, where it has some.
fn own_words(document: &Value, error: &ValidationError<'_>) -> Option<String> {
    let words = broken(document, error)?.get(PATTERN_MESSAGE)?.as_str()?;
    Some(words.to_owned())
}

fn types(kind: &TypeKind) -> String {
    let all: Vec<&str> = match kind {
        TypeKind::Single(kind) => vec![article(*kind)],
        TypeKind::Multiple(kinds) => kinds.iter().map(article).collect(),
    };
    all.join(" or ")
}

fn article(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "an array",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

fn one_of(options: &[Value]) -> String {
    let mut shown: Vec<String> = options.iter().take(MOST_OPTIONS).map(option).collect();
    if options.len() > MOST_OPTIONS {
        shown.push("…".to_owned());
    }
    match shown.as_slice() {
        [only] => format!("must be {only}"),
        _ => format!("must be one of {}", shown.join(", ")),
    }
}

fn option(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), |text| format!("`{text}`"))
}

fn many(limit: u64, noun: &str, suffix: &str) -> String {
    let plural = if limit == 1 { "" } else { "s" };
    format!("{limit} {noun}{plural}{suffix}")
}

fn properties(limit: u64) -> String {
    if limit == 1 {
        "1 property".to_owned()
    } else {
        format!("{limit} properties")
    }
}

fn format_rule(format: &str) -> &'static str {
    match format {
        "byte" => "must be base64 text (RFC 4648 section 4)",
        "date" => "must be a date such as 1977-05-25 (RFC 3339)",
        "date-time" => "must be a date and time such as 1977-05-25T12:00:00Z (RFC 3339)",
        "email" => "must be an email address",
        "hostname" => "must be a host name",
        "ipv4" => "must be an IPv4 address",
        "ipv6" => "must be an IPv6 address",
        "time" => "must be a time such as 12:00:00Z (RFC 3339)",
        "uri" => "must be an absolute URI (RFC 3986)",
        "uuid" => "must be a UUID such as 123e4567-e89b-42d3-a456-426614174000",
        _ => "has the wrong format",
    }
}

/// Returns enough of a name that the caller chose to find it again.
#[must_use]
pub fn shortened(name: &str) -> String {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
