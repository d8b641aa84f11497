//! From text to document, by YAML 1.2's core schema and nothing else.

use crate::STRICT;
use openapi::{Defects, load, load_bytes, read};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn refusal(text: &str) -> String {
    load(text).unwrap_err().to_string()
}

/// Asserts that the text is refused with `problem`, at once and without an overflow of the stack.
fn is_refused_at_once(text: &str, problem: &str) {
    let begun = Instant::now();
    let said = refusal(text);
    assert!(said.contains(problem), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{said}");
}

/// YAML 1.2.2, 10.3.2.
#[test]
fn words_that_yaml_1_1_takes_for_booleans_and_numbers_are_texts() {
    let words = [
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "Yes",
        "no",
        "NO",
        "on",
        "On",
        "off",
        "OFF",
        "1_000",
        "0b10",
        "0O17",
        "0X1F",
        "+0x1F",
        "-0o7",
        "1:30",
        "12:30:45",
        "2026-05-04",
        "2026-05-04T10:00:00Z",
        "1e",
        "e1",
        ".",
        "+",
        "1.2.3",
        "nUll",
        "tRue",
        "<<",
        "=",
        "1,000",
    ];
    for word in words {
        let document = load(&format!("value: {word}\nlist: [{word}]\n")).unwrap();
        if word == "1,000" {
            continue;
        }
        assert_eq!(document["value"], json!(word), "{word}");
        assert_eq!(document["list"][0], json!(word), "{word}");
    }
}

#[test]
fn the_core_schema_decides_on_null_booleans_and_numbers() {
    for (word, value) in [
        ("~", Value::Null),
        ("null", Value::Null),
        ("Null", Value::Null),
        ("", Value::Null),
        ("true", json!(true)),
        ("True", json!(true)),
        ("FALSE", json!(false)),
        ("0", json!(0)),
        ("-7", json!(-7)),
        ("+7", json!(7)),
        ("0755", json!(755)),
        ("0o17", json!(15)),
        ("0x1F", json!(31)),
        ("1.0", json!(1.0)),
        ("1.", json!(1.0)),
        (".5", json!(0.5)),
        ("-1e3", json!(-1000.0)),
        (
            "18446744073709551615",
            json!(18_446_744_073_709_551_615_u64),
        ),
        ("'no'", json!("no")),
        ("\"5\"", json!("5")),
        ("!!str 5", json!("5")),
        ("! 5", json!("5")),
        ("!!int 5", json!(5)),
        ("!!float 5", json!(5)),
    ] {
        let document = load(&format!("value: {word}\n")).unwrap();
        assert_eq!(document["value"], value, "{word}");
    }
    for word in [
        ".inf",
        "-.INF",
        ".nan",
        "1e999",
        "0xFFFFFFFFFFFFFFFFF",
        "!!int x",
        "!mine x",
        "!!binary aGk=",
    ] {
        assert!(load(&format!("value: {word}\n")).is_err(), "{word}");
    }
}

#[test]
fn keys_are_their_text() {
    let document = load("200: a\nnull: b\ny: c\n0x10: d\ntrue: e\n~: f\n").unwrap();
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["200", "null", "y", "0x10", "true", "~"]);
}

