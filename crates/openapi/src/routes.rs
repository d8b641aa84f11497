//! The operations of a contract as a list, with who may call them.

use crate::{Document, Operation, Status};
use serde_json::{Value, json};

/// An operation with who may call it and what it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The `operationId`.
    pub id: String,
    /// In capitals.
    pub method: &'static str,
    /// The template, as the contract writes it.
    pub path: String,
    /// Any one of these alternatives lets a caller in, each with all of its schemes. None: open. An empty
    /// alternative: credentials are optional.
    pub security: Vec<Vec<SchemeUse>>,
    /// The role named by `x-access-role`.
    pub role: Option<String>,
    /// The statuses declared, ascending; then classes, then the default.
    pub statuses: Vec<Status>,
}

/// A security scheme that an operation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemeUse {
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// Dotted path of its decode function; empty when the scheme has a defect.
    pub decode: String,
    /// The scopes that it must have, or the roles of its owner.
    pub scopes: Vec<String>,
}

/// Returns the operations of a contract, in its order. One that has defects is listed as it is written.
#[must_use]
pub fn routes(document: &Document) -> Vec<Route> {
    let operations = document.operations.iter();
    operations
        .map(|operation| Route::new(operation, document))
        .collect()
}

/// Returns a page in Markdown with a line for each operation, for review: it is committed and compared.
#[must_use]
pub fn security_matrix(routes: &[Route]) -> String {
    let mut page = "# Security matrix

Who may call what, and what is answered: made from the contract, not to be edited. A change of access is a changed line.

| operation | request | credentials | decoded by | role | statuses |
| --- | --- | --- | --- | --- | --- |"
        .to_owned();
    for route in routes {
        let [id, method, path, security, role, statuses] = route.cells();
        let decode = route.alternatives(|scheme| format!("`{}`", scheme.decode));
        page.push_str(&format!(
            "\n| {id} | `{method} {path}` | {security} | {decode} | {role} | {statuses} |"
        ));
    }
    page
}

impl SchemeUse {
    /// Returns the name with the scopes: `oauth[read write]`.
    fn with_scopes(&self) -> String {
        match self.scopes.as_slice() {
            [] => self.name.clone(),
            scopes => format!("{}[{}]", self.name, scopes.join(" ")),
        }
    }
}

impl Route {
    /// The heads of [`cells`](Self::cells).
    pub const HEAD: [&'static str; 6] = [
        "OPERATION",
        "METHOD",
        "PATH",
        "SECURITY",
        "ROLE",
        "STATUSES",
    ];

    fn new(operation: &Operation, document: &Document) -> Self {
        // A scheme with a defect is not among those of the requirement, which would show its operations as open.
        let own = operation.json.get("security");
        let requirement = own.or_else(|| document.json.get("security"));
        let alternatives = requirement.and_then(Value::as_array).into_iter().flatten();
        let schemes = &document.security_schemes;
        let names = |alternative: &Value| {
            let names = alternative.as_object().into_iter().flatten();
            names
                .map(|(name, scopes)| SchemeUse {
                    name: name.clone(),
                    decode: (schemes.iter().find(|scheme| scheme.name == *name))
                        .map_or_else(String::new, |scheme| scheme.hook.clone()),
                    scopes: (scopes.as_array().into_iter().flatten())
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect(),
                })
                .collect()
        };
        let role = operation.json.get("x-access-role").and_then(Value::as_str);
        let responses = operation.responses.iter();
        Self {
            id: operation.id.clone(),
            method: operation.method,
            path: operation.path.clone(),
            security: alternatives.map(names).collect(),
            role: role.map(str::to_owned),
            statuses: responses.map(|response| response.status).collect(),
        }
    }

    /// Returns the fields as texts, for a table.
    #[must_use]
    pub fn cells(&self) -> [String; 6] {
        [
            self.id.clone(),
            self.method.to_owned(),
            self.path.clone(),
            self.alternatives(SchemeUse::with_scopes),
            self.role.clone().unwrap_or_else(|| "-".to_owned()),
            self.statuses
                .iter()
                .map(Status::to_string)
                .collect::<Vec<_>>()
                .join(" "),
        ]
    }

    /// Returns the fields as an object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let scheme = |scheme: &SchemeUse| json!({ "name": scheme.name, "decode": scheme.decode, "scopes": scheme.scopes });
        let all = |schemes: &Vec<SchemeUse>| schemes.iter().map(scheme).collect::<Value>();
        json!({
            "operation": self.id,
            "method": self.method,
            "path": self.path,
            "security": self.security.iter().map(all).collect::<Value>(),
            "role": self.role,
            "statuses": self.statuses.iter().map(Status::to_string).collect::<Value>(),
        })
    }

    /// Returns the OR of ANDs, with each scheme as `show` writes it.
    fn alternatives(&self, show: impl Fn(&SchemeUse) -> String) -> String {
        let all = |schemes: &Vec<SchemeUse>| match schemes.as_slice() {
            [] => "none".to_owned(),
            schemes => schemes.iter().map(&show).collect::<Vec<_>>().join(" and "),
        };
        match self.security.as_slice() {
            [] => "-".to_owned(),
            any => any.iter().map(all).collect::<Vec<_>>().join(" or "),
        }
    }
}
