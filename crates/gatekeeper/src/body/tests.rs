use super::*;
use crate::testing::{contract, load_in};
use actix_web::{
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING},
    test::TestRequest,
};
use openapi::Mode;
use serde_json::json;
use std::time::Duration;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn schema() -> Value {
    json!({"type": "object", "additionalProperties": false, "required": ["email"], "properties": {
        "email": {"type": "string"}, "age": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}},
    }})
}

fn prepare(body: Value) -> BodyRule {
    prepare_in(Mode::Strict, body)
}

fn prepare_in(mode: Mode, body: Value) -> BodyRule {
    let operation = json!({ "requestBody": body });
    let document = load_in(mode, &contract("post", "/things", operation, json!({})));
    BodyRule::prepare(&document.operations[0])
}

fn rule(required: bool) -> BodyRule {
    prepare(
        json!({"required": required, "content": {JSON: {"schema": schema()}, FORM: {"schema": schema()}}}),
    )
}

async fn send(rule: &BodyRule, request: TestRequest) -> Result<Option<Value>, String> {
    let limits = Limits {
        body: 64,
        body_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let (request, payload) = request.to_http_parts();
    let received = rule.read(&request, &Payload::new(payload), &limits).await;
    received
        .map(|body| {
            body.map(|body| match body.content {
                Content::Value(value) => value,
                other => panic!("{other:?}"),
            })
        })
        .map_err(|fault| match fault {
            BodyFault::TooLarge { limit } => format!("413 {limit}"),
            BodyFault::Unsupported { expected } => format!("415 {}", expected.join(" ")),
            BodyFault::TooSlow => "408".to_owned(),
            BodyFault::Broken(cause) => format!("broken {cause}"),
            BodyFault::Internal(cause) => format!("500 {cause:?}"),
            BodyFault::Invalid(violations) => {
                let all: Vec<String> = violations
                    .iter()
                    .map(|violation| format!("{} {}", violation.pointer, violation.message))
                    .collect();
                format!("400 {}", all.join("; "))
            }
        })
}

fn post(media_type: &str, body: &str) -> TestRequest {
    let length = body.len().to_string();
    TestRequest::post()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_LENGTH, length))
        .set_payload(body.to_owned())
}

