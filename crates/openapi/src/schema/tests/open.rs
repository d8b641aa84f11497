//! Schemas as people write them, in an open contract.

use super::*;

fn open(schemas: Value) -> Schemas {
    let (schemas, _, defects) = read(&schemas, Mode::Open);
    assert!(defects.is_empty(), "{defects}");
    schemas
}

/// Returns the notices of a schema that is the component X.
fn notices(schema: Value) -> String {
    let (_, notices, defects) = read(&json!({ "X": schema }), Mode::Open);
    assert!(defects.is_empty(), "{defects}");
    notices
}

fn refused(schema: Value) -> String {
    read(&json!({ "X": schema }), Mode::Open).2
}

#[test]
fn each_keyword_of_2020_12_accepts_and_refuses_in_its_own_words() {
    let schemas = open(json!({}));
    for (schema, good, bad, rule) in [
        (
            json!({"type": ["string", "integer"]}),
            json!(1),
            json!(true),
            "must be an integer or a string",
        ),
        (
            json!({"type": ["integer", "null"]}),
            json!(null),
            json!(u64::MAX),
            "must be at most 9223372036854775807",
        ),
        (json!({"const": "a"}), json!("a"), json!("b"), "must be `a`"),
        (
            json!({"exclusiveMinimum": 3}),
            json!(3.5),
            json!(3),
            "must be greater than 3",
        ),
        (
            json!({"prefixItems": [{"type": "string"}], "items": false}),
            json!(["a"]),
            json!(["a", "b"]),
            "/1 is not allowed",
        ),
        (
            json!({"contains": {"type": "string"}}),
            json!([1, "a"]),
            json!([1]),
            "must hold 1 item of the form that is asked for",
        ),
        (
            json!({"contains": {"type": "string"}, "minContains": 2, "maxContains": 3}),
            json!(["a", "b"]),
            json!(["a"]),
            "must hold 2 to 3 items of the form that is asked for",
        ),
        (
            json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}),
            json!({"a": 1, "b": 1}),
            json!({"a": 1}),
            "/b is required",
        ),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            json!({"b": 1}),
            json!({"a": 1}),
            "/b is required",
        ),
        (
            json!({"dependentSchemas": {"a": {"maxProperties": 1}}}),
            json!({"b": 1, "c": 1}),
            json!({"a": 1, "b": 1}),
            "must have at most 1 property",
        ),
        (
            json!({"propertyNames": {"pattern": "^a"}}),
            json!({"ab": 1}),
            json!({"b": 1}),
            "has a property whose name must match the pattern ^a",
        ),
        (
            json!({"patternProperties": {"^a": {"type": "string"}}}),
            json!({"ab": "", "b": 1}),
            json!({"ab": 1}),
            "/ab must be a string",
        ),
        (
            json!({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": false}),
            json!({"a": 1}),
            json!({"b": 1}),
            "/b unknown property; known here: `a`",
        ),
        (
            json!({"prefixItems": [{}], "unevaluatedItems": false}),
            json!([1]),
            json!([1, 2]),
            "has items that are not allowed",
        ),
        (
            json!({"properties": {"a": {"not": {}}}}),
            json!({}),
            json!({"a": 1}),
            "/a is not allowed",
        ),
        (
            json!({"properties": {"a": false}}),
            json!({}),
            json!({"a": 1}),
            "/a is not allowed",
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
fn what_no_part_knows_is_told_beside_what_a_part_refuses() {
    let schema = json!({
        "properties": {"kind": {"enum": ["circle", "square"]}},
        "required": ["kind"],
        "oneOf": [
            {
                "properties": {"kind": {"enum": ["circle"]}, "radius": {"type": "integer"}},
                "required": ["kind", "radius"],
            },
            {
                "properties": {"kind": {"enum": ["square"]}, "side": {"type": "integer"}},
                "required": ["kind", "side"],
            },
        ],
        "unevaluatedProperties": false,
    });
    let schemas = open(json!({}));
    let compiled = compile(&schemas, &schema);
    for (value, expected) in [
        (json!({"kind": "circle", "radius": 1}), &[][..]),
        (
            json!({"kind": "circle", "radius": ""}),
            &["/radius must be an integer"],
        ),
        (
            json!({"kind": "circle", "radius": "", "sides": 1}),
            &[
                "/radius must be an integer",
                "/sides unknown property; did you mean `side`?",
            ],
        ),
        (
            json!({"kind": "circle", "radius": 1, "side": 1}),
            &["/side is not allowed beside the other properties"],
        ),
        (
            json!({"kind": "line"}),
            &["/kind must be one of `circle`, `square`"],
        ),
        (
            json!({}),
            &["/kind is required", "matches none of the allowed forms"],
        ),
    ] {
        assert_eq!(violations(&compiled, &value), expected, "{value}");
    }
    let others = json!({"properties": {"a": {}}, "unevaluatedProperties": {"type": "string"}});
    assert_eq!(
        violations(&compile(&schemas, &others), &json!({"b": 1})),
        ["/b has a form that no property of this name may have"]
    );
}

#[test]
fn a_number_fits_its_type() {
    let schemas = open(json!({}));
    for (format, least, greatest) in [
        ("int8", json!(i8::MIN), json!(i8::MAX)),
        ("int16", json!(i16::MIN), json!(i16::MAX)),
        ("int32", json!(i32::MIN), json!(i32::MAX)),
        ("int64", json!(i64::MIN), json!(i64::MAX)),
        ("uint8", json!(0), json!(u8::MAX)),
        ("uint16", json!(0), json!(u16::MAX)),
        ("uint32", json!(0), json!(u32::MAX)),
        ("uint64", json!(0), json!(u64::MAX)),
        ("anything", json!(i64::MIN), json!(i64::MAX)),
    ] {
        let schema = json!({"type": "integer", "format": format, "minimum": -1e30});
        let schema = compile(&schemas, &schema);
        assert!(schema.is_valid(&least), "{format}: {least}");
        assert!(schema.is_valid(&greatest), "{format}: {greatest}");
        let beyond = |value: &Value, step: f64| json!(value.as_f64().unwrap() * 1.1 + step);
        for bad in [beyond(&least, -1.0), beyond(&greatest, 1.0), json!(1e300)] {
            assert!(!schema.is_valid(&bad), "{format}: {bad}");
        }
    }
    let most = json!({"type": "integer", "minimum": 0, "maximum": u64::MAX});
    let most = compile(&schemas, &most);
    assert!(most.is_valid(&json!(u64::MAX)) && !most.is_valid(&json!(-1)));
    let float = compile(&schemas, &json!({"type": "number", "format": "float"}));
    assert!(float.is_valid(&json!(3.4e38)) && !float.is_valid(&json!(3.5e38)));
    let narrow = json!({"type": "integer", "format": "uint8", "maximum": 7, "exclusiveMinimum": 2});
    let narrow = compile(&schemas, &narrow);
    assert!(narrow.is_valid(&json!(3.0)) && narrow.is_valid(&json!(7)));
    assert!(!narrow.is_valid(&json!(2)) && !narrow.is_valid(&json!(8)));
}

#[test]
fn what_has_no_effect_is_told_and_served() {
    for (schema, notice) in [
        (
            json!({"type": "string", "minLenght": 2}),
            "components.schemas.X.minLenght: is not enforced; OpenAPI knows no such keyword, or the gatekeeper does not; did you mean `minLength`?",
        ),
        (
            json!({"type": "integer", "minLength": 1}),
            "components.schemas.X.minLength: has no effect here; it is for type string",
        ),
        (
            json!({"type": "string", "format": "moment"}),
            "components.schemas.X.format: `moment` is not enforced: it is no format that is known",
        ),
        (
            json!({"type": "string", "format": "int64"}),
            "components.schemas.X.format: `int64` is a format of type integer; state that type",
        ),
        (
            json!({"type": "string", "minLength": 2, "default": "a"}),
            "components.schemas.X.default: breaks its own schema: must be at least 2 characters long",
        ),
        (
            json!({"type": "object", "additionalProperties": false, "required": ["a"]}),
            "components.schemas.X.required: asks for `a`, which is no property and no other is allowed",
        ),
        (
            json!({"type": "string", "pattern": "/^[a-z]$/i"}),
            "components.schemas.X.pattern: is written as a literal of JavaScript, between slashes; they and the letters behind them are taken for that, though in OpenAPI they stand for themselves",
        ),
        (
            json!({"type": "string", "xml": {"name": "a"}, "externalDocs": {"url": "https://fathat.org"}, "x-a": 1}),
            "",
        ),
        (
            json!({"type": "object", "discriminator": {"propertyName": "a"}}),
            "",
        ),
        (
            json!({"type": "string", "format": "binary", "readOnly": true}),
            "",
        ),
        (
            json!({"type": "object", "required": ["a", "a"], "allOf": []}),
            "",
        ),
    ] {
        assert_eq!(notices(schema.clone()), notice, "{schema}");
    }
}

#[test]
fn what_is_invalid_is_refused() {
    for (schema, defect) in [
        (
            json!({"type": "strng"}),
            "components.schemas.X.type: must be",
        ),
        (
            json!({"pattern": "("}),
            "components.schemas.X.pattern: is no regular expression of ECMA-262",
        ),
        (
            json!({"pattern": "(?<!"}),
            "components.schemas.X.pattern: is no regular expression of ECMA-262",
        ),
        (
            json!({"allOf": [{"$ref": "#/components/schemas/X"}]}),
            "components.schemas.X: refers to itself",
        ),
        (
            json!({"if": {"not": {"$ref": "#/components/schemas/X"}}}),
            "components.schemas.X: refers to itself",
        ),
        (
            json!({"minLength": "a"}),
            "components.schemas.X: is no valid schema: /minLength",
        ),
    ] {
        let found = refused(schema.clone());
        assert!(found.starts_with(defect), "{schema}: {found}");
    }
}

#[test]
fn circles_through_properties_are_followed_and_those_in_place_are_all_found() {
    let name = |number: usize| format!("S{number}");
    let refer = |number: usize| json!({ "$ref": format!("#/components/schemas/S{number}") });
    let ring: Map<String, Value> = (0..2_000)
        .map(|number| {
            (
                name(number),
                json!({ "allOf": [refer((number + 1) % 2_000)] }),
            )
        })
        .collect();
    let (_, _, defects) = read(&Value::Object(ring), Mode::Open);
    assert_eq!(defects.lines().count(), 2_000);
    // A circle, what leads to it, and what it leads to.
    let schemas = json!({
        "S0": { "allOf": [refer(1)] }, "S1": { "anyOf": [refer(2), refer(3)] },
        "S2": { "not": refer(1) }, "S3": { "properties": { "a": refer(0) } },
    });
    let (_, _, defects) = read(&schemas, Mode::Open);
    let places: Vec<&str> = defects
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(places, ["components.schemas.S1", "components.schemas.S2"]);
    let schemas = json!({
        "S0": { "properties": { "a": refer(1) } }, "S1": { "items": refer(0), "type": "array" },
    });
    let first = compile(&open(schemas), &refer(0));
    assert!(first.is_valid(&json!({ "a": [{ "a": [] }] })));
    assert!(!first.is_valid(&json!({ "a": [{ "a": 1 }] })));
}

#[test]
fn an_integer_tag_and_the_tags_of_the_parts_themselves_are_known() {
    let schemas = open(json!({
        "One": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "integer"}, "a": {"type": "string"}}},
        "Two": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "integer"}, "a": {"type": "integer"}}},
        "Numbered": {
            "oneOf": [{"$ref": "#/components/schemas/One"}, {"$ref": "#/components/schemas/Two"}],
            "discriminator": {"propertyName": "kind", "mapping": {"1": "One", "2": "#/components/schemas/Two"}},
        },
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"kind": {"enum": ["cat"]}}}]},
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"kind": {"const": "dog"}}}]},
        "Pet": {"type": "object", "required": ["kind"], "discriminator": {"propertyName": "kind"}},
        "AnyPet": {
            "anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind"},
            "nullable": true,
        },
    }));
    let numbered = compile(&schemas, &json!({"$ref": "#/components/schemas/Numbered"}));
    assert!(numbered.is_valid(&json!({"kind": 1, "a": "x"})));
    assert_eq!(
        violations(&numbered, &json!({"kind": 2, "a": "x"})),
        ["/a must be an integer"]
    );
    assert_eq!(
        violations(&numbered, &json!({"kind": 3})),
        ["/kind must be one of 1, 2"]
    );
    let pet = compile(&schemas, &json!({"$ref": "#/components/schemas/AnyPet"}));
    assert!(pet.is_valid(&json!({"kind": "dog"})) && pet.is_valid(&Value::Null));
    assert!(!pet.is_valid(&json!({"kind": "Dog"})));
    let parts = schemas.compilation.parts("AnyPet");
    let dog = json!({"kind": "dog"});
    let valid: Vec<bool> = parts.iter().map(|part| part.is_valid(&dog)).collect();
    assert_eq!(valid, [false, true]);
    let cat = schemas.compilation.schema("Cat").unwrap();
    assert!(cat.is_valid(&json!({"kind": "cat"})) && !cat.is_valid(&dog));
    assert!(schemas.compilation.parts("Cat").is_empty());
}

