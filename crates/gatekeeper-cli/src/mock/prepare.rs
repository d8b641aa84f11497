//! Prepares a contract without generated code.

use gatekeeper::{Contract, Defects, Manifest};
use openapi::{Document, Options};

/// Prepares the contract of a mock from its text.
///
/// Names of operations and hooks are kept for the life of the program, as they are in generated code.
///
/// # Errors
///
/// Everything that stops the start of a service with this contract.
pub fn prepare(text: &str) -> Result<Contract, Defects> {
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
    let roles = roles(&document);
    let roles: Vec<(&str, u16)> = roles.iter().map(|role| (role.as_str(), 1)).collect();
    Contract::builder(text)
        .roles(&roles)
        .build(&manifest(&document))
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

/// Returns the roles that the operations name, each once.
fn roles(document: &Document) -> Vec<String> {
    let named = document.operations.iter().filter_map(|operation| {
        let role = operation.json.get("x-access-role")?;
        role.as_str().map(str::to_owned)
    });
    let mut roles: Vec<String> = named.collect();
    roles.sort();
    roles.dedup();
    roles
}
