//! Open mode: what has no effect is left out with a notice, and nothing else is lost.

use crate::STRICT;
use openapi::{Defects, Document, Options, load, read};
use serde_json::json;

/// Reads a contract in open mode, which has to find no defect.
fn opened(text: &str) -> Document {
    let mut defects = Defects::default();
    let document = read(&load(text).unwrap(), &Options::default(), &mut defects);
    assert!(defects.is_empty(), "{defects}");
    document.unwrap()
}

const DECORATED: &str = r##"
openapi: 3.0.3
info: {title: Test, version: "1"}
x-generator: some
servers: [{url: "https://{host}/{base}/", variables: {host: {default: a.org}, base: {default: v1}}}, {url: /v2}]
paths:
  /films:
    servers: [{url: /other}]
    x-path: 1
    get:
      operationId: get_films
      tags: [Films]
      externalDocs: {url: "https://example.org"}
      callbacks: {done: {"{$url}": {post: {responses: {"200": {description: Good.}}}}}}
      parameters:
        - {name: Accept, in: header, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer, maxLength: 3}, exampl: 3}
      responses:
        "400": {description: Bad.}
        "200":
          description: Good.
          links: {next: {operationId: get_films}}
          headers:
            Content-Type: {schema: {type: string}}
            Etag: {schema: {type: string}}
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Film", nullable: true, description: The film.}
components:
  schemas:
    Film:
      type: object
      xml: {name: film}
      additionalProperties: false
      pattern: a
      properties: {name: {type: string, xml: {attribute: true}}, xml: {type: string}}
"##;

#[test]
fn what_has_no_effect_is_left_out_with_a_notice() {
    let document = opened(DECORATED);
    let notices = document.notices.to_string();
    let places: Vec<_> = document
        .notices
        .iter()
        .map(|notice| notice.place())
        .collect();
    for place in [
        "servers[1].url",
        "paths./films.servers",
        "paths./films.get.callbacks",
        "paths./films.get.parameters[0]",
        "paths./films.get.parameters[1].exampl",
        "paths./films.get.parameters[1].schema.maxLength",
        "paths./films.get.responses.200.links",
        "paths./films.get.responses.200.headers.Content-Type",
        "paths./films.get.responses.200.content.application/json.schema.nullable",
        "components.schemas.Film.xml",
        "components.schemas.Film.pattern",
        "components.schemas.Film.properties.name.xml",
    ] {
        assert!(places.contains(&place), "no notice of {place} in {notices}");
    }
    assert_eq!(places.len(), 12, "{notices}");
    assert!(notices.contains("did you mean `example`?"), "{notices}");
    let operation = &document.operations[0];
    let names: Vec<_> = operation.parameters.iter().map(|each| &each.name).collect();
    assert_eq!(names, ["page"]);
    let film = &document.json["components"]["schemas"]["Film"];
    let kept = json!({
        "type": "object", "additionalProperties": false,
        "properties": {"name": {"type": "string"}, "xml": {"type": "string"}},
    });
    assert_eq!(*film, kept);
}

#[test]
fn the_path_of_the_first_server_stands_before_the_paths() {
    assert_eq!(opened(DECORATED).base_path, "/v1");
}

#[test]
fn strict_mode_refuses_what_has_no_effect() {
    let mut defects = Defects::default();
    read(&load(DECORATED).unwrap(), &STRICT, &mut defects);
    let found = defects.to_string();
    for place in [
        "paths./films.servers:",
        "paths./films.get.callbacks:",
        "components.schemas.Film.xml:",
    ] {
        assert!(found.contains(place), "{place} is not in {found}");
    }
}

#[test]
fn an_extension_of_ours_that_is_misspelt_is_no_notice() {
    let text = DECORATED.replace("x-path: 1", "x-access-rolle: admin");
    let mut defects = Defects::default();
    read(&load(&text).unwrap(), &Options::default(), &mut defects);
    assert!(
        defects.to_string().contains("did you mean `x-access-role`"),
        "{defects}"
    );
}

#[test]
fn what_was_meant_to_say_who_may_call_is_no_notice() {
    for (good, bad, place) in [
        (
            "x-path: 1",
            "security: [{jwt: []}]",
            "paths./films.security: has no effect here; it belongs to each operation",
        ),
        (
            "externalDocs: {url: \"https://example.org\"}",
            "securty: [{jwt: []}]",
            "paths./films.get.securty: ",
        ),
        ("x-generator: some", "Security: [{jwt: []}]", "Security: "),
    ] {
        let text = DECORATED.replace(good, bad);
        let mut defects = Defects::default();
        read(&load(&text).unwrap(), &Options::default(), &mut defects);
        let found = defects.to_string();
        assert!(found.starts_with(place), "{found}");
        assert_eq!(defects.len(), 1, "{found}");
    }
}

#[test]
fn each_expression_of_a_path_has_a_parameter_and_there_is_no_other() {
    let document = opened(
        r##"
openapi: 3.0.3
info: {title: Test, version: "1"}
paths:
  /films/{film-id}.{format}/{page}:
    parameters: [{$ref: "#/components/parameters/Id"}, {name: old, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_film
      tags: [Films]
      parameters: [{name: format, in: path, schema: {type: string, enum: [json]}}]
      responses: {"200": {description: Good.}, "400": {description: Bad.}}
components:
  parameters:
    Id: {name: film-id, in: path, required: true, schema: {type: integer}}
"##,
    );
    let mut names: Vec<_> = document.operations[0]
        .parameters
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["film-id", "format", "page"]);
    let page = &document.json["paths"]["/films/{film-id}.{format}/{page}"]["get"]["parameters"][1];
    assert_eq!(
        *page,
        json!({"name": "page", "in": "path", "required": true, "schema": {"type": "string"}})
    );
    let notices = document.notices.to_string();
    assert_eq!(
        notices.lines().collect::<Vec<_>>(),
        [
            "paths./films/{film-id}.{format}/{page}.get.parameters[0]: a path parameter is always there, as `required: true` would say",
            "paths./films/{film-id}.{format}/{page}.parameters[1]: has no effect: the path has no `{old}`",
            "paths./films/{film-id}.{format}/{page}.get: no path parameter `page` is declared, which the path has; it is a text",
        ]
    );
}

#[test]
fn documentation_that_is_no_text_is_written_as_one_or_left_out() {
    let text = DECORATED
        .replace("version: \"1\"", "version: 1.0, description: null")
        .replace("description: Bad.", "description:");
    let document = opened(&text);
    assert_eq!(
        document.json["info"],
        json!({"title": "Test", "version": "1.0"})
    );
    let places: Vec<_> = document
        .notices
        .iter()
        .map(|notice| notice.place())
        .collect();
    for place in [
        "info.version",
        "info.description",
        "paths./films.get.responses.400.description",
    ] {
        assert!(places.contains(&place), "{}", document.notices);
    }
    let mut defects = Defects::default();
    read(&load(&text).unwrap(), &STRICT, &mut defects);
    assert!(
        defects.to_string().contains("info.version: must be a text"),
        "{defects}"
    );
}