#[test]
fn a_discriminator_that_says_nothing_about_the_value_is_served() {
    let (schemas, notices, defects) = read(
        &json!({
            "Cat": {"type": "object"},
            "Pet": {
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "string"}],
                "discriminator": {"propertyName": "kind"},
            },
            "Other": {
                "oneOf": [{"$ref": "#/components/schemas/Cat"}],
                "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}},
            },
        }),
        Mode::Open,
    );
    assert_eq!(defects, "");
    assert_eq!(notices.lines().count(), 2, "{notices}");
    for (name, value) in [
        ("Pet", json!("a")),
        ("Pet", json!({})),
        ("Other", json!({})),
    ] {
        let schema = schemas.compilation.schema(name).unwrap();
        assert!(schema.is_valid(&value), "{name}: {value}");
    }
}

#[test]
fn patterns_of_ecma_262_are_enforced() {
    let schemas = open(json!({}));
    for (pattern, good, bad) in [
        (r"^(?!admin$)[a-z]+$", "luke", "admin"),
        (r"^(.)\1$", "aa", "ab"),
        (r"(?<=a)b", "ab", "cb"),
        (r"^(?=.*\d)[\w\/-]+$", "a/1", "a/٣"),
        (r"^\d+\/\d+$", "1/2", "٣/1"),
        (r"^[\uD83D\uDE00-\uD83D\uDE4F]$", "😀", "a"),
        (r"^[^[]$", "]", "["),
        (r"^\p{Lu}$", "É", "é"),
        ("/^[a-z]$/i", "A", "1"),
        (r"^[\w-.]+$", "a-.b", "a,"),
        (r"^[\d-x]$", "-", "y"),
        (r"^[a-\d]$", "-", "b"),
        (r"^[a-c-e]$", "-", "d"),
        (r"^[+--]$", ",", "*"),
        (r"^[^]$", "\n", ""),
        (r"^a[]|b$", "b", "a"),
        (r"^{[a-z]{2}}$", "{ab}", "ab"),
        (r"^a{,5}$", "a{,5}", "aaa"),
        (r"^\<\/a\>$", "</a>", "a"),
        (r"^[\b\0]\cA$", "\u{8}\u{1}", "b"),
        (r"^\@\-\_\'\ $", "@-_' ", "@"),
        (r"^[[:alpha:]_]+$", "ab_", "a:"),
        (r"^[[a]]$", "a]", "a"),
        (r"^\p{Alnum}{2}$", "a1", "é1"),
        (r"\A[a&&b~~c]\Z", "&", "d"),
        (r"^(?>a+)b$", "aab", "ab "),
        (
            r"^[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF\t]*$",
            "😀\t",
            "\n",
        ),
        ("^/a$", "/a", "a"),
    ] {
        let schema = compile(&schemas, &json!({"type": "string", "pattern": pattern}));
        assert!(schema.is_valid(&json!(good)), "{pattern} refused {good}");
        let found = violations(&schema, &json!(bad));
        assert_eq!(found, [format!("must match the pattern {pattern}")]);
    }
    let own = json!({"pattern": "^(?!a)", "x-pattern-message": "begins with an a"});
    assert_eq!(
        violations(&compile(&schemas, &own), &json!("a")),
        ["begins with an a"]
    );
}

