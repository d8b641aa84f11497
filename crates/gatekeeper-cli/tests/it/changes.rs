use gatekeeper_cli::diff::{Contract, compare};
use serde_json::Value;

const BASE: &str = include_str!("../fixtures/base.yaml");

fn parse(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap()
}

fn take(document: &mut Value, pointer: &str) -> Value {
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/");
    let parent = document
        .pointer_mut(place)
        .unwrap_or_else(|| panic!("nothing at {place}"));
    let taken = parent.as_object_mut().unwrap().remove(&name);
    taken.unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (place, name) = pointer.rsplit_once('/').unwrap();
    let parent = document
        .pointer_mut(place)
        .unwrap_or_else(|| panic!("nothing at {place}"));
    parent
        .as_object_mut()
        .unwrap()
        .insert(name.replace("~1", "/"), value);
}

fn changed(change: &Value) -> Value {
    let mut document = parse(BASE);
    for pointer in change["remove"].as_array().into_iter().flatten() {
        take(&mut document, pointer.as_str().unwrap());
    }
    for (from, to) in change["move"].as_object().into_iter().flatten() {
        let value = take(&mut document, from);
        put(&mut document, to.as_str().unwrap(), value);
    }
    for (pointer, value) in change["set"].as_object().into_iter().flatten() {
        put(&mut document, pointer, value.clone());
    }
    document
}

fn broken(old: &Value, new: &Value) -> Value {
    let contract = |json: &Value| Contract::new(json.clone()).unwrap();
    compare(
        &contract(old),
        &contract(new),
        &["basic", "admin"].map(str::to_owned),
    )
    .into_iter()
    .flat_map(|(id, found)| {
        found
            .into_iter()
            .map(move |what| Value::from(format!("{id}: {what}")))
    })
    .collect()
}

#[test]
fn each_change_breaks_what_it_says_and_taking_it_back_does_too() {
    let base = parse(BASE);
    let changes = parse(include_str!("../fixtures/changes.yaml"));
    let changes = changes.as_array().unwrap();
    assert!(!changes.is_empty());
    let mut wrong = Vec::new();
    for change in changes {
        let after = changed(change);
        let name = change["name"].as_str().unwrap();
        for (way, found, expected) in [
            ("", broken(&base, &after), &change["breaks"]),
            (", taken back", broken(&after, &base), &change["back"]),
        ] {
            if found != *expected {
                wrong.push(format!(
                    "{name}{way}:\n  expected {expected:#}\n  found {found:#}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The contract at hand has shapes that the small one has not.
#[test]
fn our_contract_does_not_differ_from_itself_and_each_of_its_operations_is_missed() {
    let ours = parse(include_str!("../../../../openapi.yaml"));
    assert_eq!(broken(&ours, &ours), Value::Array(Vec::new()));
    let mut rest = ours.clone();
    rest["paths"]
        .as_object_mut()
        .unwrap()
        .retain(|path, _| path == "/healthz");
    let found = broken(&ours, &rest);
    let found: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let operations: Vec<&str> = ours["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .filter(|id| *id != "get_health")
        .collect();
    assert!(operations.len() > 1);
    assert_eq!(found.len(), operations.len());
    for id in operations {
        assert!(
            found
                .iter()
                .any(|each| each.starts_with(&format!("{id}: "))),
            "{id}"
        );
    }
}

#[test]
fn a_contract_that_cannot_be_understood_is_an_error() {
    for (contract, complaint) in [
        ("paths: [", "is no readable YAML"),
        (
            "paths: {}",
            "openapi: states no version; write `openapi: 3.0.3`",
        ),
        ("openapi: 3.0.3", "declares no operation"),
        (
            "{ openapi: 3.0.3, paths: { /a: { get: { requestBody: { $ref: '#/components/x' } } } } }",
            "#/components/x leads nowhere",
        ),
        (
            "{ openapi: 3.0.3, paths: { /a: { get: { requestBody: { $ref: 'other.yaml' } } } } }",
            "other.yaml leads nowhere",
        ),
    ] {
        let error = Contract::parse(contract).unwrap_err();
        assert_eq!(error.to_string(), complaint);
    }
}
