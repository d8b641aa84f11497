//! RFC 8725 (JWT best current practices), item by item, over HTTP; tokens signed by hand with the
//! secrets of the tests.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::helpers::{
    app::{ACCESS_SECRET, EMAIL_SECRET, PASSWORD_SECRET, REFRESH_SECRET, TestApp},
    http::Response,
    tokens::{Parts, now, sign_text, sign_with},
    users::User,
};

fn app_and_user() -> (TestApp, User) {
    let app = TestApp::start();
    let user = app.user();
    (app, user)
}

#[track_caller]
fn refused(answer: Response) {
    let answer = answer.expect_problem(401, "token-invalid");
    let challenge = answer.header("www-authenticate").expect("a challenge");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
}

/// The premise of the other tests: a token signed by hand with nothing changed is good.
#[test]
fn a_token_signed_by_hand_is_accepted_when_nothing_is_changed() {
    let (app, user) = app_and_user();
    app.films(&Parts::of(&user.access).sign(ACCESS_SECRET))
        .expect(200);
}

#[test]
fn tokens_have_the_documented_header_and_claims() {
    let (_app, user) = app_and_user();
    for (token, kind, other, hours) in [
        (&user.access, "standard_claim", "refresh_claim", 10),
        (&user.refresh, "refresh_claim", "standard_claim", 24),
    ] {
        let Parts { header, claims, .. } = Parts::of(token);
        assert_eq!(header["alg"], "HS256");
        assert_eq!(header["typ"], "JWT");
        assert!(header["kid"].is_string());
        assert_eq!(header.as_object().expect("object").len(), 3, "{header}");
        assert_eq!(claims["iss"], "fathat.org");
        assert_eq!(claims[kind], true);
        assert!(claims.get(other).is_none());
        assert_eq!(claims["user_id"], user.id);
        assert_eq!(claims["access_role"], "basic");
        let number = |name: &str| claims[name].as_i64().expect(name);
        assert_eq!(number("exp") - number("iat"), hours * 3600);
        assert!((number("nbf") - now()).abs() < 30);
        for name in ["sub", "jti", "sid"] {
            let text = claims[name].as_str().expect(name);
            assert!(uuid::Uuid::parse_str(text).is_ok(), "{name}: {text}");
        }
    }
}

/// RFC 8725, section 2.1: the algorithm is the key's, never the token's.
#[test]
fn the_token_does_not_choose_its_algorithm() {
    let (app, user) = app_and_user();
    let parts = Parts::of(&user.access);
    for algorithm in [
        "none", "None", "NONE", "nOnE", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA",
        "hs256", "",
    ] {
        let changed = parts.clone().header("alg", algorithm);
        refused(app.films(&changed.sign(ACCESS_SECRET)));
        let unsigned = changed.sign(ACCESS_SECRET);
        let (message, _) = unsigned.rsplit_once('.').expect("three parts");
        refused(app.films(&format!("{message}.")));
        refused(app.films(message));
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let name = format!("{algorithm:?}");
        let header = parts.clone().header("alg", name).header.to_string();
        refused(app.films(&sign_with(
            &header,
            &parts.claims.to_string(),
            ACCESS_SECRET,
            algorithm,
        )));
    }
    refused(app.films(&parts.clone().without_header("alg").sign(ACCESS_SECRET)));
    refused(app.films(&parts.header("alg", json!(["HS256"])).sign(ACCESS_SECRET)));
}

/// RFC 8725, section 3.10: what a header points to is not fetched, and `crit` is not ignored.
#[test]
fn headers_that_bring_or_point_to_keys_are_refused() {
    let (app, user) = app_and_user();
    let key = json!({ "kty": "oct", "k": BASE64_URL_SAFE_NO_PAD.encode(ACCESS_SECRET) });
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("jwk", key),
        ("jku", json!("http://127.0.0.1:9/keys")),
        ("x5u", json!("http://127.0.0.1:9/cert")),
        ("x5c", json!(["MIIB"])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
        ("cty", json!("JWT")),
    ] {
        let token = Parts::of(&user.access)
            .header(name, value)
            .sign(ACCESS_SECRET);
        refused(app.films(&token));
    }
}

/// RFC 8725, section 3.11: explicit types.
#[test]
fn the_type_and_the_key_id_are_required() {
    let (app, user) = app_and_user();
    let parts = Parts::of(&user.access);
    for typ in [
        json!("at+jwt"),
        json!("JWE"),
        json!(""),
        json!(1),
        Value::Null,
    ] {
        refused(app.films(&parts.clone().header("typ", typ).sign(ACCESS_SECRET)));
    }
    for kid in [
        json!("unknown"),
        json!(""),
        json!("../../../dev/null"),
        json!("' or 1=1 --"),
        json!(0),
        Value::Null,
    ] {
        refused(app.films(&parts.clone().header("kid", kid).sign(ACCESS_SECRET)));
    }
    for name in ["typ", "kid"] {
        refused(app.films(&parts.clone().without_header(name).sign(ACCESS_SECRET)));
    }
}

