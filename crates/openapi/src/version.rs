//! The versions of OpenAPI.

use crate::Defects;
use serde_json::Value;
use std::fmt;

/// A version whose documents are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// OpenAPI 3.0.
    V30,
    /// OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
    V31,
}

impl Version {
    /// Returns the version that a document states; none, with a defect, when it is another.
    pub(crate) fn of(document: &Value, defects: &mut Defects) -> Option<Self> {
        let stated = document.get("openapi").and_then(Value::as_str);
        let stated = stated.unwrap_or_default();
        if stated == "3.0" || stated.starts_with("3.0.") {
            return Some(Self::V30);
        }
        if stated == "3.1" || stated.starts_with("3.1.") {
            return Some(Self::V31);
        }
        let (place, problem) = if document.get("swagger").is_some() {
            (
                "swagger",
                "OpenAPI 2.0 is not read; convert the document to 3.0, as `swagger2openapi` does, and write `openapi: 3.0.3`",
            )
        } else if document
            .get("openapi")
            .is_some_and(|stated| !stated.is_string())
        {
            ("openapi", "must be a text; put it in quotes")
        } else if stated.is_empty() {
            ("openapi", "states no version; write `openapi: 3.0.3`")
        } else {
            (
                "openapi",
                "only OpenAPI 3.0.x and 3.1.x are read; write `openapi: 3.0.3`, or `openapi: 3.1.0`",
            )
        };
        defects.add(place, problem);
        None
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V30 => "3.0",
            Self::V31 => "3.1",
        })
    }
}
