use serde_json::{Value, json};

use super::*;
use crate::tokens::fixtures::{secret, settings};
use crate::tokens::issue::NewToken;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use secrecy::ExposeSecret as _;

const NOW: i64 = 1_800_000_000;
const EXPIRED: Result<Verified, TokenFault> = Err(TokenFault::Expired {
    user_id: Uuid::from_u128(0x1111),
});

fn keys() -> Keys {
    Keys::new(&settings()).unwrap()
}

fn number_of(kind: TokenKind) -> u8 {
    kind as u8 + 1
}

fn key_of(kind: TokenKind) -> EncodingKey {
    EncodingKey::from_secret(secret(number_of(kind)).expose_secret().as_bytes())
}

fn new_token(kind: TokenKind) -> NewToken<'static> {
    NewToken {
        kind,
        user_id: Uuid::from_u128(0x1111),
        access_role: Role::Admin,
        jti: Uuid::from_u128(0x2222),
        session: kind.has_session().then_some(Uuid::from_u128(0x3333)),
        email: (kind == TokenKind::Email).then_some("leia@example.org"),
        issued_at: NOW - 10,
        expires_at: NOW + 3600,
    }
}

fn good(kind: TokenKind) -> String {
    keys().issue(new_token(kind)).unwrap()
}

fn claims(kind: TokenKind) -> Value {
    let token = good(kind);
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn header(kind: TokenKind) -> Value {
    let token = good(kind);
    serde_json::from_slice(
        &URL_SAFE_NO_PAD
            .decode(token.split('.').next().unwrap())
            .unwrap(),
    )
    .unwrap()
}

/// A token with any header and payload under the right secret of the kind.
fn sign_parts(kind: TokenKind, header: &[u8], payload: &[u8]) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = crypto::sign(message.as_bytes(), &key_of(kind), Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

/// A token with our own header and any payload, well signed.
fn sign_payload(kind: TokenKind, payload: &[u8]) -> String {
    let token = good(kind);
    let header = URL_SAFE_NO_PAD
        .decode(token.split('.').next().unwrap())
        .unwrap();
    sign_parts(kind, &header, payload)
}

fn sign_claims(kind: TokenKind, claims: &Value) -> String {
    sign_payload(kind, claims.to_string().as_bytes())
}

/// Returns how many checks passed; each of them can be described.
#[track_caller]
fn passed(kind: TokenKind, token: &str, now: i64) -> usize {
    let fault = keys().verify(kind, token, now).err();
    let failed = |fault: TokenFault| {
        let mut checks = Check::OF_TOKENS.iter();
        checks.position(|check| *check == fault.check()).unwrap()
    };
    let count = fault.map_or(Check::OF_TOKENS.len(), failed);
    for check in &Check::OF_TOKENS[..count] {
        assert!(!keys().describe(kind, token, *check, now).is_empty());
    }
    count
}

#[track_caller]
fn refused(kind: TokenKind, token: &str) -> &'static str {
    passed(kind, token, NOW);
    match keys().verify(kind, token, NOW) {
        Err(TokenFault::Invalid(_, reason)) => reason,
        other => panic!("expected an invalid token, found {other:?}"),
    }
}

fn with(kind: TokenKind, name: &str, value: Value) -> String {
    let mut claims = claims(kind);
    claims[name] = value;
    sign_claims(kind, &claims)
}

fn without(kind: TokenKind, name: &str) -> String {
    let mut claims = claims(kind);
    claims.as_object_mut().unwrap().remove(name).unwrap();
    sign_claims(kind, &claims)
}

#[test]
fn every_kind_reads_what_it_issued() {
    for kind in TokenKind::ALL {
        let token = new_token(kind);
        let verified = keys().verify(kind, &good(kind), NOW).unwrap();
        let expected = Verified {
            user_id: token.user_id,
            access_role: Role::Admin,
            jti: token.jti,
            session: token.session,
            email: token.email.map(str::to_owned),
            issued_at: token.issued_at,
            not_before: token.issued_at,
            expires_at: token.expires_at,
        };
        assert_eq!(verified, expected);
    }
}

/// The wire form that the contract gives, and nothing besides.
#[test]
fn an_access_token_carries_the_claims_of_the_contract() {
    let expected = json!({
        "iss": "fathat.org", "exp": NOW + 3600, "iat": NOW - 10, "nbf": NOW - 10,
        "sub": "00000000-0000-0000-0000-000000001111", "jti": "00000000-0000-0000-0000-000000002222",
        "user_id": "00000000-0000-0000-0000-000000001111", "access_role": "admin",
        "sid": "00000000-0000-0000-0000-000000003333", "standard_claim": true,
    });
    assert_eq!(claims(TokenKind::Access), expected);
    assert_eq!(
        claims(TokenKind::Email)["email_claim"],
        json!("leia@example.org")
    );
    let header = header(TokenKind::Access);
    assert_eq!(header["alg"], "HS256");
    assert_eq!(header["typ"], "JWT");
    assert_eq!(header["kid"].as_str().unwrap().len(), 11);
}

/// Another implementation of RFC 7519 reads our tokens.
#[test]
fn the_library_reads_what_is_issued() {
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.set_issuer(&["fathat.org"]);
    let key = jsonwebtoken::DecodingKey::from_secret(secret(1).expose_secret().as_bytes());
    let read = jsonwebtoken::decode::<Value>(good(TokenKind::Access), &key, &validation).unwrap();
    assert_eq!(
        read.claims["user_id"],
        "00000000-0000-0000-0000-000000001111"
    );
}

#[test]
fn the_same_content_gives_the_same_token() {
    assert_eq!(good(TokenKind::Refresh), good(TokenKind::Refresh));
}

#[test]
fn a_token_is_issued_only_with_what_its_kind_needs() {
    let keys = keys();
    assert!(
        keys.issue(NewToken {
            session: None,
            ..new_token(TokenKind::Access)
        })
        .is_err()
    );
    assert!(
        keys.issue(NewToken {
            email: None,
            ..new_token(TokenKind::Email)
        })
        .is_err()
    );
    assert!(
        keys.issue(NewToken {
            email: Some("x"),
            ..new_token(TokenKind::Password)
        })
        .is_err()
    );
    assert!(
        keys.issue(NewToken {
            expires_at: NOW - 10,
            ..new_token(TokenKind::Access)
        })
        .is_err()
    );
    let long = "a".repeat(MAX_LENGTH);
    assert!(
        keys.issue(NewToken {
            email: Some(&long),
            ..new_token(TokenKind::Email)
        })
        .is_err()
    );
}

#[test]
fn an_address_that_json_escapes_comes_back_whole() {
    let address = r#""a\\b"@example.org"#;
    let token = keys()
        .issue(NewToken {
            email: Some(address),
            ..new_token(TokenKind::Email)
        })
        .unwrap();
    let verified = keys().verify(TokenKind::Email, &token, NOW).unwrap();
    assert_eq!(verified.email.as_deref(), Some(address));
}

/// RFC 8725, 2.1 and 3.1; the library leaves `crit`, `typ` and unknown header members alone.
#[test]
fn a_header_that_we_do_not_issue_is_refused_though_well_signed() {
    let payload = claims(TokenKind::Access).to_string();
    let kid = header(TokenKind::Access)["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    let headers = [
        r#"{"typ":"JWT","alg":"HS256","kid":"KID"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID"} "#,
        r#"{"alg":"none","typ":"JWT","kid":"KID"}"#,
        r#"{"alg":"None","typ":"JWT","kid":"KID"}"#,
        r#"{"alg":"HS384","typ":"JWT","kid":"KID"}"#,
        r#"{"alg":"RS256","typ":"JWT","kid":"KID"}"#,
        r#"{"alg":"HS256","kid":"KID"}"#,
        r#"{"alg":"HS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"KID"}"#,
        r#"{"alg":"HS256","typ":"jwt","kid":"KID"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","crit":["exp"],"exp":1}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","jku":"https://example.org/keys"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","x5u":"https://example.org/cert"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","jwk":{"kty":"oct","k":"AA"}}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","zip":"DEF"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"KID","cty":"JWT"}"#,
    ];
    let ours = r#"{"alg":"HS256","typ":"JWT","kid":"KID"}"#.replace("KID", &kid);
    let token = sign_parts(TokenKind::Access, ours.as_bytes(), payload.as_bytes());
    assert!(keys().verify(TokenKind::Access, &token, NOW).is_ok());
    for header in headers {
        let header = header.replace("KID", &kid);
        let token = sign_parts(TokenKind::Access, header.as_bytes(), payload.as_bytes());
        assert_eq!(
            refused(TokenKind::Access, &token),
            "the header is none that we issue for this kind",
            "{header}"
        );
    }
}

/// RFC 8725, 3.1: an unsigned token is nothing.
#[test]
fn a_missing_or_foreign_signature_is_refused() {
    let token = good(TokenKind::Access);
    let (message, signature) = token.rsplit_once('.').unwrap();
    for bad in [
        format!("{message}."),
        message.to_owned(),
        format!("{message}.{signature}="),
        format!("{message}.{}", &signature[..signature.len() - 1]),
        format!("{message}.{signature}A"),
        format!("{message}.{signature}.{signature}"),
        format!("{message}.{}", signature.to_ascii_lowercase()),
        format!("{message}. {signature}"),
        format!("{token}\n"),
        format!(" {token}"),
    ] {
        refused(TokenKind::Access, &bad);
    }
}

/// base64url has spare bits at the end of a signature; RFC 4648, 3.5 lets a reader insist on zeros.
#[test]
fn no_signature_has_a_second_spelling() {
    let token = good(TokenKind::Access);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (head, last) = token.split_at(token.len() - 1);
    let taken = alphabet
        .chars()
        .filter(|end| {
            keys()
                .verify(TokenKind::Access, &format!("{head}{end}"), NOW)
                .is_ok()
        })
        .collect::<String>();
    assert_eq!(taken, last);
}

/// RFC 8725, 3.3: the signature is checked before any claim is believed.
#[test]
fn a_wrong_signature_is_reported_before_anything_about_claims() {
    let expired = keys()
        .issue(NewToken {
            issued_at: NOW - 100,
            expires_at: NOW - 50,
            ..new_token(TokenKind::Access)
        })
        .unwrap();
    let (message, _) = expired.rsplit_once('.').unwrap();
    let (_, other) = { good(TokenKind::Access) }
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(
        refused(TokenKind::Access, &format!("{message}.{other}")),
        "the signature is wrong"
    );
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let token = good(TokenKind::Access);
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(
            keys().verify(TokenKind::Access, &changed, NOW).is_err(),
            "at {position}"
        );
    }
}

