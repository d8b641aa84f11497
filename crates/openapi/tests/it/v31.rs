//! OpenAPI 3.1: its schemas are those of 3.0 where both can say the same.

use openapi::{Defects, Document, Options, load, read};
use serde_json::{Value, json};

fn read_open(text: &str) -> (Document, Defects) {
    let mut defects = Defects::default();
    let document = read(&load(text).unwrap(), &Options::default(), &mut defects);
    (document.unwrap(), defects)
}

fn contract(schemas: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1', summary: S, license: {{name: MIT, identifier: MIT}}}}\n\
         paths: {{/a: {{get: {{operationId: a, tags: [A], responses: {{'200': {{description: Good.}}, '400': {{description: Bad.}}}}}}}}}}\n\
         components: {{schemas: {schemas}}}\n"
    )
}

#[test]
fn schemas_are_written_as_those_of_3_0_where_both_can_say_the_same() {
    for (schema, expected) in [
        (
            r#"{type: [string, "null"]}"#,
            json!({"type": "string", "nullable": true}),
        ),
        (r#"{type: [string]}"#, json!({"type": "string"})),
        (
            r#"{type: [string, integer]}"#,
            json!({"type": ["string", "integer"]}),
        ),
        (
            r#"{type: [string, integer, "null"]}"#,
            json!({"type": ["string", "integer"], "nullable": true}),
        ),
        (
            r#"{type: "null"}"#,
            json!({"enum": [null], "nullable": true}),
        ),
        (
            r#"{type: [string, "null"], enum: [a, null]}"#,
            json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        ),
        (
            r#"{type: [string, "null"], enum: [a]}"#,
            json!({"type": "string", "enum": ["a"]}),
        ),
        ("{const: a}", json!({"type": "string", "enum": ["a"]})),
        (
            "{type: number, const: 3}",
            json!({"type": "number", "enum": [3]}),
        ),
        (
            "{type: string, examples: [a, b]}",
            json!({"type": "string", "example": "a"}),
        ),
        (
            "{type: object, properties: {a: true, b: false}, additionalProperties: false}",
            json!({"type": "object", "properties": {"a": {}, "b": {"not": {}}}, "additionalProperties": false}),
        ),
        (
            r#"{anyOf: [{type: string, maxLength: 3}, {type: "null"}], description: D.}"#,
            json!({"type": "string", "maxLength": 3, "nullable": true, "description": "D."}),
        ),
        (
            r##"{oneOf: [{$ref: "#/components/schemas/B"}, {type: "null"}]}"##,
            json!({"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": true}),
        ),
        (
            r##"{oneOf: [{$ref: "#/components/schemas/B"}, {type: string}, {type: "null"}]}"##,
            json!({"oneOf": [{"$ref": "#/components/schemas/B"}, {"type": "string"}], "nullable": true}),
        ),
        (
            r##"{$ref: "#/components/schemas/B", description: D., maxLength: 2}"##,
            json!({"allOf": [{"$ref": "#/components/schemas/B"}, {"maxLength": 2}], "description": "D."}),
        ),
        (
            r#"{type: integer, exclusiveMinimum: 3}"#,
            json!({"type": "integer", "exclusiveMinimum": 3}),
        ),
        ("{type: array}", json!({"type": "array", "items": {}})),
        (
            "{type: [array, object]}",
            json!({"type": ["array", "object"], "items": {}}),
        ),
        (
            "{type: array, prefixItems: [{type: string}, true], $comment: C, items: false}",
            json!({"type": "array", "prefixItems": [{"type": "string"}, {}], "items": {"not": {}}}),
        ),
    ] {
        let text = contract(&format!("{{A: {schema}, B: {{type: string}}}}"));
        let (document, _) = read_open(&text);
        assert_eq!(
            document.json["components"]["schemas"]["A"], expected,
            "{schema}"
        );
        assert_eq!(document.notices.to_string(), "", "{schema}");
    }
}

#[test]
fn definitions_and_anchors_become_components() {
    let (document, defects) = read_open(&contract(
        r##"{A: {type: object, $defs: {Name: {type: string}, Unused: {type: string}},
               properties: {name: {$ref: "#/components/schemas/A/$defs/Name"}, b: {$ref: "#marked"}}},
            B: {type: object, properties: {c: {$anchor: marked, type: object}}}}"##,
    ));
    assert_eq!(defects.to_string(), "");
    let schemas = &document.json["components"]["schemas"];
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    assert_eq!(
        schemas["A"],
        json!({"type": "object", "properties": {"name": reference("Name"), "b": reference("BC")}})
    );
    assert_eq!(schemas["Name"], json!({"type": "string"}));
    assert_eq!(schemas["BC"], json!({"type": "object"}));
}

#[test]
fn what_is_left_out_is_a_notice() {
    let text = contract("{A: {$id: 'https://example.org/a', type: string, nullable: true}}")
        + "webhooks: {done: {post: {responses: {'200': {description: Good.}}}}}\n\
           jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base\n";
    let (document, defects) = read_open(&text);
    assert_eq!(defects.to_string(), "");
    let places: Vec<_> = document
        .notices
        .iter()
        .map(|notice| notice.place())
        .collect();
    assert_eq!(
        places,
        [
            "webhooks",
            "components.schemas.A.$id",
            "components.schemas.A.nullable"
        ]
    );
    assert_eq!(document.json.get("webhooks"), None::<&Value>);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    for (schema, defect) in [
        (
            "{$dynamicRef: '#a'}",
            "components.schemas.A.$dynamicRef: is not followed; write a `$ref`",
        ),
        (
            "{$schema: 'http://json-schema.org/draft-04/schema#'}",
            "components.schemas.A.$schema: is a dialect that is not read",
        ),
        (
            "{type: string, exclusiveMinimum: true}",
            "components.schemas.A.exclusiveMinimum: must be a number",
        ),
    ] {
        let (_, defects) = read_open(&contract(&format!("{{A: {schema}}}")));
        assert!(
            defects.to_string().contains(defect),
            "wanted {defect}, found {defects}"
        );
    }
}

#[test]
fn path_items_among_the_components_are_referred_to() {
    let (document, defects) = read_open(
        r##"
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/a: {$ref: "#/components/pathItems/A"}}
components:
  pathItems:
    A: {get: {operationId: a, tags: [A], responses: {"200": {description: Good.}, "400": {description: Bad.}}}}
"##,
    );
    assert_eq!(defects.to_string(), "");
    assert_eq!(document.operations[0].path, "/a");
}
