//! `docs/openapi.md` names each contract that is refused, in the section of the mode in which it is.

use crate::folder;
use gatekeeper_build::plan;
use openapi::Options;
use std::{collections::BTreeSet, fs};

/// Returns the names in backticks in the last column of a section's table.
fn named(page: &str, section: &str) -> BTreeSet<String> {
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).unwrap();
    let section = rest.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

#[test]
fn the_page_names_what_is_refused_in_either_mode() {
    let page = fs::read_to_string(folder().join("../../docs/openapi.md")).unwrap();
    let (mut refused, mut strict) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(folder().join("fixtures/refused")).unwrap() {
        let path = entry.unwrap().path();
        let contract = openapi::load(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        match plan(&contract, &Options::default()) {
            Err(_) => refused.insert(name),
            Ok(_) => strict.insert(name),
        };
    }
    assert_eq!(named(&page, "Refused"), refused);
    assert_eq!(named(&page, "Strict"), strict);
}
