//! Reads security requirements and schemes from the contract.

use super::{KeyPlace, Requirement, SchemeRule, Source};
use crate::{
    Defects, SchemeUse,
    spec::{OperationSpec, Spec},
};
use actix_web::http::header::{AUTHORIZATION, HeaderName};
use serde_json::{Map, Value};

/// The schemes of a contract, by name.
pub(crate) struct Hooks {
    schemes: Vec<SchemeRule>,
    /// Schemes that have a defect of their own, so that uses of them add none.
    broken: Vec<String>,
}

impl Hooks {
    /// Reads `components.securitySchemes`.
    pub(crate) fn prepare(spec: &Spec, defects: &mut Defects) -> Self {
        let mut hooks = Self {
            schemes: Vec::new(),
            broken: Vec::new(),
        };
        for (name, scheme) in &spec.security_schemes {
            match read_scheme(name, scheme) {
                Ok(rule) => hooks.schemes.push(rule),
                Err(problem) => {
                    defects.add(format!("components.securitySchemes.{name}"), problem);
                    hooks.broken.push(name.clone());
                }
            }
        }
        hooks
    }

    /// Compares the schemes with the hooks that the generated code has.
    pub(crate) fn compare(&self, made: &[(&str, &str)], defects: &mut Defects) {
        for rule in &self.schemes {
            let place = format!("components.securitySchemes.{}", rule.name);
            match made.iter().find(|(name, _)| *name == rule.name) {
                None => defects.add(
                    place,
                    "the generated code has no hook for it; generate again",
                ),
                Some((_, hook)) if *hook != rule.hook => defects.add(
                    place,
                    format!(
                        "its hook is {}, the generated code has {hook}; generate again",
                        rule.hook
                    ),
                ),
                Some(_) => {}
            }
        }
        for (name, hook) in made {
            let known = self.schemes.iter().any(|rule| rule.name == *name);
            if !known && !self.broken.iter().any(|broken| broken == name) {
                defects.add(
                    "components.securitySchemes",
                    format!("the generated code has hook {hook} for scheme {name}, which is not in the contract; generate again"),
                );
            }
        }
    }
}

fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

