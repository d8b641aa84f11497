//! Scopes of `oauth2` and `openIdConnect` schemes, roles of others, and schemes without named hooks.

use crate::support::Bench;
use actix_web::test::TestRequest;
use gatekeeper::{Contract, Manifest};

pub(crate) const SPEC: &str = include_str!("../fixtures/accepted/scopes.yaml");
pub(crate) const MANIFEST: Manifest = Manifest {
    operations: &[
        "read", "write", "either", "both", "with_key", "levels", "odd", "role", "any", "owners",
        "whole", "nothing",
    ],
    hooks: &[
        ("oauth", "decode_oauth"),
        ("openId", "auth.decode_id_token"),
        ("bearer", "decode_bearer"),
        ("api-key", "decode_api_key"),
        ("whole", "decode_whole"),
    ],
};

fn bench() -> Bench {
    Bench::open(SPEC, &MANIFEST, |builder| builder.low_role_is_401(false))
}

/// RFC 6750 section 3.1: `insufficient_scope` is a 403, and names the scopes that are needed.
#[actix_web::test]
async fn a_token_without_the_scope_is_told_the_scopes_it_needs() {
    let bench = bench();
    let got = bench.get("/write", "Bearer oauth.leia.1.read").await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (403, "insufficient-scope")
    );
    assert_eq!(
        got.all("www-authenticate"),
        ["Bearer realm=\"test\", error=\"insufficient_scope\", \
          error_description=\"The token lacks a scope\", scope=\"read films-write\""]
    );
    assert_eq!(
        got.json()["required_scopes"],
        serde_json::json!(["read", "films-write"])
    );
    let good = "Bearer oauth.leia.1.films-write.read";
    assert_eq!(bench.get("/write", good).await.json()["caller"], "leia");
}

#[actix_web::test]
async fn a_hook_is_told_the_scopes_of_the_operation() {
    let bench = bench();
    bench.get("/write", "Bearer oauth.leia.1").await;
    assert_eq!(bench.asked(), ["oauth read films-write"]);
    bench.get("/any", "Bearer bearer.leia.1").await;
    assert_eq!(bench.asked(), ["bearer"]);
}

#[actix_web::test]
async fn another_alternative_may_let_in_whom_one_keeps_out_for_a_scope() {
    let bench = bench();
    for (authorization, key, status) in [
        ("Bearer oauth.leia.1.write", "", 200),
        ("Bearer openId.leia.1.admin", "", 200),
        ("Bearer oauth.leia.1.read", "", 403),
        ("Bearer openId.leia.1.write", "", 403),
        ("Bearer oauth.leia.1.read", "api-key.leia.1", 200),
        ("Bearer garbage", "", 401),
    ] {
        let mut request =
            TestRequest::with_uri("/either").insert_header(("authorization", authorization));
        if !key.is_empty() {
            request = request.insert_header(("x-api-key", key));
        }
        let got = bench.send(request).await;
        assert_eq!(got.status, status, "{authorization} {key}");
    }
    for (scopes, status) in [("write", 200), ("admin", 200), ("read", 403)] {
        let token = format!("Bearer oauth.leia.1.{scopes}");
        assert_eq!(
            bench.get("/levels", &token).await.status,
            status,
            "{scopes}"
        );
    }
}

/// The challenge is that of the first alternative: any one of them would do.
#[actix_web::test]
async fn of_several_alternatives_the_first_names_its_scopes() {
    let got = bench().get("/levels", "Bearer oauth.leia.1").await;
    assert!(got.one("www-authenticate").ends_with("scope=\"write\""));
}

#[actix_web::test]
async fn each_credential_of_an_alternative_has_its_own_scopes() {
    let bench = bench();
    let send = async |token: &str, key: &str| {
        let request = TestRequest::with_uri("/with_key")
            .insert_header(("authorization", format!("Bearer {token}")))
            .insert_header(("x-api-key", key));
        bench.send(request).await.status
    };
    assert_eq!(send("oauth.leia.1.read", "api-key.leia.1").await, 200);
    assert_eq!(send("oauth.leia.1", "api-key.leia.1.read").await, 403);
    assert_eq!(send("oauth.leia.1.read", "api-key.luke.1").await, 401);
}