/// RFC 8725, 3.12: kinds exclude each other, by secret and, should secrets leak between kinds, by claim.
#[test]
fn no_kind_passes_for_another() {
    for kind in TokenKind::ALL {
        for other in TokenKind::ALL.into_iter().filter(|other| *other != kind) {
            refused(other, &good(kind));
            let relabelled = sign_claims(other, &claims(kind));
            assert_eq!(
                refused(other, &relabelled),
                "the claim that names the kind is wrong"
            );
        }
    }
}

#[test]
fn exactly_one_claim_names_the_kind() {
    refused(
        TokenKind::Access,
        &without(TokenKind::Access, "standard_claim"),
    );
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "standard_claim", json!(false)),
    );
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "refresh_claim", json!(true)),
    );
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "refresh_claim", json!(false)),
    );
    refused(
        TokenKind::Refresh,
        &with(TokenKind::Refresh, "email_claim", json!("a@example.org")),
    );
    refused(
        TokenKind::Email,
        &with(TokenKind::Email, "email_claim", json!(true)),
    );
}

/// RFC 7519, 4.1; the library asks for `exp` alone.
#[test]
fn every_claim_is_required() {
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
        refused(TokenKind::Access, &without(TokenKind::Access, name));
        refused(
            TokenKind::Access,
            &with(TokenKind::Access, name, Value::Null),
        );
    }
}

