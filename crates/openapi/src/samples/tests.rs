//! Each value that is made is held to its schema.

use crate::{Defects, Document, Options, load, read};
use serde_json::{Value, json};

fn document(schemas: Value) -> Document {
    let spec = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "components": { "schemas": schemas },
    });
    let mut defects = Defects::default();
    let document = read(
        &load(&spec.to_string()).unwrap(),
        &Options::default(),
        &mut defects,
    );
    document.unwrap()
}

fn made(schema: &Value, schemas: Value) -> Value {
    let owner = json!({ "schema": schema });
    let values = document(schemas).values(&owner, None);
    assert_eq!(values.len(), 1, "{schema}");
    values.into_iter().next().unwrap().1
}

#[test]
fn a_value_is_within_its_limits() {
    for schema in [
        json!({ "type": "integer", "minimum": 10, "maximum": 12, "exclusiveMinimum": true }),
        json!({ "type": "integer", "maximum": -3 }),
        json!({ "type": "integer", "multipleOf": 7, "minimum": 15 }),
        json!({ "type": "integer", "minimum": 9_223_372_036_854_775_807_u64 }),
        json!({ "type": "number", "minimum": 0, "maximum": 0.5, "exclusiveMinimum": true }),
        json!({ "type": "number", "multipleOf": 0.5, "minimum": 3 }),
        json!({ "type": "string", "minLength": 9, "maxLength": 9 }),
        json!({ "type": "string", "maxLength": 1 }),
        json!({ "type": "string", "pattern": "^[A-Z]{3}-\\d{2,}$", "minLength": 9 }),
        json!({ "type": "string", "pattern": "^(a|b)+(/[^/]+)*$", "minLength": 40 }),
        json!({ "type": "string", "pattern": "x", "minLength": 40 }),
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "format": "ipv6" }),
        json!({ "type": "array", "minItems": 3, "uniqueItems": true, "items": { "type": "string" } }),
        json!({ "type": "array", "maxItems": 0, "items": { "type": "string" } }),
        json!({ "type": "object", "minProperties": 2, "additionalProperties": { "type": "integer" } }),
        json!({ "type": "object", "maxProperties": 1, "required": ["b"],
            "properties": { "a": { "type": "integer" }, "b": { "type": "boolean" } } }),
        json!({ "allOf": [
            { "type": "object", "properties": { "a": { "type": "integer", "minimum": 5 } }, "required": ["a"] },
            { "properties": { "a": { "maximum": 5 } } },
        ] }),
        json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
        json!({ "enum": ["a"], "type": "string", "example": 1 }),
    ] {
        let value = made(&schema, json!({}));
        let validator = jsonschema::draft4::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        assert!(validator.is_valid(&value), "{schema}: {value}");
    }
}

#[test]
fn a_schema_that_holds_itself_ends() {
    let node = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string" },
        "next": { "$ref": "#/components/schemas/Node" },
        "all": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
    } });
    let value = made(
        &json!({ "$ref": "#/components/schemas/Node" }),
        json!({ "Node": node }),
    );
    assert_eq!(value["next"]["name"], "text");
    assert_eq!(value["next"].get("next"), None);
    assert_eq!(value["next"]["all"], json!([]));
}

#[test]
fn a_discriminator_has_the_value_of_the_part_that_was_made() {
    let pet = json!({ "oneOf": [{ "$ref": "#/components/schemas/Cat" }],
        "discriminator": { "propertyName": "kind", "mapping": { "feline": "#/components/schemas/Cat" } } });
    let cat = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
    let value = made(&pet, json!({ "Cat": cat }));
    assert_eq!(value, json!({ "kind": "feline" }));
}

#[test]
fn of_alternatives_that_allow_each_other_one_fits() {
    let part =
        |name: &str| json!({ "type": "object", "properties": { name: { "type": "integer" } } });
    let schema = json!({ "oneOf": [part("a"), part("b")] });
    let validator = jsonschema::draft4::options().build(&schema).unwrap();
    let owner = json!({ "schema": schema });
    let document = document(json!({}));
    let maker = super::Maker::new(&document.json);
    let made = maker.made(&owner, |value| validator.is_valid(value));
    assert_eq!(made, Some(json!({ "a": 1, "b": "text" })));
}

#[test]
fn a_schema_of_many_parts_is_made_in_bounded_time() {
    // Each level has the next ten times.
    let level = |number: usize| {
        let next = json!({ "$ref": format!("#/components/schemas/L{}", number + 1) });
        let names = (0..10).map(|name| (format!("m{name}"), next.clone()));
        json!({ "type": "object", "properties": names.collect::<serde_json::Map<_, _>>() })
    };
    let mut schemas: serde_json::Map<String, Value> = (0..20)
        .map(|number| (format!("L{number}"), level(number)))
        .collect();
    schemas.insert("L20".to_owned(), json!({ "type": "string" }));
    let value = made(
        &json!({ "$ref": "#/components/schemas/L0" }),
        Value::Object(schemas),
    );
    assert!(value.to_string().len() < 2_000_000);
}