/// RFC 8725, section 3.3: every cryptographic operation is validated.
#[test]
fn a_changed_token_is_refused() {
    let (app, user) = app_and_user();
    let other = app.user();
    let (message, signature) = user.access.rsplit_once('.').expect("three parts");
    let (_, foreign) = other.access.rsplit_once('.').expect("three parts");
    refused(app.films(&format!("{message}.{foreign}")));
    refused(app.films(&format!("{message}.")));
    refused(app.films(&format!("{message}.{signature}.{signature}")));
    refused(app.films(&format!("{message}.{}", &signature[..signature.len() - 2])));
    refused(app.films(&format!("{message}.{signature}A")));
    refused(app.films(&format!("{message}.{signature}=")));
    let parts = Parts::of(&user.access);
    for secret in [REFRESH_SECRET, EMAIL_SECRET, PASSWORD_SECRET, "", "secret"] {
        refused(app.films(&parts.sign(secret)));
    }
    let admin = parts.clone().claim("access_role", "admin");
    let (claims, _) = admin
        .sign("x")
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("parts");
    refused(app.films(&format!("{claims}.{signature}")));
}

/// RFC 8725, section 3.8 and 3.12: issuer, and rules that keep the kinds apart.
#[test]
fn the_claims_are_required_with_their_types_and_values() {
    let (app, user) = app_and_user();
    let parts = Parts::of(&user.access);
    for name in [
        "iss",
        "exp",
        "iat",
        "nbf",
        "sub",
        "jti",
        "user_id",
        "access_role",
        "sid",
        "standard_claim",
    ] {
        refused(app.films(&parts.clone().without_claim(name).sign(ACCESS_SECRET)));
        for wrong in [Value::Null, json!({}), json!([parts.claims[name]])] {
            refused(app.films(&parts.clone().claim(name, wrong).sign(ACCESS_SECRET)));
        }
    }
    let exp = parts.claims["exp"].as_i64().expect("exp");
    for (name, value) in [
        ("iss", json!("empire.example")),
        ("iss", json!("fathat.org ")),
        ("iss", json!(["fathat.org", "empire.example"])),
        ("exp", json!(exp.to_string())),
        ("exp", json!(-1)),
        ("exp", json!(1e30)),
        ("exp", json!(u64::MAX)),
        ("nbf", json!(now() + 3600)),
        ("iat", json!(now() + 3600)),
        ("standard_claim", json!(false)),
        ("standard_claim", json!("true")),
        ("standard_claim", json!(1)),
        // Levels stay inside, as in the tokens of earlier versions.
        ("access_role", json!(1)),
        ("access_role", json!("1")),
        ("access_role", json!("jedi")),
        ("access_role", json!("Basic")),
        ("access_role", json!("basic ")),
        ("access_role", json!("")),
        ("sid", json!("not-a-session")),
        ("user_id", json!("not-a-user")),
        ("jti", json!("not-an-id")),
        ("sub", json!("not-an-id")),
    ] {
        let token = parts.clone().claim(name, value.clone()).sign(ACCESS_SECRET);
        let answer = app.films(&token);
        assert_eq!(answer.status, 401, "{name}: {value}: {}", answer.text());
    }
    let two_kinds = parts.claim("refresh_claim", true);
    refused(app.films(&two_kinds.sign(ACCESS_SECRET)));
}

/// RFC 8725, section 2.4 and RFC 7519, section 4: two readers must not read two values.
#[test]
fn a_claim_or_header_that_comes_twice_is_refused() {
    let (app, user) = app_and_user();
    let parts = Parts::of(&user.access);
    let (header, claims) = (parts.header_text(), parts.claims.to_string());
    let twice = |text: &str, name: &str, value: &str| {
        text.replacen('{', &format!("{{\"{name}\":{value},"), 1)
    };
    for (name, value) in [
        ("iss", "\"fathat.org\""),
        ("standard_claim", "true"),
        ("access_role", "\"admin\""),
        ("exp", "99999999999"),
    ] {
        refused(app.films(&sign_text(
            &header,
            &twice(&claims, name, value),
            ACCESS_SECRET,
        )));
    }
    for (name, value) in [
        ("alg", "\"HS256\""),
        ("alg", "\"none\""),
        ("typ", "\"JWT\""),
    ] {
        refused(app.films(&sign_text(
            &twice(&header, name, value),
            &claims,
            ACCESS_SECRET,
        )));
    }
    for broken in ["", "null", "[]", "{", "\"x\"", "{}"] {
        refused(app.films(&sign_text(&header, broken, ACCESS_SECRET)));
        refused(app.films(&sign_text(broken, &claims, ACCESS_SECRET)));
    }
}

