//! Prepares a contract without generated code.

use gatekeeper::{Contract, ContractBuilder, Defects, Manifest};
use openapi::{Document, Operation, Options};
use serde_json::Value;

/// A contract that is ready to be mocked.
pub struct Mocked {
    /// The contract for the gatekeeper.
    pub contract: Contract,
    /// The contract, read.
    pub document: Document,
    /// The roles that it names, those that were given first.
    pub roles: Vec<String>,
    /// The operations that have no answer that is good by the contract, each with its place.
    pub notices: Defects,
}

/// Prepares a contract for a mock. The roles are in their order, least first; others that the contract names come after
/// them. The settings may add to what the gatekeeper is told.
///
/// Names of operations and hooks are kept for the life of the program, as they are in generated code.
///
/// # Errors
///
/// Everything that stops the start of a service with this contract.
pub fn prepare<'a>(
    text: &'a str,
    roles: &[String],
    settings: impl FnOnce(ContractBuilder<'a>) -> ContractBuilder<'a>,
) -> Result<Mocked, Defects> {
    let mut defects = Defects::default();
    let json = match openapi::load(text) {
        Ok(json) => json,
        Err(error) => {
            defects.add("", format!("cannot be read: {error}"));
            return Err(defects);
        }
    };
    let Some(document) = openapi::read(&json, &Options::default(), &mut defects) else {
        return Err(defects);
    };
    let document = defects.into_result(document)?;
    let roles = all_roles(roles, &document);
    let levels: Vec<(&str, u16)> = (1..)
        .zip(&roles)
        .map(|(level, role)| (role.as_str(), level))
        .collect();
    let builder = Contract::builder(text).roles(&levels).made_examples();
    let contract = settings(builder).build(&manifest(&document))?;
    let mut notices = Defects::default();
    for operation in &document.operations {
        if !is_answered(operation, &document) {
            notices.add(
                &operation.location,
                "no value was found that is good by the schema of its success; the mock answers one that is not: give it an `example`",
            );
        }
    }
    Ok(Mocked {
        contract,
        document,
        roles,
        notices,
    })
}

/// Returns true if a success has no content, or a value for one of its media types, or if there is none that would say so.
fn is_answered(operation: &Operation, document: &Document) -> bool {
    let responses = operation.responses.iter();
    let mut successes = responses
        .filter(|response| response.status.is_success())
        .peekable();
    successes.peek().is_none()
        || successes.any(|response| {
            let declared = operation.json.get("responses");
            let declared = declared.and_then(|all| all.get(&response.key)?.get("content"));
            let mut content = response.content.iter();
            response.content.is_empty()
                || content.any(|content| {
                    let owner = declared.and_then(|all| all.get(&content.name));
                    owner.is_some_and(|owner| {
                        !document.values(owner, content.schema.as_ref()).is_empty()
                    })
                })
        })
}

/// Returns the manifest that the generated code of a contract has.
fn manifest(document: &Document) -> Manifest {
    let kept = |text: &str| -> &'static str { String::leak(text.to_owned()) };
    let operations = document.operations.iter();
    let operations: Vec<_> = operations.map(|operation| kept(&operation.id)).collect();
    let schemes = document.security_schemes.iter();
    let hooks: Vec<_> = schemes
        .map(|scheme| (kept(&scheme.name), kept(&scheme.hook)))
        .collect();
    Manifest {
        operations: operations.leak(),
        hooks: hooks.leak(),
    }
}

/// Returns the roles that are given, then those that the operations name besides, each once.
fn all_roles(given: &[String], document: &Document) -> Vec<String> {
    let named = document.operations.iter().filter_map(|operation| {
        let role = operation
            .json
            .get("x-access-role")
            .and_then(Value::as_str)?;
        (!given.iter().any(|known| known == role)).then(|| role.to_owned())
    });
    let mut named: Vec<String> = named.collect();
    named.sort();
    named.dedup();
    given.iter().cloned().chain(named).collect()
}
