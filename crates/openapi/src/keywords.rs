//! The keywords that each object of the contract may have.
//!
//! All of them are enforced, or say nothing that could be (descriptions, examples, tags).

use crate::{Defects, nearest};
use serde_json::Value;

/// The keywords of one kind of object.
pub(crate) struct Keywords {
    /// Read by the gatekeeper, or without effect on requests and replies.
    known: &'static [&'static str],
    /// Known to OpenAPI 3.0 but refused, with the reason.
    refused: &'static [(&'static str, &'static str)],
    /// Extensions that have a meaning in this object.
    extensions: &'static [&'static str],
}

/// All extensions that have a meaning somewhere, and where.
const EXTENSIONS: [(&str, &str); 6] = [
    ("x-access-role", "an operation"),
    ("x-ignore-unknown-query", "an operation"),
    ("x-problem-codes", "a response"),
    ("x-bearerInfoFunc", "a security scheme"),
    ("x-basicInfoFunc", "a security scheme"),
    ("x-apikeyInfoFunc", "a security scheme"),
];

pub(crate) static DOCUMENT: Keywords = Keywords {
    known: &[
        "openapi",
        "info",
        "servers",
        "paths",
        "components",
        "security",
        "tags",
        "externalDocs",
    ],
    refused: &[],
    extensions: &[],
};

pub(crate) static COMPONENTS: Keywords = Keywords {
    known: &[
        "schemas",
        "responses",
        "parameters",
        "examples",
        "requestBodies",
        "headers",
        "securitySchemes",
    ],
    refused: &[
        ("links", "links are not served; leave them out"),
        ("callbacks", "callbacks are not made; leave them out"),
    ],
    extensions: &[],
};

pub(crate) static SECURITY_SCHEME: Keywords = Keywords {
    known: &[
        "type",
        "description",
        "name",
        "in",
        "scheme",
        "bearerFormat",
        "flows",
        "openIdConnectUrl",
    ],
    refused: &[],
    extensions: &["x-bearerInfoFunc", "x-basicInfoFunc", "x-apikeyInfoFunc"],
};

pub(crate) static PATH: Keywords = Keywords {
    known: &[
        "summary",
        "description",
        "get",
        "put",
        "post",
        "delete",
        "patch",
        "parameters",
    ],
    refused: &[
        ("$ref", "a path item is written out, not referred to"),
        (
            "servers",
            "one server serves all paths; state it at the top",
        ),
        (
            "options",
            "OPTIONS is answered for every path without being declared",
        ),
        (
            "head",
            "HEAD is answered wherever there is GET, without being declared",
        ),
        ("trace", "TRACE is not served"),
    ],
    extensions: &[],
};

pub(crate) static OPERATION: Keywords = Keywords {
    known: &[
        "tags",
        "summary",
        "description",
        "externalDocs",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "deprecated",
        "security",
    ],
    refused: &[
        ("callbacks", "callbacks are not made; leave them out"),
        (
            "servers",
            "one server serves all paths; state it at the top",
        ),
    ],
    extensions: &["x-access-role", "x-ignore-unknown-query"],
};

pub(crate) static PARAMETER: Keywords = Keywords {
    known: &[
        "name",
        "in",
        "description",
        "required",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
        "allowReserved",
        "schema",
        "content",
        "example",
        "examples",
    ],
    refused: &[],
    extensions: &[],
};

pub(crate) static REQUEST_BODY: Keywords = Keywords {
    known: &["description", "content", "required"],
    refused: &[],
    extensions: &[],
};

pub(crate) static MEDIA_TYPE: Keywords = Keywords {
    known: &["schema", "example", "examples"],
    refused: &[(
        "encoding",
        "is not enforced; forms are read with the default encoding",
    )],
    extensions: &[],
};

pub(crate) static RESPONSE: Keywords = Keywords {
    known: &["description", "headers", "content"],
    refused: &[("links", "links are not served; leave them out")],
    extensions: &["x-problem-codes"],
};

pub(crate) static HEADER: Keywords = Keywords {
    known: &[
        "description",
        "required",
        "deprecated",
        "style",
        "explode",
        "schema",
        "example",
        "examples",
    ],
    refused: &[("content", "a header is described by a schema")],
    extensions: &[],
};

/// Reports each keyword of `object` that is not on its list.
pub(crate) fn check(object: &Value, keywords: &Keywords, place: &str, defects: &mut Defects) {
    let Some(members) = object.as_object() else {
        return;
    };
    for keyword in members.keys() {
        let here = if place.is_empty() {
            keyword.clone()
        } else {
            format!("{place}.{keyword}")
        };
        let known = keywords.known.contains(&keyword.as_str())
            || keywords.extensions.contains(&keyword.as_str());
        if let Some((_, reason)) = keywords.refused.iter().find(|(name, _)| name == keyword) {
            defects.add(here, *reason);
        } else if keyword.starts_with("x-") {
            if !known && let Some(problem) = misplaced(keyword) {
                defects.add(here, problem);
            }
        } else if !known {
            let hint = nearest(keyword, keywords.known.iter().copied())
                .map(|near| format!("; did you mean `{near}`?"));
            defects.add(
                here,
                format!(
                    "is no keyword of OpenAPI 3.0 in this place{}",
                    hint.unwrap_or_default()
                ),
            );
        }
    }
}

/// Returns the problem of an extension that was meant to be one of ours but would be ignored: a role that nobody checks.
fn misplaced(keyword: &str) -> Option<String> {
    let (meant, place) = match nearest(keyword, EXTENSIONS.iter().map(|(name, _)| *name)) {
        Some(near) => EXTENSIONS.iter().find(|(name, _)| *name == near)?,
        None => return None,
    };
    Some(if keyword == *meant {
        format!("has no effect here; it belongs to {place}")
    } else {
        format!("has no effect; did you mean `{meant}`, which belongs to {place}?")
    })
}
