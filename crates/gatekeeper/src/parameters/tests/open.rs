//! Parameters that a valid contract may have beyond our own: several types, values in values, every style and explode.

use super::*;

fn open(parameter: Value) -> Parameters {
    parameter_in(Mode::Open, parameter)
}

fn told(parameter: Value, query: &str) -> Vec<String> {
    decode(&open(parameter), get(&format!("/things?{query}"))).unwrap_err()
}

#[test]
fn text_is_of_the_first_type_that_the_schema_accepts() {
    let either =
        json!({"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^[a-z0-9]+$"}]});
    let nullable = json!({"type": "integer", "nullable": true});
    let name = json!({"type": "string", "nullable": true});
    let word_or_null = json!({"type": "string", "nullable": true, "enum": ["a", null]});
    let anything = json!({});
    let digits = json!({"enum": ["1", "2"]});
    let word_or_list =
        json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]});
    let several = json!({"oneOf": [{"type": "boolean"}, {"type": "number", "minimum": 2}, {"type": "string"}]});
    for (schema, query, value) in [
        (&either, "p=5", json!(5)),
        (&either, "p=5a", json!("5a")),
        (&either, "p=05", json!("05")),
        (&nullable, "p=5", json!(5)),
        (&nullable, "p=null", Value::Null),
        (&nullable, "p=", Value::Null),
        // A text is never lost to null.
        (&name, "p=null", json!("null")),
        (&name, "p=", json!("")),
        (&word_or_null, "p=null", Value::Null),
        (&anything, "p=5", json!(5)),
        (&anything, "p=1.5e3", json!(1500.0)),
        (&anything, "p=true", json!(true)),
        (&anything, "p=007", json!("007")),
        (&anything, "p=a,b", json!("a,b")),
        (&digits, "p=1", json!("1")),
        (&word_or_list, "p=5", json!("5")),
        (&word_or_list, "p=5&p=6", json!([5, 6])),
        (&several, "p=true", json!(true)),
        (&several, "p=1", json!("1")),
        (&several, "p=3", json!(3)),
        (
            &json!({"type": "integer", "format": "uint64"}),
            "p=18446744073709551615",
            json!(u64::MAX),
        ),
    ] {
        let parameters = open(json!({"in": "query", "schema": schema}));
        let found = decode(&parameters, get(&format!("/things?{query}")));
        assert_eq!(found, Ok(Some(value)), "{schema} {query}");
    }
    let without_explode = open(json!({"in": "query", "explode": false, "schema": word_or_list}));
    for (query, value) in [
        ("p=5,6", json!([5, 6])),
        ("p=5", json!("5")),
        ("p=a,b", json!("a,b")),
    ] {
        let found = decode(&without_explode, get(&format!("/things?{query}")));
        assert_eq!(found, Ok(Some(value)), "{query}");
    }
}

#[test]
fn lists_are_read_with_their_commas_escaped_where_that_is_clear() {
    let words = json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let numbers = json!({"type": "array", "items": {"type": "integer"}});
    let flags = json!({"type": "array", "items": {"type": "boolean"}});
    for (schema, query, value) in [
        (&words, "p=a%2Cb", Ok(json!(["a", "b"]))),
        (&words, "p=a%2Cc", Err(1)),
        // An escaped comma is a part of a text (RFC 6570 section 3.2.1).
        (&texts, "p=a%2Cb,c", Ok(json!(["a,b", "c"]))),
        (&texts, "p=a%2Cb", Ok(json!(["a,b"]))),
        (&numbers, "p=1%2C2,3", Ok(json!([1, 2, 3]))),
        (&numbers, "p=", Err(1)),
        (&numbers, "p=1,,2", Err(1)),
        (&numbers, "p=1%2Cx", Err(1)),
        (&flags, "p=true%2cfalse", Ok(json!([true, false]))),
    ] {
        let parameter = json!({"in": "query", "explode": false, "schema": schema});
        let found = decode(&open(parameter), get(&format!("/things?{query}")));
        let found = found.map_err(|violations| violations.len());
        assert_eq!(found, value.map(Some), "{schema} {query}");
    }
    let exploded = json!({"in": "query", "schema": words});
    assert_eq!(told(exploded, "p=a%2Cb").len(), 1);
}

#[test]
fn text_of_no_type_is_told_once() {
    let either = json!({"oneOf": [{"type": "integer", "maximum": 3}, {"type": "boolean"}]});
    let parameter = json!({"in": "query", "schema": either});
    assert_eq!(
        told(parameter.clone(), "p=x"),
        ["/p is of none of the types that it may have"]
    );
    assert_eq!(told(parameter.clone(), "p=7").len(), 1);
    assert_eq!(told(parameter, "p=1&p=2").len(), 1);
}

