//! When the build makes `generated/` anew, and what it does when it cannot.

use crate::copy::{Copy, Generator};

const BUILD: &[&str] = &["build", "--package", "generated"];

#[test]
fn while_nothing_changes_no_generator_is_needed_and_nothing_is_written() {
    let copy = Copy::new("unchanged");
    let before = copy.generated();
    let outcome = copy.cargo(Generator::Missing, BUILD);
    assert!(outcome.success, "{}", outcome.said);
    assert!(copy.generated() == before);
}

#[test]
fn the_code_at_hand_is_what_the_contract_makes() {
    let copy = Copy::new("anew");
    let before = copy.generated();
    std::fs::remove_file(copy.root.join("generated/.fingerprint")).unwrap();
    copy.write(
        "generated/src/models/stale.rs",
        "//! Of a schema that is gone.\n",
    );
    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(outcome.success, "{}", outcome.said);
    for (file, content) in copy.generated() {
        assert!(
            before.get(&file) == Some(&content),
            "{}: run `make generate`",
            file.display()
        );
    }
    assert_eq!(copy.generated().len(), before.len());

    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(outcome.success, "{}", outcome.said);
    assert!(
        !outcome.said.contains("Compiling"),
        "nothing is compiled twice: {}",
        outcome.said
    );
}

#[test]
fn without_a_generator_a_changed_contract_stops_the_build_and_names_the_command() {
    let copy = Copy::new("missing");
    copy.write("openapi.yaml", copy.read("openapi.yaml") + "# changed\n");
    let before = copy.generated();
    let outcome = copy.cargo(Generator::Missing, BUILD);
    assert!(!outcome.success);
    let errors: Vec<&str> = outcome
        .said
        .lines()
        .filter(|line| line.contains("generated@"))
        .collect();
    assert_eq!(errors.len(), 1, "{}", outcome.said);
    assert!(
        errors[0].contains("openapi.yaml or gatekeeper-build changed"),
        "{}",
        outcome.said
    );
    assert!(errors[0].contains("make tools"), "{}", outcome.said);
    assert!(copy.generated() == before);
}

#[test]
fn an_invalid_contract_stops_the_build_with_the_generators_words() {
    let copy = Copy::new("invalid");
    copy.replace(
        "openapi.yaml",
        "  title: Star Wars API\n  version: 0.1.0\n",
        "  title: Star Wars API\n",
    );
    let before = copy.generated();
    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(!outcome.success);
    assert!(
        outcome
            .said
            .contains("openapi.yaml is not a valid contract"),
        "{}",
        outcome.said
    );
    assert!(
        outcome.said.contains("attribute info.version is missing"),
        "{}",
        outcome.said
    );
    assert!(
        !outcome.said.contains("org.openapitools"),
        "{}",
        outcome.said
    );
    assert!(copy.generated() == before);

    copy.write("openapi.yaml", "paths: [");
    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(!outcome.success);
    assert!(
        outcome
            .said
            .contains("openapi.yaml cannot be read: line 1, "),
        "{}",
        outcome.said
    );
    assert!(copy.generated() == before);
}

#[test]
fn a_forgotten_role_stops_the_build_with_its_place() {
    let copy = Copy::new("role");
    let secured = "The filters narrow it down together.\n      security:\n        - jwt: []\n";
    let with_role = format!("{secured}      x-access-role: admin\n");
    copy.replace("openapi.yaml", &with_role, secured);
    let generated = copy.generated();
    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(!outcome.success);
    assert!(
        outcome
            .said
            .contains("paths./users/v1/.get: is secured and names no role"),
        "{}",
        outcome.said
    );
    assert!(copy.generated() == generated);
}

#[test]
fn a_schema_that_is_made_of_itself_stops_the_build_with_its_place() {
    let copy = Copy::new("refused");
    copy.replace(
        "openapi.yaml",
        "    EmailRequest:\n",
        "    Either:\n      allOf: [{ $ref: '#/components/schemas/Either' }]\n    EmailRequest:\n",
    );
    let before = copy.generated();
    let outcome = copy.cargo(Generator::Installed, BUILD);
    assert!(!outcome.success);
    assert!(
        outcome
            .said
            .contains("components.schemas.Either: refers to itself without a property or item"),
        "{}",
        outcome.said
    );
    assert!(copy.generated() == before);
}
