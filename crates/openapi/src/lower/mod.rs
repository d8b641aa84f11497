//! From a contract as people write it to the one form that everything else reads.
//!
//! The form is that of an OpenAPI 3.0 document in which each schema that becomes a type is a named component, and each
//! reference leads to a component.

mod access;
mod hoist;
mod implied;
mod inert;
mod mappings;
mod names;
mod parts;
mod path_parameters;
mod place;
mod places;
pub(crate) mod references;
mod renames;
mod v31;
mod walk;

pub(crate) use places::Places;

use crate::{Defects, Mode, Options, Version};
use serde_json::Value;

/// Returns the one form of a document, and where its schemas stood. What is left out without an effect is a notice.
pub(crate) fn lower(
    document: &Value,
    version: Version,
    options: &Options<'_>,
    notices: &mut Defects,
    defects: &mut Defects,
) -> (Value, Places) {
    let mut places = Places::default();
    let mut lowered = document.clone();
    if options.mode == Mode::Open {
        inert::remove_documentation(&mut lowered, notices);
    }
    let mut lowered = references::resolve(&lowered, version, &mut places, defects);
    if version == Version::V31 {
        v31::rewrite(&mut lowered, options.mode, notices, defects);
    }
    if options.mode == Mode::Open {
        inert::remove(&mut lowered, version, notices);
        path_parameters::complete(&mut lowered, notices);
    }
    implied::write_out(&mut lowered);
    parts::simplify(&mut lowered);
    mappings::write_out(&mut lowered);
    access::split(&mut lowered, &mut places);
    names::assign(&mut lowered, options, &mut places, notices);
    hoist::hoist(&mut lowered, &mut places);
    (lowered, places)
}
