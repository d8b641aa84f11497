use super::*;
use serde_json::json;

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

/// Loads a contract without defects.
pub(crate) fn load(contract: &Value) -> Spec {
    Spec::load(&contract.to_string(), false)
        .map_err(|defects| defects.to_string())
        .unwrap()
}

fn defects(contract: &Value) -> String {
    Spec::load(&contract.to_string(), false)
        .map(|_| ())
        .unwrap_err()
        .to_string()
}

#[test]
fn references_are_resolved_and_parameters_of_the_path_merged() {
    let spec = Spec::load(
        r##"
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
"##,
        false,
    )
    .unwrap();
    let operation = &spec.operations[0];
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
fn a_key_that_stands_twice_is_refused() {
    let found = Spec::load("openapi: 3.0.3\ninfo: {}\ninfo: {}\n", false)
        .unwrap_err()
        .to_string();
    assert!(
        found.contains("no readable YAML") && found.contains("info"),
        "{found}"
    );
}

#[test]
fn every_defect_is_told_at_once() {
    let found = defects(&contract(
        "get",
        "/a",
        json!({"operationId": "", "callbacks": {}, "reponses": {}}),
        json!({"x": 1}),
    ));
    assert_eq!(found.lines().count(), 4, "{found}");
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
            contract("get", "/a", json!({}), json!({"openapi": "3.1.0"})),
            "openapi: only OpenAPI 3.0.x is enforced",
        ),
        (
            contract("get", "/a", json!({}), json!({"webhooks": {}})),
            "webhooks: is no keyword of OpenAPI 3.0",
        ),
        (
            contract(
                "get",
                "/a",
                json!({}),
                json!({"servers": [{"url": "https://fathat.org/api"}]}),
            ),
            "servers[0].url: has a path",
        ),
        (
            contract(
                "get",
                "/a",
                json!({}),
                json!({"servers": [{"url": "/api"}]}),
            ),
            "servers[0].url: has a path",
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
            contract("options", "/a", json!({}), json!({})),
            "paths./a.options: OPTIONS is answered",
        ),
        (
            contract("head", "/a", json!({}), json!({})),
            "paths./a.head: HEAD is answered",
        ),
        (
            contract("trace", "/a", json!({}), json!({})),
            "paths./a.trace: TRACE is not served",
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
            with(json!({"securty": []})),
            "paths./a.get.securty: is no keyword of OpenAPI 3.0 in this place; did you mean `security`?",
        ),
        (
            with(json!({"x-acess-role": "admin"})),
            "paths./a.get.x-acess-role: has no effect; did you mean `x-access-role`, which belongs to an operation?",
        ),
        (
            with(json!({"operationId": ""})),
            "paths./a.get: has no operationId",
        ),
        (
            paths(json!({"/a": {"get": one}, "/b": {"get": one}})),
            "paths./b.get.operationId: `one` is the operationId of paths./a.get, too",
        ),
        (
            paths(json!({"/a": {"get": one}, "/a/": {"post": two}})),
            "paths./a/: matches the same requests as `/a`;",
        ),
        (path("a"), "paths.a: a path begins with `/`"),
        (path("/a//b"), "paths./a//b: a path has no query, fragment"),
        (
            path("/a/{id}"),
            "paths./a/{id}.get: the path has `{id}`, but no path parameter",
        ),
        (
            path("/a/{id}.json"),
            "paths./a/{id}.json: an expression such as `{id}` fills its whole segment",
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
            with(json!({"responses": {"200": {"headers": {"etag": {"content": {}}}}}})),
            "paths./a.get.responses.200.headers.etag.content: a header is described by a schema",
        ),
        (
            with(
                json!({"responses": {"200": {"content": {"application/json": {"encoding": {}}}}}}),
            ),
            "paths./a.get.responses.200.content.application/json.encoding: is not enforced",
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
            "responses": {"200": {"description": "Good."}},
        }})
    };
    let found = defects(&contract(
        "get",
        "/a",
        json!({}),
        json!({"paths": {"/a/{x}": item("one", "x"), "/a/{y}/": item("two", "y")}}),
    ));
    assert_eq!(
        found,
        "paths./a/{y}/: matches the same requests as `/a/{x}`; keep one of them"
    );
}
