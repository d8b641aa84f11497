//! The code of a contract that uses every shape the templates handle. After a change on purpose,
//! `UPDATE_GOLDEN=1` keeps the new output: `UPDATE_GOLDEN=1 cargo test --test codegen golden`.

use crate::copy::{Copy, Generator, files, repository};
use std::fs;

#[test]
fn every_shape_makes_the_expected_code_and_the_code_works() {
    let copy = Copy::new("golden");
    let fixture = repository().join("crates/gatekeeper-build/fixtures/every-shape");
    for (from, to) in [
        ("openapi.yaml", "openapi.yaml"),
        ("wire.rs", "generated/tests/wire.rs"),
    ] {
        copy.write(to, fs::read(fixture.join(from)).unwrap());
    }
    // The fixture is about shapes: its responses have no examples to serve.
    copy.replace("build.rs", "        .serves_examples()\n", "");
    let outcome = copy.cargo(Generator::Installed, &["test", "--package", "generated"]);
    assert!(outcome.success, "{}", outcome.said);
    assert!(!outcome.said.contains("warning: "), "{}", outcome.said);

    let expected = fixture.join("expected");
    let made = files(&copy.root.join("generated/src"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&expected);
        for (file, content) in &made {
            let path = expected.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
    let expected = files(&expected);
    let names =
        |files: &std::collections::BTreeMap<_, _>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&expected));
    for (file, content) in &made {
        let (made, expected) = (
            String::from_utf8_lossy(content),
            String::from_utf8_lossy(&expected[file]),
        );
        assert_eq!(made, expected, "{} differs from expected/", file.display());
    }
}

#[test]
fn replies_of_an_open_contract_are_typed_and_cross_the_wire() {
    test_open("open-replies");
}

#[test]
fn requests_of_an_open_contract_are_typed_and_cross_the_wire() {
    test_open("open-requests");
}

#[test]
fn values_of_an_open_contract_cross_the_wire_whole() {
    test_open("open-types");
}

/// Runs the tests of a fixture which has what a contract may have that is not strict.
fn test_open(name: &str) {
    let copy = Copy::new(name);
    let fixture = repository()
        .join("crates/gatekeeper-build/fixtures")
        .join(name);
    for (from, to) in [
        ("openapi.yaml", "openapi.yaml"),
        ("wire.rs", "generated/tests/wire.rs"),
    ] {
        copy.write(to, fs::read(fixture.join(from)).unwrap());
    }
    for setting in ["        .strict()\n", "        .serves_examples()\n"] {
        copy.replace("build.rs", setting, "");
    }
    let outcome = copy.cargo(Generator::Installed, &["test", "--package", "generated"]);
    assert!(outcome.success, "{}", outcome.said);
}
