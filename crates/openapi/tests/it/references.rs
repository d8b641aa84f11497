//! References: each leads to a component, wherever it led to before.

use openapi::{Defects, Document, Options, load, read};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Returns a contract of one operation with these components, in flow style.
fn contract(components: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
         responses: {{'200': {{description: Good.}}, '400': {{description: Bad.}}}}\ncomponents: {components}\n"
    )
}

fn read_open(text: &str) -> (Option<Document>, Defects) {
    let mut defects = Defects::default();
    let document = read(&load(text).unwrap(), &Options::default(), &mut defects);
    (document, defects)
}

fn lowered(text: &str) -> Value {
    let (document, defects) = read_open(text);
    assert_eq!(defects.to_string(), "");
    document.unwrap().json
}

fn defects(text: &str) -> String {
    read_open(text).1.to_string()
}

#[test]
fn a_reference_into_a_schema_makes_a_component_of_what_is_there() {
    let json = lowered(&contract(
        r##"{schemas: {
            A: {properties: {id: {type: integer, format: int64}, "a/b": {type: string}}},
            B: {properties: {
                a: {$ref: "#/components/schemas/A/properties/id"},
                b: {$ref: "#/components/schemas/A/properties/a~1b"},
                c: {$ref: "#/components/schemas/A/properties/a%7E1b"},
                $ref: {$ref: "#/components/schemas/A"}},
              example: {$ref: "#/components/schemas/A/properties/none"}}}}"##,
    ));
    let schemas = &json["components"]["schemas"];
    let id = json!({"$ref": "#/components/schemas/AId"});
    let name = json!({"$ref": "#/components/schemas/AAB"});
    assert_eq!(
        schemas["AId"],
        json!({"type": "integer", "format": "int64"})
    );
    assert_eq!(schemas["AAB"], json!({"type": "string"}));
    assert_eq!(schemas["A"]["properties"], json!({"id": id, "a/b": name}));
    let expected =
        json!({"a": id, "b": name, "c": name, "$ref": {"$ref": "#/components/schemas/A"}});
    assert_eq!(schemas["B"]["properties"], expected);
}

#[test]
fn a_schema_may_lie_in_itself_by_a_reference_into_it() {
    let json = lowered(&contract(
        "{schemas: {A: {properties: {b: {type: array, items: {$ref: '#/components/schemas/A/properties/b'}}}}}}",
    ));
    let schemas = &json["components"]["schemas"];
    let b = json!({"$ref": "#/components/schemas/AB"});
    assert_eq!(
        schemas["A"],
        json!({"properties": {"b": b}, "type": "object"})
    );
    assert_eq!(schemas["AB"], json!({"type": "array", "items": b}));
}

#[test]
fn references_are_followed_over_others() {
    let json = lowered(&contract(
        r##"{schemas: {
            A: {$ref: "#/components/schemas/B"}, B: {$ref: "#/components/schemas/C"},
            C: {type: object, properties: {id: {type: string}}},
            D: {type: object, properties: {
                a: {$ref: "#/components/schemas/A"}, id: {$ref: "#/components/schemas/A/properties/id"}}},
            E: {$ref: "#/definitions/F"}}}
definitions: {F: {type: object, properties: {self: {$ref: "#/definitions/F"}}}}"##,
    ));
    let schemas = &json["components"]["schemas"];
    let properties = json!({
        "a": {"$ref": "#/components/schemas/C"}, "id": {"$ref": "#/components/schemas/CId"},
    });
    assert_eq!(schemas["D"]["properties"], properties);
    let f = json!({"$ref": "#/components/schemas/F"});
    assert_eq!(schemas["E"], f);
    assert_eq!(
        schemas["F"],
        json!({"type": "object", "properties": {"self": f}})
    );
}

#[test]
fn parts_of_operations_are_referred_to_as_components_are() {
    let text = r##"
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a/{id}:
    get:
      operationId: get_a
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: Good., headers: {etag: {schema: {type: string}}}}}
    delete:
      operationId: delete_a
      parameters: [{$ref: "#/paths/~1a~1%7Bid%7D/get/parameters/0"}]
      responses: {"200": {$ref: "#/paths/~1a~1{id}/get/responses/200"}}
  /b/{id}: {$ref: "#/paths/~1c~1{id}", delete: {$ref: "#/paths/~1a~1{id}/get"}}
  /c/{id}:
    parameters: [{$ref: "#/components/parameters/Alias"}]
    get:
      operationId: get_c
      requestBody: {$ref: "#/components/requestBodies/Film"}
      responses: {"200": {description: Good.}}
components:
  parameters:
    Alias: {$ref: "#/components/parameters/Id"}
    Id: {name: id, in: path, required: true, schema: {type: string}}
  requestBodies:
    Film: {content: {application/json: {schema: {type: object}}}}
