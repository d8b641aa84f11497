mod open;

use super::*;
use crate::In;
use serde_json::json;

/// Reads `components.schemas`; returns them, their notices and their defects.
fn read(schemas: &Value, mode: Mode) -> (Schemas, String, String) {
    let document = json!({ "components": { "schemas": schemas } });
    let (mut notices, mut defects) = (Defects::default(), Defects::default());
    let schemas = Schemas::new(&document, mode, &mut notices, &mut defects);
    (schemas, notices.to_string(), defects.to_string())
}

fn components(raw: Value) -> Schemas {
    let (schemas, _, defects) = read(&raw, Mode::Strict);
    assert!(defects.is_empty(), "{defects}");
    schemas
}

fn compile(schemas: &Schemas, schema: &Value) -> Schema {
    let mut defects = Defects::default();
    let compiled = schemas.compile(schema, "here", &mut defects);
    assert!(defects.is_empty(), "{defects}");
    compiled.unwrap()
}

/// `pointer message` of every violation.
fn violations(schema: &Schema, value: &Value) -> Vec<String> {
    let mut all: Vec<String> = schema
        .validate(value, In::Body, "")
        .into_iter()
        .map(|violation| {
            format!("{} {}", violation.pointer, violation.message)
                .trim_start()
                .to_owned()
        })
        .collect();
    all.sort();
    all
}

fn defects(raw: &Value) -> String {
    read(raw, Mode::Strict).2
}

#[test]
fn each_keyword_accepts_and_refuses_in_its_own_words() {
    let schemas = components(json!({}));
    for (schema, good, bad, rule) in [
        (
            json!({"type": "string"}),
            json!("a"),
            json!(1),
            "must be a string",
        ),
        (
            json!({"type": "integer"}),
            json!(1),
            json!(1.5),
            "must be an integer",
        ),
        (
            json!({"type": "integer"}),
            json!(1.0),
            json!("1"),
            "must be an integer",
        ),
        (
            json!({"type": "integer"}),
            json!(i64::MAX),
            json!(u64::MAX),
            "must be at most 9223372036854775807",
        ),
        (
            json!({"type": "integer", "format": "int32"}),
            json!(i32::MAX),
            json!(2_147_483_648_i64),
            "must be at most 2147483647",
        ),
        (
            json!({"type": "integer", "format": "int32", "minimum": 1}),
            json!(1),
            json!(0),
            "must be at least 1",
        ),
        (
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
            json!(2),
            json!(1),
            "must be greater than 1",
        ),
        (
            json!({"type": "number", "maximum": 1.5, "exclusiveMaximum": true}),
            json!(1.4),
            json!(1.5),
            "must be less than 1.5",
        ),
        (
            json!({"type": "number", "format": "double"}),
            json!(1),
            json!("1"),
            "must be a number",
        ),
        (
            json!({"type": "integer", "multipleOf": 5}),
            json!(10),
            json!(11),
            "must be a multiple of 5",
        ),
        (
            json!({"type": "boolean"}),
            json!(true),
            json!("true"),
            "must be true or false",
        ),
        (
            json!({"type": "string", "minLength": 8}),
            json!("éééééééé"),
            json!("éé"),
            "must be at least 8 characters long",
        ),
        (
            json!({"type": "string", "maxLength": 1}),
            json!("é"),
            json!("ab"),
            "must be at most 1 character long",
        ),
        (
            json!({"type": "string", "pattern": "^a+$"}),
            json!("aa"),
            json!("b"),
            "must match the pattern ^a+$",
        ),
        (
            json!({"type": "string", "pattern": "^a+$", "x-pattern-message": "is not made of a"}),
            json!("aa"),
            json!("b"),
            "is not made of a",
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!("a"),
            json!("c"),
            "must be one of `a`, `b`",
        ),
        (
            json!({"type": "array", "items": {}, "minItems": 1}),
            json!([1]),
            json!([]),
            "must have at least 1 item",
        ),
        (
            json!({"type": "array", "items": {}, "maxItems": 2}),
            json!([1]),
            json!([1, 2, 3]),
            "must have at most 2 items",
        ),
        (
            json!({"type": "array", "items": {}, "uniqueItems": true}),
            json!([1, 2]),
            json!([1, 1]),
            "must not hold the same item twice",
        ),
        (
            json!({"type": "object", "minProperties": 1}),
            json!({"a": 1}),
            json!({}),
            "must have at least 1 property",
        ),
        (
            json!({"type": "object", "maxProperties": 0}),
            json!({}),
            json!({"a": 1}),
            "must have at most 0 properties",
        ),
        (
            json!({"not": {"type": "string"}}),
            json!(1),
            json!("a"),
            "has a form that is excluded",
        ),
        (
            json!({"type": "string", "format": "date"}),
            json!("2024-02-29"),
            json!("2023-02-29"),
            "must be a date such as 1977-05-25 (RFC 3339)",
        ),
        (
            json!({"type": "string", "format": "email"}),
            json!("luke@fathat.org"),
            json!("luke"),
            "must be an email address",
        ),
        (
            json!({"type": "string", "format": "ipv4"}),
            json!("127.0.0.1"),
            json!("127.0.0.256"),
            "must be an IPv4 address",
        ),
        (
            json!({"type": "string", "format": "ipv6"}),
            json!("::1"),
            json!(":1"),
            "must be an IPv6 address",
        ),
        (
            json!({"type": "string", "format": "uri"}),
            json!("https://fathat.org/a"),
            json!("/a"),
            "must be an absolute URI (RFC 3986)",
        ),
        (
            json!({"type": "string", "format": "byte"}),
            json!("YWI="),
            json!("YWI"),
            "must be base64 text (RFC 4648 section 4)",
        ),
    ] {
        let compiled = compile(&schemas, &schema);
        assert_eq!(
            violations(&compiled, &good),
            Vec::<String>::new(),
            "{schema} refused {good}"
        );
        assert_eq!(violations(&compiled, &bad), [rule], "{schema} on {bad}");
    }
}

