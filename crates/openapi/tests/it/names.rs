//! Names of every spelling become names of Rust, each once, and references follow.

use openapi::{Defects, Document, Options, read};
use serde_json::{Value, json};

fn contract(paths: Value, schemas: Value) -> Document {
    let contract = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" },
        "paths": paths, "components": { "schemas": schemas },
    });
    let mut defects = Defects::default();
    let document = read(&contract, &Options::default(), &mut defects);
    assert!(defects.is_empty(), "{defects}");
    document.unwrap()
}

fn operation(id: Option<&str>, tags: &[&str]) -> Value {
    let mut operation = json!({ "tags": tags, 
        "responses": { "204": { "description": "" }, "400": { "description": "" } } });
    if let Some(id) = id {
        operation["operationId"] = id.into();
    }
    operation
}

#[test]
fn each_operation_is_called_by_the_name_of_a_method() {
    let paths = json!({
        "/a": { "get": operation(Some("get_a"), &[]), "put": operation(Some("getA"), &[]) },
        "/b": { "get": operation(Some("match"), &[]), "put": operation(Some("into"), &[]) },
        "/films/{filmId}/": { "get": operation(None, &[]), "put": operation(Some("/"), &[]),
            "parameters": [{ "name": "filmId", "in": "path", "required": true, "schema": { "type": "integer" } }] },
        "/": { "get": operation(None, &[]), "put": operation(Some("Get.A"), &[]) },
    });
    let document = contract(paths, json!({}));
    let ids: Vec<_> = document
        .operations
        .iter()
        .map(|each| each.id.as_str())
        .collect();
    let wanted = [
        "get_a",
        "get_a_0",
        "match_",
        "into_",
        "get_films_by_film_id",
        "slash",
        "get",
        "get_a_1",
    ];
    assert_eq!(ids, wanted);
}

#[test]
fn an_operation_gives_way_to_the_hook_of_its_name() {
    let mut defects = Defects::default();
    let contract = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" },
        "paths": { "/a": { "get": operation(Some("decode_api_key"), &[]) } },
        "components": { "securitySchemes": { "api key": { "type": "apiKey", "in": "header", "name": "X-Key" } } },
    });
    let document = read(&contract, &Options::default(), &mut defects).unwrap();
    assert_eq!(document.operations[0].id, "decode_api_key_");
    assert_eq!(document.security_schemes[0].hook, "decode_api_key");
}

#[test]
fn each_operation_has_one_tag_of_which_a_name_can_be_made() {
    let paths = json!({
        "/a": { "get": operation(Some("a"), &["Hard names", "Other"]), "put": operation(Some("b"), &[]) },
        "/b": { "get": operation(Some("c"), &["hard-names"]), "put": operation(Some("d"), &["影片"]) },
        "/c": { "get": operation(Some("e"), &["Security"]), "put": operation(Some("f"), &["..."]) },
    });
    let document = contract(paths, json!({}));
    let tags: Vec<_> = document
        .operations
        .iter()
        .map(|each| each.tag.clone().unwrap())
        .collect();
    let wanted = [
        "Hard names",
        "Default",
        "Hard names",
        "影片",
        "SecurityApi",
        "...",
    ];
    assert_eq!(tags, wanted);
}

#[test]
fn schemas_have_the_nearest_free_name_and_references_follow() {
    let schemas = json!({
        "film_list": { "type": "array", "items": { "$ref": "#/components/schemas/com.example.Film" } },
        "com.example.Film": { "type": "object", "additionalProperties": false,
            "properties": { "next": { "$ref": "#/components/schemas/Vec" } }, "example": { "next": 1 } },
        "Vec": { "type": "integer" },
        "HTTPUser": { "type": "string" },
        "HttpUser": { "type": "string" },
        "FilmList": { "type": "string" },
    });
    let document = contract(
        json!({ "/a": { "get": operation(Some("a"), &[]) } }),
        schemas,
    );
    let schemas = document.json["components"]["schemas"].as_object().unwrap();
    let names: Vec<_> = schemas.keys().map(String::as_str).collect();
    let wanted = [
        "FilmList2",
        "ComExampleFilm",
        "VecModel",
        "HTTPUser",
        "HttpUser2",
        "FilmList",
    ];
    assert_eq!(names, wanted);
    let item = "#/components/schemas/ComExampleFilm";
    assert_eq!(schemas["FilmList2"]["items"]["$ref"], item);
    let next = &schemas["ComExampleFilm"]["properties"]["next"];
    assert_eq!(next["$ref"], "#/components/schemas/VecModel");
    assert_eq!(
        document.original_place("components/schemas/FilmList2/items"),
        "components/schemas/film_list/items"
    );
}

#[test]
fn discriminators_go_by_the_names_that_schemas_had() {
    let part = |word: &str| {
        json!({ "type": "object", "required": ["kind"],
            "properties": { "kind": { "type": "string", "enum": [word] } } })
    };
    let open = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
    let parts = ["cat", "dog", "bird", "fish"];
    let parts = parts.map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    let schemas = json!({
        "pet": {
            "oneOf": parts,
            "discriminator": { "propertyName": "kind", "mapping": { "c": "cat", "d": "#/components/schemas/dog" } },
        },
        "cat": open, "dog": open, "bird": open, "fish": part("swimmer"),
    });
    let document = contract(
        json!({ "/a": { "get": operation(Some("a"), &[]) } }),
        schemas,
    );
    let mapping = &document.json["components"]["schemas"]["Pet"]["discriminator"]["mapping"];
    let wanted = json!({
        "c": "#/components/schemas/Cat",
        "d": "#/components/schemas/Dog",
        "bird": "#/components/schemas/Bird",
        "swimmer": "#/components/schemas/Fish",
    });
    assert_eq!(*mapping, wanted);
}

