//! Large contracts.

use openapi::{Defects, Options};
use serde_json::{Map, Value, json};
use std::time::Instant;

#[test]
fn a_contract_of_a_thousand_operations_is_read_in_seconds() {
    let schema = |number: usize| {
        let other = |step: usize| json!({"$ref": format!("#/components/schemas/S{}", (number * 7 + step) % 1_000)});
        json!({"type": "object", "properties": {
            "id": {"type": "integer"}, "a": other(1), "b": {"type": "array", "items": other(2)},
            "c": {"nullable": true, "allOf": [other(3)]}, "name": {"type": "string", "maxLength": number + 1},
        }})
    };
    let schemas: Map<String, Value> = (0..1_000)
        .map(|number| (format!("S{number}"), schema(number)))
        .collect();
    let operation = |number: usize| {
        json!({"post": {
            "operationId": format!("op{number}"),
            "requestBody": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": format!("#/components/schemas/S{number}")}}}}},
            "responses": {"204": {"description": "Done."}},
        }})
    };
    let paths: Map<String, Value> = (0..1_000)
        .map(|number| (format!("/things{number}"), operation(number)))
        .collect();
    let spec = json!({
        "openapi": "3.0.3", "info": {"title": "Large", "version": "1"}, "paths": paths, "components": {"schemas": schemas},
    });
    let start = Instant::now();
    let mut defects = Defects::default();
    let document = openapi::read(&spec, &Options::default(), &mut defects).unwrap();
    assert_eq!(defects.to_string(), "");
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert_eq!(document.operations.len(), 1_000);
    let schema = document.schema("S7").unwrap();
    assert!(schema.is_valid(&json!({"a": {"a": {"a": {"id": 1}}}})));
    assert!(!schema.is_valid(&json!({"a": {"a": {"a": {"id": "1"}}}})));
}
