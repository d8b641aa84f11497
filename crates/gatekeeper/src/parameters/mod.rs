//! Parameters in path, query, headers and cookies.
//!
//! Every style of OpenAPI is decoded, from the raw request, percent-decoded once:
//!
//! | in | styles | notes |
//! | --- | --- | --- |
//! | path | `simple`, `label`, `matrix` | exploded or not, as RFC 6570 expands them (`label` without explode uses commas) |
//! | query | `form`, `spaceDelimited`, `pipeDelimited`, `deepObject` | `+` is a space; exploded, the delimited styles are `form` |
//! | header | `simple` | taken as it stands, no percent-decoding; one line unless an array or entity tags |
//! | cookie | `form` | exploded: a cookie for each item or member, or all of them in one, split at `&` |
//!
//! A parameter may be described by `content`, too: JSON, or plain text. Where a value may be of several types, the schema says
//! which it is: numbers are tried first, then booleans, lists, text, and null at last (`null`, or nothing). An array or
//! object inside another one that has no form as text is JSON. Unknown query names are violations of a strict
//! contract, unless the operation has `x-ignore-unknown-query: true`, and where it has `false`; unknown headers and cookies
//! are none, since clients and proxies add their own.

mod decode;
mod deep;
mod pieces;
mod prepare;
mod query;
mod styled;
mod text;

use pieces::object;
pub(crate) use pieces::{Encoding, Findings, Piece, array, repeated};
pub(crate) use query::{Pair, pairs};
pub(crate) use styled::Styled;

use crate::{In, Violation, segments::SegmentPlace};
use actix_web::http::header::HeaderName;
use openapi::{Form, Schema, Style, pointer};
use serde_json::Value;
use std::borrow::Cow;

/// The parameter rules of one operation.
#[derive(Debug)]
pub(crate) struct Parameters {
    rules: Vec<Parameter>,
    /// Query names that are read by security schemes.
    credentials: Vec<String>,
    /// Every query name that may be sent, for hints.
    query_names: Vec<String>,
    /// True if other names are ignored: people open the URL in a browser, where mail providers and social networks
    /// add names of their own.
    ignores_others: bool,
    has_cookies: bool,
}

/// One parameter, prepared.
#[derive(Debug)]
struct Parameter {
    name: Box<str>,
    /// The pointer of the parameter itself.
    base: String,
    location: In,
    style: Style,
    explode: bool,
    required: bool,
    default: Option<Value>,
    /// True if it may be sent without a value.
    may_be_empty: bool,
    form: Form,
    schema: Schema,
    /// Of a header.
    header: Option<HeaderName>,
    /// Of a path parameter.
    segments: Vec<SegmentPlace>,
}

impl Parameters {
    /// Returns every violation in a decoded value that is to be this parameter.
    pub(crate) fn check(&self, location: In, name: &str, value: &Value) -> Vec<Violation> {
        let rule = self
            .rules
            .iter()
            .find(|rule| rule.location == location && &*rule.name == name);
        match rule {
            Some(rule) => rule.schema.validate(value, location, &rule.base),
            None => vec![Violation::new(location, pointer("", name), "is not known")],
        }
    }
}

/// Decoded parameters of one request; names and defaults are the contract's own.
#[derive(Debug, Default)]
pub(crate) struct Values<'c>(Vec<(In, &'c str, Cow<'c, Value>)>);

impl<'c> Values<'c> {
    /// Takes a value; `None` when the caller did not send it and there is no default.
    pub(crate) fn take(&mut self, location: In, name: &str) -> Option<Cow<'c, Value>> {
        let index = self
            .0
            .iter()
            .position(|(position, known, _)| *position == location && *known == name)?;
        Some(self.0.swap_remove(index).2)
    }
}

#[cfg(test)]
mod tests;
