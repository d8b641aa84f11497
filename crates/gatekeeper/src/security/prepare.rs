//! Prepares security requirements for requests, and compares schemes with the generated code.

use super::{KeySource, Requirement, SchemeRule, Source};
use crate::{Defects, SchemeUse, contract::header_name};
use actix_web::http::header::HeaderName;
use openapi::{Document, KeyLocation, RequiredScheme, SchemeKind};

/// Adds a defect for each scheme whose decode function is another one in the generated code, or is missing on one side.
pub(crate) fn compare_hooks(document: &Document, made: &[(&str, &str)], defects: &mut Defects) {
    for scheme in &document.security_schemes {
        let location = format!("components.securitySchemes.{}", scheme.name);
        match made.iter().find(|(name, _)| *name == scheme.name) {
            None => defects.add(
                location,
                "the generated code has no hook for it; generate again",
            ),
            Some((_, hook)) if *hook != scheme.hook => defects.add(
                location,
                format!(
                    "its hook is {}, the generated code has {hook}; generate again",
                    scheme.hook
                ),
            ),
            Some(_) => {}
        }
    }
    // A scheme with a defect of its own is declared all the same.
    let declared = document.json.pointer("/components/securitySchemes");
    for (name, hook) in made {
        if declared.is_none_or(|declared| declared.get(name).is_none()) {
            defects.add(
                "components.securitySchemes",
                format!("the generated code has hook {hook} for scheme {name}, which is not in the contract; generate again"),
            );
        }
    }
}

impl SchemeRule {
    fn prepare(required: &RequiredScheme, defects: &mut Defects) -> Option<Self> {
        let scheme = &required.scheme;
        let source = match &scheme.kind {
            SchemeKind::Bearer => Source::Bearer,
            SchemeKind::Basic => Source::Basic,
            SchemeKind::ApiKey { location, name } => Source::Key(match location {
                KeyLocation::Header => {
                    let location = format!("components.securitySchemes.{}", scheme.name);
                    KeySource::Header(header_name(name, &location, defects)?)
                }
                KeyLocation::Query => KeySource::Query(name.clone()),
                KeyLocation::Cookie => KeySource::Cookie(name.clone()),
            }),
        };
        Some(Self {
            name: scheme.name.clone(),
            hook: scheme.hook.clone(),
            scopes: required.scopes.clone(),
            source,
        })
    }
}

impl Requirement {
    /// Prepares a requirement; `roles` has the level of each role.
    pub(crate) fn prepare(
        declared: &openapi::Requirement,
        roles: &[(String, u16)],
        defects: &mut Defects,
    ) -> Self {
        let mut requirement = Self {
            optional: declared.optional,
            ..Self::default()
        };
        for schemes in &declared.alternatives {
            let mut alternative = Vec::with_capacity(schemes.len());
            for scheme in schemes {
                alternative.extend(requirement.index_of(scheme, defects));
            }
            requirement.alternatives.push(alternative);
        }
        requirement.role = declared.role.as_ref().map(|role| {
            let level = roles.iter().find(|(name, _)| name == role);
            // The reader knows the roles, so this one is among them; one that is not is above all.
            (role.clone(), level.map_or(u16::MAX, |(_, level)| *level))
        });
        requirement
    }

    /// Returns the index of a scheme with its scopes, which is added at its first use.
    fn index_of(&mut self, required: &RequiredScheme, defects: &mut Defects) -> Option<usize> {
        let known = self.schemes.iter().position(|known| {
            known.name == required.scheme.name && known.scopes == required.scopes
        });
        if known.is_some() {
            return known;
        }
        let rule = SchemeRule::prepare(required, defects)?;
        match &rule.source {
            Source::Bearer => self.kinds.bearer = true,
            Source::Basic => self.kinds.basic = true,
            Source::Key(key) => {
                self.kinds.api_key = true;
                self.kinds.authorization_key |= key.is_authorization();
            }
        }
        self.schemes.push(rule);
        Some(self.schemes.len() - 1)
    }

    /// Returns the alternatives for listings; an empty one where credentials are optional.
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
                        scopes: self.schemes[index].scopes.clone(),
                    })
                    .collect()
            })
            .collect();
        if self.optional {
            described.push(Vec::new());
        }
        described
    }

    /// Returns the name of the role that callers must have.
    pub(crate) fn role(&self) -> Option<&str> {
        self.role.as_ref().map(|(name, _)| name.as_str())
    }

    /// Returns the headers, other than `Authorization`, in which credentials may stand.
    pub(crate) fn key_headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.schemes
            .iter()
            .filter_map(|scheme| match &scheme.source {
                Source::Key(KeySource::Header(name)) => Some(name),
                _ => None,
            })
    }
}
