//! From a contract as people write it to the one form that everything else reads.
//!
//! The form is that of an OpenAPI 3.0 document in which each schema that becomes a type is a named component, and each
//! reference leads to a component.

use crate::{Defects, Options, inline};
use serde_json::Value;

/// Returns the one form of a document. What is left out without an effect is a notice.
pub(crate) fn lower(
    document: &Value,
    _options: &Options<'_>,
    _notices: &mut Defects,
    defects: &mut Defects,
) -> Value {
    inline::inline(document, defects)
}
