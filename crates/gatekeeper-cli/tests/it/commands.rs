//! The commands on files.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

/// The folder of the contracts that the build refuses or translates.
const CONTRACTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../gatekeeper-build/fixtures");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gatekeeper"))
        .args(arguments)
        .env("OPENAPI_GENERATOR_CLI", "/nowhere")
        .output()
        .unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let said = [stdout, stderr].map(|said| String::from_utf8(said).unwrap());
    (status.success(), said.concat())
}

#[test]
fn each_command_has_its_help() {
    for command in [
        "check", "routes", "diff", "generate", "mock", "new", "tools",
    ] {
        let (succeeds, said) = run(&[command, "--help"]);
        assert!(succeeds && said.contains("Usage: gatekeeper"), "{said}");
    }
}

#[test]
fn check_prints_every_defect_with_its_place() {
    let contract = format!("{CONTRACTS}/refused/paths.yaml");
    let text = std::fs::read_to_string(&contract).unwrap();
    let (succeeds, said) = run(&["check", "--strict", &contract]);
    assert!(!succeeds);
    let expected = text
        .lines()
        .filter_map(|line| line.strip_prefix("# refused: "));
    for defect in expected {
        assert!(said.contains(&format!("{contract}: {defect}\n")), "{said}");
    }

    let (succeeds, said) = run(&["check", "nowhere.yaml"]);
    assert!(!succeeds);
    assert!(
        said.starts_with("gatekeeper: nowhere.yaml cannot be read: "),
        "{said}"
    );
}

#[test]
fn check_accepts_what_can_be_served() {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.yaml");
    let (succeeds, said) = run(&["check", contract]);
    assert!(
        succeeds && said.ends_with("operations, no defects\n"),
        "{said}"
    );
}

#[test]
fn routes_say_who_may_call_what_in_each_form() {
    let contract = format!("{FIXTURES}/base.yaml");
    let (succeeds, text) = run(&["routes", &contract]);
    assert!(succeeds);
    let row: Vec<&str> = text.lines().nth(1).unwrap().split_whitespace().collect();
    let expected = "list_droids GET /droids/v1/ jwt or basic basic 200 304 401";
    assert_eq!(row.join(" "), expected);

    let (_, json) = run(&["routes", &contract, "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["operation"], "list_droids");
    assert_eq!(json[0]["security"][1][0]["name"], "basic");
    assert_eq!(json.as_array().unwrap().len(), 4);

    let contract = format!("{CONTRACTS}/every-shape/openapi.yaml");
    let (_, page) = run(&["routes", &contract, "--format", "markdown"]);
    assert!(page.starts_with("# Security matrix\n"), "{page}");
    assert!(
        page.contains("_token`"),
        "decode functions are named: {page}"
    );
}

/// Writes a contract, and returns its path.
fn written(name: &str, text: &str) -> String {
    let contract = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&contract, text).unwrap();
    contract.to_str().unwrap().to_owned()
}

const NAMELESS: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /droids:\n    get:\n      responses:\n        '200': {description: All.}\n";

#[test]
fn routes_name_operations_that_have_no_name() {
    let contract = written("nameless.yaml", NAMELESS);
    let (succeeds, said) = run(&["routes", &contract]);
    assert!(succeeds && said.contains("get_droids  GET"), "{said}");
}

#[test]
fn notices_are_printed_and_no_failure() {
    let text = NAMELESS.replace("200': {", "200': {links: {}, ");
    let contract = written("noticed.yaml", &text);
    let (succeeds, said) = run(&["check", &contract]);
    assert!(
        succeeds && said.contains("no defects, 1 notice\n") && said.contains(": notice: "),
        "{said}"
    );
    let (_, said) = run(&["check", &contract, "--quiet"]);
    assert_eq!(said.lines().count(), 1, "{said}");
    let text =
        format!("{NAMELESS}        '404': {{description: None., content: {{text/plain: {{}}}}}}\n");
    let (_, said) = run(&["check", &written("text-errors.yaml", &text)]);
    let place = "paths./droids.get.responses.404.content.text/plain: is the body of 404";
    assert!(said.contains(place), "{said}");
}

#[test]
fn diff_compares_two_files() {
    let old = format!("{FIXTURES}/base.yaml");
    let (succeeds, said) = run(&["diff", &old, &old]);
    assert!(succeeds && said.contains("breaks nothing"), "{said}");

    let text = std::fs::read_to_string(&old).unwrap();
    let new = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("admins.yaml");
    std::fs::write(
        &new,
        text.replace("x-access-role: basic", "x-access-role: admin"),
    )
    .unwrap();
    let new = new.to_str().unwrap();
    let (succeeds, said) = run(&["diff", &old, new]);
    assert!(!succeeds);
    assert_eq!(said, "  list_droids: x-access-role was basic, is admin\n");
    assert!(!run(&["diff", new, &old]).0, "which role is the lower one?");
    assert!(run(&["diff", new, &old, "--roles", "basic,admin"]).0);
}

#[test]
fn generate_says_that_the_program_is_missing() {
    let contract = format!("{FIXTURES}/base.yaml");
    let folder = format!("{}/made/src", env!("CARGO_TARGET_TMPDIR"));
    let (succeeds, said) = run(&["generate", &contract, "--out-dir", &folder]);
    assert!(!succeeds);
    assert!(
        said.contains("OPENAPI_GENERATOR_CLI names /nowhere"),
        "{said}"
    );
}
