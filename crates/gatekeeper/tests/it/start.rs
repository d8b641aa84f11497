//! Defects of security and of the generated code that stop the start.

use gatekeeper::{Contract, Defects, Manifest};

fn build(paths_and_components: &str, manifest: &Manifest) -> Result<Contract, Defects> {
    let spec =
        format!("openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{paths_and_components}");
    Contract::builder(&spec)
        .strict()
        .roles(&[("basic", 1)])
        .build(manifest)
}

/// An operation `one` with more lines in it, and the schemes `jwt` and `other`.
fn operation(more: &str, jwt: &str, responses: &str) -> String {
    format!(
        "paths:\n  /one:\n    get:\n      operationId: one\n      {more}\n      responses: {{{responses}}}\n\
         components:\n  securitySchemes:\n    jwt: {{{jwt}}}\n"
    )
}

const JWT: &str = "type: http, scheme: bearer, x-bearerInfoFunc: a.b";
const BOTH: &str = "'200': {description: Good}, '401': {description: Bad, content: {application/problem+json: {schema: {type: object}}}}, '400': {description: Bad, content: {application/problem+json: {schema: {type: object}}}}";
const MANIFEST: Manifest = Manifest {
    operations: &["one"],
    hooks: &[("jwt", "a.b")],
};

#[track_caller]
fn refused(spec: &str, manifest: &Manifest, place: &str, reason: &str) {
    let defects = build(spec, manifest)
        .err()
        .expect("the contract should be refused");
    let found = defects
        .iter()
        .any(|defect| defect.place().contains(place) && defect.problem().contains(reason));
    assert!(found, "expected {place}: {reason}\nfound:\n{defects}");
}

#[test]
fn a_sound_contract_starts() {
    for security in [
        "security: [{jwt: []}]",
        "security: []",
        "security: [{jwt: []}, {}]",
    ] {
        let built = build(&operation(security, JWT, BOTH), &MANIFEST);
        assert!(built.is_ok(), "{}", built.err().unwrap());
    }
}

#[test]
fn requirements_that_cannot_be_enforced_stop_the_start() {
    for (more, reason) in [
        (
            "security: [{nobody: []}]",
            "not among components.securitySchemes",
        ),
        ("security: [{jwt: [read]}]", "no scopes"),
        ("security: [{}]", "security: []"),
        (
            "security: [{jwt: []}]\n      x-access-role: emperor",
            "none of the roles: basic",
        ),
        ("security: []\n      x-access-role: basic", "no caller"),
        (
            "security: [{jwt: []}, {}]\n      x-access-role: basic",
            "have no role",
        ),
    ] {
        refused(&operation(more, JWT, BOTH), &MANIFEST, "one", reason);
    }
    let two = format!("{JWT}}}\n    pair: {{type: http, scheme: basic, x-basicInfoFunc: a.c");
    let spec = operation("security: [{jwt: [], pair: []}]", &two, BOTH);
    refused(
        &spec,
        &MANIFEST,
        "one",
        "two credentials in Authorization at once",
    );
    let only_200 = "'200': {description: Good}";
    refused(
        &operation("security: [{jwt: []}]", JWT, only_200),
        &MANIFEST,
        "responses",
        "its 401",
    );
}

#[test]
fn schemes_that_cannot_be_enforced_stop_the_start() {
    for (scheme, reason) in [
        (
            "type: http, scheme: digest, x-bearerInfoFunc: a.b",
            "the http scheme \"digest\" are not checked",
        ),
        ("type: mutualTLS", "have the proxy pass on what it found"),
        (
            "type: openIdConnect, openIdConnectUrl: 'https://a.b/c'",
            "x-tokenInfoFunc must name",
        ),
        ("type: http, scheme: bearer", "x-bearerInfoFunc must name"),
        (
            "type: http, scheme: bearer, x-basicInfoFunc: a.b",
            "does not belong",
        ),
        (
            "type: apiKey, in: body, name: k, x-apikeyInfoFunc: a.b",
            "none of header, query, cookie",
        ),
        (
            "type: apiKey, in: header, name: Authorization, x-apikeyInfoFunc: a.b",
            "of type http",
        ),
        (
            "type: apiKey, in: header, name: 'a b', x-apikeyInfoFunc: a.b",
            "no header name",
        ),
    ] {
        refused(
            &operation("security: [{jwt: []}]", scheme, BOTH),
            &MANIFEST,
            "securitySchemes.jwt",
            reason,
        );
    }
}

