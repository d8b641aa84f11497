use super::*;
use crate::{
    Defects,
    testing::{contract, load_in},
};
use actix_web::test::TestRequest;
use openapi::Mode;
use serde_json::json;

mod open;

fn prepare(path: &str, operation: Value) -> Parameters {
    prepare_in(Mode::Strict, path, operation)
}

fn prepare_in(mode: Mode, path: &str, operation: Value) -> Parameters {
    let contract = contract(
        "get",
        path,
        operation,
        json!({"components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "api_key", "x-apikeyInfoFunc": "auth.key"},
        }}}),
    );
    let document = load_in(mode, &contract);
    let mut defects = Defects::default();
    let parameters = Parameters::prepare(&document.operations[0], &mut defects);
    assert!(defects.is_empty(), "{defects}");
    parameters
}

/// One parameter named `p`; the path, when it is in one, is `/things/{p}/`.
fn parameter(parameter: Value) -> Parameters {
    parameter_in(Mode::Strict, parameter)
}

fn parameter_in(mode: Mode, mut parameter: Value) -> Parameters {
    let members = parameter.as_object_mut().unwrap();
    members.entry("name").or_insert(json!("p"));
    let in_path = members["in"] == "path";
    if in_path {
        members.insert("required".to_owned(), json!(true));
    }
    prepare_in(
        mode,
        if in_path { "/things/{p}/" } else { "/things" },
        json!({"parameters": [parameter]}),
    )
}

/// The value of `p`, or `pointer message` of every violation.
fn decode(parameters: &Parameters, request: TestRequest) -> Result<Option<Value>, Vec<String>> {
    let location = parameters.rules[0].location;
    let decoded = parameters.decode(&request.to_http_request());
    decoded
        .map(|mut values| values.take(location, "p").map(Cow::into_owned))
        .map_err(|violations| {
            violations
                .into_iter()
                .map(|violation| format!("{} {}", violation.pointer, violation.message))
                .collect()
        })
}

fn get(target: &str) -> TestRequest {
    TestRequest::get().uri(target)
}

fn integers() -> Value {
    json!({"type": "array", "items": {"type": "integer"}})
}

fn words() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn colour() -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": {
        "R": {"type": "integer"}, "G": {"type": "integer"}, "name": {"type": "string"},
    }})
}

#[test]
fn every_style_of_paths_is_decoded() {
    for (style, explode, schema, segment, value) in [
        ("simple", false, json!({"type": "integer"}), "5", json!(5)),
        (
            "simple",
            false,
            json!({"type": "string"}),
            "a%2Cb,c%2F%20+",
            json!("a,b,c/ +"),
        ),
        (
            "simple",
            false,
            json!({"type": "boolean"}),
            "true",
            json!(true),
        ),
        (
            "simple",
            false,
            json!({"type": "number"}),
            "1.5",
            json!(1.5),
        ),
        ("simple", false, integers(), "3,4,5", json!([3, 4, 5])),
        ("simple", true, integers(), "3,4,5", json!([3, 4, 5])),
        ("simple", false, words(), "a%2Cb,c", json!(["a,b", "c"])),
        (
            "simple",
            false,
            colour(),
            "R,100,name,a%2Cb",
            json!({"R": 100, "name": "a,b"}),
        ),
        (
            "simple",
            true,
            colour(),
            "R=100,name=a%3Db",
            json!({"R": 100, "name": "a=b"}),
        ),
        ("label", false, json!({"type": "integer"}), ".5", json!(5)),
        ("label", false, integers(), ".3,4,5", json!([3, 4, 5])),
        ("label", true, integers(), ".3.4.5", json!([3, 4, 5])),
        (
            "label",
            false,
            colour(),
            ".R,100,G,200",
            json!({"R": 100, "G": 200}),
        ),
        (
            "label",
            true,
            colour(),
            ".R=100.G=200",
            json!({"R": 100, "G": 200}),
        ),
        (
            "matrix",
            false,
            json!({"type": "integer"}),
            ";p=5",
            json!(5),
        ),
        ("matrix", false, json!({"type": "string"}), ";p", json!("")),
        ("matrix", false, integers(), ";p=3,4,5", json!([3, 4, 5])),
        ("matrix", true, integers(), ";p=3;p=4;p=5", json!([3, 4, 5])),
        (
            "matrix",
            false,
            colour(),
            ";p=R,100,G,200",
            json!({"R": 100, "G": 200}),
        ),
        (
            "matrix",
            true,
            colour(),
            ";R=100;G=200",
            json!({"R": 100, "G": 200}),
        ),
    ] {
        let parameters =
            parameter(json!({"in": "path", "style": style, "explode": explode, "schema": schema}));
        for slash in ["", "/"] {
            let found = decode(&parameters, get(&format!("/things/{segment}{slash}")));
            assert_eq!(
                found,
                Ok(Some(value.clone())),
                "{style} explode={explode} {segment}{slash}"
            );
        }
    }
}