/// `exp` has no leeway, `nbf` and `iat` have a minute, for clocks that differ.
#[test]
fn expiry_has_no_leeway_and_a_start_in_the_future_a_minute() {
    let (app, user) = app_and_user();
    let parts = Parts::of(&user.access);
    let earlier = parts
        .clone()
        .claim("iat", now() - 100)
        .claim("nbf", now() - 100);
    for exp in [now(), now() - 1, now() - 99] {
        app.films(&earlier.clone().claim("exp", exp).sign(ACCESS_SECRET))
            .expect_problem(401, "token-expired");
    }
    refused(app.films(&parts.clone().claim("exp", 0).sign(ACCESS_SECRET)));
    for name in ["nbf", "iat"] {
        app.films(&parts.clone().claim(name, now() + 50).sign(ACCESS_SECRET))
            .expect(200);
        refused(app.films(&parts.clone().claim(name, now() + 90).sign(ACCESS_SECRET)));
    }
    let expired_and_forged = parts.expired().sign(REFRESH_SECRET);
    refused(app.films(&expired_and_forged));
}

/// RFC 8725, section 2.8: substitution between kinds.
#[test]
fn no_kind_of_token_passes_for_another() {
    let (app, user) = app_and_user();
    refused(app.films(&user.refresh));
    refused(app.refresh(&user.access));
    let access = Parts::of(&user.access);
    let refresh = Parts::of(&user.refresh);
    refused(app.films(&access.sign(REFRESH_SECRET)));
    refused(app.films(&refresh.sign(ACCESS_SECRET)));
    refused(app.refresh(&refresh.sign(ACCESS_SECRET)));
    let kid = access.header["kid"].clone();
    refused(
        app.films(
            &refresh
                .clone()
                .header("kid", kid.clone())
                .sign(ACCESS_SECRET),
        ),
    );
    refused(app.refresh(&refresh.header("kid", kid).sign(REFRESH_SECRET)));
    for token in [&user.access, &user.refresh] {
        app.verify(token).expect_problem(401, "token-invalid");
    }
    app.films(&user.access).expect(200);
}

#[test]
fn a_mail_token_opens_nothing_but_the_address() {
    let app = TestApp::start();
    let email = crate::helpers::users::new_email();
    app.sign_up(&email).expect(202);
    let token = app.mail_number(1, &email).token().expect("a token");
    refused(app.films(&token));
    refused(app.refresh(&token));
    let parts = Parts::of(&token);
    assert_eq!(parts.claims["email_claim"], email);
    assert!(parts.claims.get("sid").is_none());
    let other = parts.clone().claim("email_claim", "leia@rebels.example");
    app.verify(&other.sign(EMAIL_SECRET))
        .expect_problem(401, "token-invalid");
    app.verify(&parts.expired().sign(EMAIL_SECRET))
        .expect_problem(401, "token-expired");
    app.verify(&token).expect(200);
}

/// RFC 9110, section 11.1: scheme names match without regard to case; two lines are none.
#[test]
fn the_header_is_read_strictly() {
    let (app, user) = app_and_user();
    let films = |value: &str| app.get("/films/v1/").header("Authorization", value).send();
    for scheme in ["Bearer", "bearer", "BEARER", "JWT", "jwt"] {
        films(&format!("{scheme} {}", user.access)).expect(200);
    }
    for value in [
        user.access.clone(),
        format!("Token {}", user.access),
        format!("Bearer {} {}", user.access, user.access),
        format!("Bearer{}", user.access),
        format!("Bearer {},", user.access),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
        format!("Basic {}", user.access),
    ] {
        assert_eq!(films(&value).status, 401, "{value}");
    }
    for second in [user.access.as_str(), "x"] {
        let answer = app
            .get("/films/v1/")
            .bearer(&user.access)
            .bearer(second)
            .send();
        assert_eq!(answer.status, 401, "two Authorization lines");
    }
    let answer = app
        .get(&format!("/films/v1/?access_token={}", user.access))
        .send();
    assert_eq!(
        answer.status, 401,
        "a token in the query (RFC 6750, section 5.3)"
    );
}

#[test]
fn a_token_that_is_too_long_is_refused_before_it_is_read() {
    let (app, user) = app_and_user();
    let long = Parts::of(&user.access)
        .claim("padding", "x".repeat(4096))
        .sign(ACCESS_SECRET);
    refused(app.films(&long));
}

/// The first secret signs, all verify.
#[test]
fn secrets_rotate_without_ending_sessions() {
    const NEW: &str = "the-next-access-secret-of-the-tests-0123";
    let (mut app, user) = app_and_user();
    app.kill();
    app.settings()
        .set("tokens.access.secrets", &format!("{NEW},{ACCESS_SECRET}"));
    app.start_again();
    app.films(&user.access).expect(200);
    let renewed = app.refresh(&user.refresh).expect(200).json();
    let renewed = renewed["token"].as_str().expect("token");
    assert_ne!(
        Parts::of(renewed).header["kid"],
        Parts::of(&user.access).header["kid"]
    );
    app.films(&Parts::of(renewed).sign(NEW)).expect(200);
    app.kill();
    app.settings().set("tokens.access.secrets", NEW);
    app.start_again();
    app.films(renewed).expect(200);
    refused(app.films(&user.access));
}
