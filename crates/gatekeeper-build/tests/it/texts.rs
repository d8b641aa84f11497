//! No text of a contract becomes code. Contracts with texts and names of every kind are planned, and the
//! templates filled with the plan: what comes of it parses, or the plan was refused with its place.

use crate::{
    folder,
    mustache::{Templates, object},
};
use gatekeeper_build::{STRICT, plan};
use openapi::{Examples, Mode, Options};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};
use std::cell::Cell;
use std::str::FromStr;
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::load);

/// Texts that end a comment, a string, an attribute or a line somewhere, turn the text, or are names that
/// Rust, the templates or YAML have for something else.
const HARD: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\0",
    "\u{7f}",
    "\t",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{200b}",
    "\"",
    "\\",
    "'",
    "`",
    "```",
    "~~~",
    "```rust\n",
    "*/",
    "/*",
    "//",
    "///",
    "#[",
    "#![",
    "]",
    "<b>",
    "[a](b)",
    "{{",
    "}}",
    "{{{id}}}",
    "{",
    "}",
    "${x}",
    "\"#",
    "r#\"",
    "$",
    "%",
    "&",
    ";",
    ":",
    ">     ",
    "- ",
    "    ",
    "pub fn x() {}",
    "compile_error!();",
    "https://example.org/<x>",
    "é",
    "e\u{301}",
    "ß",
    "K",
    "\u{212a}",
    "漢",
    "😀",
    "0",
    "1.5",
    "-1",
    "_",
    "self",
    "Self",
    "super",
    "crate",
    "type",
    "fn",
    "null",
    "y",
    "no",
    "into",
    "try_into",
    "clone",
    "throttle",
    "Default",
    "From",
    "TryFrom",
    "Option",
    "Vec",
    "Result",
    "String",
    "RequestContext",
    "Error",
    "Films",
    "film",
    "Film",
    "Body",
    "body",
    "context",
    "identity",
    "register_routes",
    "routes",
    "std",
    "serde",
    "additional_properties",
    "x-",
    "get_film",
    "etag",
    "a",
    "b",
    "A",
    "B",
    "/",
    ".",
    "-",
    " ",
];

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(HARD).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z0-9_.-]{1,4}",
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

/// Mostly what can be a name.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => text(),
        2 => prop::sample::select(HARD).prop_map(str::to_owned),
        2 => "[a-z][a-z_]{0,3}",
        1 => "[A-Z][a-zA-Z]{0,3}",
    ]
}

/// Names that a contract may have, but for up to three of any kind: nearly all contracts of random names are refused.
fn names() -> impl Strategy<Value = Vec<String>> {
    let plain = |index: usize| match index {
        // Names of schemas, as `with_names` takes them.
        1 | 18 => format!("Name{index}"),
        _ => format!("name{index}"),
    };
    let changes = prop::collection::vec((0..25_usize, name()), 0..4);
    changes.prop_map(move |changes| {
        let mut names: Vec<_> = (0..25).map(plain).collect();
        for (index, name) in changes {
            names[index] = name;
        }
        names
    })
}

/// Returns the pattern that a text matches.
fn literally(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
            format!("\\{letter}")
        }
        other => other.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// A contract with free texts in every place that has one.
