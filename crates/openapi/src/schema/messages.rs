//! Violations in words: the rule that was broken, never the value that broke it.

use super::{
    convert::{PATTERN_MESSAGE, WRITTEN_PATTERN},
    parts::Parts,
    patterns::TOO_HARD,
};
use crate::{
    In, Violation,
    violation::{pointer, unknown},
};
use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
    paths::LocationSegment,
};
use serde_json::{Map, Value, json};

/// Longer lists of options are cut.
const MOST_OPTIONS: usize = 20;

/// The violations of one value, being put into words.
pub(super) struct Explanation<'e> {
    /// The schema of all schemas.
    pub(super) document: &'e Value,
    /// The property of it by which the value was checked.
    pub(super) entry: &'e str,
    pub(super) location: In,
    /// The JSON Pointer at which the value is.
    pub(super) base: &'e str,
    pub(super) violations: Vec<Violation>,
}

impl Explanation<'_> {
    /// Appends what `error` means.
    pub(super) fn add(&mut self, error: &ValidationError<'_>) {
        let place = self.place(error);
        let message = match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                return self.unknown(error, unexpected, &place);
            }
            Kind::UnevaluatedProperties { unexpected } => {
                return self.unevaluated(error, unexpected, &place);
            }
            Kind::Required { property } => {
                let place = pointer(&place, property.as_str().unwrap_or_default());
                return self.tell(place, "is required");
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                return self.alternatives(context, &place);
            }
            Kind::Pattern { pattern } => self.pattern(error, pattern),
            Kind::Contains => self.contained(error),
            Kind::PropertyNames { error } => match message(error) {
                Some(rule) => format!("has a property whose name {rule}"),
                None => "has a property whose name is not allowed".to_owned(),
            },
            other => {
                message(error).unwrap_or_else(|| format!("breaks the rule `{}`", other.keyword()))
            }
        };
        self.tell(place, message);
    }

    fn tell(&mut self, place: impl Into<String>, message: impl Into<String>) {
        let violation = Violation::new(self.location, place, message);
        // Several parts of a schema may say the same.
        if !self.violations.contains(&violation) {
            self.violations.push(violation);
        }
    }

    /// Returns the JSON Pointer to the value that an error is about.
    fn place(&self, error: &ValidationError<'_>) -> String {
        let path = error.instance_path().as_str();
        let path = path.get(self.entry.len() + 1..).unwrap_or_default();
        format!("{}{path}", self.base)
    }

    fn unknown(&mut self, error: &ValidationError<'_>, unexpected: &[String], place: &str) {
        let known =
            broken(self.document, error).and_then(|schema| schema.get("properties")?.as_object());
        let names: Vec<&str> = known
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        for name in unexpected.iter().take(super::MOST_VIOLATIONS) {
            let message = unknown("property", name, &names);
            self.tell(pointer(place, &shortened(name)), message);
        }
    }

    /// Explains what is left of a value when its parts were looked at. Of a part that does not fit, all members are left,
    /// which says nothing beside what is wrong with it.
    fn unevaluated(&mut self, error: &ValidationError<'_>, unexpected: &[String], place: &str) {
        let schema = broken(self.document, error);
        let known = Parts::names(self.document, schema.unwrap_or(&Value::Null));
        let form = schema.and_then(|schema| schema.get("unevaluatedProperties"));
        let has_form = form.is_some_and(|form| *form != false && *form != json!({ "not": {} }));
        let inside = format!("{place}/");
        let is_explained = (self.violations.iter())
            .any(|found| found.pointer == place || found.pointer.starts_with(&inside));
        for name in unexpected.iter().take(super::MOST_VIOLATIONS) {
            let is_known = known.contains(&name.as_str());
            let message = match is_known {
                true if is_explained => continue,
                true => "is not allowed beside the other properties".to_owned(),
                false if has_form => "has a form that no property of this name may have".to_owned(),
                false => unknown("property", name, &known),
            };
            self.tell(pointer(place, &shortened(name)), message);
        }
    }

    /// Returns the contract's own words for its pattern, where it has some; else the pattern as it is written there.
    fn pattern(&self, error: &ValidationError<'_>, pattern: &str) -> String {
        let schema = broken(self.document, error);
        let text = |keyword: &str| schema?.get(keyword)?.as_str();
        text(PATTERN_MESSAGE).map_or_else(
            || {
                let written = text(WRITTEN_PATTERN).unwrap_or(pattern);
                format!("must match the pattern {written}")
            },
            str::to_owned,
        )
    }

    fn contained(&self, error: &ValidationError<'_>) -> String {
        let schema = broken(self.document, error);
        let count = |keyword: &str| schema?.get(keyword)?.as_u64();
        let least = count("minContains").unwrap_or(1);
        match count("maxContains") {
            Some(most) => {
                format!("must hold {least} to {most} items of the form that is asked for")
            }
            None => format!(
                "must hold {} of the form that is asked for",
                many(least, "item", "")
            ),
        }
    }

    /// Explains the violations of the alternative that the value was meant to be, where that can be seen.
    fn alternatives(&mut self, branches: &[Vec<ValidationError<'static>>], place: &str) {
        let here = |error: &ValidationError<'_>| self.place(error) == place;
        let wrong_type = |branch: &Vec<ValidationError<'_>>| {
            branch
                .iter()
                .any(|error| here(error) && matches!(error.kind(), Kind::Type { .. }))
        };
        let candidates: Vec<_> = branches
            .iter()
            .filter(|branch| !wrong_type(branch))
            .collect();
        let is_tagged = |branch: &&Vec<ValidationError<'static>>| {
            !branch.iter().any(|error| self.is_tag(error, place))
        };
        let tagged: Vec<_> = candidates.iter().copied().filter(is_tagged).collect();
        match (candidates.as_slice(), tagged.as_slice()) {
            ([only], _) | (_, [only]) => {
                for error in *only {
                    self.add(error);
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
                self.tell(place, format!("must be {}", kinds.join(" or ")));
            }
            (_, []) => {
                let tags: Vec<_> = candidates
                    .iter()
                    .flat_map(|branch| branch.iter().find(|error| self.is_tag(error, place)))
                    .collect();
                let options: Vec<Value> =
                    tags.iter().flat_map(|error| tag_options(error)).collect();
                match tags.first() {
                    Some(first) if matches!(first.kind(), Kind::Required { .. }) => self.add(first),
                    Some(first) => self.tell(self.place(first), one_of(&options)),
                    None => {}
                }
            }
            _ => self.tell(place, "matches none of the allowed forms"),
        }
    }

    /// Returns true if the error is about a direct member that tells the alternatives apart.
    fn is_tag(&self, error: &ValidationError<'_>, place: &str) -> bool {
        let own = self.place(error);
        match error.kind() {
            Kind::Enum { .. } => own
                .strip_prefix(place)
                .is_some_and(|rest| rest.matches('/').count() == 1),
            Kind::Required { .. } => {
                own == place && error.schema_path().as_str().contains("/allOf/0/")
            }
            _ => false,
        }
    }
}