#[test]
fn stale_generated_code_stops_the_start() {
    let spec = operation("security: [{jwt: []}]", JWT, BOTH);
    let made = |operations, hooks| Manifest { operations, hooks };
    refused(
        &spec,
        &made(&[], &[("jwt", "a.b")]),
        "one",
        "has no operation one",
    );
    refused(
        &spec,
        &made(&["one", "two"], &[("jwt", "a.b")]),
        "paths",
        "operation two",
    );
    refused(&spec, &made(&["one"], &[]), "jwt", "no hook");
    refused(
        &spec,
        &made(&["one"], &[("jwt", "a.c")]),
        "jwt",
        "hook is a.b",
    );
    refused(
        &spec,
        &made(&["one"], &[("jwt", "a.b"), ("old", "a.o")]),
        "securitySchemes",
        "hook a.o",
    );
}

#[test]
fn all_defects_are_told_at_once() {
    let spec = operation(
        "security: [{nobody: []}]\n      x-access-role: emperor",
        JWT,
        "'200': {description: Good}",
    );
    let defects = build(
        &spec,
        &Manifest {
            operations: &[],
            hooks: &[],
        },
    )
    .err()
    .unwrap();
    assert!(defects.len() >= 5, "{defects}");
    assert_eq!(defects.to_string().lines().count(), defects.len());
}

#[test]
fn a_realm_that_breaks_out_of_its_quotes_stops_the_start() {
    let spec = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{}",
        operation("security: []", JWT, BOTH)
    );
    for realm in ["a\"b", "a\\b", "a\nb"] {
        let built = Contract::builder(&spec)
            .strict()
            .realm(realm)
            .build(&MANIFEST);
        assert!(
            built.err().unwrap().to_string().contains("realm"),
            "{realm:?}"
        );
    }
}

#[test]
fn a_secured_operation_without_a_role_stops_the_start_where_roles_are_required() {
    let build = |more: &str| {
        let spec = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{}",
            operation(more, JWT, BOTH)
        );
        Contract::builder(&spec)
            .strict()
            .roles(&[("basic", 1)])
            .require_roles(true)
            .build(&MANIFEST)
    };
    let defects = build("security: [{jwt: []}]").err().unwrap();
    assert_eq!(
        defects.to_string(),
        "paths./one.get: is secured and names no role, which would let in everybody who has credentials; add `x-access-role`"
    );
    for more in [
        "security: [{jwt: []}]\n      x-access-role: basic",
        "security: [{jwt: []}, {}]",
        "security: []",
    ] {
        assert!(build(more).is_ok(), "{more}");
    }
}

#[test]
fn a_key_that_stands_twice_stops_the_start() {
    let built = build("info: {}\n", &MANIFEST);
    let found = built.err().unwrap().to_string();
    assert!(
        found.contains("no readable YAML") && found.contains("info"),
        "{found}"
    );
}

/// OpenAPI 3.0, "Format": YAML 1.2.
#[test]
fn words_that_yaml_1_1_takes_for_booleans_are_names() {
    let spec = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{}",
        operation(
            "parameters: [{name: y, in: query, schema: {type: string, enum: [NO, on]}}]",
            JWT,
            BOTH
        )
    );
    let contract = Contract::builder(&spec)
        .strict()
        .build(&MANIFEST)
        .unwrap_or_else(|defects| panic!("{defects}"));
    let operation = contract.operations().next().unwrap();
    assert_eq!(
        operation.parameters,
        [(gatekeeper::In::Query, "y".to_owned())]
    );
    let check =
        |value: &str| contract.check_parameter("one", gatekeeper::In::Query, "y", &value.into());
    assert!(check("NO").is_ok() && check("on").is_ok());
    assert!(check("false").is_err());
}

#[test]
fn a_contract_without_an_end_is_refused() {
    let schemas = |schemas: &str| {
        let spec = operation("security: []", JWT, BOTH) + &format!("  schemas: {schemas}\n");
        build(&spec, &MANIFEST).err().unwrap().to_string()
    };
    let itself = schemas("{A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}}");
    assert!(
        itself.contains("components.schemas.A: refers to itself"),
        "{itself}"
    );
    let deep = schemas(&format!("{}1", "[".repeat(10_000)));
    assert!(
        deep.starts_with("the contract is no readable YAML: line "),
        "{deep}"
    );
    let mut bomb = "P0: {type: object, properties: {a: {type: string}}}".to_owned();
    for level in 1..14 {
        let part = format!("{{$ref: '#/components/schemas/P{}'}}", level - 1);
        bomb += &format!(", P{level}: {{allOf: [{}]}}", vec![part; 10].join(", "));
    }
    let parameter =
        "parameters: [{name: a, in: query, schema: {$ref: '#/components/schemas/P13'}}]";
    let spec = operation(parameter, JWT, BOTH) + &format!("  schemas: {{{bomb}}}\n");
    let begun = std::time::Instant::now();
    let found = build(&spec, &MANIFEST).err().unwrap().to_string();
    assert!(found.contains("is made of more than"), "{found}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(20));
}
