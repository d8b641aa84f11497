//! Contracts that must not start. The first lines of each name every reason.

use gatekeeper::{Contract, Manifest};
use std::fs;

const MANIFEST: Manifest = Manifest {
    operations: &["probe"],
    hooks: &[],
};

#[test]
fn each_rejected_contract_gives_its_reasons_and_no_others() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rejected");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut wanted: Vec<&str> = text
            .lines()
            .map_while(|line| line.strip_prefix("# refused: "))
            .collect();
        let Err(defects) = Contract::builder(&text).strict().build(&MANIFEST) else {
            panic!("{} was accepted", path.display());
        };
        let found = defects.to_string();
        let mut lines: Vec<&str> = found.lines().collect();
        if text.contains("no readable YAML") {
            // The rest of the line is the parser's.
            lines.truncate(1);
            assert!(
                lines[0].starts_with(wanted[0]),
                "{}: {found}",
                path.display()
            );
        } else {
            wanted.sort_unstable();
            lines.sort_unstable();
            assert_eq!(lines, wanted, "{}", path.display());
        }
        seen += 1;
    }
    assert!(seen >= 20, "only {seen} contracts were found in {folder}");
}
