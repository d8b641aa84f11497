//! Contracts of several files.

use openapi::{Defects, Loaded, Options, load, load_file, read};
use serde_json::json;
use std::{env, fs, path::PathBuf, process};

/// A folder with files, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = env::temp_dir().join(format!("openapi-{name}-{}", process::id()));
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn load(&self, file: &str) -> Result<Loaded, String> {
        load_file(self.0.join(file)).map_err(|error| error.to_string())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

const ROOT: &str = r##"
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /films: {$ref: paths/films.yaml}
  /films/{id}: {$ref: "paths/films.yaml#/one", x-kept: 1}
components:
  schemas:
    Film: {$ref: schemas/film.yaml}
    Pet:
      oneOf: [{$ref: "schemas/pets.json#/Cat"}, {$ref: "schemas/pets.json#/Dog"}]
      discriminator: {propertyName: kind, mapping: {cat: "schemas/pets.json#/Cat", dog: "schemas/pets.json#/Dog"}}
"##;

const PATHS: &str = r##"
get:
  $ref: ./operations.yaml#/list
one:
  parameters: [{$ref: "../common/parameters.yaml#/Id"}]
  get:
    operationId: get_film
    tags: [Films]
    responses:
      "200": {description: Good., content: {application/json: {schema: {$ref: ../schemas/film.yaml}}}}
      "400": {$ref: "#/bad"}
bad: {description: Bad.}
"##;

const FILES: [(&str, &str); 7] = [
    ("api/openapi.yaml", ROOT),
    ("api/paths/films.yaml", PATHS),
    (
        "api/paths/operations.yaml",
        "list: {operationId: list_films, tags: [Films], responses: {'200': {description: Good., content: {application/json: \
           {schema: {type: array, items: {$ref: '../openapi.yaml#/components/schemas/Film'}}}}}, '400': {description: Bad.}}}",
    ),
    (
        "api/common/parameters.yaml",
        "Id: {name: id, in: path, required: true, schema: {type: string}}",
    ),
    (
        "api/schemas/film.yaml",
        "{type: object, properties: {name: {type: string}, sequel: {$ref: film.yaml}, stars: {$ref: '#/definitions/Stars'}}, \
          definitions: {Stars: {type: integer}}, example: {$ref: none.yaml}}",
    ),
    (
        "api/schemas/pets.json",
        r#"{"Cat": {"type": "object", "properties": {"kind": {"type": "string"}}},
            "Dog": {"type": "object", "properties": {"kind": {"type": "string"}}}}"#,
    ),
    ("outside.yaml", "A: {type: string}"),
];

#[test]
fn files_that_a_contract_refers_to_are_made_one_document() {
    let folder = Folder::new("bundle", &FILES);
    let loaded = folder.load("api/openapi.yaml").unwrap();
    assert!(loaded.is_bundled());
    assert_eq!(loaded.files.len(), 6);
    assert_eq!(load(&loaded.text).unwrap(), loaded.document);
    let schemas = &loaded.document["components"]["schemas"];
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    assert_eq!(
        schemas["Film"]["properties"],
        json!({"name": {"type": "string"}, "sequel": reference("Film"), "stars": reference("Stars")})
    );
    assert_eq!(schemas["Stars"], json!({"type": "integer"}));
    assert_eq!(
        schemas["Pet"]["oneOf"],
        json!([reference("Cat"), reference("Dog")])
    );
    assert_eq!(
        schemas["Pet"]["discriminator"]["mapping"],
        json!({"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"})
    );
    let mut defects = Defects::default();
    let document = read(&loaded.document, &Options::default(), &mut defects).unwrap();
    assert_eq!(defects.to_string(), "");
    let ids: Vec<_> = document
        .operations
        .iter()
        .map(|each| each.id.as_str())
        .collect();
    assert_eq!(ids, ["list_films", "get_film"]);
    assert_eq!(document.operations[1].parameters[0].name, "id");
    assert!(!loaded.text.contains("yaml#"), "{}", loaded.text);
}

#[test]
fn a_contract_of_one_file_stays_as_it_is() {
    let text = "openapi: 3.0.3 # The version.\npaths: {}\n";
    let folder = Folder::new("single", &[("openapi.yaml", text)]);
    let loaded = folder.load("openapi.yaml").unwrap();
    assert_eq!(loaded.text, text);
    assert!(!loaded.is_bundled());
}

#[test]
fn nothing_is_read_outside_of_the_folder_of_the_contract() {
    let folder = Folder::new("outside", &FILES);
    let absolute = folder.0.join("outside.yaml").display().to_string();
    for reference in ["../outside.yaml#/A", absolute.as_str(), "linked.yaml"] {
        let root = ROOT.replace("schemas/film.yaml", reference);
        fs::write(folder.0.join("api/root.yaml"), root).unwrap();
        if reference.starts_with("linked") {
            #[cfg(unix)]
            std::os::unix::fs::symlink(
                folder.0.join("outside.yaml"),
                folder.0.join("api/linked.yaml"),
            )
            .unwrap();
        }
        let error = folder.load("api/root.yaml").unwrap_err();
        assert!(
            error.contains(&format!(
                "refers to {reference:?}, which is outside of the folder of the contract"
            )),
            "{error}"
        );
    }
}

#[test]
fn what_is_wrong_with_the_files_is_told_at_once() {
    let folder = Folder::new("wrong", &FILES);
    fs::write(folder.0.join("api/common/parameters.yaml"), "Id: [").unwrap();
    fs::write(
        folder.0.join("api/schemas/pets.json"),
        "{\"Cat\": 1, \"Cat\": 2}",
    )
    .unwrap();
    let error = folder.load("api/openapi.yaml").unwrap_err();
    assert!(
        error.contains("common/parameters.yaml cannot be read: line 1"),
        "{error}"
    );
    assert!(
        error.contains("schemas/pets.json cannot be read: line 1, column"),
        "{error}"
    );
    assert!(
        folder
            .load("api/missing.yaml")
            .unwrap_err()
            .contains("missing.yaml cannot be read")
    );
}

#[test]
fn a_reference_to_a_file_that_is_not_there_is_told_with_its_place() {
    let folder = Folder::new("missing", &FILES);
    fs::remove_file(folder.0.join("api/schemas/film.yaml")).unwrap();
    let error = folder.load("api/openapi.yaml").unwrap_err();
    assert!(
        error.contains(
            "components.schemas.Film: its $ref leads to another file, \"schemas/film.yaml\""
        ),
        "{error}"
    );
}

#[test]
fn files_that_refer_to_each_other_end() {
    let folder = Folder::new(
        "circle",
        &[
            (
                "a.yaml",
                "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {$ref: b.yaml}\n",
            ),
            ("b.yaml", "$ref: c.yaml"),
            ("c.yaml", "$ref: b.yaml"),
        ],
    );
    let error = folder.load("a.yaml").unwrap_err();
    assert!(
        error.contains("a.yaml: paths: its $ref leads in a circle"),
        "{error}"
    );
}
