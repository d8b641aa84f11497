//! Security schemes and requirements, as the build, the gatekeeper and listings see them.

use crate::STRICT;
use openapi::{
    Defects, Document, KeyLocation, Options, SchemeKind, check, read, routes, security_matrix,
};
use serde_json::{Value, json};

fn contract(version: &str, security: Value, schemes: Value) -> Value {
    json!({
        "openapi": version,
        "info": {"title": "Films", "version": "1"},
        "paths": {"/films": {"get": {
            "operationId": "get_films",
            "tags": ["Films"],
            "security": security,
            "responses": {
                "200": {"description": "Good."}, "400": {"description": "Bad."},
                "401": {"description": "Unknown."}, "403": {"description": "Not you."},
            },
        }}},
        "components": {"securitySchemes": schemes},
    })
}

fn opened(contract: &Value) -> Document {
    let mut defects = Defects::default();
    let document = read(contract, &Options::default(), &mut defects);
    assert!(defects.is_empty(), "{defects}");
    document.unwrap()
}

fn schemes() -> Value {
    json!({
        "films-auth": {"type": "oauth2", "flows": {}},
        "openId": {"type": "openIdConnect", "openIdConnectUrl": "https://a.org", "x-tokenInfoFunc": "auth.decode_id"},
        "Login": {"type": "http", "scheme": "BASIC"},
        "key": {"type": "apiKey", "in": "cookie", "name": "session", "x-apikeyInfoFunc": ""},
    })
}

#[test]
fn a_scheme_that_names_no_hook_has_one_called_after_it() {
    let document = opened(&contract("3.0.3", json!([]), schemes()));
    let found = document.security_schemes.iter();
    let found: Vec<_> = found
        .map(|scheme| (scheme.hook.as_str(), &scheme.kind))
        .collect();
    let session = SchemeKind::ApiKey {
        location: KeyLocation::Cookie,
        name: "session".to_owned(),
    };
    let expected = [
        ("decode_films_auth", &SchemeKind::Bearer),
        ("auth.decode_id", &SchemeKind::Bearer),
        ("decode_login", &SchemeKind::Basic),
        ("decode_key", &session),
    ];
    assert_eq!(found, expected);
}

#[test]
fn listings_show_the_scopes_of_an_alternative() {
    let security = json!([{"films-auth": ["read", "write"]}, {"Login": [], "key": []}, {}]);
    let document = opened(&contract("3.0.3", security, schemes()));
    let routes = routes(&document);
    assert_eq!(
        routes[0].cells()[3],
        "films-auth[read write] or Login and key or none"
    );
    assert_eq!(
        routes[0].to_json()["security"][0],
        json!([{"name": "films-auth", "decode": "decode_films_auth", "scopes": ["read", "write"]}])
    );
    assert!(
        security_matrix(&routes).contains("| films-auth[read write] or Login and key or none |")
    );
}

/// OpenAPI 3.0.3, Security Requirement Object: "For other security scheme types, the array MUST be empty"; 3.1 allows roles.
#[test]
fn scopes_of_a_scheme_without_scopes_are_compared_all_the_same() {
    let security = json!([{"Login": ["owner"]}]);
    for (version, strict) in [("3.0.3", 1), ("3.1.0", 0)] {
        let contract = contract(
            version,
            security.clone(),
            json!({
                "Login": {"type": "http", "scheme": "basic", "x-basicInfoFunc": "auth.decode"},
            }),
        );
        let document = opened(&contract);
        let required = &document.operations[0].requirement.alternatives[0][0];
        assert_eq!(required.scopes, ["owner"], "{version}");
        let defects = check(&contract, &STRICT).to_string();
        assert_eq!(
            defects.matches("have no scopes").count(),
            strict,
            "{version}: {defects}"
        );
    }
}

#[test]
fn an_alternative_that_no_request_can_meet_is_a_notice_and_a_defect_of_a_strict_contract() {
    let schemes = json!({
        "token": {"type": "oauth2", "flows": {}, "x-tokenInfoFunc": "auth.decode_token"},
        "login": {"type": "http", "scheme": "basic", "x-basicInfoFunc": "auth.decode_basic"},
    });
    let contract = contract("3.0.3", json!([{"token": [], "login": []}]), schemes);
    let notices = opened(&contract).notices.to_string();
    let told = "paths./films.get.security[0]: asks for two credentials in Authorization at once";
    assert!(notices.starts_with(told), "{notices}");
    let defects = check(&contract, &STRICT);
    assert!(defects.to_string().contains(told), "{defects}");
}

#[test]
fn what_cannot_be_enforced_may_be_declared_and_not_required() {
    for (scheme, advice) in [
        (
            json!({"type": "http", "scheme": "digest"}),
            "bearer and basic",
        ),
        (json!({"type": "mutualTLS"}), "the proxy"),
    ] {
        let of = |security: Value| contract("3.1.0", security, json!({"odd": scheme.clone()}));
        opened(&of(json!([])));
        let defects = check(&of(json!([{"odd": []}])), &Options::default()).to_string();
        assert!(
            defects.starts_with("paths./films.get.security[0].odd: "),
            "{defects}"
        );
        assert!(defects.contains(advice), "{defects}");
    }
}

#[test]
fn what_is_no_scheme_is_refused_in_any_mode() {
    for (scheme, problem) in [
        (json!({"type": "magic"}), "is none of apiKey, http"),
        (json!({"type": "http"}), "says which in `scheme`"),
        (json!({"type": "apiKey", "in": "header"}), "needs a name"),
        (json!({"type": "apiKey", "name": "k"}), "says where it is"),
        (
            json!({"type": "apiKey", "name": "k", "in": "body"}),
            "none of header, query, cookie",
        ),
        (
            json!({"type": "apiKey", "name": "a b", "in": "header"}),
            "no header name",
        ),
        (
            json!({"type": "oauth2", "flows": {}, "x-basicInfoFunc": "a.b"}),
            "does not belong",
        ),
    ] {
        let contract = contract("3.0.3", json!([]), json!({"odd": scheme}));
        let defects = check(&contract, &Options::default()).to_string();
        assert!(defects.contains(problem), "{defects}");
    }
}

#[test]
fn a_role_is_kept_in_open_mode_and_has_to_be_known() {
    let mut contract = contract("3.0.3", json!([{"Login": []}]), schemes());
    contract["paths"]["/films"]["get"]["x-access-role"] = json!("admin");
    let document = opened(&contract);
    assert_eq!(
        document.operations[0].requirement.role.as_deref(),
        Some("admin")
    );
    for (roles, problem) in [
        (&["basic"][..], "none of the roles: basic"),
        (&[], "the service has none"),
    ] {
        let options = Options {
            roles: Some(roles),
            ..Options::default()
        };
        let defects = check(&contract, &options).to_string();
        assert!(defects.contains(problem), "{defects}");
    }
}