#[test]
fn counts_that_no_engine_holds_are_lengths() {
    let schemas = open(json!({}));
    let pattern = r"^[\u0020-\uD7FF\r\n]{1,100000}$";
    let schema = compile(&schemas, &json!({"type": "string", "pattern": pattern}));
    assert!(schema.is_valid(&json!("é".repeat(100_000))));
    assert!(!schema.is_valid(&json!("")));
    assert!(!schema.is_valid(&json!("é".repeat(100_001))));
    assert!(!schema.is_valid(&json!("\t")));
    let loose = json!({"type": "string", "pattern": r"^a[\s\S]{1,100000}b$"});
    assert!(notices(loose.clone()).contains("has counts above 1000"));
    assert!(compile(&schemas, &loose).is_valid(&json!("a-b")));
    let wide = json!({"type": "string", "pattern": r"^[\p{L}\p{N}]{1,300}-$"});
    assert!(notices(wide.clone()).contains("has counts above 100,"));
    assert!(compile(&schemas, &wide).is_valid(&json!("é-")));
    assert!(!compile(&schemas, &wide).is_valid(&json!("é")));
}

#[test]
fn deep_schemas_and_long_chains_take_little_stack() {
    let mut deep = json!({"type": "string"});
    for _ in 0..110 {
        deep = json!({"type": "array", "items": deep});
    }
    let mut value = json!("a");
    for _ in 0..110 {
        value = json!([value]);
    }
    assert!(
        compile(
            &open(json!({ "X": deep })),
            &json!({"$ref": "#/components/schemas/X"})
        )
        .is_valid(&value)
    );
    let chain: Map<String, Value> = (0..9_900)
        .map(|number| {
            let next = json!({ "$ref": format!("#/components/schemas/S{}", number + 1) });
            (format!("S{number}"), next)
        })
        .chain([("S9900".to_owned(), json!({ "type": "string" }))])
        .collect();
    let (schemas, _, defects) = read(&Value::Object(chain), Mode::Open);
    assert_eq!(defects, "");
    let last = schemas.compilation.schema("S0").unwrap();
    assert!(last.is_valid(&json!("a")) && !last.is_valid(&json!(1)));
}

