//! Security schemes, and the requirements that name them: an OR of ANDs (`security`), then a role (`x-access-role`).
//!
//! `http` with `bearer` or `basic` and `apiKey` are enforced. `oauth2`, `openIdConnect`, other `http` schemes and scopes
//! are refused.

use crate::{
    Defects, keywords, media_type::is_header_name, operation::Components, paths::Located,
    references,
};
use serde_json::{Map, Value};

/// A security scheme of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// Dotted path of its decode function.
    pub hook: String,
    /// The credential that it asks for.
    pub kind: SchemeKind,
}

/// The credential that a scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A token in `Authorization` (RFC 6750).
    Bearer,
    /// Name and password in `Authorization` (RFC 7617).
    Basic,
    /// A key of its own.
    ApiKey {
        /// The part of the request.
        location: KeyLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
    },
}

/// The part of a request that holds an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// A header.
    Header,
    /// The query string.
    Query,
    /// A cookie.
    Cookie,
}

/// The security requirement of an operation.
#[derive(Clone, Debug, Default)]
pub struct Requirement {
    /// Any one of these, each with all of its schemes; the empty alternative is not among them.
    pub alternatives: Vec<Vec<SecurityScheme>>,
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

    /// Returns the query names that hold API keys.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        let schemes = self.alternatives.iter().flatten();
        schemes.filter_map(|scheme| match &scheme.kind {
            SchemeKind::ApiKey {
                location: KeyLocation::Query,
                name,
            } => Some(name.as_str()),
            _ => None,
        })
    }
}

/// The schemes of a contract.
pub(crate) struct Schemes {
    pub(crate) known: Vec<SecurityScheme>,
    /// Schemes that have a defect of their own, so that uses of them add none.
    broken: Vec<String>,
}

impl Schemes {
    /// Reads `components.securitySchemes`.
    pub(crate) fn read(document: &Value, defects: &mut Defects) -> Self {
        let mut schemes = Self {
            known: Vec::new(),
            broken: Vec::new(),
        };
        let members = document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        for (name, scheme) in members.into_iter().flatten() {
            let place = format!("components.securitySchemes.{name}");
            let resolved =
                references::resolve(document, scheme, "securitySchemes", &place, defects);
            if let Some(scheme) = resolved {
                keywords::check(scheme, &keywords::SECURITY_SCHEME, &place, defects);
            }
            match resolved.map(|scheme| read_scheme(name, scheme)) {
                Some(Ok(scheme)) => schemes.known.push(scheme),
                failed => {
                    if let Some(Err(problem)) = failed {
                        defects.add(place, problem);
                    }
                    schemes.broken.push(name.clone());
                }
            }
        }
        schemes
    }
}

fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

fn read_scheme(name: &str, scheme: &Value) -> Result<SecurityScheme, String> {
    let (kind, keyword) = match (
        text(scheme, "type"),
        text(scheme, "scheme"),
        text(scheme, "in"),
    ) {
        (Some("http"), Some(word), _) if word.eq_ignore_ascii_case("bearer") => {
            (SchemeKind::Bearer, "x-bearerInfoFunc")
        }
        (Some("http"), Some(word), _) if word.eq_ignore_ascii_case("basic") => {
            (SchemeKind::Basic, "x-basicInfoFunc")
        }
        (Some("apiKey"), _, Some(location)) => {
            let key = text(scheme, "name").ok_or("an apiKey scheme needs a name")?;
            (read_key(location, key)?, "x-apikeyInfoFunc")
        }
        _ => {
            return Err("only http with bearer or basic, and apiKey in header, query or cookie, are enforced".to_owned());
        }
    };
    let keywords = ["x-bearerInfoFunc", "x-basicInfoFunc", "x-apikeyInfoFunc"];
    if let Some(other) = keywords
        .iter()
        .find(|&&other| other != keyword && scheme.get(other).is_some())
    {
        return Err(format!(
            "{other} does not belong to a scheme of this type; it is {keyword}"
        ));
    }
    let hook = text(scheme, keyword)
        .filter(|hook| !hook.is_empty())
        .ok_or_else(|| {
            format!("{keyword} must name the decode function, e.g. `auth.decode_token`")
        })?;
    Ok(SecurityScheme {
        name: name.to_owned(),
        hook: hook.to_owned(),
        kind,
    })
}

fn read_key(location: &str, name: &str) -> Result<SchemeKind, String> {
    let location = match location {
        "header" if !is_header_name(name) => return Err(format!("{name:?} is no header name")),
        "header" if name.eq_ignore_ascii_case("authorization") => {
            return Err("a key in Authorization is a scheme of type http".to_owned());
        }
        "header" => KeyLocation::Header,
        "query" => KeyLocation::Query,
        "cookie" => KeyLocation::Cookie,
        _ => return Err(format!("in: {location:?} is none of header, query, cookie")),
    };
    Ok(SchemeKind::ApiKey {
        location,
        name: name.to_owned(),
    })
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
                let alternative = read_alternative(schemes, &place, &components.schemes, defects);
                requirement.alternatives.push(alternative);
            }
            _ => defects.add(place, "must be an object of scheme names"),
        }
    }
    if requirement.optional && alternatives.len() == 1 {
        defects.add(&place, "an open operation is written `security: []`");
    }
    requirement.role = role(operation, &requirement, components, defects);
    requirement
}

fn read_alternative(
    schemes: &Map<String, Value>,
    place: &str,
    declared: &Schemes,
    defects: &mut Defects,
) -> Vec<SecurityScheme> {
    let mut alternative = Vec::with_capacity(schemes.len());
    for (name, scopes) in schemes {
        if !matches!(scopes, Value::Array(scopes) if scopes.is_empty()) {
            defects.add(
                format!("{place}.{name}"),
                "must be an empty array: schemes of these types have no scopes in OpenAPI 3.0",
            );
        }
        match declared.known.iter().find(|scheme| scheme.name == *name) {
            Some(scheme) => alternative.push(scheme.clone()),
            None if declared.broken.contains(name) => {}
            None => defects.add(
                format!("{place}.{name}"),
                "is not among components.securitySchemes",
            ),
        }
    }
    let in_authorization =
        |scheme: &&SecurityScheme| !matches!(scheme.kind, SchemeKind::ApiKey { .. });
    if alternative.iter().filter(in_authorization).count() > 1 {
        defects.add(
            place,
            "asks for two credentials in Authorization at once, which no request can have",
        );
    }
    alternative
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
        defects.add(place, format!("is none of the roles: {}", roles.join(", ")));
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