/// One token may be an access token of the one scheme and of the other; both are asked.
#[actix_web::test]
async fn one_token_is_put_to_all_bearer_schemes_of_an_alternative() {
    let bench = bench();
    assert_eq!(
        bench.get("/both", "Bearer oauth.leia.1.read").await.status,
        401
    );
    assert_eq!(bench.asked(), ["oauth read", "openId read"]);
}

/// RFC 6749 section 3.3 has no blanks and quotes in scopes; such a name would break out of its quotes.
#[actix_web::test]
async fn a_scope_that_a_header_cannot_hold_is_left_out_of_the_challenge() {
    let got = bench().get("/odd", "Bearer oauth.leia.1.read").await;
    assert_eq!(got.status, 403);
    assert_eq!(
        got.one("www-authenticate"),
        "Bearer realm=\"test\", error=\"insufficient_scope\", error_description=\"The token lacks a scope\""
    );
}

/// RFC 9110 section 15.5.4: the credentials are good, but not for this.
#[actix_web::test]
async fn a_role_too_low_is_403_unless_told_otherwise() {
    let got = bench().get("/role", "Bearer oauth.leia.1.read").await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (403, "insufficient-role")
    );
    assert_eq!(got.json()["required_role"], "admin");
    let old = Bench::open(SPEC, &MANIFEST, |builder| builder.low_role_is_401(true));
    let got = old.get("/role", "Bearer oauth.leia.1.read").await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (401, "authorisation-required")
    );
    assert_eq!(
        old.get("/role", "Bearer oauth.leia.2.read").await.status,
        200
    );
    assert_eq!(old.get("/role", "Bearer oauth.leia.2").await.status, 403);
}

/// OpenAPI 3.1, Security Requirement Object: schemes without scopes may list the roles of the owner.
#[actix_web::test]
async fn roles_of_other_schemes_are_compared_too() {
    let bench = bench();
    let send = async |key: &str| {
        let request = TestRequest::with_uri("/owners").insert_header(("x-api-key", key));
        bench.send(request).await
    };
    assert_eq!(send("api-key.leia.1.owner").await.status, 200);
    let got = send("api-key.leia.1").await;
    assert_eq!(
        (got.status, got.code().as_str()),
        (403, "insufficient-scope")
    );
}

#[actix_web::test]
async fn a_key_in_authorization_is_the_whole_of_it() {
    let bench = bench();
    assert_eq!(
        bench.get("/whole", "whole.leia.1").await.json()["caller"],
        "leia"
    );
    assert_eq!(
        bench.get("/whole", "Bearer bearer.leia.1").await.json()["caller"],
        "leia"
    );
    assert_eq!(
        bench.get("/whole", "Bearer whole.leia.1").await.code(),
        "token-invalid"
    );
    assert_eq!(bench.get("/whole", "").await.code(), "token-missing");
}

#[actix_web::test]
async fn a_requirement_of_nothing_is_none() {
    let bench = bench();
    assert_eq!(bench.get("/nothing", "Bearer garbage").await.status, 200);
    assert!(bench.asked().is_empty());
}

#[test]
fn the_codes_of_a_contract_are_those_that_it_can_lead_to() {
    let bench = bench();
    let codes: Vec<&str> = bench.contract.codes().map(|(_, code)| code).collect();
    assert!(codes.contains(&"insufficient-scope") && codes.contains(&"insufficient-role"));
    assert!(!codes.contains(&"authorisation-required"));
}

#[test]
fn what_cannot_be_enforced_is_refused_where_it_is_required() {
    for (security, problem) in [
        ("{digest: []}", "the http scheme \"digest\" are not checked"),
        (
            "{oauth: [read], certificate: []}",
            "have the proxy pass on what it found",
        ),
        ("{nobody: []}", "is not among components.securitySchemes"),
    ] {
        let spec = SPEC.replace("security: [{}]", &format!("security: [{security}]"));
        let defects = Contract::builder(&spec)
            .roles(&[("admin", 2)])
            .build(&MANIFEST)
            .err()
            .unwrap()
            .to_string();
        let place = "paths./nothing.get.security[0].";
        assert!(
            defects.starts_with(place) && defects.contains(problem),
            "{defects}"
        );
        assert_eq!(defects.lines().count(), 1, "{defects}");
    }
}