/// RFC 7519, 2 and 4.1; the library skips values of the wrong type.
#[test]
fn a_claim_of_the_wrong_type_is_refused() {
    let cases = [
        ("iss", json!(["fathat.org"])),
        ("iss", json!({"name": "fathat.org"})),
        ("exp", json!((NOW + 3600).to_string())),
        ("exp", json!(1_900_000_000.5)),
        ("exp", json!(1e30)),
        ("exp", json!(true)),
        ("iat", json!("1")),
        ("nbf", json!([1])),
        ("sub", json!(4369)),
        ("jti", json!("00000000000000000000000000002222")),
        ("jti", json!("{00000000-0000-0000-0000-000000002222}")),
        (
            "jti",
            json!("urn:uuid:00000000-0000-0000-0000-000000002222"),
        ),
        ("user_id", json!("1")),
        ("access_role", json!(2)),
        ("access_role", json!("2")),
        ("access_role", json!("jedi")),
        ("access_role", json!("Admin")),
        ("access_role", json!("")),
        ("access_role", json!(["admin"])),
        ("sid", json!("")),
        ("standard_claim", json!("true")),
        ("standard_claim", json!(1)),
    ];
    for (name, value) in cases {
        assert_eq!(
            refused(
                TokenKind::Access,
                &with(TokenKind::Access, name, value.clone())
            ),
            "a claim is missing, unknown, repeated or mistyped",
            "{name}: {value}",
        );
    }
}

