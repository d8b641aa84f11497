//! `readOnly` and `writeOnly`: two schemas where requests and replies hold different members, one where they do not.

use openapi::{Defects, Options, load, read};
use serde_json::{Value, json};

/// Returns the schemas of a contract that sends and returns `User`, and what both refer to.
fn lowered(schemas: &str) -> (Value, Value, Value) {
    let text = format!(
        r##"
openapi: 3.0.3
info: {{title: T, version: "1"}}
paths:
  /users:
    post:
      operationId: add_user
      tags: [Users]
      requestBody: {{content: {{application/json: {{schema: {{$ref: "#/components/schemas/User"}}}}}}}}
      responses:
        "200": {{description: Good., content: {{application/json: {{schema: {{$ref: "#/components/schemas/User"}}}}}}}}
        "400": {{description: Bad.}}
        "413": {{description: Bad.}}
        "415": {{description: Bad.}}
components:
  schemas: {schemas}
"##
    );
    let mut defects = Defects::default();
    let document = read(&load(&text).unwrap(), &Options::default(), &mut defects).unwrap();
    assert_eq!(defects.to_string(), "");
    let post = &document.json["paths"]["/users"]["post"];
    let body = &post["requestBody"]["content"]["application/json"]["schema"];
    let reply = &post["responses"]["200"]["content"]["application/json"]["schema"];
    (
        document.json["components"]["schemas"].clone(),
        body.clone(),
        reply.clone(),
    )
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[test]
fn a_schema_with_members_for_one_direction_becomes_two() {
    let (schemas, body, reply) = lowered(
        "{User: {type: object, additionalProperties: false, required: [id, name, password], properties: {
            id: {type: integer, readOnly: true}, name: {type: string, readOnly: false},
            password: {type: string, writeOnly: true}}, example: {id: 1, name: a, password: b}}}",
    );
    assert_eq!((body, reply), (reference("UserRequest"), reference("User")));
    assert_eq!(
        schemas["User"],
        json!({
            "type": "object", "additionalProperties": false, "required": ["id", "name"],
            "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
            "example": {"id": 1, "name": "a"},
        })
    );
    assert_eq!(
        schemas["UserRequest"],
        json!({
            "type": "object", "additionalProperties": false, "required": ["name", "password"],
            "properties": {"name": {"type": "string"}, "password": {"type": "string"}},
            "example": {"name": "a", "password": "b"},
        })
    );
}

#[test]
fn what_leads_to_it_becomes_two_and_nothing_else_does() {
    let (schemas, body, reply) = lowered(
        "{User: {type: object, properties: {friends: {type: array, items: {$ref: '#/components/schemas/User'}},
            team: {$ref: '#/components/schemas/Team'}, town: {$ref: '#/components/schemas/Town'}}},
          Team: {type: object, properties: {id: {type: string, readOnly: true}, head: {$ref: '#/components/schemas/User'}}},
          Town: {type: object, properties: {name: {type: string}}},
          TeamRequest: {type: object}}",
    );
    assert_eq!((body, reply), (reference("UserRequest"), reference("User")));
    let request = &schemas["UserRequest"]["properties"];
    assert_eq!(request["friends"]["items"], reference("UserRequest"));
    assert_eq!(request["team"], reference("TeamRequest2"));
    assert_eq!(request["town"], reference("Town"));
    assert_eq!(
        schemas["TeamRequest2"]["properties"],
        json!({"head": reference("UserRequest")})
    );
    assert_eq!(schemas["User"]["properties"]["team"], reference("Team"));
    let mut names: Vec<_> = schemas.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "Team",
            "TeamRequest",
            "TeamRequest2",
            "Town",
            "User",
            "UserRequest"
        ]
    );
}

#[test]
fn a_part_hides_its_members_in_the_whole_and_a_reference_those_that_it_names() {
    let (schemas, ..) = lowered(
        "{User: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [id, key, name],
            properties: {name: {type: string}, key: {$ref: '#/components/schemas/Key'},
                since: {allOf: [{$ref: '#/components/schemas/Date'}], readOnly: true}}}]},
          Base: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}}},
          Date: {type: string, format: date}, Key: {type: string, readOnly: true}}",
    );
    let request = &schemas["UserRequest"]["allOf"];
    assert_eq!(request[0], reference("BaseRequest"));
    assert_eq!(
        request[1],
        json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}})
    );
    assert_eq!(
        schemas["BaseRequest"],
        json!({"type": "object", "properties": {}})
    );
    assert_eq!(
        schemas["User"]["allOf"][1]["required"],
        json!(["id", "key", "name"])
    );
    assert_eq!(schemas["Key"], json!({"type": "string"}));
}

#[test]
fn a_schema_of_requests_alone_keeps_its_name() {
    let text = r##"
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /users:
    post:
      operationId: add_user
      tags: [Users]
      requestBody: {$ref: "#/components/requestBodies/User"}
      responses: {"200": {description: Good.}, "400": {description: Bad.}, "413": {description: Bad.}, "415": {description: Bad.}}
components:
  requestBodies:
    User: {content: {application/json: {schema: {type: object, properties: {
      a: {type: string, readOnly: true}, user: {$ref: "#/components/schemas/User"}}}}}}
  schemas:
    User: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string, writeOnly: true}}}
"##;
    let mut defects = Defects::default();
    let document = read(&load(text).unwrap(), &Options::default(), &mut defects).unwrap();
    assert_eq!(defects.to_string(), "");
    let schemas = &document.json["components"]["schemas"];
    let user = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    assert_eq!(schemas["User"], user);
    let body = json!({"user": reference("User")});
    let all = schemas.as_object().unwrap();
    assert_eq!(all.len(), 2);
    assert!(
        all.values().any(|schema| schema["properties"] == body),
        "{schemas}"
    );
}
