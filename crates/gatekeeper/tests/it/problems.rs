//! The shape of failures.

use crate::{
    security::{MANIFEST, SPEC},
    support::{Answer, Bench},
};
use actix_web::test::TestRequest;
use gatekeeper::{Limits, Problem, Rejection, Reply};

#[actix_web::test]
async fn members_come_in_the_order_of_rfc_9457() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let got = bench.get("/admin", "Bearer jwt.leia.1").await;
    let text = String::from_utf8(got.body.clone()).unwrap();
    let members = [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "required_role",
    ];
    let places: Vec<usize> = members
        .iter()
        .map(|name| text.find(&format!("\"{name}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{text}");
    let json = got.json();
    assert_eq!(json["type"], "about:blank");
    assert_eq!(json["title"], "Unauthorized");
    assert_eq!(json["status"], 401);
    let id = got.one("x-request-id");
    assert_eq!(json["instance"], format!("urn:uuid:{id}"));
    assert_eq!(bench.told().request_id, id);
}

#[actix_web::test]
async fn type_leads_to_the_page_of_the_code_where_there_are_pages() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| {
        builder.problem_types("https://api.example.org/errors/")
    });
    for (uri, kind) in [
        ("/admin", "https://api.example.org/errors/token-missing"),
        ("/nowhere", "https://api.example.org/errors/not-found"),
    ] {
        assert_eq!(bench.get(uri, "").await.json()["type"], kind);
    }
}

#[actix_web::test]
async fn an_unknown_path_is_told_its_neighbour_or_where_the_paths_are_listed() {
    let bench = Bench::with(SPEC, &MANIFEST, |builder| {
        builder.not_found_hint("/paths lists them.")
    });
    for (uri, rest) in [
        ("/amdin", "did you mean `/admin`?"),
        ("/wp-login.php?hunter2", "/paths lists them."),
    ] {
        let detail = format!("There is nothing at this path; {rest}");
        assert_eq!(bench.get(uri, "").await.json()["detail"], detail);
    }
}

#[actix_web::test]
async fn each_request_has_an_id_of_its_own() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let sent = "00000000-0000-4000-8000-000000000000";
    let request = || TestRequest::with_uri("/open").insert_header(("x-request-id", sent));
    let first = bench.send(request()).await.one("x-request-id");
    let second = bench.send(request()).await.one("x-request-id");
    assert!(first != second && first != sent && second != sent);
}

#[actix_web::test]
async fn the_cause_of_a_500_is_told_to_the_observer_alone() {
    let bench = Bench::new(SPEC, &MANIFEST)
        .answering(|_| Err(Problem::internal("database at 10.0.0.1 is gone")));
    let got = bench.get("/open", "").await;
    assert_eq!((got.status, got.code().as_str()), (500, "internal-error"));
    assert!(!String::from_utf8_lossy(&got.body).contains("10.0.0.1"));
    let told = bench.told();
    assert_eq!(told.reason.as_deref(), Some("database at 10.0.0.1 is gone"));
    assert_eq!(
        (told.operation.as_deref(), told.code.as_deref()),
        (Some("open"), Some("internal-error"))
    );
}

#[actix_web::test]
async fn a_401_raised_by_the_operation_carries_a_challenge_without_error() {
    let bench = Bench::new(SPEC, &MANIFEST).answering(|_| {
        Err(Problem::new(
            401,
            "credentials-invalid",
            "Unknown user or wrong password.",
        ))
    });
    let got = bench.send(TestRequest::post().uri("/login")).await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (401, "credentials-invalid")
    );
    assert_eq!(got.all("www-authenticate"), ["Bearer realm=\"test\""]);
}

#[actix_web::test]
async fn a_401_raised_by_the_operation_carries_the_challenge_that_fits_its_code() {
    const INVALID: &str = "Bearer realm=\"test\", error=\"invalid_token\", error_description=\"The token is not valid\"";
    const EXPIRED: &str = "Bearer realm=\"test\", error=\"invalid_token\", error_description=\"The token has expired\"";
    const SCOPE: &str = "Bearer realm=\"test\", error=\"insufficient_scope\", error_description=\"The token's role is too low\"";
    const PLAIN: &str = "Bearer realm=\"test\"";
    let raised: [(Answer, &str); 4] = [
        (|_| refuse("token-invalid"), INVALID),
        (|_| refuse("token-expired"), EXPIRED),
        (|_| refuse("authorisation-required"), SCOPE),
        (|_| refuse("credentials-invalid"), PLAIN),
    ];
    for (answer, challenge) in raised {
        let bench = Bench::new(SPEC, &MANIFEST).answering(answer);
        let got = bench.get("/inherited", "Bearer jwt.leia.1").await;
        assert_eq!(got.status, 401);
        assert_eq!(got.all("www-authenticate"), [challenge]);
        // What an open operation was sent is no credential of a scheme.
        let got = bench.get("/open", "").await;
        assert_eq!(got.all("www-authenticate"), [PLAIN], "{challenge}");
    }
}