#[test]
fn an_unknown_claim_is_refused() {
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "admin", json!(true)),
    );
    // RFC 8725, 3.9: one issuer, one audience, so none is named.
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "aud", json!("starwars")),
    );
    // `sid` is for kinds that belong to a session.
    refused(
        TokenKind::Email,
        &with(
            TokenKind::Email,
            "sid",
            json!("00000000-0000-0000-0000-000000003333"),
        ),
    );
    refused(
        TokenKind::Email,
        &with(TokenKind::Email, "sid", Value::Null),
    );
}

/// RFC 7519, 4: names are unique; the library keeps the last.
#[test]
fn a_repeated_claim_is_refused() {
    let text = claims(TokenKind::Access).to_string();
    for more in [
        r#""access_role":"admin","#,
        r#""standard_claim":true,"#,
        r#""sid":"00000000-0000-0000-0000-000000003333","#,
    ] {
        let repeated = format!("{{{more}{}", &text[1..]);
        refused(
            TokenKind::Access,
            &sign_payload(TokenKind::Access, repeated.as_bytes()),
        );
    }
}

#[test]
fn a_payload_that_is_not_an_object_is_refused() {
    let values: Vec<Value> = claims(TokenKind::Access)
        .as_object()
        .unwrap()
        .values()
        .cloned()
        .collect();
    for payload in [
        "",
        "null",
        "[]",
        "\"text\"",
        "{}",
        "{",
        &Value::from(values).to_string(),
    ] {
        refused(
            TokenKind::Access,
            &sign_payload(TokenKind::Access, payload.as_bytes()),
        );
    }
    let text = claims(TokenKind::Access).to_string();
    refused(
        TokenKind::Access,
        &sign_payload(TokenKind::Access, format!("{text}{{}}").as_bytes()),
    );
    refused(
        TokenKind::Access,
        &sign_payload(TokenKind::Access, format!("\u{feff}{text}").as_bytes()),
    );
}