fn read_scheme(name: &str, scheme: &Value) -> Result<SchemeRule, String> {
    let (source, keyword) = match (
        text(scheme, "type"),
        text(scheme, "scheme"),
        text(scheme, "in"),
    ) {
        (Some("http"), Some(word), _) if word.eq_ignore_ascii_case("bearer") => {
            (Source::Bearer, "x-bearerInfoFunc")
        }
        (Some("http"), Some(word), _) if word.eq_ignore_ascii_case("basic") => {
            (Source::Basic, "x-basicInfoFunc")
        }
        (Some("apiKey"), _, Some(place)) => {
            let key = text(scheme, "name").ok_or("an apiKey scheme needs a name")?;
            (Source::Key(read_place(place, key)?), "x-apikeyInfoFunc")
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
        .ok_or_else(|| format!("{keyword} must name the decode function"))?;
    Ok(SchemeRule {
        name: name.to_owned(),
        hook: hook.to_owned(),
        source,
    })
}

fn read_place(place: &str, key: &str) -> Result<KeyPlace, String> {
    match place {
        "header" => {
            let header = HeaderName::from_bytes(key.as_bytes())
                .map_err(|_| format!("{key:?} is no header name"))?;
            if header == AUTHORIZATION {
                return Err("a key in Authorization is a scheme of type http".to_owned());
            }
            Ok(KeyPlace::Header(header))
        }
        "query" => Ok(KeyPlace::Query(key.to_owned())),
        "cookie" => Ok(KeyPlace::Cookie(key.to_owned())),
        _ => Err(format!("in: {place:?} is none of header, query, cookie")),
    }
}

impl Requirement {
    /// Reads the requirement of an operation: its own, or else the document's.
    pub(crate) fn prepare(
        operation: &OperationSpec,
        spec: &Spec,
        hooks: &Hooks,
        roles: &[(String, u16)],
        defects: &mut Defects,
    ) -> Self {
        let mut requirement = Self::default();
        let own = operation.json.get("security");
        let place = match own {
            Some(_) => format!("{}.security", operation.location),
            None => "security".to_owned(),
        };
        let alternatives = match own.or(spec.security.as_ref()) {
            None => &[][..],
            Some(Value::Array(alternatives)) => alternatives,
            Some(_) => {
                defects.add(&place, "must be an array of requirements");
                &[]
            }
        };
        for (index, alternative) in alternatives.iter().enumerate() {
            let place = format!("{place}[{index}]");
            match alternative {
                Value::Object(schemes) if schemes.is_empty() => requirement.optional = true,
                Value::Object(schemes) => requirement.add(schemes, &place, hooks, defects),
                _ => defects.add(place, "must be an object of scheme names"),
            }
        }
        if requirement.optional && alternatives.len() == 1 {
            defects.add(&place, "an open operation is written `security: []`");
        }
        requirement.read_role(operation, roles, defects);
        requirement
    }

    fn add(
        &mut self,
        schemes: &Map<String, Value>,
        place: &str,
        hooks: &Hooks,
        defects: &mut Defects,
    ) {
        let mut alternative = Vec::with_capacity(schemes.len());
        for (name, scopes) in schemes {
            if !matches!(scopes, Value::Array(scopes) if scopes.is_empty()) {
                defects.add(
                    format!("{place}.{name}"),
                    "must be an empty array: schemes of these types have no scopes in OpenAPI 3.0",
                );
            }
            let Some(rule) = hooks.schemes.iter().find(|rule| rule.name == *name) else {
                if !hooks.broken.contains(name) {
                    defects.add(
                        format!("{place}.{name}"),
                        "is not among components.securitySchemes",
                    );
                }
                continue;
            };
            let index = self.schemes.iter().position(|known| known.name == *name);
            alternative.push(index.unwrap_or_else(|| {
                self.schemes.push(rule.clone());
                self.schemes.len() - 1
            }));
            match rule.source {
                Source::Bearer => self.kinds.bearer = true,
                Source::Basic => self.kinds.basic = true,
                Source::Key(_) => self.kinds.api_key = true,
            }
        }
        let http = |&&index: &&usize| !matches!(self.schemes[index].source, Source::Key(_));
        if alternative.iter().filter(http).count() > 1 {
            defects.add(
                place,
                "asks for two credentials in Authorization at once, which no request can have",
            );
        }
        self.alternatives.push(alternative);
    }

    fn read_role(
        &mut self,
        operation: &OperationSpec,
        roles: &[(String, u16)],
        defects: &mut Defects,
    ) {
        let Some(value) = operation.json.get("x-access-role") else {
            return;
        };
        let place = format!("{}.x-access-role", operation.location);
        let Some(role) = roles
            .iter()
            .find(|(name, _)| Some(name.as_str()) == value.as_str())
        else {
            let names: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
            defects.add(place, format!("is none of the roles: {}", names.join(", ")));
            return;
        };
        if self.alternatives.is_empty() {
            defects.add(
                place,
                "an open operation has no caller whose role could be checked",
            );
        } else if self.optional {
            defects.add(
                place,
                "callers without credentials have no role; remove the {} alternative",
            );
        } else {
            self.role = Some(role.clone());
        }
    }

    /// The alternatives for listings; an empty one where credentials are optional.
    pub(crate) fn describe(&self) -> Vec<Vec<SchemeUse>> {
        let mut described: Vec<Vec<SchemeUse>> = self
            .alternatives
            .iter()
            .map(|alternative| {
                alternative
                    .iter()
                    .map(|&index| SchemeUse {
                        name: self.schemes[index].name.clone(),
                        hook: self.schemes[index].hook.clone(),
                    })
                    .collect()
            })
            .collect();
        if self.optional {
            described.push(Vec::new());
        }
        described
    }

    /// The name of the role that callers must have.
    pub(crate) fn role(&self) -> Option<&str> {
        self.role.as_ref().map(|(name, _)| name.as_str())
    }

    /// The headers, other than `Authorization`, in which credentials may stand.
    pub(crate) fn key_headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.schemes
            .iter()
            .filter_map(|scheme| match &scheme.source {
                Source::Key(KeyPlace::Header(name)) => Some(name),
                _ => None,
            })
    }
}
