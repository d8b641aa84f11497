//! Responses as an open contract may have them.

use openapi::{Defects, Document, Options, Status, check};
use serde_json::{Value, json};

fn contract(responses: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Test", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "tags": ["A"], "responses": responses}}},
    })
}

fn read(responses: Value) -> Document {
    let mut defects = Defects::default();
    let document = openapi::read(&contract(responses), &Options::default(), &mut defects);
    assert!(defects.is_empty(), "{defects}");
    document.unwrap()
}

fn statuses(responses: Value) -> Vec<Status> {
    let document = read(responses);
    let responses = document.operations[0].responses.iter();
    responses.map(|response| response.status).collect()
}

#[test]
fn ranges_and_the_default_are_read_after_single_statuses() {
    let response = json!({"description": ""});
    assert_eq!(
        statuses(json!({"default": response, "4XX": response, "404": response, "200": response})),
        [
            Status::Exact(200),
            Status::Exact(404),
            Status::Class(4),
            Status::Default
        ]
    );
}

#[test]
fn an_operation_needs_no_success_and_none_of_the_statuses_of_the_gate() {
    assert_eq!(statuses(json!({})), []);
    assert_eq!(
        statuses(json!({"404": {"description": ""}})),
        [Status::Exact(404)]
    );
    assert_eq!(
        statuses(json!({"101": {"description": ""}})),
        [Status::Exact(101)]
    );
    let mut secured = contract(json!({"200": {"description": ""}}));
    secured["security"] = json!([{"key": []}]);
    secured["components"] = json!({"securitySchemes": {"key": {
        "type": "apiKey", "in": "header", "name": "key", "x-apikeyInfoFunc": "decode_key",
    }}});
    secured["paths"]["/a"]["post"] = secured["paths"]["/a"]["get"].clone();
    secured["paths"]["/a"]["post"]["operationId"] = json!("b");
    secured["paths"]["/a"]["post"]["requestBody"] =
        json!({"content": {"application/json": {"schema": {"type": "object"}}}});
    let defects = check(&secured, &Options::default());
    assert!(defects.is_empty(), "{defects}");
}

#[test]
fn a_key_that_is_no_status_is_a_defect() {
    for key in ["20X", "600", "ok"] {
        let defects = check(
            &contract(json!({key: {"description": ""}})),
            &Options::default(),
        );
        assert_eq!(
            defects.to_string(),
            format!(
                "paths./a.get.responses.{key}: is no status; write one such as `200`, a class such as `4XX`, or `default`"
            )
        );
    }
}

#[test]
fn a_class_that_is_declared_twice_is_a_defect() {
    let response = json!({"description": ""});
    let defects = check(
        &contract(json!({"4XX": response, "4xx": response})),
        &Options::default(),
    );
    assert_eq!(
        defects.to_string(),
        "paths./a.get.responses.4xx: is declared twice; leave one 4XX"
    );
}

#[test]
fn content_of_a_reply_that_has_none_is_a_notice() {
    let document = read(json!({"204": {"description": "", "content": {"a/b": {}}}}));
    assert!(document.operations[0].responses[0].content.is_empty());
    assert_eq!(
        document.notices.to_string(),
        "paths./a.get.responses.204: a reply of this status has no content (RFC 9110 section 15); leave it out"
    );
}

#[test]
fn content_may_be_of_any_media_type_and_of_a_range() {
    let document = read(json!({"200": {"description": "", "content": {
        "application/json": {},
        "application/xml": {"schema": {"type": "object"}},
        "text/*": {"schema": {"type": "string"}},
        "*/*": {"schema": {"type": "object"}},
    }}}));
    let content = &document.operations[0].responses[0].content;
    let found: Vec<_> = content
        .iter()
        .map(|content| (&*content.essence, content.schema.is_some()))
        .collect();
    assert_eq!(
        found,
        [
            ("application/json", false),
            ("application/xml", false),
            ("text/*", false),
            ("*/*", true)
        ]
    );
    let xml = document.notices.to_string();
    assert!(
        xml.contains("application/xml: only JSON is held against a schema"),
        "{xml}"
    );
}

#[test]
fn a_header_whose_text_has_no_form_is_not_held_to_one() {
    let document = read(json!({"200": {"description": "", "headers": {
        "X-Any": {"schema": {}},
        "X-Count": {"schema": {"type": "integer"}},
        "Content-Type": {"schema": {"type": "string"}},
        "X Y": {"schema": {"type": "string"}},
        "X-Json": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "X-Text": {"content": {"text/plain": {"schema": {"type": "string"}}}},
    }}}));
    let headers = document.operations[0].responses[0].headers.iter();
    let held: Vec<_> = headers
        .map(|header| (&*header.name, header.text.is_some()))
        .collect();
    assert_eq!(
        held,
        [
            ("X-Any", true),
            ("X-Count", true),
            ("X-Json", true),
            ("X-Text", false)
        ]
    );
    assert_eq!(document.notices.len(), 3, "{}", document.notices);
}
