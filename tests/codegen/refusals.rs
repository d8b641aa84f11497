//! A contract that has no sound translation, or would be refused at the start, stops the generation. Each contract in
//! `crates/gatekeeper-build/fixtures/refused` says in its first lines (`# refused: …`) what must be said about it, and all
//! that must be. `UPDATE_GOLDEN=1 cargo test --test codegen refusals` renews these lines.

use crate::copy::{files, repository};
use gatekeeper::{Contract, Manifest};
use gatekeeper_build::{STRICT, plan};
use openapi::{Examples, Mode, Options};
use std::path::PathBuf;

const SAID: &str = "# refused: ";

/// The names of roles in the fixtures.
const ROLES: [(&str, u16); 2] = [("basic", 1), ("admin", 2)];

fn fixtures() -> Vec<(PathBuf, String)> {
    let folder = repository().join("crates/gatekeeper-build/fixtures/refused");
    let contracts = files(&folder).into_iter();
    let contracts: Vec<_> = contracts
        .map(|(file, content)| (folder.join(file), String::from_utf8(content).unwrap()))
        .collect();
    assert!(contracts.len() > 20, "the fixtures are there");
    contracts
}

#[test]
fn what_cannot_be_translated_or_served_is_refused_with_its_place() {
    let mut differences = Vec::new();
    for (file, content) in fixtures() {
        let said = content.lines().filter_map(|line| line.strip_prefix(SAID));
        let contract = openapi::load(&content).unwrap();
        let refused = plan(&contract, &STRICT).err().unwrap_or_default();
        if said.eq(refused.iter().map(String::as_str)) {
            continue;
        }
        let mut renewed: String = refused
            .iter()
            .map(|line| format!("{SAID}{line}\n"))
            .collect();
        differences.push(format!("{}:\n{renewed}", file.display()));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let contract = content.lines().filter(|line| !line.starts_with(SAID));
            renewed.extend(contract.map(|line| format!("{line}\n")));
            std::fs::write(file, renewed).unwrap();
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_none() {
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

/// The checks are one list, [`openapi::check`], which the build and the start both call.
#[test]
fn what_a_start_refuses_the_build_refuses_in_the_same_words() {
    const NOTHING: Manifest = Manifest {
        operations: &[],
        hooks: &[],
    };
    let mut compared = 0;
    for (file, content) in fixtures() {
        let contract = openapi::load(&content).unwrap();
        let built = plan(&contract, &STRICT).err().unwrap_or_default();
        let options = Options {
            mode: Mode::Strict,
            roles: Some(&ROLES.map(|(name, _)| name)),
            require_roles: true,
            examples: Examples::Unchecked,
        };
        let checked = openapi::check(&contract, &options);
        let builder = Contract::builder(&content).strict().roles(&ROLES);
        let started = builder.require_roles(true).build(&NOTHING).err().unwrap();
        let started = started.iter().map(ToString::to_string);
        // Nothing was generated of these contracts.
        let started: Vec<String> = started
            .filter(|defect| !defect.contains("generate again"))
            .collect();
        let checked: Vec<String> = checked.iter().map(ToString::to_string).collect();
        assert_eq!(started, checked, "{}", file.display());
        // A build writes other characters as their numbers.
        let is_plain = |defect: &&String| defect.chars().all(|each| matches!(each, ' '..='~'));
        for defect in started.iter().filter(is_plain) {
            let is_said = built.contains(defect);
            assert!(
                is_said,
                "{}: the build does not say {defect}",
                file.display()
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "the start refuses {compared} things");
}

#[test]
fn the_contract_at_hand_is_not_refused() {
    let contract = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let contract = openapi::load(&contract).unwrap();
    assert_eq!(plan(&contract, &STRICT).err(), None);
}

/// The linter and the generator of clients read the contract by themselves, some of them as YAML 1.1.
#[test]
fn the_contract_at_hand_has_one_reading() {
    let text = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let lenient: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(openapi::load(&text).unwrap(), lenient);
}