fn with_texts(text: &[String]) -> Value {
    let mut texts = text.iter().cycle();
    let mut text = || texts.next().unwrap().clone();
    let film = text();
    json!({
        "openapi": "3.0.3",
        "info": { "title": text(), "version": text(), "description": text() },
        "tags": [{ "name": "Films", "description": text() }],
        "paths": { "/films/{film}": { "put": {
            "tags": ["Films"], "operationId": "put_film", "summary": text(), "description": text(),
            "security": [{ "jwt": [] }], "x-access-role": text(), "x-note": text(),
            "parameters": [
                { "name": "film", "in": "path", "required": true, "description": text(), "example": film,
                  "schema": {
                      "type": "string", "description": text(), "example": text(),
                      "pattern": literally(&film), "x-pattern-message": text(),
                  } },
            ],
            "requestBody": { "description": text(), "content": { "application/json": {
                "example": { "title": text(), text(): text() }, "schema": { "$ref": "#/components/schemas/Film" },
            } } },
            "responses": {
                "400": { "description": text() }, "401": { "description": text() },
                "413": { "description": text() }, "415": { "description": text() },
                "200": {
                "description": text(),
                "headers": { "ETag": { "description": text(), "example": text(), "schema": { "type": "string" } } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Either" } } },
            } },
        } } },
        "components": {
            "securitySchemes": { "jwt": {
                "type": "http", "scheme": "bearer", "description": text(), "bearerFormat": text(),
                "x-bearerInfoFunc": "auth.decode",
            } },
            "schemas": {
                "Film": {
                    "type": "object", "title": text(), "description": text(), "required": ["title"],
                    "example": { text(): [text()] },
                    "properties": {
                        "title": { "type": "string", "description": text(), "default": text() },
                        "year": { "type": "string", "description": text(), "default": format!("d{}", text()) },
                        "secret": { "type": "string", "x-secret": true },
                        "kind": { "$ref": "#/components/schemas/Kind" },
                    },
                },
                "Kind": { "type": "string", "description": text(), "enum": [format!("v{}", text())], "x-enum-varnames": ["One"] },
                "Number": { "type": "integer", "description": text(), "enum": [1], "x-enum-varnames": ["One"] },
                "Names": { "type": "array", "description": text(), "items": { "type": "string" } },
                // A member that no text is: a discriminator of its name would be its tag.
                "Left": { "type": "object", "properties": { "left_member": { "type": "string" } } },
                "Either": {
                    "description": text(),
                    "oneOf": [{ "$ref": "#/components/schemas/Left" }],
                    "discriminator": { "propertyName": text(), "mapping": { text(): "#/components/schemas/Left" } },
                },
            },
        },
    })
}

/// A contract with names of every kind.
fn with_names(name: &[String]) -> Value {
    let mut names = name.iter().cycle();
    let mut name = || names.next().unwrap().clone();
    let (scheme, schema) = (name(), name());
    let film = json!({ "$ref": format!("#/components/schemas/{schema}") });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": object([(format!("/{}", name()), json!({ "put": {
            "tags": [name()], "operationId": name(),
            "security": [object([(scheme.clone(), json!([]))])], "x-access-role": name(),
            "parameters": [
                { "name": name(), "in": "query", "schema": { "type": "string", "format": "date" } },
                { "name": name(), "in": "header", "schema": { "type": "string" } },
                { "name": name(), "in": "cookie", "schema": { "type": "string" } },
            ],
            "requestBody": { "content": { "application/json": { "schema": film } } },
            "responses": {
                "400": { "description": "Bad." }, "401": { "description": "Unknown." },
                "413": { "description": "Large." }, "415": { "description": "Unknown." },
                "200": {
                "description": "Good.",
                "headers": object([(name(), json!({ "schema": { "type": "string" } }))]),
                "content": { "application/json": { "schema": film } },
            } },
        } }))]),
        "components": {
            "securitySchemes": object([(scheme, json!({
                "type": "http", "scheme": "bearer", "x-bearerInfoFunc": name(),
            }))]),
            "schemas": object([
                (schema.clone(), json!({
                    "type": "object", "additionalProperties": { "type": "string" },
                    "properties": object([
                        (name(), json!({ "type": "string", "enum": [name(), name()] })),
                        (name(), json!({ "type": "string", "default": name(), "nullable": true })),
                        (name(), json!({ "type": "object", "properties": object([(name(), json!({}))]) })),
                    ]),
                })),
                (name(), json!({ "type": "string", "enum": [name()], "x-enum-varnames": [name()] })),
                ("Either".to_owned(), json!({
                    "oneOf": [{ "$ref": "#/components/schemas/Left" }],
                    "discriminator": { "propertyName": name(), "mapping": object([(name(), json!("#/components/schemas/Left"))]) },
                })),
                ("Left".to_owned(), json!({ "type": "object", "properties": object([(name(), json!({ "type": "integer" }))]) })),
            ]),
        },
    })
}

/// The code of a file without its comments and the values of its literals.
fn skeleton(code: &str) -> Result<Vec<String>, String> {
    syn::parse_file(code).map_err(|error| format!("{error} in {code}"))?;
    if let Some(odd) = code.chars().find(|letter| {
        letter.is_control() && *letter != '\n'
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }) {
        return Err(format!("{odd:?} in {code}"));
    }
    no_doc_tests(code)?;
    let mut tokens = Vec::new();
    flatten(
        TokenStream::from_str(code).map_err(|error| error.to_string())?,
        &mut tokens,
    );
    Ok(tokens)
}

/// Returns true if rustdoc finds no block of code in the comments: it would compile and run it.
fn no_doc_tests(code: &str) -> Result<(), String> {
    let mut fenced = false;
    for line in code.lines().map(str::trim_start) {
        let comment = line.strip_prefix("///").or(line.strip_prefix("//!"));
        let Some(comment) = comment.map(|comment| comment.strip_prefix(' ').unwrap_or(comment))
        else {
            // The tags of the templates leave empty lines, which the generator drops.
            if fenced && !line.is_empty() {
                return Err(format!("a fence without an end in {code}"));
            }
            continue;
        };
        let bare = comment.trim_start();
        match (fenced, comment.trim_end()) {
            (false, "```text") => fenced = true,
            (true, "```") => fenced = false,
            (true, _) if bare.starts_with("```") => return Err(format!("{comment:?} in a fence")),
            (true, _) => {}
            (false, _) => {
                let marked = bare.strip_prefix(['-', '*', '+', '>']);
                let block = comment.starts_with("    ")
                    || comment.contains("```")
                    || bare.starts_with("~~~")
                    || marked.is_some_and(|text| text.starts_with("     "));
                if block {
                    return Err(format!("{comment:?} begins a block of code"));
                }
            }
        }
    }
    Ok(())
}