/// Returns the rule that was broken, where it needs no look at the schema.
fn message(error: &ValidationError<'_>) -> Option<String> {
    Some(match error.kind() {
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
        Kind::AdditionalItems { limit } => {
            let limit = u64::try_from(*limit).unwrap_or(u64::MAX);
            format!("must have at most {}", many(limit, "item", ""))
        }
        Kind::UnevaluatedItems { .. } => "has items that are not allowed".to_owned(),
        Kind::MinProperties { limit } => format!("must have at least {}", properties(*limit)),
        Kind::MaxProperties { limit } => format!("must have at most {}", properties(*limit)),
        Kind::UniqueItems => "must not hold the same item twice".to_owned(),
        Kind::Pattern { pattern } => format!("must match the pattern {pattern}"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            TOO_HARD.to_owned()
        }
        Kind::Format { format } => format_rule(format).to_owned(),
        Kind::Not { schema } if *schema == json!({}) => "is not allowed".to_owned(),
        Kind::Not { .. } => "has a form that is excluded".to_owned(),
        Kind::FalseSchema => "is not allowed".to_owned(),
        Kind::Custom { message, .. } => message.clone(),
        _ => return None,
    })
}

fn tag_options(error: &ValidationError<'_>) -> Vec<Value> {
    match error.kind() {
        Kind::Enum { options } => options.as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    }
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
            // A property whose name is a number looks the same.
            LocationSegment::Index(index) => match schema {
                Value::Array(items) => items.get(index)?,
                other => other.get(index.to_string())?,
            },
        };
    }
    Some(schema)
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
        "duration" => "must be a duration such as P1DT12H (RFC 3339)",
        "email" | "idn-email" => "must be an email address",
        "hostname" | "idn-hostname" => "must be a host name",
        "ipv4" => "must be an IPv4 address",
        "ipv6" => "must be an IPv6 address",
        "iri" => "must be an absolute IRI (RFC 3987)",
        "iri-reference" => "must be an IRI or a part of one (RFC 3987)",
        "json-pointer" => "must be a JSON Pointer (RFC 6901)",
        "regex" => "must be a regular expression (ECMA-262)",
        "relative-json-pointer" => "must be a relative JSON Pointer",
        "time" => "must be a time such as 12:00:00Z (RFC 3339)",
        "uri" => "must be an absolute URI (RFC 3986)",
        "uri-reference" => "must be a URI or a part of one (RFC 3986)",
        "uri-template" => "must be a URI template (RFC 6570)",
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