#[test]
fn date_times_and_uuids_have_one_form() {
    let schemas = components(json!({}));
    let moment = compile(&schemas, &json!({"type": "string", "format": "date-time"}));
    assert!(
        moment.is_valid(&json!("1977-05-25T12:00:00Z"))
            && moment.is_valid(&json!("1977-05-25T12:00:00.5+02:00"))
    );
    for bad in [
        "1977-05-25",
        "1977-05-25T12:00:00",
        "1977-13-25T12:00:00Z",
        "1977-05-25T25:00:00Z",
    ] {
        assert!(!moment.is_valid(&json!(bad)), "{bad}");
    }
    let uuid = compile(&schemas, &json!({"type": "string", "format": "uuid"}));
    assert!(uuid.is_valid(&json!("123e4567-e89b-42d3-a456-426614174000")));
    for bad in [
        "123e4567e89b42d3a456426614174000",
        "{123e4567-e89b-42d3-a456-426614174000}",
        "123e4567-e89b-42d3-a456-42661417400g",
    ] {
        assert!(!uuid.is_valid(&json!(bad)), "{bad}");
    }
}

#[test]
fn every_violation_is_told_with_its_place_and_without_its_value() {
    let schemas = components(json!({
        "Credentials": {
            "type": "object",
            "additionalProperties": false,
            "required": ["email", "password"],
            "properties": {
                "email": {"type": "string", "format": "email"},
                "password": {"type": "string", "minLength": 8},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
        },
    }));
    let schema = compile(
        &schemas,
        &json!({"$ref": "#/components/schemas/Credentials"}),
    );
    let found = violations(
        &schema,
        &json!({"emial": "x", "password": "hunter2", "tags": ["a", 7], "a/b": 1}),
    );
    assert_eq!(
        found,
        [
            "/a~1b unknown property; known here: `email`, `password`, `tags`",
            "/email is required",
            "/emial unknown property; did you mean `email`?",
            "/password must be at least 8 characters long",
            "/tags/1 must be a string",
        ]
    );
}

#[test]
fn a_hint_is_found_behind_references_and_items() {
    let schemas = components(json!({
        "Outer": {"type": "object", "properties": {"list": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Inner"}]}}}},
        "Inner": {"type": "object", "additionalProperties": false, "properties": {"title": {"type": "string"}}},
    }));
    let schema = compile(
        &schemas,
        &json!({"type": "object", "properties": {"outer": {"$ref": "#/components/schemas/Outer"}}}),
    );
    let found = violations(&schema, &json!({"outer": {"list": [{"titel": "x"}]}}));
    assert_eq!(
        found,
        ["/outer/list/0/titel unknown property; did you mean `title`?"]
    );
}

#[test]
fn nullable_adds_null_to_types_enums_and_all_of() {
    let schemas = components(json!({"Side": {"type": "string", "enum": ["light", "dark"]}}));
    for (schema, rule) in [
        (
            json!({"type": "string", "nullable": true}),
            "must be null or a string",
        ),
        (
            json!({"type": "string", "nullable": true, "enum": ["a"]}),
            "must be null or a string",
        ),
        (
            json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Side"}]}),
            "must be null or a string",
        ),
    ] {
        let compiled = compile(&schemas, &schema);
        assert!(compiled.is_valid(&Value::Null), "{schema} refused null");
        let found = violations(&compiled, &json!(7));
        assert!(
            found.iter().any(|found| found == rule),
            "{schema}: {found:?}"
        );
    }
    let side = compile(
        &schemas,
        &json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Side"}]}),
    );
    assert_eq!(
        violations(&side, &json!("grey")),
        ["must be one of `light`, `dark`"]
    );
    assert!(!compile(&schemas, &json!({"type": "string"})).is_valid(&Value::Null));
}

#[test]
fn a_discriminator_picks_the_alternative_that_is_told_about() {
    let schemas = components(json!({
        "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["kind", "barks"], "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}}},
        "Pet": {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
        },
    }));
    let pet = compile(&schemas, &json!({"$ref": "#/components/schemas/Pet"}));
    assert_eq!(
        violations(&pet, &json!({"kind": "cat", "lives": 9})),
        Vec::<String>::new()
    );
    assert_eq!(
        violations(&pet, &json!({"kind": "cat", "lives": "nine"})),
        ["/lives must be an integer"]
    );
    assert_eq!(
        violations(&pet, &json!({"kind": "dog", "lives": 9})),
        ["/barks is required"]
    );
    assert_eq!(
        violations(&pet, &json!({"kind": "cow"})),
        ["/kind must be one of `cat`, `dog`"]
    );
    assert_eq!(
        violations(&pet, &json!({"lives": 9})),
        ["/kind is required"]
    );
    assert_eq!(violations(&pet, &json!("cat")), ["must be an object"]);
}