#[test]
fn a_path_value_that_breaks_its_style_or_type_is_told() {
    for (style, schema, segment, violation) in [
        (
            "simple",
            json!({"type": "integer"}),
            "a",
            "/p must be an integer",
        ),
        (
            "simple",
            json!({"type": "integer"}),
            "5.0",
            "/p must be an integer",
        ),
        (
            "simple",
            json!({"type": "integer", "minimum": 6}),
            "5",
            "/p must be at least 6",
        ),
        (
            "simple",
            json!({"type": "string"}),
            "%zz",
            "/p has a broken percent escape",
        ),
        (
            "simple",
            json!({"type": "string"}),
            "%ff",
            "/p is not valid UTF-8",
        ),
        ("simple", integers(), "1,b", "/p/1 must be an integer"),
        (
            "simple",
            colour(),
            "R,1,S,2",
            "/p/S unknown property; known here: `R`, `G`, `name`",
        ),
        ("simple", colour(), "R,1,R,2", "/p/R is sent more than once"),
        ("simple", colour(), "R,1,G", "/p/G has no value"),
        (
            "label",
            json!({"type": "integer"}),
            "5",
            "/p must begin with a dot (style label)",
        ),
        (
            "matrix",
            json!({"type": "integer"}),
            "5",
            "/p must begin with a semicolon (style matrix)",
        ),
        (
            "matrix",
            json!({"type": "integer"}),
            ";q=5",
            "/p must be written as ;name=value (style matrix)",
        ),
    ] {
        let parameters = parameter(json!({"in": "path", "style": style, "schema": schema}));
        assert_eq!(
            decode(&parameters, get(&format!("/things/{segment}"))),
            Err(vec![violation.to_owned()]),
            "{style} {segment}"
        );
    }
}

#[test]
fn every_style_of_queries_is_decoded() {
    for (style, explode, schema, query, value) in [
        ("form", true, json!({"type": "integer"}), "p=5", json!(5)),
        (
            "form",
            true,
            json!({"type": "string"}),
            "p=a+b%2Bc%26d",
            json!("a b+c&d"),
        ),
        (
            "form",
            true,
            json!({"type": "string"}),
            "p=a=b",
            json!("a=b"),
        ),
        ("form", true, json!({"type": "string"}), "p", json!("")),
        (
            "form",
            true,
            json!({"type": "string"}),
            "%70=a&&",
            json!("a"),
        ),
        ("form", true, integers(), "p=3&p=4", json!([3, 4])),
        ("form", true, words(), "p=a,b", json!(["a,b"])),
        ("form", false, integers(), "p=3,4", json!([3, 4])),
        ("form", false, words(), "p=a%2Cb,c", json!(["a,b", "c"])),
        (
            "form",
            true,
            colour(),
            "R=100&name=x",
            json!({"R": 100, "name": "x"}),
        ),
        (
            "form",
            false,
            colour(),
            "p=R,100,G,200",
            json!({"R": 100, "G": 200}),
        ),
        (
            "spaceDelimited",
            false,
            integers(),
            "p=3%204+5",
            json!([3, 4, 5]),
        ),
        (
            "spaceDelimited",
            false,
            colour(),
            "p=R%20100%20G%20200",
            json!({"R": 100, "G": 200}),
        ),
        (
            "pipeDelimited",
            false,
            integers(),
            "p=3|4%7C5",
            json!([3, 4, 5]),
        ),
        (
            "pipeDelimited",
            false,
            colour(),
            "p=R%7C100",
            json!({"R": 100}),
        ),
        (
            "deepObject",
            true,
            colour(),
            "p[R]=100&p%5Bname%5D=a+b",
            json!({"R": 100, "name": "a b"}),
        ),
    ] {
        let parameters =
            parameter(json!({"in": "query", "style": style, "explode": explode, "schema": schema}));
        assert_eq!(
            decode(&parameters, get(&format!("/things?{query}"))),
            Ok(Some(value)),
            "{style} explode={explode} {query}"
        );
    }
}