fn flatten(stream: TokenStream, tokens: &mut Vec<String>) {
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let before = tokens.len();
                tokens.push(format!("{:?}", group.delimiter()));
                flatten(group.stream(), tokens);
                tokens.push("end".to_owned());
                let is_doc = tokens.get(before + 1).is_some_and(|first| first == "doc");
                if group.delimiter() == Delimiter::Bracket && is_doc {
                    tokens.truncate(before);
                    while tokens.last().is_some_and(|sign| sign == "!" || sign == "#") {
                        tokens.pop();
                    }
                }
            }
            TokenTree::Literal(_) => tokens.push("literal".to_owned()),
            other => tokens.push(other.to_string()),
        }
    }
}

fn skeletons(contract: &Value) -> Result<Vec<(String, Vec<String>)>, String> {
    let plan = plan(contract, &STRICT).map_err(|refusals| refusals.join("\n"))?;
    let files = TEMPLATES.fill(&plan.document).into_iter();
    files
        .map(|(file, code)| Ok((file, skeleton(&code)?)))
        .collect()
}

#[test]
fn the_templates_filled_here_make_what_the_generator_makes() {
    let contract = std::fs::read_to_string(folder().join("fixtures/every-shape/openapi.yaml"));
    let plan = plan(&openapi::load(&contract.unwrap()).unwrap(), &STRICT)
        .map_err(|refused| refused.join("\n"));
    let plan = plan.unwrap_or_else(|refused| panic!("{refused}"));
    let expected = folder().join("fixtures/every-shape/expected");
    let mut files = 0;
    for (_, code) in TEMPLATES.fill(&plan.document) {
        let place = code.trim_start().strip_prefix("// => ").unwrap();
        let (place, code) = place.split_once('\n').unwrap();
        // rustfmt sorts these.
        if !place.ends_with("mod.rs") {
            let kept = std::fs::read_to_string(expected.join(place)).unwrap();
            // rustfmt decides on braces around one item, and on commas.
            let essence = |code: &str| {
                let mut tokens = skeleton(code).unwrap();
                let mut imports = false;
                tokens.retain(|token| {
                    imports |= token == "use";
                    let kept = !imports && !matches!(token.as_str(), "," | "Brace" | "end");
                    imports &= token != ";";
                    kept
                });
                tokens
            };
            assert_eq!(essence(code), essence(&kept), "{place}");
        }
        files += 1;
    }
    assert_eq!(files, plan.files.len());
}

#[test]
fn free_texts_of_any_kind_stay_texts() {
    let plain = with_texts(&["plain".to_owned()]);
    let plain = skeletons(&plain).unwrap_or_else(|refused| panic!("{refused}"));
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    proptest!(config, |(texts in prop::collection::vec(text(), 1..40))| {
        let made = skeletons(&with_texts(&texts)).map_err(TestCaseError::fail)?;
        prop_assert!(made == plain, "the code is another than that of plain texts");
    });
}

/// The checks of a contract as anybody writes it.
const OPEN: Options<'static> = Options {
    mode: Mode::Open,
    roles: None,
    require_roles: false,
    examples: Examples::Unchecked,
};

/// Returns whether a refusal is of a text that no request or reply can have.
fn is_of_the_wire(refusal: &str) -> bool {
    let is_of = |part: &str| refusal.contains(part);
    refusal.starts_with("paths./") || is_of("/headers/") || is_of("header name")
}

#[test]
fn names_of_any_kind_make_code_that_parses() {
    let config = Config {
        cases: 250,
        failure_persistence: None,
        ..Config::default()
    };
    let accepted = Cell::new(0);
    proptest!(config, |(names in names())| {
        for checks in [OPEN, STRICT] {
            match plan(&with_names(&names), &checks) {
                Ok(plan) => {
                    accepted.set(accepted.get() + 1);
                    for (file, code) in TEMPLATES.fill(&plan.document) {
                        skeleton(&code).map_err(|problem| TestCaseError::fail(format!("{file}: {problem}")))?;
                    }
                }
                Err(refusals) => {
                    for refusal in refusals {
                        prop_assert!(checks.mode == Mode::Strict || is_of_the_wire(&refusal), "{refusal}");
                        prop_assert!(!refusal.contains(char::is_control), "{refusal:?}");
                    }
                }
            }
        }
    });
    assert!(
        accepted.get() > 0,
        "every contract was refused: no code was tried"
    );
}
