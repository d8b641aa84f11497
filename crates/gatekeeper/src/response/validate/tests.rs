use super::*;
use crate::testing::{contract, load};
use actix_web::http::header::HeaderValue;
use serde_json::json;

fn prepare(responses: Value) -> ReplyRules {
    let document = load(&contract(
        "get",
        "/things",
        json!({ "responses": responses }),
        json!({}),
    ));
    let mut defects = Defects::default();
    let rules = ReplyRules::prepare(&document.operations[0], true, &mut defects);
    assert!(defects.is_empty(), "{defects}");
    rules
}

fn rules() -> ReplyRules {
    prepare(json!({
        "200": {
            "description": "Good.",
            "headers": {
                "ETag": {"required": true, "schema": {"type": "string"}},
                "X-Count": {"schema": {"type": "integer"}},
                "X-Page": {"content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}},
                "X-Tags": {"schema": {"type": "array", "items": {"type": "integer"}, "maxItems": 2}},
            },
            "content": {"application/json": {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}}},
        },
        "202": {"description": "Text.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        "204": {"description": "Nothing."},
        "400": {"description": "Bad.", "content": {"application/problem+json": {"schema": {"type": "object", "required": ["code"]}}}},
        "401": {"description": "Unknown."},
    }))
}

fn sent(body: Option<&str>) -> Sent {
    body.map_or(Sent::Nothing, |body| {
        Sent::Bytes(Bytes::copy_from_slice(body.as_bytes()))
    })
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
}

#[test]
fn a_reply_that_keeps_to_the_contract_passes() {
    let rules = rules();
    assert_eq!(rules.statuses(), [200, 202, 204, 400, 401]);
    let json = ("content-type", "application/json; charset=utf-8");
    let common = headers(&[
        json,
        ("etag", "\"1\""),
        ("x-count", "5"),
        ("x-tags", "1, 2"),
        ("x-page", "{\"a\": 1}"),
        ("x-request-id", "a"),
        ("vary", "Origin"),
    ]);
    assert_eq!(rules.check(200, &common, &sent(Some(r#"{"a":1}"#))), Ok(()));
    assert_eq!(
        rules.check(
            202,
            &headers(&[("content-type", "text/plain")]),
            &sent(Some("{"))
        ),
        Ok(())
    );
    assert_eq!(
        rules.check(
            204,
            &headers(&[("access-control-allow-origin", "a")]),
            &sent(None)
        ),
        Ok(())
    );
    let problem = headers(&[
        ("content-type", "application/problem+json"),
        ("cache-control", "no-store"),
    ]);
    assert_eq!(
        rules.check(400, &problem, &sent(Some(r#"{"code":"x"}"#))),
        Ok(())
    );
    assert_eq!(
        rules.check(
            401,
            &headers(&[("www-authenticate", "Bearer")]),
            &sent(None)
        ),
        Ok(())
    );
}

#[test]
fn a_reply_that_breaks_the_contract_is_told() {
    let rules = rules();
    let json = ("content-type", "application/json");
    let tag = ("etag", "\"1\"");
    for (status, pairs, body, fault) in [
        (201, vec![], "", "status 201 is not declared"),
        (
            200,
            vec![json],
            r#"{"a":1}"#,
            "status 200: header etag is missing",
        ),
        (
            200,
            vec![json, tag, ("x-count", "five")],
            r#"{"a":1}"#,
            "status 200: header x-count must be an integer",
        ),
        (
            200,
            vec![json, tag, ("x-tags", "1,2,3")],
            r#"{"a":1}"#,
            "status 200: header x-tags must have at most 2 items",
        ),
        (
            200,
            vec![json, tag, ("x-page", "{}")],
            r#"{"a":1}"#,
            "status 200: header x-page /a is required",
        ),
        (
            200,
            vec![json, tag, ("x-other", "1")],
            r#"{"a":1}"#,
            "status 200: header x-other is not declared",
        ),
        (
            200,
            vec![json, tag, ("cache-control", "private")],
            r#"{"a":1}"#,
            "status 200: header cache-control is not declared",
        ),
        (
            200,
            vec![json, tag],
            r#"{"a":"1"}"#,
            "status 200: body /a must be an integer",
        ),
        (
            200,
            vec![json, tag],
            "",
            "status 200: body  is not JSON: the text ends too early",
        ),
        (
            200,
            vec![("content-type", "text/html"), tag],
            "",
            "status 200: the content is none of the declared application/json",
        ),
        (
            200,
            vec![tag],
            "{}",
            "status 200: the content is none of the declared application/json",
        ),
        (
            204,
            vec![],
            "x",
            "status 204: a body is sent, but no content is declared",
        ),
        (
            400,
            vec![("content-type", "application/problem+json")],
            "{}",
            "status 400: body /code is required",
        ),
        (
            400,
            vec![
                ("content-type", "application/problem+json"),
                ("allow", "GET"),
            ],
            r#"{"code":1}"#,
            "status 400: header allow is not declared",
        ),
    ] {
        assert_eq!(
            rules.check(status, &headers(&pairs), &sent(Some(body))),
            Err(fault.to_owned())
        );
    }
}

#[test]
fn a_stream_is_held_to_all_but_the_schema_of_its_body() {
    let rules = rules();
    let text = headers(&[("content-type", "text/plain")]);
    assert_eq!(rules.check(202, &text, &Sent::Stream), Ok(()));
    assert!(rules.check(204, &HeaderMap::new(), &Sent::Stream).is_err());
    let html = headers(&[("content-type", "text/html")]);
    assert!(rules.check(202, &html, &Sent::Stream).is_err());
}
