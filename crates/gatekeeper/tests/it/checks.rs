//! Values that come by another way than a request.

use gatekeeper::{Contract, In, Manifest, Violation};
use serde_json::{Value, json};

fn contract() -> Contract {
    const SPEC: &str = include_str!("../fixtures/accepted/things.yaml");
    const MANIFEST: Manifest = Manifest {
        operations: &["put_thing"],
        hooks: &[],
    };
    let contract = Contract::builder(SPEC).strict().build(&MANIFEST);
    contract.unwrap_or_else(|defects| panic!("{defects}"))
}

fn places(checked: Result<(), Vec<Violation>>) -> Vec<(In, String)> {
    let violations = checked.err().unwrap_or_default();
    let place = |violation: Violation| (violation.location, violation.pointer);
    violations.into_iter().map(place).collect()
}

#[test]
fn a_value_is_held_to_the_body_of_an_operation() {
    let contract = contract();
    let check = |value: Value| places(contract.check_body("put_thing", &value));
    assert_eq!(check(json!({ "name": "saber" })), []);
    assert_eq!(
        check(json!({ "size": 0, "secret": 1 }))
            .into_iter()
            .map(|(_, pointer)| pointer)
            .collect::<std::collections::BTreeSet<_>>(),
        ["/name", "/secret", "/size"].map(str::to_owned).into()
    );
}

#[test]
fn a_value_is_held_to_a_parameter_of_an_operation() {
    let contract = contract();
    let check =
        |name, value: Value| places(contract.check_parameter("put_thing", In::Path, name, &value));
    assert_eq!(check("thing_id", json!(1)), []);
    for wrong in [json!(0), json!("1"), Value::Null] {
        let place = (In::Path, "/thing_id".to_owned());
        assert_eq!(check("thing_id", wrong), [place]);
    }
    assert_eq!(check("page", json!(1)).len(), 1, "it is in the query");
}

#[test]
fn a_value_is_held_to_a_reply_of_an_operation() {
    let contract = contract();
    let check = |status, value: Value| places(contract.check_reply("put_thing", status, &value));
    assert_eq!(check(200, json!({})), []);
    assert_eq!(check(200, json!([])), [(In::Body, String::new())]);
    let problem = json!({"type": 1, "title": "", "status": 400, "detail": "", "instance": "urn:x", "code": ""});
    assert_eq!(check(400, problem), [(In::Body, "/type".to_owned())]);
    assert_eq!(check(418, json!({})).len(), 1, "it is not declared");
}

#[test]
fn what_is_not_known_is_refused() {
    let contract = contract();
    assert!(contract.check_body("get_thing", &json!({})).is_err());
    let unknown = contract.check_parameter("get_thing", In::Path, "thing_id", &json!(1));
    assert!(unknown.is_err());
    assert!(contract.check_reply("get_thing", 200, &json!({})).is_err());
}
