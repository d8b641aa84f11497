//! `docs/security-matrix.md`: a line for each operation, so that a change of who may call it is seen in review.

use crate::helpers::{
    app::TestApp,
    contract::{CONTRACT, Operation},
};

fn printed() -> String {
    let app = TestApp::not_started(|_| {});
    let output = app.run(&["routes", "--format", "markdown"], "");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_committed_one_is_the_contracts() {
    assert!(
        printed() == include_str!("../../docs/security-matrix.md"),
        "docs/security-matrix.md is not what openapi.yaml gives: run `make matrix`, read the difference and commit it"
    );
}

/// Read from the contract without the service's code.
fn row(operation: &Operation) -> String {
    let (names, hooks): (Vec<String>, Vec<String>) = operation
        .schemes()
        .into_iter()
        .map(|name| {
            let scheme = &CONTRACT.components("securitySchemes")[name];
            let hook = ["x-bearerInfoFunc", "x-basicInfoFunc", "x-apikeyInfoFunc"]
                .iter()
                .find_map(|extension| scheme[extension].as_str())
                .expect("a hook");
            (name.to_owned(), format!("`{hook}`"))
        })
        .unzip();
    let or_none = |parts: Vec<String>| match parts.as_slice() {
        [] => "-".to_owned(),
        parts => parts.join(" or "),
    };
    let mut statuses: Vec<&str> = operation.responses.keys().map(String::as_str).collect();
    statuses.sort_unstable();
    format!(
        "| {} | `{} {}` | {} | {} | {} | {} |",
        operation.id,
        operation.method,
        operation.path,
        or_none(names),
        or_none(hooks),
        operation.role.as_deref().unwrap_or("-"),
        statuses.join(" "),
    )
}

#[test]
fn it_has_a_line_for_every_operation_and_no_other() {
    let printed = printed();
    let mut lines: Vec<&str> = printed
        .lines()
        .filter(|line| line.contains("/"))
        .filter(|line| line.starts_with("| "))
        .collect();
    lines.sort_unstable();
    let mut expected: Vec<String> = CONTRACT.operations().iter().map(row).collect();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}