#[test]
fn a_pattern_that_backtracks_without_end_stalls_nobody() {
    let schemas = open(json!({}));
    let schema = json!({"items": {"pattern": r"^(?:(?=a)a+)+$"}});
    let schema = compile(&schemas, &schema);
    let texts = json!(vec![format!("{}!", "a".repeat(40)); 2_000]);
    let start = std::time::Instant::now();
    let found = schema.validate(&texts, In::Body, "");
    assert_eq!(found.len(), MOST_VIOLATIONS);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    let long = json!(["a".repeat(40_000)]);
    let found = violations(&schema, &long);
    assert_eq!(
        found,
        ["/0 is longer than the 32768 bytes that its pattern is tried on"]
    );
    // Behind `not`, what is given up is not let through.
    let not = json!({"items": {"not": {"pattern": r"^(?:(?=a)a+)+$"}}});
    let not = compile(&schemas, &not);
    assert!(not.is_valid(&json!(["b"])));
    assert_eq!(
        violations(&not, &long),
        ["is too hard to hold against its pattern"]
    );
    assert!(!not.is_valid(&texts));
}

#[test]
fn formats_take_what_their_type_holds() {
    let schemas = open(json!({}));
    for (format, good, bad) in [
        ("time", "12:00:00Z", "12:00:00"),
        ("time", "23:59:59.5+05:30", "23:59:60Z"),
        ("duration", "P1Y2M3DT4H5M6.5S", "P"),
        ("duration", "P2W", "PT"),
        ("duration", "PT1S", "P99999999999999999999D"),
        ("duration", "P1D", "PT1.S"),
        ("uri-reference", "/a", "\\"),
        ("hostname", "fathat.org", "-"),
        ("idn-email", "é@fathat.org", "é"),
        ("regex", "^a", "("),
        ("json-pointer", "/a", "a"),
        ("uri-template", "/{a}", "/{a"),
    ] {
        let schema = compile(&schemas, &json!({"type": "string", "format": format}));
        assert!(schema.is_valid(&json!(good)), "{format} refused {good}");
        let found = violations(&schema, &json!(bad));
        assert!(
            found[0].starts_with("must be a"),
            "{format} on {bad}: {found:?}"
        );
    }
}

#[test]
fn a_schema_may_have_any_name() {
    let schemas = open(json!({
        "a/b~c %é": {"type": "object", "properties": {"0": {"$ref": "#/components/schemas/7"}}},
        "7": {"type": "object", "additionalProperties": false, "properties": {"title": {}}},
    }));
    let schema = compile(&schemas, &json!({"$ref": "#/components/schemas/a/b~c %é"}));
    assert_eq!(
        violations(&schema, &json!({"0": {"titel": 1}})),
        ["/0/titel unknown property; did you mean `title`?"]
    );
}
