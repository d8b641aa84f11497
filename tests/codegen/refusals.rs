//! What has no sound translation stops the generation. Each contract in `codegen/fixtures/refused`
//! says in its first lines (`# refused: …`) what must be said about it, and all that must be.

#[expect(
    dead_code,
    reason = "of the plan, only the refusals are looked at here"
)]
#[path = "../../codegen/plan/mod.rs"]
mod plan;

use crate::copy::{files, repository};
use serde_json::Value;

#[test]
fn what_the_templates_cannot_do_is_refused_with_its_place() {
    let contracts = files(&repository().join("codegen/fixtures/refused"));
    assert!(contracts.len() > 20, "the fixtures are there");
    for (file, content) in contracts {
        let content = String::from_utf8(content).unwrap();
        let expected: Vec<&str> = content
            .lines()
            .filter_map(|line| line.strip_prefix("# refused: "))
            .collect();
        let contract: Value = serde_saphyr::from_str(&content).unwrap();
        let refused = plan::plan(&contract).err().unwrap_or_default();
        assert_eq!(refused, expected, "{}", file.display());
    }
}

#[test]
fn the_contract_at_hand_is_not_refused() {
    let contract = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let contract: Value = serde_saphyr::from_str(&contract).unwrap();
    assert_eq!(plan::plan(&contract).err(), None);
}
