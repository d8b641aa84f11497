//! A contract, prepared once at start and shared by all workers.

use crate::{
    Defects, In, Limits, Observer, Violation,
    body::BodyRule,
    codes,
    cors::{self, Cors},
    examples::Examples,
    parameters::Parameters,
    paths::{self, PathEntry},
    proxies::TrustedProxies,
    response::ReplyRules,
    security::{Challenges, Requirement, SecuritySettings, compare_hooks},
    table::PathTable,
};
use actix_web::http::{
    Method,
    header::{HeaderName, HeaderValue},
};
use openapi::Document;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

/// The operations and hooks of the generated crate. The gatekeeper compares them with the contract at start, so
/// that stale code never serves a newer contract.
#[derive(Clone, Copy, Debug)]
pub struct Manifest {
    /// Operation ids.
    pub operations: &'static [&'static str],
    /// Names of security schemes, each with the dotted path of its decode function.
    pub hooks: &'static [(&'static str, &'static str)],
}

/// A security scheme that an operation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemeUse {
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// Dotted path of its decode function.
    pub hook: String,
    /// The scopes that the credential must have, or the roles of its owner.
    pub scopes: Vec<String>,
}

/// One operation of the contract, for listings and for tests that walk the contract.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template, as the contract writes it.
    pub path: String,
    /// The tag, which is also the trait.
    pub tag: Option<String>,
    /// The security requirement: any one of these alternatives, each with all of its schemes.
    /// None: open. An empty alternative: credentials are optional.
    pub alternatives: Vec<Vec<SchemeUse>>,
    /// The role named by `x-access-role`.
    pub role: Option<String>,
    /// The statuses declared one by one, ascending.
    pub statuses: Vec<u16>,
    /// The parameters declared.
    pub parameters: Vec<(In, String)>,
    /// True if a body is declared.
    pub has_body: bool,
}

/// A contract, prepared for requests.
pub struct Contract {
    pub(crate) entries: Vec<PreparedOperation>,
    pub(crate) index: HashMap<&'static str, usize>,
    pub(crate) base_path: String,
    pub(crate) paths: Vec<PathEntry>,
    pub(crate) table: Arc<PathTable>,
    pub(crate) cors: Cors,
    pub(crate) challenges: Challenges,
    pub(crate) security: SecuritySettings,
    pub(crate) limits: Limits,
    pub(crate) proxies: TrustedProxies,
    /// The prefix of a problem's `type`.
    pub(crate) problem_types: Option<String>,
    /// The hint to the caller of an unknown path when no path looks like it.
    pub(crate) not_found_hint: Option<String>,
    pub(crate) validate_replies: bool,
    /// True if the contract declares every answer, those of the gatekeeper included.
    pub(crate) strict: bool,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    /// True if the span of a request is made when it is needed.
    pub(crate) lazy_spans: bool,
}

/// Everything prepared for one operation.
pub(crate) struct PreparedOperation {
    pub(crate) id: &'static str,
    /// Place of the id in [`Manifest::operations`].
    pub(crate) index: usize,
    pub(crate) operation: Operation,
    pub(crate) requirement: Requirement,
    pub(crate) parameters: Parameters,
    pub(crate) body: BodyRule,
    pub(crate) replies: ReplyRules,
    /// The examples to answer with while the operation is not written; none unless asked for.
    pub(crate) examples: Option<Examples>,
    /// True if the body of a success may be compressed.
    pub(crate) compressible: bool,
    /// True if a 429 is declared.
    pub(crate) throttled: bool,
    /// Value of `Access-Control-Expose-Headers`.
    pub(crate) exposed: HeaderValue,
    /// Value of `Referrer-Policy` on refusals.
    pub(crate) referrer_policy: Option<HeaderValue>,
}

impl Manifest {
    /// Adds a defect for each operation and each scheme in which the contract and the generated code differ.
    pub(crate) fn compare(&self, document: &Document, defects: &mut Defects) {
        compare_hooks(document, self.hooks, defects);
        for operation in &document.operations {
            if !self.operations.contains(&operation.id.as_str()) {
                defects.add(
                    &operation.location,
                    format!(
                        "the generated code has no operation {}; generate again",
                        operation.id
                    ),
                );
            }
        }
        for id in self.operations {
            if !document.operations.iter().any(|known| known.id == *id) {
                defects.add(
                    "paths",
                    format!("the generated code has operation {id}, which is not in the contract; generate again"),
                );
            }
        }
    }
}