#[test]
fn a_recursive_schema_is_followed_as_deep_as_the_value() {
    let schemas = components(json!({
        "Tree": {"type": "object", "required": ["leaf"], "properties": {
            "leaf": {"type": "integer"}, "branch": {"$ref": "#/components/schemas/Tree"},
        }},
    }));
    let tree = compile(&schemas, &json!({"$ref": "#/components/schemas/Tree"}));
    assert_eq!(
        violations(
            &tree,
            &json!({"leaf": 1, "branch": {"leaf": 2, "branch": {}}})
        ),
        ["/branch/branch/leaf is required"]
    );
}

#[test]
fn violations_are_capped() {
    let schema = compile(
        &components(json!({})),
        &json!({"type": "array", "items": {"type": "string"}}),
    );
    assert_eq!(
        schema.validate(&json!(vec![1; 1000]), In::Body, "").len(),
        MOST_VIOLATIONS
    );
}

#[test]
fn what_cannot_be_enforced_is_a_defect_that_names_its_place() {
    for (schema, defect) in [
        (
            json!({"type": "strng"}),
            "components.schemas.X.type: must be one of string",
        ),
        (
            json!({"typ": "string"}),
            "components.schemas.X.typ: is not enforced",
        ),
        (
            json!({"type": "object", "properties": {"a": {"contentEncoding": "base64"}}}),
            "components.schemas.X.properties.a.contentEncoding: is not enforced",
        ),
        (
            json!({"type": "string", "readOnly": true}),
            "components.schemas.X.readOnly: is not enforced",
        ),
        (
            json!({"type": "string", "writeOnly": true}),
            "components.schemas.X.writeOnly: is not enforced",
        ),
        (
            json!({"type": "string", "xml": {}}),
            "components.schemas.X.xml: is not enforced",
        ),
        (
            json!({"type": "string", "format": "binary"}),
            "components.schemas.X.format: `binary` is not enforced",
        ),
        (
            json!({"type": "integer", "format": "date"}),
            "components.schemas.X.format: `date` is a format of type string",
        ),
        (
            json!({"type": "string", "pattern": "("}),
            "components.schemas.X.pattern: is no regular expression",
        ),
        (
            json!({"type": "string", "pattern": "(?=a)"}),
            "components.schemas.X.pattern: is no regular expression that runs in linear time",
        ),
        (
            json!({"type": "string", "x-pattern-message": "is not made of a"}),
            "components.schemas.X.x-pattern-message: is the text that is told",
        ),
        (
            json!({"type": "string", "pattern": "^a+$", "x-pattern-message": 1}),
            "components.schemas.X.x-pattern-message: is the text that is told",
        ),
        (
            json!({"type": "integer", "minLength": 1}),
            "components.schemas.X.minLength: has no effect here",
        ),
        (
            json!({"type": "array"}),
            "components.schemas.X: an array states its `items`",
        ),
        (
            json!({"$ref": "#/components/schemas/Y"}),
            "components.schemas.X: refers to the schema `Y`",
        ),
        (
            json!({"$ref": "other.yaml#/Y"}),
            "components.schemas.X: a schema is referred to as",
        ),
        (
            json!({"$ref": "#/components/schemas/X"}),
            "components.schemas.X: refers to itself",
        ),
        (
            json!({"allOf": [{"$ref": "#/components/schemas/X"}]}),
            "components.schemas.X: refers to itself",
        ),
        (
            json!({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/X", "nullable": true}}}),
            "components.schemas.X.properties.a.nullable: OpenAPI 3.0 ignores",
        ),
        (
            json!({"type": "object", "additionalProperties": false, "required": ["a"]}),
            "components.schemas.X.required: asks for `a`",
        ),
        (
            json!({"type": "object", "discriminator": {"propertyName": "a"}}),
            "components.schemas.X.discriminator: is enforced beside oneOf",
        ),
        (
            json!({"type": "string", "minLength": 2, "default": "a"}),
            "components.schemas.X.default: breaks its own schema",
        ),
        (
            json!({"type": "string", "nullable": "yes"}),
            "components.schemas.X.nullable: must be true or false",
        ),
    ] {
        let found = defects(&json!({"X": schema}));
        assert!(found.starts_with(defect), "{schema}: {found}");
    }
}

#[test]
fn a_keyword_with_a_value_of_the_wrong_type_is_a_defect() {
    let wrong = json!({"type": "string", "minLength": "a"});
    let found = defects(&json!({"X": wrong, "Y": {"$ref": "#/components/schemas/X"}}));
    assert!(
        found.starts_with("components.schemas.X: is no valid schema: /minLength"),
        "{found}"
    );
    assert_eq!(found.lines().count(), 1, "{found}");
    let mut found = Defects::default();
    assert!(
        components(json!({}))
            .compile(&wrong, "here", &mut found)
            .is_none()
    );
    assert!(
        found.to_string().starts_with("here: is no valid schema"),
        "{found}"
    );
}

#[test]
fn an_email_address_is_nothing_but_an_address() {
    let schema = compile(
        &components(json!({})),
        &json!({"type": "string", "format": "email"}),
    );
    for bad in [
        "Luke <luke@fathat.org>",
        "luke@",
        "@fathat.org",
        "a b@fathat.org",
        "luke@fathat.org\n",
        "",
        "luke@@fathat.org",
    ] {
        assert!(!schema.is_valid(&json!(bad)), "{bad:?} passed");
    }
}

#[test]
fn equal_schemas_are_compiled_once() {
    let schemas = components(json!({"X": {"type": "string"}}));
    let (first, second) = (
        json!({"$ref": "#/components/schemas/X"}),
        json!({"$ref": "#/components/schemas/X"}),
    );
    assert!(compile(&schemas, &first).is_same(&compile(&schemas, &second)));
}
