//! The keywords that each object of the contract may have.
//!
//! All of them are enforced, or say nothing that could be (descriptions, examples, tags). What has no effect and may
//! stand there in open mode is left out of the document before.

use crate::{
    Defects, Version, nearest,
    types::{Shape, below, member, names},
};
use serde_json::Value;

/// The keywords of one kind of object.
pub(crate) struct Keywords {
    shape: Shape,
    /// Known to OpenAPI but refused, with the reason.
    refused: &'static [(&'static str, &'static str)],
    /// Extensions that have a meaning in this object.
    extensions: &'static [&'static str],
}

/// All extensions that have a meaning somewhere, and where.
const EXTENSIONS: [(&str, &str); 8] = [
    ("x-access-role", "an operation"),
    ("x-compressible", "an operation"),
    ("x-ignore-unknown-query", "an operation"),
    ("x-problem-codes", "a response"),
    ("x-bearerInfoFunc", "a security scheme"),
    ("x-basicInfoFunc", "a security scheme"),
    ("x-apikeyInfoFunc", "a security scheme"),
    ("x-tokenInfoFunc", "a security scheme"),
];

const CALLBACKS: (&str, &str) = ("callbacks", "callbacks are not made; leave them out");
const LINKS: (&str, &str) = ("links", "links are not served; leave them out");
const SERVERS: (&str, &str) = (
    "servers",
    "one server serves all paths; state it at the top",
);

pub(crate) static DOCUMENT: Keywords = Keywords::all_of(Shape::Document);
pub(crate) static COMPONENTS: Keywords = Keywords {
    refused: &[LINKS, CALLBACKS],
    ..Keywords::all_of(Shape::Components)
};
pub(crate) static SECURITY_SCHEME: Keywords = Keywords {
    extensions: &[
        "x-bearerInfoFunc",
        "x-basicInfoFunc",
        "x-apikeyInfoFunc",
        "x-tokenInfoFunc",
        // Connexion's; near to the one above, and not meant to be it.
        "x-tokenInfoUrl",
    ],
    ..Keywords::all_of(Shape::SecurityScheme)
};
pub(crate) static PATH: Keywords = Keywords {
    refused: &[
        SERVERS,
        (
            "security",
            "has no effect here; it belongs to each operation, or to the whole contract",
        ),
    ],
    ..Keywords::all_of(Shape::Path)
};
pub(crate) static OPERATION: Keywords = Keywords {
    refused: &[CALLBACKS, SERVERS],
    extensions: &["x-access-role", "x-compressible", "x-ignore-unknown-query"],
    ..Keywords::all_of(Shape::Operation)
};
pub(crate) static PARAMETER: Keywords = Keywords::all_of(Shape::Parameter);
pub(crate) static REQUEST_BODY: Keywords = Keywords::all_of(Shape::Body);
pub(crate) static MEDIA_TYPE: Keywords = Keywords::all_of(Shape::MediaType);
pub(crate) static RESPONSE: Keywords = Keywords {
    refused: &[LINKS],
    extensions: &["x-problem-codes"],
    ..Keywords::all_of(Shape::Response)
};
pub(crate) static HEADER: Keywords = Keywords::all_of(Shape::Header);

impl Keywords {
    /// Takes all keywords that OpenAPI defines for an object.
    const fn all_of(shape: Shape) -> Self {
        Self {
            shape,
            refused: &[],
            extensions: &[],
        }
    }
}

/// Reports each keyword of `object` that is not on its list.
pub(crate) fn check(object: &Value, keywords: &Keywords, place: &str, defects: &mut Defects) {
    let Some(members) = object.as_object() else {
        return;
    };
    for keyword in members.keys() {
        let here = below(place, keyword);
        if let Some((_, reason)) = keywords.refused.iter().find(|(name, _)| name == keyword) {
            defects.add(here, *reason);
        } else if keyword.starts_with("x-") {
            if !keywords.extensions.contains(&keyword.as_str())
                && let Some(problem) = misplaced(keyword)
            {
                defects.add(here, problem);
            }
        } else if member(keywords.shape, keyword).is_none() {
            let hint = nearest(keyword, names(keywords.shape, Version::V30))
                .map(|near| format!("; did you mean `{near}`?"));
            defects.add(
                here,
                format!(
                    "is no keyword of OpenAPI in this place{}",
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