#[test]
fn members_of_objects_may_have_members_and_lists() {
    let filter = json!({"type": "object", "additionalProperties": false, "properties": {
        "name": {"type": "string"},
        "size": {"type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer", "nullable": true}}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "made": {"type": "array", "items": {"type": "object", "properties": {"by": {"type": "string"}}}},
    }});
    let parameter =
        json!({"in": "query", "style": "deepObject", "explode": true, "schema": filter});
    for (query, value) in [
        (
            "p[size][min]=1&p[size][max]=null",
            json!({"size": {"min": 1, "max": null}}),
        ),
        ("p[tags]=a&p[tags]=b", json!({"tags": ["a", "b"]})),
        ("p[tags][]=a&p[tags][]=b", json!({"tags": ["a", "b"]})),
        ("p[tags][1]=b&p[tags][0]=a", json!({"tags": ["a", "b"]})),
        ("p[tags]=a", json!({"tags": ["a"]})),
        (
            "p[made][0][by]=x&p[made][1][by]=y",
            json!({"made": [{"by": "x"}, {"by": "y"}]}),
        ),
        ("p[size]=%7B%22min%22:2%7D", json!({"size": {"min": 2}})),
        ("p%5Bname%5D=a&other=1", json!({"name": "a"})),
    ] {
        let found = decode(&open(parameter.clone()), get(&format!("/things?{query}")));
        assert_eq!(found, Ok(Some(value)), "{query}");
    }
    for (query, violation) in [
        ("p[size][min]=x", "/p/size/min must be an integer"),
        (
            "p[nmae]=x",
            "/p/nmae unknown property; did you mean `name`?",
        ),
        ("p[name][a]=x", "/p/name has no members"),
        ("p[tags][x]=a", "/p/tags/x is no index of an item"),
        (
            "p[size][min]=1&p[size]=2",
            "/p/size is sent with and without members",
        ),
    ] {
        assert_eq!(told(parameter.clone(), query), [violation], "{query}");
    }
    let free = open(json!({"in": "query", "style": "deepObject", "schema": {"type": "object"}}));
    assert_eq!(
        decode(&free, get("/things?p[a]=1&p[b]=x")),
        Ok(Some(json!({"a": "1", "b": "x"})))
    );
}

/// OpenAPI leaves these open; they are read as clients write them.
#[test]
fn styles_are_read_beyond_their_examples() {
    for (location, style, explode, schema, sent, value) in [
        (
            "query",
            "pipeDelimited",
            true,
            integers(),
            "p=3&p=4",
            json!([3, 4]),
        ),
        (
            "query",
            "spaceDelimited",
            true,
            colour(),
            "R=1&G=2",
            json!({"R": 1, "G": 2}),
        ),
        (
            "query",
            "pipeDelimited",
            false,
            json!({"type": "string"}),
            "p=a",
            json!("a"),
        ),
        (
            "query",
            "deepObject",
            true,
            integers(),
            "p[0]=3&p[1]=4",
            json!([3, 4]),
        ),
        (
            "query",
            "deepObject",
            true,
            json!({"type": "integer"}),
            "p=3",
            json!(3),
        ),
        (
            "query",
            "form",
            true,
            json!({"type": "array", "items": integers()}),
            "p=[1]&p=[2,3]",
            json!([[1], [2, 3]]),
        ),
        (
            "query",
            "form",
            false,
            json!({"type": "array", "items": colour()}),
            "p=[{\"R\":1}]",
            json!([{"R": 1}]),
        ),
        ("cookie", "form", true, integers(), "p=3&p=4", json!([3, 4])),
        (
            "cookie",
            "form",
            true,
            integers(),
            "p=3; p=4",
            json!([3, 4]),
        ),
        (
            "cookie",
            "form",
            true,
            colour(),
            "R=1&G=2",
            json!({"R": 1, "G": 2}),
        ),
        (
            "cookie",
            "form",
            true,
            colour(),
            "a=b; R=1; G=2",
            json!({"R": 1, "G": 2}),
        ),
        (
            "cookie",
            "form",
            true,
            json!({"type": "string"}),
            "p=a&b",
            json!("a&b"),
        ),
        (
            "header",
            "simple",
            false,
            json!({"type": "array", "items": colour()}),
            "[{\"R\":1},{\"G\":2}]",
            json!([{"R": 1}, {"G": 2}]),
        ),
    ] {
        let parameters =
            open(json!({"in": location, "style": style, "explode": explode, "schema": schema}));
        let request = match location {
            "query" => get(&format!("/things?{}", sent.replace('"', "%22"))),
            "cookie" => get("/things").insert_header(("cookie", sent)),
            _ => get("/things").insert_header(("p", sent)),
        };
        let found = decode(&parameters, request);
        assert_eq!(
            found,
            Ok(Some(value)),
            "{location} {style} explode={explode} {sent}"
        );
    }
}

