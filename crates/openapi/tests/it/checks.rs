//! The checks: each refusal names its location, the rule and the remedy.

use crate::STRICT;
use openapi::{BodyForm, Defects, Examples, MediaType, Options, check, load, read};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A contract of one operation, `probe`, made of the given parts; whatever is needed and not given is added.
fn contract(method: &str, path: &str, mut operation: Value, mut rest: Value) -> Value {
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

fn defects(contract: &Value) -> String {
    check(contract, &STRICT).to_string()
}

fn words() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

#[test]
fn references_are_resolved_and_parameters_of_the_path_merged() {
    let text = r##"
openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /films/{film_id}:
    parameters:
      - $ref: "#/components/parameters/FilmId"
      - {name: page, in: query, schema: {type: string}}
    get:
      operationId: get_film
      tags: [Films]
      parameters:
        - {name: page, in: query, schema: {type: integer}}
      responses:
        200: {$ref: "#/components/responses/Film"}
        "400": {description: Bad.}
components:
  parameters:
    FilmId: {name: film_id, in: path, required: true, schema: {type: integer}}
  responses:
    Film:
      description: Good.
      headers:
        etag: {$ref: "#/components/headers/Tag"}
  headers:
    Tag: {schema: {type: string}}
"##;
    let mut defects = Defects::default();
    let document = read(&load(text).unwrap(), &STRICT, &mut defects).unwrap();
    assert!(defects.is_empty(), "{defects}");
    let operation = &document.operations[0];
    assert_eq!(
        (operation.id.as_str(), operation.tag.as_deref()),
        ("get_film", Some("Films"))
    );
    assert_eq!(operation.location, "paths./films/{film_id}.get");
    let names: Vec<_> = operation.json["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| &parameter["name"])
        .collect();
    assert_eq!(names, ["page", "film_id"]);
    assert_eq!(
        operation.json["parameters"][0]["schema"]["type"], "integer",
        "the operation's own parameter wins"
    );
    assert_eq!(
        operation.json["responses"]["200"]["headers"]["etag"]["schema"]["type"],
        "string"
    );
}

#[test]
fn every_defect_is_told_at_once() {
    let found = defects(&contract(
        "get",
        "/a",
        json!({"callbacks": {}, "reponses": {}}),
        json!({"x": 1}),
    ));
    assert_eq!(found.lines().count(), 3, "{found}");
}

#[test]
fn what_is_not_served_is_a_defect_that_names_its_place() {
    let good = json!({"200": {"description": "Good."}});
    let with = |operation: Value| contract("get", "/a", operation, json!({}));
    let path = |path: &str| contract("get", path, json!({}), json!({}));
    let paths = |paths: Value| contract("get", "/a", json!({}), json!({ "paths": paths }));
    let one = json!({"operationId": "one", "responses": good});
    let two = json!({"operationId": "two", "responses": good});
    for (contract, defect) in [
        (
            contract("get", "/a", json!({}), json!({"openapi": "3.2.0"})),
            "openapi: only OpenAPI 3.0.x and 3.1.x are read",
        ),
        (
            contract(
                "get",
                "/a",
                json!({}),
                json!({"openapi": "", "swagger": "2.0"}),
            ),
            "swagger: OpenAPI 2.0 is not read",
        ),
        (
            contract("get", "/a", json!({}), json!({"webhoks": {}})),
            "webhoks: is no keyword of OpenAPI",
        ),
        (
            contract("get", "/a", json!({}), json!({"components": {"links": {}}})),
            "components.links: links are not served",
        ),
        (paths(json!({})), "paths: has no path"),
        (
            paths(json!({"/a": {"x-access-role": "admin", "get": one}})),
            "paths./a.x-access-role: has no effect here; it belongs to an operation",
        ),
        (
            contract("query", "/a", json!({}), json!({})),
            "paths./a.query: is no keyword",
        ),
        (
            with(json!({"callbacks": {}})),
            "paths./a.get.callbacks: callbacks are not made",
        ),
        (
            with(json!({"servers": []})),
            "paths./a.get.servers: one server serves all",
        ),
        (
            with(json!({"x-problem-codes": ["not-found"]})),
            "paths./a.get.x-problem-codes: has no effect here; it belongs to a response",
        ),
        (
            with(
                json!({"responses": {"200": {"description": "Good.", "x-problem-codes": "not-found"}}}),
            ),
            "paths./a.get.responses.200.x-problem-codes: must be a list",
        ),
        (
            with(json!({"responses": {"200": {"description": "Good.", "x-problem-codes": [404]}}})),
            "paths./a.get.responses.200.x-problem-codes[0]: must be a text",
        ),
        (
            with(json!({"securty": []})),
            "paths./a.get.securty: is no keyword of OpenAPI in this place; did you mean `security`?",
        ),
        (
            with(json!({"x-acess-role": "admin"})),
            "paths./a.get.x-acess-role: has no effect; did you mean `x-access-role`, which belongs to an operation?",
        ),
        (
            paths(json!({"/a": {"get": one}, "/b": {"get": one}})),
            "paths./b.get.operationId: `one` is the operationId of paths./a.get, too",
        ),
        (
            paths(json!({"/a/{x}": {"get": one}, "/a/{y}": {"get": two}})),
            "paths./a/{y}.get: matches the same requests as that of `/a/{x}`;",
        ),
        (path("a"), "paths.a: a path begins with `/`"),
        (path("/a//b"), "paths./a//b: a path has no query, fragment"),
        (
            path("/a/{id}"),
            "paths./a/{id}.get: the path has `{id}`, but no path parameter",
        ),
        (
            path("/a/{id.json"),
            "paths./a/{id.json: an expression is written `{id}`",
        ),
        (
            with(
                json!({"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]}),
            ),
            "paths./a.get: the path parameter `id` is not in the path",
        ),
        (
            with(json!({"parameters": [{"$ref": "#/components/parameters/X"}]})),
            "paths./a.get.parameters[0]: its $ref leads nowhere",
        ),
        (
            with(json!({"parameters": [{"name": "a", "in": "query", "requird": true}]})),
            "paths./a.get.parameters[0].requird: is no keyword",
        ),
        (
            with(
                json!({"parameters": [{"name": "a", "in": "query"}, {"name": "a", "in": "query"}]}),
            ),
            "paths./a.get.parameters[1]: is declared twice",
        ),
        (
            with(json!({"responses": {}})),
            "paths./a.get: has no responses",
        ),
        (
            with(json!({"responses": {"2XX": {"description": ""}}})),
            "paths./a.get.responses.2XX: is no status that can be sent",
        ),
        (
            with(json!({"responses": {"default": {"description": ""}}})),
            "paths./a.get.responses.default: is no status",
        ),
        (
            with(json!({"responses": {"100": {"description": ""}}})),
            "paths./a.get.responses.100: is no status",
        ),
        (
            with(json!({"responses": {"200": {"links": {}}}})),
            "paths./a.get.responses.200.links: links are not served",
        ),
        (
            with(json!({"responses": {"200": {"headers": {"etag": {"content": {"a/b": {}}}}}}})),
            "paths./a.get.responses.200.headers.etag: only JSON is held against a schema",
        ),
    ] {
        let found = defects(&contract);
        assert!(
            found.lines().any(|line| line.starts_with(defect)),
            "wanted {defect}, found {found}"
        );
    }
}

#[test]
fn two_paths_that_differ_in_the_name_of_an_expression_only_are_one() {
    let item = |id: &str, name: &str| {
        json!({"get": {
            "operationId": id,
            "parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "Good."}, "400": {"description": "Bad."}},
        }})
    };
    let found = defects(&contract(
        "get",
        "/a",
        json!({}),
        json!({"paths": {"/a/{x}": item("one", "x"), "/a/{y}": item("two", "y")}}),
    ));
    assert_eq!(
        found,
        "paths./a/{y}.get: matches the same requests as that of `/a/{x}`; keep one of them"
    );
}

#[test]
fn what_cannot_be_decoded_is_a_defect_that_names_its_place() {
    let text = json!({"type": "string"});
    for (parameter, defect) in [
        (json!({"in": "query", "schema": text}), "has no name"),
        (
            json!({"name": "p", "in": "body", "schema": text}),
            "`in` must be path, query, header or cookie",
        ),
        (
            json!({"name": "p", "in": "query"}),
            "must have either `schema` or `content`",
        ),
        (
            json!({"name": "p", "in": "query", "schema": {"type": "integer"}, "allowEmptyValue": true}),
            "`allowEmptyValue` is for schemas",
        ),
        (
            json!({"name": "p", "in": "query", "schema": text, "style": "matrix"}),
            "style `matrix` does not exist for parameters in query",
        ),
        (
            json!({"name": "p", "in": "query", "schema": text, "style": "deepObject"}),
            "style `deepObject` is for objects",
        ),
        (
            json!({"name": "p", "in": "query", "schema": text, "style": "pipeDelimited"}),
            "a delimited style is for arrays and objects",
        ),
        (
            json!({"name": "p", "in": "cookie", "schema": words()}),
            "a cookie cannot be exploded",
        ),
        (
            json!({"name": "p", "in": "query", "required": true, "schema": {"type": "integer", "default": 1}}),
            "is required, so its default",
        ),
        (
            json!({"name": "p", "in": "query", "schema": {"type": "integer", "default": "1"}}),
            "breaks its own schema",
        ),
        (
            json!({"name": "Accept", "in": "header", "schema": text}),
            "OpenAPI ignores header parameters named Accept",
        ),
        (
            json!({"name": "a b", "in": "header", "schema": text}),
            "`a b` is no header name",
        ),
        (
            json!({"name": "p", "in": "query", "content": {"text/csv": {"schema": text}}}),
            "a parameter is read as JSON or as plain text",
        ),
    ] {
        let found = defects(&contract(
            "get",
            "/things",
            json!({"parameters": [parameter]}),
            json!({}),
        ));
        assert!(
            found.starts_with("paths./things.get.parameters[0]") && found.contains(defect),
            "wanted {defect}, found {found}"
        );
    }
}

/// OpenAPI has a meaning for each of these, or leaves it open.
#[test]
fn a_valid_parameter_is_read_and_what_has_no_effect_is_noted() {
    let text = json!({"type": "string"});
    for (parameter, notice) in [
        (json!({"schema": text, "allowReserved": true}), ""),
        (
            json!({"schema": {"type": "integer"}, "allowEmptyValue": true}),
            "",
        ),
        (json!({"schema": text, "style": "deepObject"}), ""),
        (
            json!({"schema": words(), "style": "pipeDelimited", "explode": true}),
            "",
        ),
        (json!({"in": "cookie", "schema": words()}), ""),
        (
            json!({"schema": {"oneOf": [text, {"type": "integer"}]}}),
            "",
        ),
        (json!({"schema": {"anyOf": [text, words()]}}), ""),
        (json!({"schema": {"type": "string", "nullable": true}}), ""),
        (json!({"schema": {}}), ""),
        (json!({"schema": {"type": "array", "items": words()}}), ""),
        (json!({"content": {"text/plain": {"schema": text}}}), ""),
        (json!({"content": {"application/json": {}}}), ""),
        (
            json!({"content": {"text/csv": {"schema": words()}}}),
            "paths./things.get.parameters[0]: a parameter is read as JSON or as plain text; the schema of its `content` is not enforced",
        ),
        (
            json!({"required": true, "schema": {"type": "integer", "default": 1}}),
            "paths./things.get.parameters[0]: is required, so its default could never be used; leave one of them out",
        ),
        (
            json!({"name": "Authorization", "in": "header", "schema": text}),
            "paths./things.get.parameters[0]: has no effect: OpenAPI ignores header parameters named Accept, Content-Type and \
             Authorization; media types are described by content and credentials by security",
        ),
    ] {
        let mut parameter = parameter;
        let members = parameter.as_object_mut().unwrap();
        members.entry("name").or_insert(json!("p"));
        members.entry("in").or_insert(json!("query"));
        let operation = json!({"parameters": [parameter]});
        let contract = contract("get", "/things", operation, json!({}));
        let mut defects = Defects::default();
        let read = read(&contract, &Options::default(), &mut defects).unwrap();
        assert_eq!(defects.to_string(), "", "{parameter}");
        assert_eq!(read.notices.to_string(), notice, "{parameter}");
        let ignored = parameter["name"] == "Authorization";
        assert_eq!(read.operations[0].parameters.len(), usize::from(!ignored));
        assert!(read.operations[0].ignores_unknown_query);
    }
}

/// One part of a range is JSON, and typed; another type in it is bytes.
#[test]
fn a_valid_body_is_read_and_a_schema_without_effect_is_noted() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let file = json!({"type": "string", "format": "binary"});
    for (media_type, schema, forms, is_noted) in [
        (
            "application/hal+json; charset=utf-8",
            &object,
            "Json",
            false,
        ),
        ("text/json", &object, "Json", false),
        ("application/*+json", &object, "Json", false),
        ("application/x-www-form-urlencoded", &object, "Form", false),
        ("multipart/form-data", &object, "Multipart", false),
        ("multipart/form-data", &file, "Stream", false),
        ("multipart/mixed", &object, "Stream", true),
        ("application/x-ndjson", &object, "Stream", true),
        ("text/plain", &json!({"type": "string"}), "Text", false),
        ("text/plain", &json!({"type": "integer"}), "Text", false),
        ("text/csv", &file, "Stream", false),
        ("application/octet-stream", &file, "Stream", false),
        ("image/*", &file, "Stream", false),
        ("*/*", &file, "Stream", false),
        ("*/*", &object, "Json Bytes", true),
        ("application/xml", &object, "Bytes", true),
        ("application/xml", &json!({"type": "string"}), "Text", false),
        ("application/x-www-form-urlencoded", &words(), "Bytes", true),
    ] {
        let operation = json!({"requestBody": {"content": {media_type: {"schema": schema}}}});
        for method in ["post", "delete"] {
            let contract = contract(method, "/things", operation.clone(), json!({}));
            let mut defects = Defects::default();
            let read = read(&contract, &Options::default(), &mut defects).unwrap();
            assert_eq!(defects.to_string(), "", "{media_type}");
            let body = read.operations[0].body.as_ref().unwrap();
            let found: Vec<&str> = body
                .content
                .iter()
                .map(|content| match content.form {
                    BodyForm::Json(_) => "Json",
                    BodyForm::Form(..) => "Form",
                    BodyForm::Multipart(..) => "Multipart",
                    BodyForm::Text(..) => "Text",
                    BodyForm::Bytes => "Bytes",
                    BodyForm::Stream => "Stream",
                })
                .collect();
            assert_eq!(found.join(" "), forms, "{media_type} {schema}");
            assert_eq!(!read.notices.is_empty(), is_noted, "{media_type} {schema}");
        }
    }
}

/// The more exact one goes first, in whatever order they stand.
#[test]
fn a_media_type_is_of_the_content_that_fits_it_best() {
    let schema = json!({"schema": {"type": "string"}});
    let content = json!({
        "*/*": schema, "image/*": schema, "image/png": schema, "application/*+json": schema,
        "text/csv; header=present": schema, "text/csv; header=absent; charset=utf-8": schema,
    });
    let operation = json!({"requestBody": {"content": content}});
    let contract = contract("post", "/things", operation, json!({}));
    let mut defects = Defects::default();
    let read = read(&contract, &Options::default(), &mut defects).unwrap();
    let body = read.operations[0].body.as_ref().unwrap();
    for (sent, expected) in [
        ("image/png", "image/png"),
        ("IMAGE/PNG; a=b", "image/png"),
        ("image/jpeg", "image/*"),
        ("video/mp4", "*/*"),
        ("application/hal+JSON", "application/*+json"),
        (
            "text/csv; header=absent",
            "text/csv; header=absent; charset=utf-8",
        ),
        ("text/csv;header=\"present\"", "text/csv; header=present"),
        ("text/csv", "text/csv; header=present"),
    ] {
        let sent = MediaType::parse(sent).unwrap();
        assert_eq!(body.content_of(&sent).unwrap().name, expected);
    }
}

#[test]
fn two_owners_of_a_query_name_are_a_defect() {
    let colour = json!({"type": "object", "additionalProperties": false, "properties": {
        "R": {"type": "integer"}, "G": {"type": "integer"}, "name": {"type": "string"},
    }});
    let operation = json!({"parameters": [
        {"name": "p", "in": "query", "schema": colour},
        {"name": "R", "in": "query", "schema": {"type": "integer"}},
    ]});
    assert_eq!(
        defects(&contract("get", "/things", operation, json!({}))),
        "paths./things.get: two parameters read the query name `R`; rename one of them"
    );
}

#[test]
fn what_cannot_be_read_is_a_defect_that_names_its_place() {
    let with = |media_type: &str, content: Value| json!({"content": {media_type: content}});
    for (body, defect) in [
        (json!({}), "requestBody: has no content"),
        (
            with("*/*", json!({"schema": {}})),
            "requestBody.content.*/*: must be one media type",
        ),
        (
            with("application/xml", json!({"schema": {"type": "object"}})),
            "requestBody.content.application/xml: its schema is not enforced",
        ),
        (
            with("application/json", json!({})),
            "requestBody.content.application/json: has no schema",
        ),
        (
            with(
                "application/x-www-form-urlencoded",
                json!({"schema": {"type": "string"}}),
            ),
            "a form is an object",
        ),
    ] {
        let found = defects(&contract(
            "post",
            "/things",
            json!({ "requestBody": body }),
            json!({}),
        ));
        assert!(
            found.starts_with("paths./things.post") && found.contains(defect),
            "wanted {defect}, found {found}"
        );
    }
}

#[test]
fn what_cannot_be_checked_is_a_defect_that_names_its_place() {
    let with = |response: Value| json!({"200": response, "400": {"description": "Bad."}});
    let content = |media_type: &str, content: Value| json!({"content": {media_type: content}});
    for (responses, defect) in [
        (json!({"400": {}}), "paths./things.get: declares no success"),
        (
            with(content("*/*", json!({}))),
            "responses.200.content.*/*: is no media type",
        ),
        (
            with(content("application/json", json!({}))),
            "responses.200.content.application/json: has no schema",
        ),
        (
            with(content(
                "text/plain",
                json!({"schema": {"type": "string", "maxLength": 3}}),
            )),
            "only JSON is held against a schema",
        ),
        (
            with(json!({"headers": {"a b": {"schema": {}}}})),
            "responses.200.headers.a b: is no header name",
        ),
        (
            with(json!({"headers": {"Content-Type": {"schema": {}}}})),
            "OpenAPI ignores a header named Content-Type",
        ),
        (
            with(json!({"headers": {"etag": {}}})),
            "responses.200.headers.etag: has no schema",
        ),
        (
            with(json!({"headers": {"etag": {"style": "form", "schema": {"type": "string"}}}})),
            "headers have style `simple` only",
        ),
        (
            json!({"200": {}, "304": content("application/json", json!({"schema": {}})), "400": {}}),
            "responses.304: a reply of this status has no content",
        ),
    ] {
        let found = defects(&contract(
            "get",
            "/things",
            json!({ "responses": responses }),
            json!({}),
        ));
        assert!(found.contains(defect), "wanted {defect}, found {found}");
    }
}

#[test]
fn a_secured_operation_without_a_role_is_a_defect_where_roles_are_required() {
    let options = Options {
        require_roles: true,
        ..STRICT
    };
    let found = |operation: Value| {
        let components = json!({
            "security": [{"jwt": []}],
            "components": {"securitySchemes": {
                "jwt": {"type": "http", "scheme": "bearer", "x-bearerInfoFunc": "auth.jwt"},
                "key": {"type": "apiKey", "in": "header", "name": "key", "x-apikeyInfoFunc": "auth.key"},
            }},
        });
        let mut contract = contract("get", "/a", operation, components);
        contract["paths"]["/a"]["get"]["responses"]["401"] = json!({"description": "Unknown."});
        check(&contract, &options).to_string()
    };
    let forgotten = "paths./a.get: is secured and names no role";
    assert!(found(json!({})).starts_with(forgotten));
    assert!(found(json!({"security": [{"jwt": []}, {"key": []}]})).starts_with(forgotten));
    assert_eq!(found(json!({"x-access-role": "admin"})), "");
    assert_eq!(found(json!({"security": []})), "");
    assert_eq!(found(json!({"security": [{"jwt": []}, {}]})), "");
}

#[test]
fn an_example_that_breaks_its_schema_is_a_defect_where_examples_are_asked_for() {
    let schema =
        json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
    let content = json!({"application/json": {"schema": schema, "examples": {"bad": {"value": {"nmae": "C-3PO"}}}}});
    let document = contract(
        "post",
        "/things",
        json!({
            "parameters": [{"name": "p", "in": "query", "example": "x", "schema": {"type": "integer"}}],
            "requestBody": {"content": content},
            "responses": {
                "200": {"description": "Good.", "content": content}, "400": {"description": "Bad."},
                "413": {"description": "Large."}, "415": {"description": "Unknown."},
            },
        }),
        json!({}),
    );
    let found = |examples| {
        let options = Options { examples, ..STRICT };
        check(&document, &options).to_string()
    };
    assert_eq!(found(Examples::Unchecked), "");
    let broken = "paths./things.post.parameters[0]: its example breaks its schema: must be an integer\n\
                  paths./things.post.requestBody.content.application/json: its example breaks its schema: /name is required\n\
                  paths./things.post.responses.200.content.application/json: its example breaks its schema: /name is required";
    assert_eq!(found(Examples::Valid), broken);
    assert_eq!(found(Examples::Served), broken);
}

#[test]
fn schemas_that_multiply_are_refused_before_anything_is_checked_against_them() {
    let mut schemas = json!({"P0": {"type": "object", "properties": {"a": {"type": "string"}}}});
    for level in 1..20 {
        let part = json!({"$ref": format!("#/components/schemas/P{}", level - 1)});
        let parts = vec![part; 10];
        schemas[format!("P{level}")] = json!({"allOf": parts, "default": {"a": "1"}});
    }
    let last = json!({"$ref": "#/components/schemas/P19"});
    let content = json!({"application/json": {"schema": last, "example": {"a": "1"}}});
    let operation = json!({"responses": {
        "200": {"description": "Good.", "content": content}, "400": {"description": "Bad."},
    }});
    let rest = json!({"components": {"schemas": schemas}});
    let options = Options {
        examples: Examples::Served,
        ..STRICT
    };
    let begun = Instant::now();
    let found = check(&contract("get", "/a", operation, rest), &options).to_string();
    assert!(
        found.contains("components.schemas.P4: is made of more than 10000 schemas"),
        "{found}"
    );
    assert!(!found.contains("components.schemas.P3: "), "{found}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}
