//! Replies held to the contract.

use crate::{
    security::{MANIFEST, SPEC},
    support::Bench,
};
use actix_web::http::header::ETAG;
use gatekeeper::{Body, HeaderText, IntoHeader, PreserializedJson, Problem, Reply};
use serde_json::json;

#[actix_web::test]
async fn a_reply_that_breaks_the_contract_is_a_500_when_replies_are_checked() {
    let broken: [crate::support::Answer; 4] = [
        |_| Ok(Reply::new(200).json(json!({"caller": 5}).into())?),
        |_| Ok(Reply::new(201).json(json!({"caller": "leia"}).into())?),
        |_| Ok(Reply::new(200)),
        |_| Err(Problem::new(409, "conflict", "Not declared.")),
    ];
    for answer in broken {
        let bench = Bench::new(SPEC, &MANIFEST).answering(answer);
        let got = bench.get("/open", "").await;
        assert_eq!((got.status, got.code().as_str()), (500, "internal-error"));
        assert!(bench.told().reason.is_some());

        let lenient = Bench::with(SPEC, &MANIFEST, |builder| builder.validate_replies(false))
            .answering(answer);
        assert_ne!(lenient.get("/open", "").await.status, 500);
    }
}

#[actix_web::test]
async fn a_code_that_the_response_does_not_list_is_a_500_when_replies_are_checked() {
    let place = "description: A problem\n";
    assert_eq!(SPEC.matches(place).count(), 1);
    let codes = "      x-problem-codes: [token-missing, validation-failed]\n";
    let spec = SPEC.replace(place, &format!("{place}{codes}"));
    let unlisted = |_| Err(Problem::new(400, "forbidden", "Not listed."));
    let listed = |_| Err(Problem::new(400, "validation-failed", "Listed."));

    let bench = Bench::new(&spec, &MANIFEST).answering(unlisted);
    let got = bench.get("/open", "").await;
    assert_eq!((got.status, got.code().as_str()), (500, "internal-error"));
    let reason = bench.told().reason.unwrap();
    for part in ["operation open", "status 400", "the code forbidden"] {
        assert!(reason.contains(part), "{reason}");
    }
    // A refusal of the gatekeeper's own, too.
    let got = bench.get("/inherited", "Bearer garbage").await;
    assert_eq!((got.status, got.code().as_str()), (500, "internal-error"));
    let got = bench.get("/inherited", "").await;
    assert_eq!((got.status, got.code().as_str()), (401, "token-missing"));

    let bench = Bench::new(&spec, &MANIFEST).answering(listed);
    assert_eq!(bench.get("/open", "").await.status, 400);
    // Without a list any code goes, and so it does where replies are not checked.
    let bench = Bench::new(SPEC, &MANIFEST).answering(unlisted);
    assert_eq!(bench.get("/open", "").await.status, 400);
    let bench = Bench::with(&spec, &MANIFEST, |builder| builder.validate_replies(false))
        .answering(unlisted);
    assert_eq!(bench.get("/open", "").await.code(), "forbidden");
}

#[actix_web::test]
async fn a_prepared_body_is_sent_as_it_was_made() {
    let bench = Bench::new(SPEC, &MANIFEST).answering(|_| {
        let prepared = PreserializedJson::new(&json!({"caller": "han"})).unwrap();
        Ok(Reply::new(200).json(Body::PreserializedJson(prepared.clone()))?)
    });
    let got = bench.get("/open", "").await;
    assert_eq!(got.json(), json!({"caller": "han"}));
    assert_eq!(got.one("content-type"), "application/json");
    assert_eq!(got.one("x-content-type-options"), "nosniff");
}

#[test]
fn a_header_with_a_line_break_is_never_sent() {
    let send = |text: HeaderText| Reply::new(200).header(ETAG, text);
    assert!(send("a\r\nset-cookie: b".into()).is_err());
    assert!(send("a\r\nset-cookie: b".to_owned().into()).is_err());
    assert!(send("\"a\"".into()).is_ok());
    assert!(send("\"a\"".to_owned().into()).is_ok());
    assert!(Reply::new(200).header(ETAG, "a\r\nset-cookie: b").is_err());
}

#[test]
fn values_become_headers_and_none_sends_nothing() {
    assert_eq!(5_i64.into_header(), Some("5".into()));
    assert_eq!(true.into_header(), Some("true".into()));
    assert_eq!(Some("a").into_header(), Some("a".into()));
    assert_eq!(None::<String>.into_header(), None);
    assert_eq!(HeaderText::from("a".to_owned()).as_str(), "a");
}
