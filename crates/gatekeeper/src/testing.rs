//! Contracts for the unit tests.

use openapi::{Defects, Document, Mode, Options};
use serde_json::{Value, json};

/// A contract of one operation, `probe`, made of the given parts; whatever is needed and not given is added.
pub(crate) fn contract(method: &str, path: &str, mut operation: Value, mut rest: Value) -> Value {
    let defaults = json!({
        "operationId": "probe",
        "responses": {
            "200": {"description": "Good."}, "400": {"description": "Bad."},
            "413": {"description": "Large."}, "415": {"description": "Unknown."},
        },
    });
    for (keyword, value) in defaults.as_object().unwrap() {
        operation
            .as_object_mut()
            .unwrap()
            .entry(keyword.clone())
            .or_insert(value.clone());
    }
    let rest = rest.as_object_mut().unwrap();
    rest.entry("openapi").or_insert(json!("3.0.3"));
    rest.insert("info".to_owned(), json!({"title": "Test", "version": "1"}));
    rest.entry("paths")
        .or_insert(json!({ path: { method: operation } }));
    Value::Object(rest.clone())
}

/// Reads a contract without defects.
pub(crate) fn load(contract: &Value) -> Document {
    load_in(Mode::Open, contract)
}

/// Reads a contract of a mode.
pub(crate) fn load_in(mode: Mode, contract: &Value) -> Document {
    let mut defects = Defects::default();
    let options = Options {
        mode,
        ..Options::default()
    };
    let document = openapi::read(contract, &options, &mut defects);
    assert!(defects.is_empty(), "{defects}");
    document.unwrap()
}
