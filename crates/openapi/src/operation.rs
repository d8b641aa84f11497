//! One operation, read and checked.

use crate::{
    Defects, Examples, Mode, Options, Parameter, RequestBody, Requirement, Response, examples,
    parameters,
    paths::Located,
    schema::Schemas,
    security::{self, Schemes},
    statuses,
};
use serde_json::Value;
use std::{cell::RefCell, sync::Arc};

/// One operation of the contract.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// In capitals.
    pub method: &'static str,
    /// The template, as the contract writes it.
    pub path: String,
    /// The first tag.
    pub tag: Option<String>,
    /// The operation object; parameters of the path merged, references (but those to schemas) resolved.
    pub json: Arc<Value>,
    /// Place in the contract, for defects.
    pub location: String,
    /// Its security requirement, or else the one of the contract.
    pub requirement: Requirement,
    /// Those of the path included; the one that takes undeclared query names last.
    pub parameters: Vec<Parameter>,
    /// `x-ignore-unknown-query`: undeclared query names are no violation.
    pub ignores_unknown_query: bool,
    /// `x-compressible`: what a success says may be compressed.
    pub compressible: bool,
    /// The request body, where one is declared.
    pub body: Option<RequestBody>,
    /// By status, the most specific first.
    pub responses: Vec<Response>,
}

const COMPRESSIBLE: &str = "x-compressible";

/// The parts of the document that operations refer to.
pub(crate) struct Components<'d> {
    pub(crate) document: &'d Value,
    pub(crate) schemas: Schemas,
    pub(crate) schemes: Schemes,
    pub(crate) options: Options<'d>,
    pub(crate) notices: RefCell<Defects>,
}

impl Components<'_> {
    /// Notes something that is served but has no effect.
    pub(crate) fn notice(&self, place: &str, text: &str) {
        self.notices.borrow_mut().add(place, text);
    }

    /// Returns true when the contract is to say everything that is answered, and nothing that is not enforced.
    pub(crate) fn is_strict(&self) -> bool {
        self.options.mode == Mode::Strict
    }

    /// Notes something that is served but not enforced: a defect of a strict contract.
    pub(crate) fn not_enforced(&self, place: &str, problem: &str, defects: &mut Defects) {
        if self.is_strict() {
            defects.add(place, problem);
        } else {
            self.notice(place, problem);
        }
    }
}

impl Operation {
    /// Reads the parts of an operation; a part with a defect is left out.
    pub(crate) fn read(
        located: Located,
        components: &Components<'_>,
        defects: &mut Defects,
    ) -> Self {
        let requirement = security::requirement(&located, components, defects);
        statuses::check(&located, &requirement, components.options.mode, defects);
        let parameters = parameters::read(&located, &requirement, components, defects);
        let body = RequestBody::read(&located, components, defects);
        let responses = Response::read_all(&located, components, defects);
        let ignores_unknown_query =
            parameters::ignores_unknown_query(&located, components, defects);
        let compressible = compressible(&located, defects);
        if components.options.examples == Examples::Served {
            examples::require_whole_success(&located, components, defects);
        }
        Self {
            id: located.id,
            method: located.method,
            path: located.path,
            tag: located.tag,
            json: Arc::new(located.json),
            location: located.location,
            requirement,
            parameters,
            ignores_unknown_query,
            compressible,
            body,
            responses,
        }
    }
}

/// Reads `x-compressible`. The length of a compressed body tells whether what somebody made its caller send stands in it a second time
/// (BREACH), so no success that caches must not keep is compressed: it holds a secret, or somebody's data.
fn compressible(operation: &Located, defects: &mut Defects) -> bool {
    let compressible = operation.json.get(COMPRESSIBLE) == Some(&Value::Bool(true));
    if compressible && declares_no_store(&operation.json) {
        defects.add(
            format!("{}.{COMPRESSIBLE}", operation.location),
            "a reply with `Cache-Control: no-store` holds what is secret, and its compressed length could give it away; leave out one of them",
        );
    }
    compressible
}

fn declares_no_store(operation: &Value) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    let successes = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'));
    let headers = successes
        .filter_map(|(_, response)| response.get("headers")?.as_object())
        .flatten();
    headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("cache-control"))
        .filter_map(|(_, header)| header.pointer("/schema/enum")?.as_array())
        .flatten()
        .any(|value| {
            value
                .as_str()
                .is_some_and(|value| value.contains("no-store"))
        })
}
