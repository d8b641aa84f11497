//! A contract, prepared once at start and shared by all workers.

use crate::{
    Defects, In, Limits, Observer,
    body::BodyRule,
    cors::{self, Cors},
    parameters::Parameters,
    paths::{self, PathEntry},
    response::ReplyRules,
    security::{Challenges, Hooks, Requirement, SecuritySettings},
    spec::{OperationSpec, Spec},
};
use actix_web::http::{Method, header::HeaderValue};
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

/// What the generated crate was made with. The gate compares it with the contract at start, so
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
    /// The statuses declared, ascending.
    pub statuses: Vec<u16>,
    /// The parameters declared.
    pub parameters: Vec<(In, String)>,
    /// Whether a body is declared.
    pub has_body: bool,
}

/// A contract, prepared for requests.
pub struct Contract {
    pub(crate) entries: Vec<Entry>,
    index: HashMap<&'static str, usize>,
    pub(crate) paths: Vec<PathEntry>,
    pub(crate) cors: Cors,
    pub(crate) challenges: Challenges,
    pub(crate) security: SecuritySettings,
    pub(crate) limits: Limits,
    pub(crate) validate_replies: bool,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

/// Everything prepared for one operation.
pub(crate) struct Entry {
    pub(crate) operation: Operation,
    pub(crate) requirement: Requirement,
    pub(crate) parameters: Parameters,
    pub(crate) body: BodyRule,
    pub(crate) replies: ReplyRules,
    /// Value of `Access-Control-Expose-Headers`.
    pub(crate) exposed: HeaderValue,
}

impl Contract {
    /// Starts to prepare the contract `spec_yaml`, the text of an OpenAPI 3.0 document.
    pub fn builder(spec_yaml: &str) -> ContractBuilder<'_> {
        ContractBuilder {
            spec_yaml,
            roles: Vec::new(),
            realm: "api".to_owned(),
            aliases: Vec::new(),
            limits: Limits::default(),
            cors_origins: Vec::new(),
            validate_replies: false,
            observer: None,
        }
    }

    /// The operations, always in the same order.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.entries.iter().map(|entry| &entry.operation)
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

    pub(crate) fn entry(&self, operation: &str) -> Option<&Entry> {
        self.entries.get(*self.index.get(operation)?)
    }
}

/// Settings for a [`Contract`].
#[must_use]
pub struct ContractBuilder<'a> {
    spec_yaml: &'a str,
    roles: Vec<(String, u16)>,
    realm: String,
    aliases: Vec<String>,
    limits: Limits,
    cors_origins: Vec<String>,
    validate_replies: bool,
    observer: Option<Arc<dyn Observer>>,
}

impl ContractBuilder<'_> {
    /// The roles that `x-access-role` may name, with their levels. None by default.
    pub fn roles(mut self, roles: &[(&str, u16)]) -> Self {
        self.roles = roles
            .iter()
            .map(|(name, level)| ((*name).to_owned(), *level))
            .collect();
        self
    }

    /// The realm of `WWW-Authenticate`; `api` by default.
    pub fn realm(mut self, realm: &str) -> Self {
        realm.clone_into(&mut self.realm);
        self
    }

    /// Another word that `Authorization` may have in place of `Bearer`.
    pub fn bearer_alias(mut self, alias: &str) -> Self {
        self.aliases.push(alias.to_owned());
        self
    }

    /// Caps on requests.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Origins whose scripts may read replies, each as a browser sends it
    /// (`https://example.org`). None by default; there is no `*`.
    pub fn cors_origins(mut self, origins: Vec<String>) -> Self {
        self.cors_origins = origins;
        self
    }

    /// Whether replies are checked against the contract, too. A reply that breaks it becomes a
    /// 500. Off by default.
    pub fn validate_replies(mut self, validate: bool) -> Self {
        self.validate_replies = validate;
        self
    }

    /// Who is told of every answered request.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Prepares the contract.
    ///
    /// # Errors
    /// Everything that is wrong with it, that the gatekeeper cannot enforce, or that differs
    /// from `manifest`.
    pub fn build(self, manifest: &Manifest) -> Result<Contract, Defects> {
        let mut defects = Defects::default();
        let spec = Spec::load(self.spec_yaml)?;
        let hooks = Hooks::prepare(&spec, &mut defects);
        hooks.compare(manifest.hooks, &mut defects);
        let mut index = HashMap::with_capacity(manifest.operations.len());
        let mut entries = Vec::with_capacity(spec.operations.len());
        for operation in &spec.operations {
            match manifest.operations.iter().find(|id| **id == operation.id) {
                Some(id) => {
                    index.insert(*id, entries.len());
                }
                None => defects.add(
                    &operation.location,
                    format!(
                        "the generated code has no operation {}; generate again",
                        operation.id
                    ),
                ),
            }
            entries.push(Entry::prepare(
                operation,
                &spec,
                &hooks,
                &self.roles,
                &mut defects,
            ));
        }
        for id in manifest
            .operations
            .iter()
            .filter(|id| !index.contains_key(*id))
        {
            defects.add(
                "paths",
                format!("the generated code has operation {id}, which is not in the contract; generate again"),
            );
        }
        let paths = paths::group(&entries, &mut defects);
        let cors = Cors::new(&self.cors_origins, &mut defects);
        let Some(challenges) = self.challenges(&mut defects) else {
            return Err(defects);
        };
        defects.into_result(Contract {
            entries,
            index,
            paths,
            cors,
            challenges,
            security: SecuritySettings {
                bearer_aliases: self.aliases,
                token_limit: self.limits.token,
            },
            limits: self.limits,
            validate_replies: self.validate_replies,
            observer: self.observer,
        })
    }

    fn challenges(&self, defects: &mut Defects) -> Option<Challenges> {
        let fits = !self.realm.contains(['"', '\\']);
        let challenges = Challenges::new(&self.realm).ok().filter(|_| fits);
        if challenges.is_none() {
            defects.add(
                "realm",
                "must be text without quotes, backslashes and control characters",
            );
        }
        challenges
    }
}

impl Entry {
    fn prepare(
        operation: &OperationSpec,
        spec: &Spec,
        hooks: &Hooks,
        roles: &[(String, u16)],
        defects: &mut Defects,
    ) -> Self {
        let requirement = Requirement::prepare(operation, spec, hooks, roles, defects);
        let parameters = Parameters::prepare(operation, spec, defects);
        let body = BodyRule::prepare(operation, spec, defects);
        let replies = ReplyRules::prepare(operation, spec, defects);
        let described = Operation {
            id: operation.id.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            tag: operation.tag.clone(),
            alternatives: requirement.describe(),
            role: requirement.role().map(str::to_owned),
            statuses: replies.statuses().to_vec(),
            parameters: declared_parameters(&operation.json),
            has_body: body.is_declared(),
        };
        let exposed = cors::exposed(&operation.json);
        Self {
            operation: described,
            requirement,
            parameters,
            body,
            replies,
            exposed,
        }
    }
}

fn declared_parameters(operation: &Value) -> Vec<(In, String)> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let read = |parameter: &Value| {
        let location = match parameter.get("in")?.as_str()? {
            "path" => In::Path,
            "query" => In::Query,
            "header" => In::Header,
            "cookie" => In::Cookie,
            _ => return None,
        };
        Some((location, parameter.get("name")?.as_str()?.to_owned()))
    };
    parameters.into_iter().flatten().filter_map(read).collect()
}