#[test]
fn a_defect_is_told_at_the_place_that_the_contract_has() {
    let contract = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" },
        "paths": { "/a": { "get": operation(Some("a"), &[]) } },
        "components": { "schemas": { "film_list": { "$ref": "#/components/schemas/none" } } },
    });
    let mut defects = Defects::default();
    read(&contract, &Options::default(), &mut defects);
    assert!(
        defects.to_string().contains("components.schemas.film_list"),
        "{defects}"
    );
}

/// Returns the names of the schemas that were made of unnamed ones.
fn hoisted(operation: Value, schemas: Value) -> (Document, Vec<String>) {
    let given: Vec<String> = schemas.as_object().unwrap().keys().cloned().collect();
    let document = contract(json!({ "/films": { "post": operation } }), schemas);
    let named = document.json["components"]["schemas"].as_object();
    let made = named.into_iter().flatten().map(|(name, _)| name.clone());
    let made = made.filter(|name| !given.contains(name)).collect();
    (document, made)
}

fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn an_unnamed_schema_is_called_after_where_it_stands() {
    let id = json!({ "id": { "type": "integer" } });
    let json = |schema: Value| json!({ "application/json": { "schema": schema } });
    let film = object(json!({
        "rating": { "type": "string", "enum": ["good", "bad"], "nullable": true, "default": "good" },
        "tags": { "type": "array", "items": object(id.clone()) },
        "links": { "type": "object", "additionalProperties": object(id.clone()) },
        "size": { "oneOf": [{ "type": "integer" }, object(id.clone())] },
        "plain": { "type": "object", "additionalProperties": { "type": "string" } },
    }));
    let operation = json!({
        "operationId": "createFilm",
        "parameters": [{ "name": "sort-by", "in": "query", "schema": { "type": "array", "items": { "type": "string", "enum": ["a", "b"] } } }],
        "requestBody": { "content": { "application/json": { "schema": object(id.clone()) } } },
        "responses": {
            "200": { "description": "", "content": json(json!({ "type": "array", "items": object(id.clone()) })) },
            "201": { "description": "", "content": json(object(id.clone())) },
            "404": { "description": "", "content": json(object(id)) },
            "400": { "description": "" }, "413": { "description": "" }, "415": { "description": "" },
        },
    });
    let (document, made) = hoisted(operation, json!({ "Film": film }));
    let wanted = [
        "FilmRating",
        "FilmTagsItem",
        "FilmLinksValue",
        "FilmSizeVariant2",
        "FilmSize",
        "CreateFilmSortByItem",
        "CreateFilmBody",
        "CreateFilmResponseItem",
        "CreateFilmResponse201",
        "CreateFilmResponse404",
    ];
    assert_eq!(made, wanted);
    let properties = &document.json["components"]["schemas"]["Film"]["properties"];
    let rating = json!({
        "default": "good", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/FilmRating" }],
    });
    assert_eq!(properties["rating"], rating);
    let item = "#/components/schemas/FilmTagsItem";
    assert_eq!(properties["tags"]["items"]["$ref"], item);
    assert_eq!(
        document.original_place("components/schemas/FilmTagsItem/properties/id"),
        "components/schemas/Film/properties/tags/items/properties/id"
    );
}

#[test]
fn a_name_that_is_made_is_no_others() {
    let word = |word: &str| json!({ "type": "string", "enum": [word, "other"] });
    let operation = operation(Some("a"), &[]);
    let schemas = json!({
        "Transaction": object(json!({ "categorySource": word("a"), "category": object(json!({ "source": word("b") })) })),
        "TransactionCategory": object(json!({ "source": word("c") })),
        "TransactionCategorySource2": { "type": "string" },
    });
    let (_, made) = hoisted(operation, schemas);
    let wanted = [
        "TransactionCategorySource",
        "TransactionCategory2Source",
        "TransactionCategory2",
        "TransactionCategorySource3",
    ];
    assert_eq!(made, wanted);
}

#[test]
fn a_title_is_the_name_where_no_other_has_it() {
    let titled = |title: &str| json!({ "title": title, "type": "string", "enum": ["a", "b"] });
    let schemas = json!({ "Film": object(json!({
        "a": titled("Colour of film"), "b": titled("Twice"), "c": titled("Twice"), "d": titled("Film"),
    })) });
    let (_, made) = hoisted(operation(Some("a"), &[]), schemas);
    assert_eq!(made, ["ColourOfFilm", "FilmB", "FilmC", "FilmD"]);
}

#[test]
fn the_parts_of_an_all_of_are_one_type() {
    let word = |word: &str| json!({ "type": "string", "enum": [word, "other"] });
    let schemas = json!({
        "Base": object(json!({ "kind": word("a") })),
        "Film": { "allOf": [{ "$ref": "#/components/schemas/Base" }, object(json!({ "genre": word("b") }))] },
        "Alone": { "allOf": [object(json!({ "genre": word("b") }))] },
    });
    let (document, made) = hoisted(operation(Some("a"), &[]), schemas);
    assert_eq!(made, ["BaseKind", "FilmGenre", "AloneGenre"]);
    let part = &document.json["components"]["schemas"]["Film"]["allOf"][1];
    assert_eq!(part["type"], "object");
}