#[test]
fn a_query_that_breaks_the_contract_is_told() {
    for (style, explode, schema, query, violation) in [
        (
            "form",
            true,
            json!({"type": "integer"}),
            "p=",
            "/p must be an integer",
        ),
        (
            "form",
            true,
            json!({"type": "integer"}),
            "p=1&p=2",
            "/p is sent more than once",
        ),
        (
            "form",
            true,
            json!({"type": "integer"}),
            "P=1",
            "/P unknown parameter; did you mean `p`?",
        ),
        (
            "form",
            true,
            json!({"type": "boolean"}),
            "p=yes",
            "/p must be true or false",
        ),
        (
            "form",
            true,
            json!({"type": "string"}),
            "p=%",
            "/p has a broken percent escape",
        ),
        (
            "form",
            true,
            json!({"type": "string"}),
            "%ff=1",
            " a parameter's name is not valid UTF-8",
        ),
        (
            "form",
            true,
            integers(),
            "p=1&p=x&p=y",
            "/p/1 must be an integer",
        ),
        ("form", false, integers(), "p=", "/p/0 must be an integer"),
        (
            "form",
            true,
            colour(),
            "R=1&R=2",
            "/p/R is sent more than once",
        ),
        (
            "form",
            true,
            colour(),
            "nmae=1",
            "/nmae unknown parameter; did you mean `name`?",
        ),
        (
            "deepObject",
            true,
            colour(),
            "p[nmae]=x",
            "/p[nmae] unknown parameter; did you mean `p[name]`?",
        ),
        (
            "deepObject",
            true,
            colour(),
            "p=x",
            "/p unknown parameter; an object's member is sent as `p[R]=…`",
        ),
        (
            "deepObject",
            true,
            colour(),
            "p[R]=1&p[R]=2",
            "/p/R is sent more than once",
        ),
        (
            "deepObject",
            true,
            colour(),
            "p[R]=a",
            "/p/R must be an integer",
        ),
        (
            "deepObject",
            true,
            colour(),
            "p[R][x]=1",
            "/p[R][x] unknown parameter; known here: `p[R]`, `p[G]`, `p[name]`",
        ),
    ] {
        let parameters =
            parameter(json!({"in": "query", "style": style, "explode": explode, "schema": schema}));
        let found = decode(&parameters, get(&format!("/things?{query}"))).unwrap_err();
        assert_eq!(found[0], violation, "{style} {query}: {found:?}");
    }
}

#[test]
fn headers_are_found_in_any_case_and_taken_as_they_stand() {
    for (explode, schema, lines, value) in [
        (
            false,
            json!({"type": "string"}),
            vec!["a%20b"],
            json!("a%20b"),
        ),
        (false, json!({"type": "integer"}), vec![" 5 "], json!(5)),
        (false, integers(), vec!["3, 4 ,5"], json!([3, 4, 5])),
        (false, integers(), vec!["3", "4,5"], json!([3, 4, 5])),
        (
            false,
            colour(),
            vec!["R,100,G,200"],
            json!({"R": 100, "G": 200}),
        ),
        (
            true,
            colour(),
            vec!["R=100, G=200"],
            json!({"R": 100, "G": 200}),
        ),
    ] {
        let parameters =
            parameter(json!({"in": "header", "name": "p", "explode": explode, "schema": schema}));
        let request = lines.iter().fold(get("/things"), |request, line| {
            request.append_header(("P", *line))
        });
        assert_eq!(
            decode(&parameters, request),
            Ok(Some(value)),
            "explode={explode} {lines:?}"
        );
    }
    let tags =
        parameter(json!({"in": "header", "name": "If-None-Match", "schema": {"type": "string"}}));
    let spread = get("/things")
        .append_header(("if-none-match", "\"a,b\""))
        .append_header(("if-none-match", "W/\"c\""));
    assert_eq!(
        tags.decode(&spread.to_http_request())
            .map(|mut values| values
                .take(In::Header, "If-None-Match")
                .map(Cow::into_owned))
            .ok(),
        Some(Some(json!("\"a,b\",W/\"c\"")))
    );
    let parameters = parameter(json!({"in": "header", "schema": {"type": "string"}}));
    let twice = get("/things")
        .append_header(("p", "a"))
        .append_header(("p", "b"));
    assert_eq!(
        decode(&parameters, twice),
        Err(vec!["/p is sent more than once".to_owned()])
    );
}

#[test]
fn cookies_are_decoded_and_strange_ones_ignored() {
    for (schema, line, value) in [
        (json!({"type": "integer"}), "a=1; p=5; b", json!(5)),
        (json!({"type": "string"}), "p=\"a%20b\"", json!("a b")),
        (integers(), "p=3,4", json!([3, 4])),
        (colour(), "p=R,100", json!({"R": 100})),
    ] {
        let parameters = parameter(json!({"in": "cookie", "explode": false, "schema": schema}));
        assert_eq!(
            decode(&parameters, get("/things").insert_header(("cookie", line))),
            Ok(Some(value)),
            "{line}"
        );
    }
    let parameters = parameter(json!({"in": "cookie", "schema": {"type": "string"}}));
    let twice = get("/things").insert_header(("cookie", "p=1; p=2"));
    assert_eq!(
        decode(&parameters, twice),
        Err(vec!["/p is sent more than once".to_owned()])
    );
}

