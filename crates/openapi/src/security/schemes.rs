//! Security schemes: what they ask for, and the hook that decodes it.
//!
//! Enforced are `http` with `bearer` or `basic`, `apiKey`, and as bearer tokens `oauth2` and `openIdConnect`. What else
//! there is may stand in a contract, but no operation may require it.

use crate::{Defects, Mode, Options, keywords, media_type::is_header_name, naming, references};
use serde_json::Value;

/// A security scheme of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// Dotted path of its decode function.
    pub hook: String,
    /// The name of that function as a method, no other scheme's.
    pub method: String,
    /// The credential that it asks for.
    pub kind: SchemeKind,
    /// Set for `oauth2` and `openIdConnect`: what a requirement lists are scopes of the token.
    pub has_scopes: bool,
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

/// The schemes of a contract.
pub(crate) struct Schemes {
    pub(crate) known: Vec<SecurityScheme>,
    /// Schemes that have a defect of their own, so that uses of them add none.
    broken: Vec<String>,
    /// Schemes that cannot be enforced, each with what to write instead.
    not_enforced: Vec<(String, String)>,
}

/// The reason for which a scheme cannot be used.
enum Fault {
    Defect(String),
    NotEnforced(String),
}

impl From<&str> for Fault {
    fn from(problem: &str) -> Self {
        Self::Defect(problem.to_owned())
    }
}

impl From<String> for Fault {
    fn from(problem: String) -> Self {
        Self::Defect(problem)
    }
}

impl Schemes {
    /// Reads `components.securitySchemes`.
    pub(crate) fn read(document: &Value, options: &Options<'_>, defects: &mut Defects) -> Self {
        let mut schemes = Self {
            known: Vec::new(),
            broken: Vec::new(),
            not_enforced: Vec::new(),
        };
        let members = document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        for (name, scheme) in members.into_iter().flatten() {
            let place = format!("components.securitySchemes.{name}");
            let resolved =
                references::resolve(document, scheme, "securitySchemes", &place, defects);
            let Some(scheme) = resolved else {
                schemes.broken.push(name.clone());
                continue;
            };
            keywords::check(scheme, &keywords::SECURITY_SCHEME, &place, defects);
            match read_scheme(name, scheme, options.mode) {
                Ok(scheme) => schemes.known.push(scheme),
                Err(Fault::NotEnforced(advice)) if options.mode == Mode::Open => {
                    schemes.not_enforced.push((name.clone(), advice));
                }
                Err(Fault::Defect(problem) | Fault::NotEnforced(problem)) => {
                    defects.add(place, problem);
                    schemes.broken.push(name.clone());
                }
            }
        }
        schemes.tell_methods_apart();
        schemes
    }

    /// Gives the methods that have the name of another's a number.
    fn tell_methods_apart(&mut self) {
        for index in 1..self.known.len() {
            let (before, rest) = self.known.split_at_mut(index);
            let method = &mut rest[0].method;
            let wanted = method.trim_end_matches('_').to_owned();
            let mut number = 0;
            while before.iter().any(|other| other.method == *method) {
                *method = format!("{wanted}_{number}");
                number += 1;
            }
        }
    }

    /// Returns what to write instead of a scheme that cannot be enforced.
    pub(crate) fn not_enforced(&self, name: &str) -> Option<&str> {
        let found = self.not_enforced.iter().find(|(known, _)| known == name);
        found.map(|(_, advice)| advice.as_str())
    }

    /// Returns true if a scheme has a defect of its own.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.iter().any(|known| known == name)
    }
}

fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

const HOOKS: [&str; 4] = [
    "x-bearerInfoFunc",
    "x-basicInfoFunc",
    "x-apikeyInfoFunc",
    "x-tokenInfoFunc",
];

fn read_scheme(name: &str, scheme: &Value, mode: Mode) -> Result<SecurityScheme, Fault> {
    let (kind, keywords) = match text(scheme, "type").unwrap_or_default() {
        "http" => read_http(scheme)?,
        "apiKey" => (read_key(scheme, mode)?, &["x-apikeyInfoFunc"][..]),
        // RFC 6749 section 7.1, OpenID Connect Core 1.0 section 5.3.1: the token is a bearer's.
        "oauth2" | "openIdConnect" => (
            SchemeKind::Bearer,
            &["x-tokenInfoFunc", "x-bearerInfoFunc"][..],
        ),
        "mutualTLS" => {
            return Err(Fault::NotEnforced(
                "certificates of clients are checked where TLS ends, and not here; have the proxy pass on what it \
                 found, as an apiKey scheme in a header"
                    .to_owned(),
            ));
        }
        other => {
            return Err(format!(
                "type: {other:?} is none of apiKey, http, oauth2, openIdConnect, mutualTLS"
            )
            .into());
        }
    };
    let keyword = keywords[0];
    let stray = HOOKS
        .iter()
        .find(|&&other| !keywords.contains(&other) && scheme.get(other).is_some());
    if let Some(other) = stray {
        return Err(
            format!("{other} does not belong to a scheme of this type; it is {keyword}").into(),
        );
    }
    let mut named = keywords.iter().filter_map(|keyword| text(scheme, keyword));
    let hook = match named.find(|hook| !hook.is_empty()) {
        Some(hook) => hook.to_owned(),
        None if mode == Mode::Open => naming::decode_hook(name),
        None => {
            return Err(format!(
                "{keyword} must name the decode function, e.g. `auth.decode_token`"
            )
            .into());
        }
    };
    Ok(SecurityScheme {
        name: name.to_owned(),
        method: naming::hook_method(&hook),
        hook,
        kind,
        has_scopes: keyword == "x-tokenInfoFunc",
    })
}

fn read_http(scheme: &Value) -> Result<(SchemeKind, &'static [&'static str]), Fault> {
    let word = text(scheme, "scheme").ok_or("an http scheme says which in `scheme`")?;
    // RFC 9110 section 11.1: without regard to case.
    if word.eq_ignore_ascii_case("bearer") {
        Ok((SchemeKind::Bearer, &["x-bearerInfoFunc"]))
    } else if word.eq_ignore_ascii_case("basic") {
        Ok((SchemeKind::Basic, &["x-basicInfoFunc"]))
    } else {
        Err(Fault::NotEnforced(format!(
            "credentials of the http scheme {word:?} are not checked, only those of bearer and basic; an apiKey scheme \
             whose header is Authorization gives the whole of it to its hook"
        )))
    }
}

fn read_key(scheme: &Value, mode: Mode) -> Result<SchemeKind, Fault> {
    let name = text(scheme, "name").ok_or("an apiKey scheme needs a name")?;
    let location = text(scheme, "in").ok_or("an apiKey scheme says where it is in `in`")?;
    let location = match location {
        "header" if !is_header_name(name) => {
            return Err(format!("{name:?} is no header name").into());
        }
        "header" if mode == Mode::Strict && name.eq_ignore_ascii_case("authorization") => {
            return Err("a key in Authorization is a scheme of type http".into());
        }
        "header" => KeyLocation::Header,
        "query" => KeyLocation::Query,
        "cookie" => KeyLocation::Cookie,
        _ => return Err(format!("in: {location:?} is none of header, query, cookie").into()),
    };
    Ok(SchemeKind::ApiKey {
        location,
        name: name.to_owned(),
    })
}
