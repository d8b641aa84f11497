//! Security requirements: an OR of ANDs of schemes with their scopes (`security`), then a role (`x-access-role`).

mod schemes;

pub(crate) use schemes::Schemes;
pub use schemes::{KeyLocation, SchemeKind, SecurityScheme};

use crate::{Defects, Mode, operation::Components, paths::Located};
use serde_json::{Map, Value};

/// A scheme that a requirement names, with what it asks of the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredScheme {
    /// The scheme.
    pub scheme: SecurityScheme,
    /// The scopes that the credential must have; of schemes without scopes, the roles of its owner (OpenAPI 3.1,
    /// Security Requirement Object).
    pub scopes: Vec<String>,
}

/// The security requirement of an operation.
#[derive(Clone, Debug, Default)]
pub struct Requirement {
    /// Any one of these, each with all of its schemes; the empty alternative is not among them.
    pub alternatives: Vec<Vec<RequiredScheme>>,
    /// Set by the empty alternative: a request may come without credentials.
    pub optional: bool,
    /// The role that callers must have.
    pub role: Option<String>,
}

impl Requirement {
    /// Returns false where no credentials are asked for at all.
    #[must_use]
    pub fn is_secured(&self) -> bool {
        self.optional || !self.alternatives.is_empty()
    }

    /// Returns true if a credential must have scopes.
    #[must_use]
    pub fn has_scopes(&self) -> bool {
        let mut required = self.alternatives.iter().flatten();
        required.any(|required| !required.scopes.is_empty())
    }

    /// Returns the query names that hold API keys.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        let schemes = self.alternatives.iter().flatten();
        schemes.filter_map(|required| match &required.scheme.kind {
            SchemeKind::ApiKey {
                location: KeyLocation::Query,
                name,
            } => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Reads the requirement of an operation: its own, or else the document's.
pub(crate) fn requirement(
    operation: &Located,
    components: &Components<'_>,
    defects: &mut Defects,
) -> Requirement {
    let own = operation.json.get("security");
    let place = match own {
        Some(_) => format!("{}.security", operation.location),
        None => "security".to_owned(),
    };
    let alternatives = match own.or_else(|| components.document.get("security")) {
        None => &[][..],
        Some(Value::Array(alternatives)) => alternatives,
        Some(_) => {
            defects.add(&place, "must be an array of requirements");
            &[]
        }
    };
    let mut requirement = Requirement::default();
    for (index, alternative) in alternatives.iter().enumerate() {
        let place = format!("{place}[{index}]");
        match alternative {
            Value::Object(schemes) if schemes.is_empty() => requirement.optional = true,
            Value::Object(schemes) => {
                let alternative = read_alternative(schemes, &place, components, defects);
                requirement.alternatives.push(alternative);
            }
            _ => defects.add(place, "must be an object of scheme names"),
        }
    }
    if requirement.optional && requirement.alternatives.is_empty() {
        // Nobody is asked for anything.
        requirement.optional = false;
        if components.options.mode == Mode::Strict {
            defects.add(&place, "an open operation is written `security: []`");
        }
    }
    requirement.role = role(operation, &requirement, components, defects);
    requirement
}

fn read_alternative(
    schemes: &Map<String, Value>,
    place: &str,
    components: &Components<'_>,
    defects: &mut Defects,
) -> Vec<RequiredScheme> {
    let strict = components.options.mode == Mode::Strict;
    let declared = &components.schemes;
    let mut alternative = Vec::with_capacity(schemes.len());
    for (name, scopes) in schemes {
        let place = format!("{place}.{name}");
        let scopes = scopes.as_array().into_iter().flatten();
        let scopes: Vec<String> = scopes
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let Some(scheme) = declared.known.iter().find(|scheme| scheme.name == *name) else {
            if let Some(advice) = declared.not_enforced(name) {
                defects.add(place, advice);
            } else if !declared.is_broken(name) {
                defects.add(place, "is not among components.securitySchemes");
            }
            continue;
        };
        if strict && !scopes.is_empty() && !scheme.has_scopes && is_3_0(components.document) {
            defects.add(
                place,
                "must be an empty array: schemes of this type have no scopes in OpenAPI 3.0",
            );
        }
        alternative.push(RequiredScheme {
            scheme: scheme.clone(),
            scopes,
        });
    }
    if asks_for_two_in_authorization(&alternative) {
        if strict {
            defects.add(place, TWO_IN_AUTHORIZATION);
        } else {
            components.notice(place, TWO_IN_AUTHORIZATION);
        }
    }
    alternative
}

const TWO_IN_AUTHORIZATION: &str = "asks for two credentials in Authorization at once, which no request can have; it lets in nobody";

/// Security Requirement Object: only `oauth2` and `openIdConnect` have scopes in 3.0; 3.1 allows roles for the others.
fn is_3_0(document: &Value) -> bool {
    let version = document.get("openapi").and_then(Value::as_str);
    version.is_none_or(|version| version.starts_with("3.0"))
}

/// Returns true if no request meets the alternative. One token may be good for several bearer schemes.
fn asks_for_two_in_authorization(alternative: &[RequiredScheme]) -> bool {
    let has = |kind: &SchemeKind| alternative.iter().any(|each| each.scheme.kind == *kind);
    has(&SchemeKind::Bearer) && has(&SchemeKind::Basic)
}

/// Reads `x-access-role`. A forgotten role would let in whoever has credentials, which is refused where roles are required.
fn role(
    operation: &Located,
    requirement: &Requirement,
    components: &Components<'_>,
    defects: &mut Defects,
) -> Option<String> {
    let Some(value) = operation.json.get("x-access-role") else {
        if components.options.require_roles
            && !requirement.optional
            && !requirement.alternatives.is_empty()
        {
            defects.add(
                &operation.location,
                "is secured and names no role, which would let in everybody who has credentials; add `x-access-role`",
            );
        }
        return None;
    };
    let place = format!("{}.x-access-role", operation.location);
    let role = value.as_str()?;
    if let Some(roles) = components.options.roles
        && !roles.contains(&role)
    {
        let known = match roles {
            [] => "names a role, and the service has none; give it their levels by `ContractBuilder::roles`".to_owned(),
            roles => format!("is none of the roles: {}", roles.join(", ")),
        };
        defects.add(place, known);
    } else if requirement.optional {
        defects.add(
            place,
            "callers without credentials have no role; remove the {} alternative",
        );
    } else if requirement.alternatives.is_empty() {
        defects.add(
            place,
            "an open operation has no caller whose role could be checked",
        );
    } else {
        return Some(role.to_owned());
    }
    None
}
