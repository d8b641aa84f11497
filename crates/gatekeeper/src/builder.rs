//! Prepares a contract: reads it, compares it with the generated code, names every defect.

use crate::{
    Contract, Defects, IpNet, Limits, Manifest, Observer,
    contract::PreparedOperation,
    cors::Cors,
    examples::{Edit, Preparation},
    paths,
    proxies::TrustedProxies,
    security::{Challenges, SecuritySettings},
    table::PathTable,
};
use serde_json::Value;
use std::{collections::HashMap, sync::Arc};

impl Contract {
    /// Starts to prepare the contract `spec_yaml`, the text of an OpenAPI 3.0 document.
    pub fn builder(spec_yaml: &str) -> ContractBuilder<'_> {
        ContractBuilder {
            spec_yaml,
            roles: Vec::new(),
            realm: "api".to_owned(),
            aliases: Vec::new(),
            limits: Limits::default(),
            proxies: Vec::new(),
            cors_origins: Vec::new(),
            problem_types: None,
            not_found_hint: None,
            edit: None,
            makes_examples: false,
            validate_replies: false,
            compression: true,
            strict: false,
            roles_required: false,
            low_role_is_401: false,
            base_path: None,
            observer: None,
            lazy_spans: false,
        }
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
    proxies: Vec<IpNet>,
    cors_origins: Vec<String>,
    problem_types: Option<String>,
    not_found_hint: Option<String>,
    edit: Option<Box<Edit<'a>>>,
    makes_examples: bool,
    validate_replies: bool,
    compression: bool,
    strict: bool,
    roles_required: bool,
    low_role_is_401: bool,
    base_path: Option<String>,
    observer: Option<Arc<dyn Observer>>,
    lazy_spans: bool,
}

impl<'a> ContractBuilder<'a> {
    /// The roles that `x-access-role` may name, with their levels. None by default.
    pub fn roles(mut self, roles: &[(&str, u16)]) -> Self {
        self.roles = roles
            .iter()
            .map(|(name, level)| ((*name).to_owned(), *level))
            .collect();
        self
    }

    /// Asks of the contract that it says everything that is answered and nothing that is not enforced. Off by default: a
    /// valid contract is served.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Requires that each secured operation names its role in `x-access-role`, so that a forgotten one is
    /// refused instead of letting in everybody who has credentials. Off by default.
    pub fn require_roles(mut self, require: bool) -> Self {
        self.roles_required = require;
        self
    }

    /// Answers 401 `authorisation-required` instead of 403 `insufficient-role` when the caller's role is too low. Off by
    /// default (RFC 9110 section 15.5.4).
    pub fn low_role_is_401(mut self, is_401: bool) -> Self {
        self.low_role_is_401 = is_401;
        self
    }

    /// Sets the path that stands before all others, `/api/v2`; `/` or nothing for none. Unless told it is the path of the
    /// contract's first server. Within a scope of actix's, the scope stands before it.
    pub fn base_path(mut self, path: &str) -> Self {
        self.base_path = Some(path.to_owned());
        self
    }

    /// The realm of `WWW-Authenticate`; `api` by default.
    pub fn realm(mut self, realm: &str) -> Self {
        realm.clone_into(&mut self.realm);
        self
    }

    /// Sets another word that `Authorization` may have instead of `Bearer`.
    pub fn bearer_alias(mut self, alias: &str) -> Self {
        self.aliases.push(alias.to_owned());
        self
    }

    /// Caps on requests.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Networks of the proxies in front of the server. Their `X-Forwarded-For` says where a request
    /// came from ([`RequestContext::address`](crate::RequestContext::address)); from anybody else it counts for
    /// nothing. None by default.
    pub fn trusted_proxies(mut self, networks: Vec<IpNet>) -> Self {
        self.proxies = networks;
        self
    }

    /// Origins whose scripts may read replies, each as a browser sends it
    /// (`https://example.org`). None by default; there is no `*`.
    pub fn cors_origins(mut self, origins: Vec<String>) -> Self {
        self.cors_origins = origins;
        self
    }

    /// Sets the prefix of a problem's `type`; its code follows, so that
    /// `https://example.org/errors/` gives `https://example.org/errors/token-invalid`. Without it,
    /// `type` is `about:blank`.
    pub fn problem_types(mut self, base: &str) -> Self {
        self.problem_types = Some(base.to_owned());
        self
    }

    /// Sets the hint of a 404 for an unknown path, when no path of the contract looks like
    /// it: `https://example.org/openapi.json lists the paths.`
    pub fn not_found_hint(mut self, hint: &str) -> Self {
        self.not_found_hint = Some(hint.to_owned());
        self
    }

    /// Answers from the contract's examples where an operation answers 501 `not-implemented`
    /// ([`Rejection::NotImplemented`](crate::Rejection::NotImplemented)): for those who write
    /// clients before the operation is there. `edit` may change each example before it is held to
    /// its schema, such as the host of a URL.
    ///
    /// The first success with an example is the answer; `Prefer: code=404` asks for another
    /// status, `Prefer: example=name` for one of several `examples`.
    pub fn examples(mut self, edit: impl Fn(&mut Value) + 'a) -> Self {
        self.edit = Some(Box::new(edit));
        self
    }