#[test]
fn a_name_may_be_sent_without_a_value_where_the_contract_says_so() {
    let flag = |default: Value| {
        let mut schema = json!({"type": "boolean"});
        if !default.is_null() {
            schema["default"] = default;
        }
        open(json!({"in": "query", "required": true, "allowEmptyValue": true, "schema": schema}))
    };
    let required = flag(Value::Null);
    assert_eq!(decode(&required, get("/things?p")), Ok(None));
    assert_eq!(
        decode(&required, get("/things?p=true")),
        Ok(Some(json!(true)))
    );
    let missing = decode(&required, get("/things"));
    assert_eq!(missing, Err(vec!["/p is required".to_owned()]));
    let text = open(json!({"in": "query", "allowEmptyValue": true, "schema": {"type": "string"}}));
    assert_eq!(decode(&text, get("/things?p=")), Ok(Some(json!(""))));
}

#[test]
fn plain_text_in_a_parameter_is_taken_as_it_stands() {
    let content = |media_type: &str, schema: Value| {
        open(json!({"in": "query", "content": {media_type: {"schema": schema}}}))
    };
    let integer = content("text/plain", json!({"type": "integer"}));
    assert_eq!(decode(&integer, get("/things?p=5")), Ok(Some(json!(5))));
    let csv = content(
        "text/csv",
        json!({"type": "array", "items": {"type": "string"}}),
    );
    assert_eq!(decode(&csv, get("/things?p=a,b")), Ok(Some(json!("a,b"))));
    let anything = open(json!({"in": "query", "content": {"application/json": {}}}));
    assert_eq!(
        decode(&anything, get("/things?p=[1]")),
        Ok(Some(json!([1])))
    );
}

#[test]
fn two_parameters_may_read_one_name() {
    let parameters = prepare_in(
        Mode::Open,
        "/things",
        json!({"security": [{"key": []}], "parameters": [
            {"name": "api_key", "in": "query", "schema": {"type": "string"}},
            {"name": "colour", "in": "query", "schema": colour()},
            {"name": "R", "in": "query", "schema": {"type": "string"}},
            {"name": "one", "in": "query", "schema": {"type": "object", "additionalProperties": {"type": "string"}}},
            {"name": "two", "in": "query", "schema": {"type": "object"}},
        ]}),
    );
    let mut values = parameters
        .decode(&get("/things?api_key=k&R=1&x=y").to_http_request())
        .unwrap();
    let mut take = |name| values.take(In::Query, name).map(Cow::into_owned);
    assert_eq!(take("api_key"), Some(json!("k")));
    assert_eq!(take("colour"), Some(json!({"R": 1})));
    assert_eq!(take("R"), Some(json!("1")));
    assert_eq!(take("one"), Some(json!({"x": "y"})));
    assert_eq!(take("two"), Some(json!({"x": "y"})));
}

#[test]
fn unknown_query_names_are_a_violation_only_where_the_contract_says_so() {
    let prepare = |ignore: Value| {
        let mut operation =
            json!({"parameters": [{"name": "p", "in": "query", "schema": {"type": "string"}}]});
        if !ignore.is_null() {
            operation["x-ignore-unknown-query"] = ignore;
        }
        prepare_in(Mode::Open, "/things", operation)
    };
    let request = || get("/things?q=1&%ff=2").to_http_request();
    assert!(prepare(Value::Null).decode(&request()).is_ok());
    assert!(prepare(json!(true)).decode(&request()).is_ok());
    assert_eq!(
        prepare(json!(false)).decode(&request()).unwrap_err().len(),
        2
    );
}

#[test]
fn a_required_parameter_is_not_its_default() {
    let parameters =
        open(json!({"in": "query", "required": true, "schema": {"type": "integer", "default": 1}}));
    assert!(decode(&parameters, get("/things")).is_err());
    assert_eq!(decode(&parameters, get("/things?p=2")), Ok(Some(json!(2))));
}

/// Brackets are input: their number and depth are bounded.
#[test]
fn a_query_of_brackets_ends() {
    let circle = json!({"type": "object", "additionalProperties": {"type": "object"}});
    let parameter = json!({"in": "query", "style": "deepObject", "schema": circle});
    let deep = format!("p{}=1", "[a]".repeat(1000));
    assert_eq!(
        decode(&open(parameter.clone()), get(&format!("/things?{deep}"))),
        Ok(None)
    );
    let broad: Vec<String> = (0..1000).map(|index| format!("p[a][{index}]=1")).collect();
    let found = told(parameter, &broad.join("&"));
    assert_eq!(found, [" has more than 256 parameters"]);
}