/// RFC 8725, 3.7: UTF-8 and nothing else.
#[test]
fn a_payload_that_is_not_utf8_is_refused() {
    let mut payload = claims(TokenKind::Email).to_string().into_bytes();
    let at = payload
        .windows(4)
        .position(|window| window == b"leia")
        .unwrap();
    payload[at] = 0xff;
    refused(TokenKind::Email, &sign_payload(TokenKind::Email, &payload));
}

#[test]
fn padded_and_standard_base64_is_refused() {
    let token = good(TokenKind::Access);
    let parts: Vec<&str> = token.split('.').collect();
    for payload in [
        format!("{}=", parts[1]),
        format!("{}\n", parts[1]),
        format!("+/{}", parts[1]),
    ] {
        let message = format!("{}.{payload}", parts[0]);
        let signature = crypto::sign(
            message.as_bytes(),
            &key_of(TokenKind::Access),
            Algorithm::HS256,
        )
        .unwrap();
        assert_eq!(
            refused(TokenKind::Access, &format!("{message}.{signature}")),
            "the payload is not base64url"
        );
    }
}

/// RFC 8725, 3.8: the issuer is bound to the keys, the subject to the user.
#[test]
fn issuer_and_subject_are_checked() {
    assert_eq!(
        refused(
            TokenKind::Access,
            &with(TokenKind::Access, "iss", json!("fathat.org."))
        ),
        "another issuer's"
    );
    refused(
        TokenKind::Access,
        &with(TokenKind::Access, "iss", json!("")),
    );
    let other = json!("00000000-0000-0000-0000-000000009999");
    assert_eq!(
        refused(TokenKind::Access, &with(TokenKind::Access, "sub", other)),
        "`sub` and `user_id` differ"
    );
}

/// RFC 7519, 4.1.4 without leeway; the library gives 60 s.
#[test]
fn a_token_expires_in_its_very_second() {
    let token = good(TokenKind::Access);
    let keys = keys();
    assert!(keys.verify(TokenKind::Access, &token, NOW + 3599).is_ok());
    assert_eq!(keys.verify(TokenKind::Access, &token, NOW + 3600), EXPIRED);
    assert_eq!(keys.verify(TokenKind::Access, &token, NOW + 3601), EXPIRED);
    assert!(
        keys.verify_even_expired(TokenKind::Access, &token, NOW + 3600)
            .is_ok()
    );
}

/// Only a token without another fault is called expired.
#[test]
fn expired_is_said_only_of_an_otherwise_good_token() {
    let mut claims = claims(TokenKind::Access);
    claims["exp"] = json!(NOW - 5);
    let expired = sign_claims(TokenKind::Access, &claims);
    assert_eq!(keys().verify(TokenKind::Access, &expired, NOW), EXPIRED);
    claims["iss"] = json!("elsewhere");
    assert_eq!(
        refused(TokenKind::Access, &sign_claims(TokenKind::Access, &claims)),
        "another issuer's"
    );
}

/// RFC 7519, 4.1.5 and 4.1.6; the library checks neither unless asked.
#[test]
fn a_token_from_the_future_is_refused() {
    for name in ["iat", "nbf"] {
        assert!(
            keys()
                .verify(
                    TokenKind::Access,
                    &with(TokenKind::Access, name, json!(NOW + CLOCK_SKEW)),
                    NOW
                )
                .is_ok()
        );
        assert_eq!(
            refused(
                TokenKind::Access,
                &with(TokenKind::Access, name, json!(NOW + CLOCK_SKEW + 1))
            ),
            "not valid yet"
        );
    }
    assert_eq!(
        refused(
            TokenKind::Access,
            &with(TokenKind::Access, "iat", json!(NOW + 3601))
        ),
        "expires before it was issued"
    );
}

#[test]
fn an_overlong_token_is_refused() {
    assert_eq!(
        refused(TokenKind::Access, &"e".repeat(MAX_LENGTH + 1)),
        "longer than a token may be"
    );
    let long = sign_payload(TokenKind::Access, "{".repeat(MAX_LENGTH).as_bytes());
    assert_eq!(
        refused(TokenKind::Access, &long),
        "longer than a token may be"
    );
}