    /// Answers as with [`examples`](Self::examples), and where the contract has no example that keeps to its schema, with
    /// values made from the schema: a mock. Examples are not held to their schemas then; one that breaks its own is passed
    /// over.
    pub fn made_examples(mut self) -> Self {
        self.makes_examples = true;
        self
    }

    /// Checks replies against the contract, too. A reply that breaks it becomes a
    /// 500. Off by default.
    pub fn validate_replies(mut self, validate: bool) -> Self {
        self.validate_replies = validate;
        self
    }

    /// Compresses replies of operations that have `x-compressible: true`, where the caller takes it. On by default; off
    /// where something in front of the server does so.
    pub fn compression(mut self, compress: bool) -> Self {
        self.compression = compress;
        self
    }

    /// Sets the observer that is called for every answered request.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Makes the span of a request when it is needed, for a log that asks for the
    /// [current request](crate::current_request). Any other has no span to tell the lines of requests apart by. What takes
    /// work to another thread takes [`current_span`](crate::current_span) along.
    pub fn lazy_spans(mut self, lazy: bool) -> Self {
        self.lazy_spans = lazy;
        self
    }

    /// Prepares the contract.
    ///
    /// # Errors
    /// Everything that is wrong with it, that the gatekeeper cannot enforce, or that differs
    /// from `manifest`.
    pub fn build(mut self, manifest: &Manifest) -> Result<Contract, Defects> {
        let mut defects = Defects::default();
        let document = match openapi::load(self.spec_yaml) {
            Ok(document) => document,
            Err(error) => {
                defects.add("", format!("the contract is no readable YAML: {error}"));
                return Err(defects);
            }
        };
        let roles: Vec<&str> = self.roles.iter().map(|(name, _)| name.as_str()).collect();
        let options = openapi::Options {
            mode: if self.strict {
                openapi::Mode::Strict
            } else {
                openapi::Mode::Open
            },
            roles: Some(&roles),
            require_roles: self.roles_required,
            examples: match self.edit {
                Some(_) if !self.makes_examples => openapi::Examples::Served,
                _ => openapi::Examples::Unchecked,
            },
        };
        let Some(document) = openapi::read(&document, &options, &mut defects) else {
            return Err(defects);
        };
        manifest.compare(&document, &mut defects);
        if self.makes_examples && self.edit.is_none() {
            self.edit = Some(Box::new(|_| ()));
        }
        let mut index = HashMap::with_capacity(manifest.operations.len());
        let mut entries = Vec::with_capacity(document.operations.len());
        for operation in &document.operations {
            let mut known = manifest.operations.iter().copied().enumerate();
            let known = known.find(|(_, id)| *id == operation.id);
            index.extend(known.map(|(_, id)| (id, entries.len())));
            let known = known.unwrap_or_default();
            let mut entry = PreparedOperation::prepare(
                known,
                operation,
                &self.roles,
                self.strict,
                &mut defects,
            );
            entry.examples = self.edit.as_deref().map(|edit| {
                Preparation {
                    document: &document,
                    edit,
                    makes: self.makes_examples,
                    problem_types: self.problem_types.as_deref(),
                    defects: &mut defects,
                }
                .examples(operation)
            });
            entry.compressible &= self.compression;
            // Nothing can be preferred of an operation that has none.
            entry.examples = entry.examples.filter(|examples| !examples.is_empty());
            entries.push(entry);
        }
        let base_path = match &self.base_path {
            Some(told) => base_path(told, &mut defects),
            None => &document.base_path,
        }
        .to_owned();
        let paths = paths::group(&entries, &base_path, self.edit.is_some());
        let cors = Cors::new(&self.cors_origins, &mut defects);
        let Some(challenges) = self.challenges(&mut defects) else {
            return Err(defects);
        };
        defects.into_result(Contract {
            entries,
            index,
            base_path,
            table: Arc::new(PathTable::new(&paths)),
            paths,
            cors,
            challenges,
            security: SecuritySettings {
                bearer_aliases: self.aliases,
                token_limit: self.limits.token,
                low_role_is_401: self.low_role_is_401,
            },
            limits: self.limits,
            proxies: TrustedProxies::new(self.proxies),
            problem_types: self.problem_types,
            not_found_hint: self.not_found_hint,
            validate_replies: self.validate_replies,
            strict: self.strict,
            observer: self.observer,
            lazy_spans: self.lazy_spans,
        })
    }

    fn challenges(&self, defects: &mut Defects) -> Option<Challenges> {
        let is_quotable = !self.realm.contains(['"', '\\']);
        let challenges = Challenges::new(&self.realm).ok().filter(|_| is_quotable);
        if challenges.is_none() {
            defects.add(
                "realm",
                "must be text without quotes, backslashes and control characters",
            );
        }
        challenges
    }
}

/// Returns a base path without a slash at its end.
fn base_path<'p>(told: &'p str, defects: &mut Defects) -> &'p str {
    let path = told.strip_suffix('/').unwrap_or(told);
    let is_path = path.split('/').skip(1).all(|segment| {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"{}%?#\"<>\\^`|".contains(&byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain)
    });
    if !is_path || !path.is_empty() && !path.starts_with('/') {
        defects.add(
            "base_path",
            format!("{told:?} is no path to put before others; write it as `/api/v2`"),
        );
    }
    path
}