#[actix_web::test]
async fn a_role_refused_by_the_operation_looks_like_one_refused_by_the_gate() {
    let bench = Bench::new(SPEC, &MANIFEST).answering(|_| {
        let problem = Problem::new(401, "authorisation-required", "Only admins change roles.");
        Err(problem.extension("required_role", "admin"))
    });
    let got = bench.get("/any", "Bearer jwt.leia.1").await;
    assert_eq!(got.json()["required_role"], "admin");
    let challenges = got.all("www-authenticate");
    assert!(
        challenges[0].contains("error=\"insufficient_scope\""),
        "{challenges:?}"
    );
    assert_eq!(challenges[1..], ["Basic realm=\"test\", charset=\"UTF-8\""]);
}

fn refuse(code: &'static str) -> Result<Reply, Problem> {
    Err(Problem::new(401, code, "Refused."))
}

#[actix_web::test]
async fn a_head_beyond_its_caps_is_refused_before_anything_else() {
    let limits = || Limits {
        head: 200,
        target: 50,
        ..Limits::default()
    };
    let bench = Bench::with(SPEC, &MANIFEST, |builder| builder.limits(limits()));
    for path in ["/inherited", "/open", "/nowhere", "/login"] {
        let request = TestRequest::with_uri(&format!("{path}?{}", "a".repeat(50)));
        let got = bench.send(request).await;
        assert_eq!(
            (got.status, got.code().as_str()),
            (414, "uri-too-long"),
            "{path}"
        );
        let request = TestRequest::with_uri(path).insert_header(("a", "b".repeat(200)));
        let got = bench.send(request).await;
        assert_eq!(
            (got.status, got.code().as_str()),
            (431, "header-fields-too-large"),
            "{path}"
        );
    }
    let request = TestRequest::with_uri("/open").insert_header(("a", "b".repeat(199)));
    assert_eq!(bench.send(request).await.status, 200);
}

#[actix_web::test]
async fn every_rejection_has_its_status_and_code() {
    for (rejection, status, code) in [
        (Rejection::NotFound { hint: None }, 404, "not-found"),
        (Rejection::TargetTooLong { limit: 1 }, 414, "uri-too-long"),
        (
            Rejection::HeadTooLarge { limit: 1 },
            431,
            "header-fields-too-large",
        ),
        (
            Rejection::BodyTooLarge { limit: 1 },
            413,
            "payload-too-large",
        ),
        (Rejection::BodyTooSlow, 408, "request-timeout"),
        (
            Rejection::BodyBroken("gone".to_owned()),
            400,
            "validation-failed",
        ),
        (
            Rejection::UnsupportedMediaType {
                expected: Vec::new(),
            },
            415,
            "unsupported-media-type",
        ),
        (
            Rejection::Invalid {
                violations: Vec::new(),
                cause: None,
            },
            400,
            "validation-failed",
        ),
        (
            Rejection::Internal("secret".to_owned()),
            500,
            "internal-error",
        ),
    ] {
        let problem = Problem::from(rejection);
        assert_eq!((problem.status, &*problem.code), (status, code));
        assert!(
            !problem.detail.is_empty() && !problem.detail.contains("secret"),
            "{code}"
        );
    }
}

#[actix_web::test]
async fn violations_are_listed_without_the_offending_value() {
    let bench = Bench::new(SPEC, &MANIFEST);
    let request = TestRequest::post()
        .uri("/strict/hunter2?hunter3=1")
        .insert_header(("authorization", "Bearer jwt.leia.1"))
        .insert_header(("content-type", "application/json"))
        .set_payload("{}");
    let got = bench.send(request).await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (400, "validation-failed")
    );
    let errors = got.json()["errors"].clone();
    assert_eq!(errors[0]["in"], "path");
    assert!(errors.as_array().unwrap().len() >= 2, "{errors}");
    assert!(!String::from_utf8_lossy(&got.body).contains("hunter2"));
}