#[test]
fn json_in_a_parameter_is_read_strictly() {
    let parameters =
        parameter(json!({"in": "query", "content": {"application/json": {"schema": colour()}}}));
    assert_eq!(
        decode(&parameters, get("/things?p=%7B%22R%22:1%7D")),
        Ok(Some(json!({"R": 1})))
    );
    assert_eq!(
        decode(&parameters, get("/things?p=%7B%22R%22:1,%22R%22:2%7D")),
        Err(vec!["/p/R is in the object more than once".to_owned()])
    );
    assert_eq!(
        decode(&parameters, get("/things?p=%7B%22R%22:1.5%7D")),
        Err(vec!["/p/R must be an integer".to_owned()])
    );
}

#[test]
fn what_is_missing_is_its_default_or_told() {
    let with_default =
        parameter(json!({"in": "query", "schema": {"type": "integer", "default": 10}}));
    assert_eq!(decode(&with_default, get("/things")), Ok(Some(json!(10))));
    assert_eq!(
        decode(&with_default, get("/things?p=3")),
        Ok(Some(json!(3)))
    );
    let optional = parameter(json!({"in": "query", "schema": {"type": "integer"}}));
    assert_eq!(decode(&optional, get("/things")), Ok(None));
    for (location, style) in [("query", "form"), ("header", "simple"), ("cookie", "form")] {
        let required = parameter(
            json!({"in": location, "style": style, "required": true, "schema": {"type": "integer"}}),
        );
        assert_eq!(
            decode(&required, get("/things")),
            Err(vec!["/p is required".to_owned()]),
            "{location}"
        );
    }
}

#[test]
fn every_violation_in_path_and_query_is_told_at_once() {
    let parameters = prepare(
        "/things/{p}",
        json!({"parameters": [
            {"name": "p", "in": "path", "required": true, "schema": {"type": "integer"}},
            {"name": "q", "in": "query", "required": true, "schema": {"type": "integer"}},
            {"name": "X-R", "in": "header", "required": true, "schema": {"type": "integer"}},
        ]}),
    );
    let found = parameters
        .decode(&get("/things/a?zzz=1").to_http_request())
        .unwrap_err();
    let found: Vec<(In, &str)> = found
        .iter()
        .map(|violation| (violation.location, violation.pointer.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (In::Path, "/p"),
            (In::Query, "/q"),
            (In::Header, "/X-R"),
            (In::Query, "/zzz")
        ]
    );
}

#[test]
fn a_query_name_of_the_security_requirement_is_known_and_no_other() {
    let parameters = prepare(
        "/things",
        json!({"security": [{"key": []}], "responses": {
            "200": {"description": "Good."}, "400": {"description": "Bad."}, "401": {"description": "Unknown."},
        }}),
    );
    assert!(
        parameters
            .decode(&get("/things?api_key=1").to_http_request())
            .is_ok()
    );
    let parameters = prepare("/things", json!({}));
    let found = parameters
        .decode(&get("/things?api_key=1").to_http_request())
        .unwrap_err();
    assert_eq!(found[0].message, "unknown parameter; none is known here");
}

#[test]
fn the_offending_value_is_never_told() {
    for schema in [
        json!({"type": "integer"}),
        json!({"type": "string", "enum": ["a"]}),
        integers(),
        json!({"type": "string", "maxLength": 1}),
    ] {
        let parameters = parameter(json!({"in": "query", "schema": schema}));
        let found = decode(&parameters, get("/things?p=hunter2")).unwrap_err();
        assert!(!found.join(" ").contains("hunter2"), "{found:?}");
    }
}

#[test]
fn counts_are_capped() {
    let parameters = parameter(json!({"in": "query", "schema": {"type": "string"}}));
    let query: Vec<String> = (0..1000).map(|index| format!("unknown{index}=1")).collect();
    let found = decode(&parameters, get(&format!("/things?{}", query.join("&")))).unwrap_err();
    assert_eq!(found[0], " has more than 256 parameters");
    assert_eq!(found.len(), 50);
}

#[test]
fn an_open_exploded_object_takes_what_no_other_parameter_reads() {
    let parameters = prepare(
        "/things",
        json!({"parameters": [
            {"name": "rest", "in": "query", "schema": {"type": "object", "additionalProperties": {"type": "integer"}}},
            {"name": "q", "in": "query", "schema": {"type": "string"}},
        ]}),
    );
    let mut values = parameters
        .decode(&get("/things?a=1&q=x&b=2").to_http_request())
        .unwrap();
    let mut take = |name| values.take(In::Query, name).map(Cow::into_owned);
    assert_eq!(take("rest"), Some(json!({"a": 1, "b": 2})));
    assert_eq!(take("q"), Some(json!("x")));
}
