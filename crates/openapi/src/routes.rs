//! The operations of a contract as a list, with who may call them.

use crate::{Document, Operation, SecurityScheme};
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
    pub security: Vec<Vec<SecurityScheme>>,
    /// The role named by `x-access-role`.
    pub role: Option<String>,
    /// The statuses declared, ascending.
    pub statuses: Vec<u16>,
}

/// Returns the operations of a contract, in its order.
#[must_use]
pub fn routes(document: &Document) -> Vec<Route> {
    let operations = document.operations.iter();
    operations.map(Route::new).collect()
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
        let decode = route.alternatives(|scheme| format!("`{}`", scheme.hook));
        page.push_str(&format!(
            "\n| {id} | `{method} {path}` | {security} | {decode} | {role} | {statuses} |"
        ));
    }
    page
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

    fn new(operation: &Operation) -> Self {
        let requirement = &operation.requirement;
        let mut security = requirement.alternatives.clone();
        security.extend(requirement.optional.then(Vec::new));
        let responses = operation.responses.iter();
        Self {
            id: operation.id.clone(),
            method: operation.method,
            path: operation.path.clone(),
            security,
            role: requirement.role.clone(),
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
            self.alternatives(|scheme| scheme.name.clone()),
            self.role.clone().unwrap_or_else(|| "-".to_owned()),
            self.statuses
                .iter()
                .map(u16::to_string)
                .collect::<Vec<_>>()
                .join(" "),
        ]
    }

    /// Returns the fields as an object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let scheme =
            |scheme: &SecurityScheme| json!({ "name": scheme.name, "decode": scheme.hook });
        let all = |schemes: &Vec<SecurityScheme>| schemes.iter().map(scheme).collect::<Value>();
        json!({
            "operation": self.id,
            "method": self.method,
            "path": self.path,
            "security": self.security.iter().map(all).collect::<Value>(),
            "role": self.role,
            "statuses": self.statuses.iter().map(u16::to_string).collect::<Value>(),
        })
    }

    /// Returns the OR of ANDs, with each scheme as `show` writes it.
    fn alternatives(&self, show: impl Fn(&SecurityScheme) -> String) -> String {
        let all = |schemes: &Vec<SecurityScheme>| match schemes.as_slice() {
            [] => "none".to_owned(),
            schemes => schemes.iter().map(&show).collect::<Vec<_>>().join(" and "),
        };
        match self.security.as_slice() {
            [] => "-".to_owned(),
            any => any.iter().map(all).collect::<Vec<_>>().join(" or "),
        }
    }
}