"##;
    let (document, _) = read_open(&text.replace(", delete: {$ref: \"#/paths/~1a~1{id}/get\"}", ""));
    let document = document.unwrap();
    let of = |id: &str, path: &str| {
        let mut operations = document.operations.iter();
        operations
            .find(|each| each.id == id && each.path == path)
            .unwrap()
    };
    let (get, delete) = (of("get_a", "/a/{id}"), of("delete_a", "/a/{id}"));
    assert_eq!(delete.json["parameters"], get.json["parameters"]);
    assert_eq!(delete.responses[0].headers.len(), 1);
    let copy = document
        .operations
        .iter()
        .find(|each| each.path == "/b/{id}")
        .unwrap();
    assert_eq!(copy.json["parameters"][0]["name"], "id");
}

#[test]
fn parts_of_a_discriminator_keep_the_names_that_they_had() {
    let json = lowered(&contract(
        r##"{schemas: {
            Pet: {oneOf: [{$ref: "#/components/schemas/Hound"}, {$ref: "#/components/schemas/Cat"}],
                discriminator: {propertyName: kind, mapping: {cat: Cat}}},
            Hound: {$ref: "#/components/schemas/Dog"},
            Dog: {type: object, required: [kind], properties: {kind: {type: string}}},
            Cat: {type: object, required: [kind], properties: {kind: {type: string}}}}}"##,
    ));
    let pet = &json["components"]["schemas"]["Pet"];
    let mapping = json!({
        "cat": "#/components/schemas/Cat", "Hound": "#/components/schemas/Dog",
    });
    assert_eq!(pet["discriminator"]["mapping"], mapping);
}

#[test]
fn a_reference_that_leads_nowhere_is_told_once_with_its_place() {
    for (components, defect) in [
        (
            "{schemas: {A: {properties: {b: {$ref: '#/components/schemas/A/properties/c'}}}}}",
            "components.schemas.A.properties.b: its $ref leads nowhere; it has to name one of #/components/schemas/… in this document",
        ),
        (
            "{schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}",
            "components.schemas.A: its $ref leads in a circle\ncomponents.schemas.B: its $ref leads in a circle",
        ),
        (
            "{schemas: {A: {$ref: '#/components/schemas/A/items'}}}",
            "components.schemas.A: its $ref leads in a circle",
        ),
        (
            "{schemas: {A: {$ref: 'https://example.org/a.json'}}}",
            "components.schemas.A: its $ref leads to a URL, and nothing is fetched; copy what is there into this document",
        ),
        (
            "{schemas: {A: {$ref: 'a.yaml#/B'}}}",
            "components.schemas.A: its $ref leads to another file, \"a.yaml#/B\"; a contract of several files is loaded by its path, or bundled into one",
        ),
        (
            "{schemas: {A: {$ref: '#/components/responses/B'}}, responses: {B: {description: B.}}}",
            "components.schemas.A: its $ref leads to what is no schema; it has to name one of #/components/schemas/… in this document",
        ),
    ] {
        assert_eq!(defects(&contract(components)), defect);
    }
}

#[test]
fn references_that_multiply_are_refused_at_once() {
    let mut bomb = "L0: {properties: {x: {type: string}}}".to_owned();
    for level in 1..30 {
        let part = format!(
            "{{$ref: '#/components/schemas/L{}/properties/x'}}",
            level - 1
        );
        let parts = vec![part; 10].join(", ");
        bomb += &format!(", L{level}: {{properties: {{x: {{allOf: [{parts}]}}}}}}");
    }
    let mut paths = "/0: {parameters: [{name: a, in: query, schema: {type: string}}]}".to_owned();
    for level in 1..3000 {
        paths += &format!(
            "\n  /{level}: {{$ref: '#/paths/~1{}', x-a: {}}}",
            level - 1,
            "'x'"
        );
    }
    let paths = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  {paths}\n");
    let begun = Instant::now();
    let found = defects(&contract(&format!("{{schemas: {{{bomb}}}}}")));
    assert!(found.contains("is made of more than"), "{}", found.len());
    defects(&paths);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn parts_that_only_describe_belong_to_the_whole() {
    let json = lowered(&contract(
        r##"{schemas: {
            A: {type: string},
            B: {allOf: [{$ref: "#/components/schemas/A"}, {description: B., x-b: 1}, {}]},
            C: {description: C., allOf: [{type: object, description: Part., properties: {a: {type: string}}}]},
            D: {allOf: [{description: D.}]},
            E: {allOf: [{maxLength: 3}], minLength: 1}}}"##,
    ));
    let schemas = &json["components"]["schemas"];
    let b = json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "B.", "x-b": 1});
    assert_eq!(schemas["B"], b);
    assert_eq!(
        schemas["C"],
        json!({"description": "C.", "type": "object", "properties": {"a": {"type": "string"}}})
    );
    assert_eq!(schemas["D"], json!({"description": "D."}));
    assert_eq!(
        schemas["E"],
        json!({"allOf": [{"maxLength": 3}], "minLength": 1})
    );
}