#[test]
fn json_is_read_as_json() {
    let value = json!({
        "a": [1, -1, 1.5, true, null, "", "y", "line\nbreak", "\u{0}\u{1b}\u{202e}\u{a0}", "\u{1f600}"],
        "b": {"c": {}, "d": []},
        "a key with: colons # and more": "x",
    });
    assert_eq!(load(&value.to_string()).unwrap(), value);
    assert_eq!(
        load(&serde_json::to_string_pretty(&value).unwrap()).unwrap(),
        value
    );
    assert_eq!(
        load(r#"{"a": "\ud83d\ude00\/"}"#).unwrap(),
        json!({"a": "\u{1f600}/"})
    );
    let long = "k".repeat(900);
    assert_eq!(
        load(&json!({ long.clone(): 1 }).to_string()).unwrap(),
        json!({ long: 1 })
    );
}

#[test]
fn a_key_that_stands_twice_is_refused_with_its_line() {
    assert_eq!(
        refusal("a: 1\nb:\n  c: 1\n  c: 2\n"),
        "line 4, column 3: the key \"c\" stands twice in one object"
    );
    assert!(refusal("{\"a\": 1, \"\\u0061\": 2}").contains("twice"));
}

#[test]
fn aliases_and_merges_are_followed() {
    let document =
        load("a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3, z: 4}\nd: {<<: [*a, {w: 5}]}\n");
    assert_eq!(
        document.unwrap(),
        json!({
            "a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2},
            "c": {"y": 3, "z": 4, "x": 1}, "d": {"x": 1, "y": 2, "w": 5},
        })
    );
    assert!(refusal("a: {<<: 1}\n").contains("merges objects only"));
}

#[test]
fn what_is_no_document_is_refused() {
    for text in ["", "# nothing\n", "[]", "text", "5", "---\n...\n"] {
        assert!(refusal(text).contains("no object"), "{text:?}");
    }
    assert!(refusal("a: 1\n---\nb: 2\n").contains("second document"));
    assert!(refusal("paths: [").starts_with("line 1") || refusal("paths: [").starts_with("line 2"));
    assert!(refusal("? [a]\n: b\n").contains("a key is a text"));
    let error = load_bytes(b"a: 1\nb: \xff\n").unwrap_err();
    assert_eq!(error.to_string(), "line 2, column 4: is no UTF-8");
}

#[test]
fn nesting_without_an_end_is_refused_at_once() {
    is_refused_at_once(&format!("a: {}", "[".repeat(10_000)), "line 1");
    is_refused_at_once(&format!("a: {}", "{b: ".repeat(10_000)), "line 1");
    is_refused_at_once(&"{\"a\":".repeat(1_000_000), "line 1");
    is_refused_at_once(&"- ".repeat(100_000), "line 1");
    let block: String = (0..3_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    is_refused_at_once(&block, "line");
}

#[test]
fn aliases_that_multiply_are_refused_at_once() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb += &format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", "));
    }
    is_refused_at_once(&bomb, "aliases repeat more than");
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1_000_000),
        "*a, ".repeat(10_000)
    );
    is_refused_at_once(&long, "aliases repeat more than");
    let deep: String = (1..100)
        .map(|level| format!("a{level}: &a{level} {{x: *a{}}}\n", level - 1))
        .collect();
    load(&format!("a0: &a0 {{}}\n{deep}")).unwrap();
    let deeper: String = (1..1_000)
        .map(|level| format!("a{level}: &a{level} {{x: *a{}}}\n", level - 1))
        .collect();
    is_refused_at_once(&format!("a0: &a0 {{}}\n{deeper}"), "inside each other");
}

#[test]
fn an_alias_inside_of_what_it_repeats_is_refused() {
    is_refused_at_once("a: &a [*a]\n", "inside the value that it repeats");
    is_refused_at_once("a: &a {b: {c: *a}}\n", "inside the value that it repeats");
    is_refused_at_once("a: *b\n", "line 1");
}

/// Returns the defects of a contract of one operation with these members.
fn defects(operation: &str) -> String {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      responses: {{'200': {{description: Good.}}, '400': {{description: Bad.}}}}\n{operation}"
    );
    let mut defects = Defects::default();
    read(&load(&text).unwrap(), &STRICT, &mut defects);
    defects.to_string()
}

#[test]
fn a_member_of_a_wrong_type_is_refused_with_its_place() {
    for (operation, defect) in [
        (
            "      parameters: [{name: 5, in: query, schema: {type: string}}]\n",
            "paths./a.get.parameters[0].name: must be a text; put it in quotes",
        ),
        (
            "      parameters: [{name: y, in: query, required: yes, schema: {type: string}}]\n",
            "paths./a.get.parameters[0].required: must be `true` or `false`, without quotes; other words are texts in YAML 1.2",
        ),
        (
            "      description: 1.0\n",
            "paths./a.get.description: must be a text; put it in quotes",
        ),
        ("      tags: Films\n", "paths./a.get.tags: must be a list"),
        (
            "components: {schemas: {A: {type: object, required: [1], properties: {a: {maxLength: -1}}, additionalProperties: 'no'}}}\n",
            "components.schemas.A.required[0]: must be a text; put it in quotes\n\
             components.schemas.A.properties.a.maxLength: must be a whole number that is not negative\n\
             components.schemas.A.additionalProperties: must be a schema, `true` or `false`",
        ),
        (
            "components: {examples: {'a b': {}, 'x\"': {}}}\n",
            "components.examples.a b: is called by letters, digits, `.`, `-` and `_` only\n\
             components.examples.x\": is called by letters, digits, `.`, `-` and `_` only",
        ),
    ] {
        assert_eq!(defects(operation), defect);
    }
    let named = "      parameters: [{name: y, in: query, schema: {type: object, required: [x, y], properties: {x: {type: string}, y: {type: string}}}}]\n";
    assert_eq!(defects(named), "");
}

#[test]
fn a_document_that_is_deeper_than_readers_go_is_refused_however_it_came() {
    let mut deep = json!({});
    for _ in 0..10_000 {
        deep = Value::Object([("items".to_owned(), deep)].into_iter().collect());
    }
    let mut document =
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}});
    document["components"] = deep;
    let mut defects = Defects::default();
    assert!(read(&document, &STRICT, &mut defects).is_none());
    assert!(
        defects.to_string().contains("lie inside each other"),
        "{defects}"
    );
    // Values drop themselves level by level.
    std::mem::forget(document);
}

#[test]
fn a_schema_with_a_part_of_a_wrong_type_is_told_once() {
    assert_eq!(
        defects("components: {schemas: {A: {type: object, required: [true]}}}\n"),
        "components.schemas.A.required[0]: must be a text; put it in quotes"
    );
}