impl Contract {
    /// The operations, in the order of the contract.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.entries.iter().map(|entry| &entry.operation)
    }

    /// Returns the path that stands before all others: empty, or like `/api/v2`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Returns each code that the gatekeeper itself may answer with and its status: what a service that documents its
    /// problems has to document, too. Of [`CODES`](crate::CODES), without those that nothing in the contract leads to.
    pub fn codes(&self) -> impl Iterator<Item = (u16, &'static str)> {
        let asks = |ask: fn(&Operation) -> bool| self.operations().any(ask);
        let scopes = asks(|operation| {
            let schemes = operation.alternatives.iter().flatten();
            schemes.into_iter().any(|scheme| !scheme.scopes.is_empty())
        });
        let role = asks(|operation| operation.role.is_some());
        let is_401 = self.security.low_role_is_401;
        codes::CODES
            .iter()
            .copied()
            .filter(move |(_, code)| match *code {
                code if code == codes::INSUFFICIENT_SCOPE.name => scopes,
                code if code == codes::INSUFFICIENT_ROLE.name => role && !is_401,
                code if code == codes::AUTHORISATION_REQUIRED.name => role && is_401,
                _ => true,
            })
    }

    /// Holds a JSON value to what the body of an operation must be, for what comes by another way than a request.
    ///
    /// # Errors
    /// Every violation; there is one, too, when the operation is unknown or takes no JSON.
    pub fn check_body(&self, operation: &str, value: &Value) -> Result<(), Vec<Violation>> {
        let violations = match self.entry(operation) {
            Some(entry) => entry.body.check(value),
            None => vec![Violation::new(In::Body, "", "there is no such operation")],
        };
        none_of(violations)
    }

    /// Holds a value to what a parameter of an operation must be; see [`check_body`](Self::check_body).
    ///
    /// # Errors
    /// Every violation; there is one, too, when operation or parameter is unknown.
    pub fn check_parameter(
        &self,
        operation: &str,
        location: In,
        name: &str,
        value: &Value,
    ) -> Result<(), Vec<Violation>> {
        let violations = match self.entry(operation) {
            Some(entry) => entry.parameters.check(location, name, value),
            None => vec![Violation::new(location, "", "there is no such operation")],
        };
        none_of(violations)
    }

    /// Checks a JSON value against the schema of a reply; see [`check_body`](Self::check_body).
    ///
    /// # Errors
    /// Every violation; there is one, too, when the operation is unknown or has no JSON for the status.
    pub fn check_reply(
        &self,
        operation: &str,
        status: u16,
        value: &Value,
    ) -> Result<(), Vec<Violation>> {
        let violations = match self.entry(operation) {
            Some(entry) => entry.replies.check_json(status, value),
            None => vec![Violation::new(In::Body, "", "there is no such operation")],
        };
        none_of(violations)
    }

    /// The methods of all paths together, as in `Allow`.
    pub(crate) fn methods(&self) -> HeaderValue {
        let of_paths: Vec<&str> = self
            .paths
            .iter()
            .filter_map(|path| path.allow.to_str().ok())
            .flat_map(|allow| allow.split(", "))
            .collect();
        paths::joined(of_paths)
    }

    pub(crate) fn entry(&self, operation: &str) -> Option<&PreparedOperation> {
        self.entries.get(*self.index.get(operation)?)
    }
}

impl PreparedOperation {
    pub(crate) fn prepare(
        (index, id): (usize, &'static str),
        operation: &openapi::Operation,
        roles: &[(String, u16)],
        strict: bool,
        defects: &mut Defects,
    ) -> Self {
        let requirement = Requirement::prepare(&operation.requirement, roles, defects);
        let parameters = Parameters::prepare(operation, defects);
        let body = BodyRule::prepare(operation);
        let replies = ReplyRules::prepare(operation, strict, defects);
        let described = Operation {
            id: operation.id.clone(),
            method: method(operation, defects),
            path: operation.path.clone(),
            tag: operation.tag.clone(),
            alternatives: requirement.describe(),
            role: requirement.role().map(str::to_owned),
            statuses: replies.statuses(),
            parameters: (operation.parameters.iter())
                .map(|parameter| (parameter.location, parameter.name.clone()))
                .collect(),
            has_body: body.is_declared(),
        };
        let throttled = replies.declares(429);
        let exposed = cors::exposed(&operation.json);
        let referrer_policy = referrer_policy(&operation.json);
        Self {
            id,
            index,
            operation: described,
            requirement,
            parameters,
            body,
            replies,
            examples: None,
            compressible: operation.compressible,
            throttled,
            exposed,
            referrer_policy,
        }
    }
}

pub(crate) fn none_of(violations: Vec<Violation>) -> Result<(), Vec<Violation>> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(violations)
    }
}

/// The one value that a success declares for `Referrer-Policy`. Refusals carry it, too: where the URL holds a secret, it
/// holds it whatever the answer is, and what leads away from a problem is the link in its `type`.
fn referrer_policy(operation: &Value) -> Option<HeaderValue> {
    let responses = operation.get("responses")?.as_object()?;
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let mut declared = successes.filter_map(|(_, response)| response.get("headers")?.as_object());
    let policy = declared.find_map(|headers| {
        let (_, header) = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("referrer-policy"))?;
        match header.pointer("/schema/enum")?.as_array()?.as_slice() {
            [Value::String(policy)] => Some(policy),
            _ => None,
        }
    })?;
    HeaderValue::from_str(policy).ok()
}

fn method(operation: &openapi::Operation, defects: &mut Defects) -> Method {
    Method::from_bytes(operation.method.as_bytes()).unwrap_or_else(|_| {
        defects.add(&operation.location, "is of a method that is not served");
        Method::default()
    })
}

/// Converts the name of a header. The reader refuses names that are none, so a defect means that both differ on it.
pub(crate) fn header_name(name: &str, location: &str, defects: &mut Defects) -> Option<HeaderName> {
    let header = HeaderName::try_from(name).ok();
    if header.is_none() {
        defects.add(location, format!("`{name}` is no header name"));
    }
    header
}
