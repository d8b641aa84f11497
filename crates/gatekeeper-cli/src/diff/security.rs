//! Comparison of security: callers that the old contract lets in must be let in by the new one.

use serde_json::{Map, Value};

use super::contract::{Contract, items};

/// Returns what keeps out callers that the old contract let in.
pub(crate) fn compare(
    old: &Contract,
    before: &Value,
    new: &Contract,
    after: &Value,
    roles: &[String],
) -> Vec<String> {
    let mut found = Vec::new();
    let ways = alternatives(new, after);
    for way in alternatives(old, before) {
        let enough = ways.iter().any(|other| covers(old, &way, new, other));
        if !enough {
            let credentials = if way.is_empty() {
                "nothing".to_owned()
            } else {
                way.keys().cloned().collect::<Vec<_>>().join(" and ")
            };
            found.push(format!("security: {credentials} is not enough any longer"));
        }
    }
    let role = |operation: &Value| operation["x-access-role"].as_str().map(str::to_owned);
    match (role(before), role(after)) {
        (was, Some(is)) if was.as_ref() != Some(&is) && !lower(was.as_deref(), &is, roles) => {
            found.push(format!(
                "x-access-role was {}, is {is}",
                was.as_deref().unwrap_or("none")
            ));
        }
        _ => {}
    }
    found
}

/// Returns the alternatives of a requirement; an open operation has one that asks for nothing.
fn alternatives(contract: &Contract, operation: &Value) -> Vec<Map<String, Value>> {
    let requirement = operation
        .get("security")
        .unwrap_or(&contract.root()["security"]);
    let found: Vec<_> = items(requirement)
        .filter_map(Value::as_object)
        .cloned()
        .collect();
    if found.is_empty() {
        vec![Map::new()]
    } else {
        found
    }
}

/// Returns whether the credentials of the first alternative satisfy the second: it asks for nothing more, of schemes
/// that are the same.
fn covers(
    old: &Contract,
    given: &Map<String, Value>,
    new: &Contract,
    asked: &Map<String, Value>,
) -> bool {
    asked.iter().all(|(name, scopes)| {
        let Some(held) = given.get(name) else {
            return false;
        };
        items(scopes).all(|scope| items(held).any(|each| each == scope))
            && scheme(old, name) == scheme(new, name)
    })
}

/// Returns the members of a scheme that are seen on the wire. Scopes are, where an operation asks for them.
fn scheme(contract: &Contract, name: &str) -> Vec<Value> {
    let scheme = contract.resolve(&contract.root()["components"]["securitySchemes"][name]);
    let mut scheme = scheme.clone();
    let flows = scheme.get_mut("flows").and_then(Value::as_object_mut);
    for flow in flows.into_iter().flat_map(Map::values_mut) {
        flow.as_object_mut().map(|flow| flow.remove("scopes"));
    }
    ["type", "scheme", "in", "name", "flows", "openIdConnectUrl"]
        .map(|word| scheme[word].clone())
        .to_vec()
}

fn lower(was: Option<&str>, is: &str, roles: &[String]) -> bool {
    let rank = |role: &str| roles.iter().position(|each| *each == role);
    match (was.and_then(rank), rank(is)) {
        (Some(was), Some(is)) => is < was,
        _ => false,
    }
}