#[actix_web::test]
async fn json_and_forms_give_the_same_value() {
    let rule = rule(true);
    let expected = Ok(Some(json!({"email": "a b", "age": 5, "tags": ["x", "y&"]})));
    assert_eq!(
        send(
            &rule,
            post(JSON, r#"{"email":"a b","age":5,"tags":["x","y&"]}"#)
        )
        .await,
        expected
    );
    assert_eq!(
        send(&rule, post(FORM, "email=a+b&age=5&tags=x&tags=y%26")).await,
        expected
    );
    assert_eq!(
        send(
            &rule,
            post("Application/Json; Charset=UTF-8", r#"{"email":""}"#)
        )
        .await,
        Ok(Some(json!({"email": ""})))
    );
}

/// RFC 9110, sections 5.6.6 and 8.3.1.
#[actix_web::test]
async fn parameters_of_a_media_type_may_be_quoted() {
    let rule = rule(true);
    for media_type in [
        "application/json; profile=\"a;b\"",
        "application/json; profile=\"a\\\"b\"; charset=\"utf-8\"",
        "application/json ; charset=utf8",
        "application/json;charset=US-ASCII;",
    ] {
        assert_eq!(
            send(&rule, post(media_type, r#"{"email":"a"}"#)).await,
            Ok(Some(json!({"email": "a"}))),
            "{media_type}"
        );
    }
}

#[actix_web::test]
async fn a_body_that_breaks_the_contract_is_told() {
    let rule = rule(true);
    for (media_type, body, fault) in [
        (
            JSON,
            r#"{"email":1,"emial":2}"#,
            "400 /email must be a string; /emial unknown property; did you mean `email`?",
        ),
        (
            JSON,
            r#"{"email":"a","email":"b"}"#,
            "400 /email is in the object more than once",
        ),
        (
            JSON,
            r#"{"email":"a"} x"#,
            "400  is not JSON: line 1, column 15",
        ),
        (
            JSON,
            r#"{"email":"a""#,
            "400  is not JSON: the text ends too early",
        ),
        (JSON, "[]", "400  must be an object"),
        (FORM, "email=a&age=5.0", "400 /age must be an integer"),
        (FORM, "email=a&email=b", "400 /email is sent more than once"),
        (
            FORM,
            "email=a&zzz=b",
            "400 /zzz unknown property; known here: `email`, `age`, `tags`",
        ),
        (FORM, "age=1", "400 /email is required"),
        (FORM, "email=%ff", "400 /email is not valid UTF-8"),
        (
            FORM,
            "%zz=1",
            "400  a field's name has a broken percent escape",
        ),
    ] {
        assert_eq!(
            send(&rule, post(media_type, body)).await,
            Err(fault.to_owned()),
            "{body}"
        );
    }
}

#[actix_web::test]
async fn other_media_types_charsets_and_codings_are_415() {
    let rule = rule(true);
    let expected = Err(format!("415 {JSON} {FORM}"));
    for media_type in [
        "text/plain",
        "application/json; charset=utf-16",
        "application/json; profile=\"a;b",
        "application/jsonx",
        "nonsense",
        "*/*",
    ] {
        assert_eq!(
            send(&rule, post(media_type, r#"{"email":"a"}"#)).await,
            expected,
            "{media_type}"
        );
    }
    let untyped = TestRequest::post()
        .insert_header((CONTENT_LENGTH, "2"))
        .set_payload("{}");
    assert_eq!(send(&rule, untyped).await, expected);
    let twice = post(JSON, "{}").append_header((CONTENT_TYPE, JSON));
    assert_eq!(send(&rule, twice).await, expected);
    let packed = post(JSON, "{}").insert_header((CONTENT_ENCODING, "gzip"));
    assert_eq!(send(&rule, packed).await, expected);
    let plain = post(JSON, r#"{"email":"a"}"#).insert_header((CONTENT_ENCODING, "identity"));
    assert_eq!(send(&rule, plain).await, Ok(Some(json!({"email": "a"}))));
}

#[actix_web::test]
async fn an_absent_body_is_refused_only_when_it_is_required() {
    let chunked = || {
        TestRequest::post()
            .insert_header((TRANSFER_ENCODING, "chunked"))
            .insert_header((CONTENT_TYPE, JSON))
    };
    for absent in [
        TestRequest::post,
        || TestRequest::post().insert_header((CONTENT_LENGTH, "0")),
        chunked,
    ] {
        assert_eq!(send(&rule(false), absent()).await, Ok(None));
        assert_eq!(
            send(&rule(true), absent()).await,
            Err("400  a body is required".to_owned())
        );
    }
}

#[actix_web::test]
async fn a_body_is_too_large_by_its_own_account_or_by_what_arrives() {
    let rule = rule(true);
    let large = format!(r#"{{"email":"{}"}}"#, "a".repeat(64));
    assert_eq!(
        send(&rule, post(JSON, &large)).await,
        Err("413 64".to_owned())
    );
    let announced = TestRequest::post().insert_header((CONTENT_LENGTH, "65"));
    assert_eq!(
        send(&rule, announced).await,
        Err("413 64".to_owned()),
        "before anything is read"
    );
    let unannounced = TestRequest::post()
        .insert_header((TRANSFER_ENCODING, "chunked"))
        .insert_header((CONTENT_TYPE, JSON))
        .set_payload(large);
    assert_eq!(send(&rule, unannounced).await, Err("413 64".to_owned()));
    let exact = format!(r#"{{"email":"{}"}}"#, "a".repeat(64 - 12));
    assert_eq!(exact.len(), 64);
    assert!(send(&rule, post(JSON, &exact)).await.is_ok());
}

/// A body that never goes on.
struct Stalled;

impl futures_core::Stream for Stalled {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}

#[actix_web::test]
async fn a_body_that_stalls_is_given_up() {
    let payload = Payload::new(actix_web::dev::Payload::Stream {
        payload: Box::pin(Stalled),
    });
    let bounds = Bounds {
        size: 64,
        time: Duration::from_secs(60),
        pause: Duration::from_millis(20),
    };
    let stream = BodyStream::new(payload, None, bounds).unwrap();
    assert!(matches!(stream.whole(64).await, Err(BodyFault::TooSlow)));
}

#[actix_web::test]
async fn an_operation_without_a_body_leaves_it_unread() {
    let document = load_in(
        Mode::Strict,
        &contract("post", "/things", json!({}), json!({})),
    );
    let rule = BodyRule::prepare(&document.operations[0]);
    assert!(!rule.is_declared());
    assert_eq!(send(&rule, post("text/plain", "anything")).await, Ok(None));
}

/// RFC 6749, section 3.2, has unknown members of its forms ignored.
#[actix_web::test]
async fn a_form_ignores_what_its_schema_neither_names_nor_refuses() {
    let form = |schema: Value| prepare(json!({"content": {FORM: {"schema": schema}}}));
    let named = json!({"a": {"type": "string"}});
    let open = form(json!({"type": "object", "properties": named}));
    for body in ["a=1&b=2", "b=2&a=1&b=%ff&c", "a=1&b[]=2"] {
        assert_eq!(
            send(&open, post(FORM, body)).await,
            Ok(Some(json!({"a": "1"}))),
            "{body}"
        );
    }
    let twice = send(&open, post(FORM, "a=1&a=1")).await;
    assert_eq!(twice, Err("400 /a is sent more than once".to_owned()));
    let closed =
        form(json!({"type": "object", "properties": named, "additionalProperties": false}));
    assert!(send(&closed, post(FORM, "a=1&b=2")).await.is_err());
    let map = form(
        json!({"type": "object", "properties": named, "additionalProperties": {"type": "integer"}}),
    );
    assert_eq!(
        send(&map, post(FORM, "a=1&b=2")).await,
        Ok(Some(json!({"a": "1", "b": 2})))
    );
    let anything = form(json!({"type": "object"}));
    assert_eq!(
        send(&anything, post(FORM, "b=2")).await,
        Ok(Some(json!({"b": "2"})))
    );
}

/// Encoding Object: each field is written by its own style or media type.
#[actix_web::test]
async fn the_fields_of_a_form_are_read_by_their_encoding() {
    let point = json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}});
    let numbers = json!({"type": "array", "items": {"type": "integer"}});
    let form = |schema: &Value, encoding: Value| {
        let schema = json!({"type": "object", "properties": {"f": schema}});
        let content = json!({FORM: {"schema": schema, "encoding": {"f": encoding}}});
        prepare_in(Mode::Open, json!({ "content": content }))
    };
    let points = json!({"type": "array", "items": point});
    for (schema, encoding, body, value) in [
        (&point, json!({}), "f={\"x\":1}", json!({"x": 1})),
        (
            &point,
            json!({"style": "deepObject"}),
            "f[x]=1&f[y]=2",
            json!({"x": 1, "y": 2}),
        ),
        (
            &point,
            json!({"style": "form", "explode": true}),
            "x=1&y=2",
            json!({"x": 1, "y": 2}),
        ),
        (
            &point,
            json!({"explode": false}),
            "f=x,1,y,2",
            json!({"x": 1, "y": 2}),
        ),
        (&numbers, json!({}), "f=1&f=2", json!([1, 2])),
        (&numbers, json!({"explode": false}), "f=1,2", json!([1, 2])),
        (
            &numbers,
            json!({"style": "pipeDelimited"}),
            "f=1%7C2",
            json!([1, 2]),
        ),
        (
            &numbers,
            json!({"contentType": "application/json"}),
            "f=[1,2]",
            json!([1, 2]),
        ),
        (
            &points,
            json!({}),
            "f={\"x\":1}&f={\"x\":2}",
            json!([{"x": 1}, {"x": 2}]),
        ),
        (&points, json!({}), "f=[{\"x\":1}]", json!([{"x": 1}])),
        (
            &json!({"type": "string"}),
            json!({"allowReserved": true}),
            "f=a/b?c",
            json!("a/b?c"),
        ),
    ] {
        let found = send(&form(schema, encoding.clone()), post(FORM, body)).await;
        assert_eq!(found, Ok(Some(json!({"f": value}))), "{encoding} {body}");
    }
    let broken = send(&form(&point, json!({})), post(FORM, "f={\"x\":\"a\"}")).await;
    assert_eq!(broken, Err("400 /f/x must be an integer".to_owned()));
}

/// JSON Schema allows members that it does not name; what was sent is not lost.
#[actix_web::test]
async fn a_form_of_an_open_contract_keeps_what_its_schema_does_not_name() {
    let named = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let form = prepare_in(Mode::Open, json!({"content": {FORM: {"schema": named}}}));
    assert_eq!(
        send(&form, post(FORM, "a=1&b=2&c=3&c=4")).await,
        Ok(Some(json!({"a": 1, "b": "2", "c": ["3", "4"]})))
    );
    for undescribed in [json!({}), json!({"schema": {}})] {
        let form = prepare_in(Mode::Open, json!({"content": {FORM: undescribed}}));
        assert_eq!(
            send(&form, post(FORM, "a=1")).await,
            Ok(Some(json!({"a": "1"})))
        );
    }
}

#[actix_web::test]
async fn text_is_a_value_of_its_schema() {
    const TEXT: &str = "text/plain";
    let text =
        |schema: Value| prepare_in(Mode::Open, json!({"content": {TEXT: {"schema": schema}}}));
    let number = text(json!({"type": "integer", "minimum": 2}));
    assert_eq!(send(&number, post(TEXT, "5")).await, Ok(Some(json!(5))));
    assert_eq!(
        send(&number, post(TEXT, "1")).await,
        Err("400  must be at least 2".to_owned())
    );
    let word = text(json!({"type": "string"}));
    assert_eq!(send(&word, post(TEXT, "5\n")).await, Ok(Some(json!("5\n"))));
}
