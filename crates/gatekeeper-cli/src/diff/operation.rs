//! Comparison of operations: what callers send, and what they are answered.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    contract::{Contract, Operation, members},
    schema::{Comparison, Direction},
    security,
};

/// Returns what the new form of an operation breaks for callers of the old one.
pub(crate) fn compare<'c>(
    old: &'c Contract,
    before: &Operation<'c>,
    new: &'c Contract,
    after: &Operation<'c>,
    roles: &[String],
) -> Vec<String> {
    let mut found = names(before.json, after.json);
    found.extend(security::compare(old, before.json, new, after.json, roles));
    let mut sent = Comparison::new(old, new, Direction::Sent);
    parameters(&mut sent, &before.parameters(old), &after.parameters(new));
    body(
        &mut sent,
        &before.json["requestBody"],
        &after.json["requestBody"],
    );
    let mut answered = Comparison::new(old, new, Direction::Answered);
    replies(
        &mut answered,
        &before.json["responses"],
        &after.json["responses"],
    );
    found.extend(sent.found);
    found.extend(answered.found);
    found
}

/// Compares name and tag, which are a method and a class in every client.
fn names(old: &Value, new: &Value) -> Vec<String> {
    ["operationId", "tags"]
        .into_iter()
        .filter(|word| old[word] != new[word])
        .map(|word| format!("{word} was {}, is {}", old[word], new[word]))
        .collect()
}

type Parameters<'c> = BTreeMap<(String, String), &'c Value>;

fn parameters<'c>(sent: &mut Comparison<'c>, old: &Parameters<'c>, new: &Parameters<'c>) {
    for (key, before) in old {
        let label = label(before);
        let Some(after) = new.get(key) else {
            // What is not known is refused.
            sent.say(&label, "is gone");
            continue;
        };
        if is(after, "required") && !is(before, "required") {
            sent.say(&label, "is required now");
        }
        for word in ["style", "explode", "allowReserved"] {
            if spelling(before, word) != spelling(after, word) {
                sent.changed(&label, word, &before[word], &after[word]);
            }
        }
        sent.schemas(&label, &before["schema"], &after["schema"]);
        contents(sent, &label, before, after);
    }
    for (key, after) in new {
        if !old.contains_key(key) && is(after, "required") {
            sent.say(&label(after), "is new and required");
        }
    }
}

fn label(parameter: &Value) -> String {
    let word = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
    format!("{} parameter `{}`", word("in"), word("name"))
}

/// Returns a keyword that decides how a parameter is written, with OpenAPI's defaults (3.0.3, section 4.7.12).
fn spelling(parameter: &Value, word: &str) -> Value {
    let style = parameter["style"]
        .as_str()
        .unwrap_or(match parameter["in"].as_str() {
            Some("path" | "header") => "simple",
            _ => "form",
        });
    match (word, &parameter[word]) {
        ("style", _) => style.into(),
        ("explode", Value::Null) => (style == "form").into(),
        ("allowReserved", Value::Null) => false.into(),
        (_, value) => value.clone(),
    }
}

fn body<'c>(sent: &mut Comparison<'c>, old: &'c Value, new: &'c Value) {
    let (before, after) = (sent.old.resolve(old), sent.new.resolve(new));
    if is(after, "required") && !is(before, "required") {
        sent.say("body", "is required now");
    }
    if !before.is_null() && after.is_null() {
        sent.say("body", "is taken no longer");
        return;
    }
    contents(sent, "body", before, after);
}

fn replies<'c>(answered: &mut Comparison<'c>, old: &'c Value, new: &'c Value) {
    for (status, before) in members(old) {
        let label = format!("reply {status}");
        let Some(after) = covering(new, status) else {
            answered.say(&label, "is gone");
            continue;
        };
        let (before, after) = (answered.old.resolve(before), answered.new.resolve(after));
        answered.codes = after.get("x-problem-codes");
        contents(answered, &label, before, after);
        answered.codes = None;
        headers(answered, &label, &before["headers"], &after["headers"]);
    }
    let has_success = members(new).any(|(status, _)| status.starts_with('2'));
    for (status, _) in members(new) {
        // Clients have a way to deal with any error, but not with another kind of success.
        let is_error = status.starts_with(['4', '5']) || status == "default" && has_success;
        if covering(old, status).is_none() && !is_error {
            answered.say(&format!("reply {status}"), "is new, and no error");
        }
    }
}

/// Returns the response that is for a status: its own, that of its class, or the default (OpenAPI 3.0.3, Responses Object).
fn covering<'c>(responses: &'c Value, status: &str) -> Option<&'c Value> {
    let class = status.get(..1).map(|first| format!("{first}XX"));
    let class = class.and_then(|class| responses.get(class));
    (responses.get(status).or(class)).or_else(|| responses.get("default"))
}

fn headers<'c>(answered: &mut Comparison<'c>, label: &str, old: &'c Value, new: &'c Value) {
    for (name, before) in members(old) {
        let label = format!("{label}, header {name}");
        let Some((_, after)) = members(new).find(|(each, _)| each.eq_ignore_ascii_case(name))
        else {
            answered.say(&label, "is gone");
            continue;
        };
        let (before, after) = (answered.old.resolve(before), answered.new.resolve(after));
        if is(before, "required") && !is(after, "required") {
            answered.say(&label, "may be missing now");
        }
        answered.schemas(&label, &before["schema"], &after["schema"]);
        contents(answered, &label, before, after);
    }
}

fn contents<'c>(comparison: &mut Comparison<'c>, label: &str, old: &'c Value, new: &'c Value) {
    for (kind, before) in members(&old["content"]) {
        let label = format!("{label} as {kind}");
        match new["content"].get(kind) {
            Some(after) => comparison.schemas(&label, &before["schema"], &after["schema"]),
            None => comparison.say(&label, "is gone"),
        }
    }
    // Without content before there was nothing to read; now there is.
    if old.is_object() && old.get("content").is_none() && new.get("content").is_some() {
        comparison.say(label, "has content now");
    }
}

pub(crate) fn is(value: &Value, word: &str) -> bool {
    value[word] == true
}
