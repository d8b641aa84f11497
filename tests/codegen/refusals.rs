//! What has no sound translation stops the generation. Each contract in `crates/gatekeeper-build/fixtures/refused`
//! says in its first lines (`# refused: …`) what must be said about it, and all that must be.

use crate::copy::{files, repository};
use gatekeeper_build::{plan, undeclared};

#[test]
fn what_the_templates_cannot_do_is_refused_with_its_place() {
    let contracts = files(&repository().join("crates/gatekeeper-build/fixtures/refused"));
    assert!(contracts.len() > 20, "the fixtures are there");
    let mut differences = Vec::new();
    for (file, content) in contracts {
        let content = String::from_utf8(content).unwrap();
        let expected: Vec<&str> = content
            .lines()
            .filter_map(|line| line.strip_prefix("# refused: "))
            .collect();
        let contract = openapi::load(&content).unwrap();
        let refused = plan(&contract).err().unwrap_or_default();
        if refused != expected {
            let refused = refused.join("\n# refused: ");
            differences.push(format!("{}:\n# refused: {refused}", file.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn what_the_gate_answers_by_itself_is_asked_for_at_the_build() {
    let text = r#"
openapi: 3.0.3
info: { title: T, version: "1" }
security: [{ token: [] }]
paths:
  /droids:
    put:
      operationId: put_droid
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { "204": { description: Done. }, "413": { description: Large. } }
"#;
    assert_eq!(
        undeclared(&openapi::load(text).unwrap()),
        [
            "paths./droids.put.responses: a secured operation must declare its 401",
            "paths./droids.put: a bad body is answered 400, which its responses do not declare",
            "paths./droids.put: a bad body is answered 415, which its responses do not declare",
            "paths./droids.put: an unknown query name is answered 400, which its responses do not declare",
        ]
    );
}

#[test]
fn the_contract_at_hand_is_not_refused() {
    let contract = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let contract = openapi::load(&contract).unwrap();
    assert_eq!(plan(&contract).err(), None);
    assert_eq!(undeclared(&contract), [""; 0]);
}

/// The linter and the generator of clients read the contract by themselves, some of them as YAML 1.1.
#[test]
fn the_contract_at_hand_has_one_reading() {
    let text = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let lenient: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(openapi::load(&text).unwrap(), lenient);
}