#[test]
fn the_check_that_fails_is_the_one_that_the_refusal_is_about() {
    let token = good(TokenKind::Access);
    let (message, _) = token.rsplit_once('.').unwrap();
    let other = json!("00000000-0000-0000-0000-000000009999");
    let cases = [
        ("e".repeat(MAX_LENGTH + 1), Check::Length),
        (good(TokenKind::Refresh), Check::Header),
        (format!("{message}."), Check::Signature),
        (sign_payload(TokenKind::Access, b"[]"), Check::Payload),
        (with(TokenKind::Access, "exp", Value::Null), Check::Claims),
        (without(TokenKind::Access, "standard_claim"), Check::Kind),
        (
            with(TokenKind::Access, "iss", json!("elsewhere")),
            Check::Issuer,
        ),
        (with(TokenKind::Access, "sub", other), Check::Subject),
        (without(TokenKind::Access, "sid"), Check::SessionClaim),
        (
            with(TokenKind::Access, "iat", json!(NOW + 3601)),
            Check::Order,
        ),
        (
            with(TokenKind::Access, "nbf", json!(NOW + CLOCK_SKEW + 1)),
            Check::Start,
        ),
        (with(TokenKind::Access, "exp", json!(NOW)), Check::Expiry),
    ];
    for (token, check) in cases {
        let failed = passed(TokenKind::Access, &token, NOW);
        assert_eq!(Check::OF_TOKENS[failed], check);
    }
    assert_eq!(
        passed(TokenKind::Access, &token, NOW),
        Check::OF_TOKENS.len()
    );
}

#[test]
fn the_header_tells_the_kind() {
    for kind in TokenKind::ALL {
        assert_eq!(keys().kind_of(&good(kind)), Some(kind));
    }
    for none in ["", "a.b.c", "starwars_"] {
        assert_eq!(keys().kind_of(none), None);
    }
}

#[test]
fn odd_input_is_refused() {
    for token in ["", ".", "..", "...", "a.b.c", "é.é.é", "\0", "Bearer x"] {
        refused(TokenKind::Access, token);
    }
}

/// RFC 8725, 3.5 and 3.10: `kid` picks among our keys, the first signs, a removed one is forgotten.
#[test]
fn secrets_rotate() {
    let old = good(TokenKind::Access);
    let mut settings = settings();
    settings.access.secrets.insert(0, secret(50));
    let both = Keys::new(&settings).unwrap();
    assert!(both.verify(TokenKind::Access, &old, NOW).is_ok());

    let fresh = both.issue(new_token(TokenKind::Access)).unwrap();
    assert!(both.verify(TokenKind::Access, &fresh, NOW).is_ok());
    assert_eq!(
        refused(TokenKind::Access, &fresh),
        "the header is none that we issue for this kind"
    );

    settings.access.secrets.remove(1);
    let alone = Keys::new(&settings).unwrap();
    assert!(alone.verify(TokenKind::Access, &fresh, NOW).is_ok());
    assert!(alone.verify(TokenKind::Access, &old, NOW).is_err());
}

/// RFC 8725, 3.10: the header of one key does not make the signature of another good.
#[test]
fn kid_and_secret_belong_together() {
    let mut settings = settings();
    settings.access.secrets.push(secret(50));
    let both = Keys::new(&settings).unwrap();
    let token = good(TokenKind::Access);
    let (message, _) = token.rsplit_once('.').unwrap();
    let other = EncodingKey::from_secret(secret(50).expose_secret().as_bytes());
    let signature = crypto::sign(message.as_bytes(), &other, Algorithm::HS256).unwrap();
    let forged = format!("{message}.{signature}");
    assert_eq!(
        both.verify(TokenKind::Access, &forged, NOW),
        Err(TokenFault::Invalid(
            Check::Signature,
            "the signature is wrong"
        ))
    );
}
