//! The query string as pairs.

use super::text;
use std::borrow::Cow;

/// One `name=value` of a query or form.
pub(crate) struct Pair<'r> {
    /// Decoded.
    pub(crate) name: Cow<'r, str>,
    /// The value as it was sent.
    pub(crate) raw: &'r str,
    /// True once somebody took it.
    pub(crate) used: bool,
    /// True once it was taken by its name, not along with all others.
    pub(crate) claimed: bool,
}

impl<'r> Pair<'r> {
    pub(crate) fn new(name: Cow<'r, str>, raw: &'r str) -> Self {
        Self {
            name,
            raw,
            used: false,
            claimed: false,
        }
    }

    /// Takes it by its name.
    pub(crate) fn claim(&mut self) {
        self.used = true;
        self.claimed = true;
    }
}

/// Splits at `&` and the first `=`; a name without `=` has an empty value.
///
/// Gives the pairs, and the rule that the first unreadable name breaks.
pub(crate) fn pairs(raw: &str) -> (Vec<Pair<'_>>, Option<&'static str>) {
    let mut pairs = Vec::new();
    let mut broken = None;
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match text::decode(name, true) {
            Ok(name) => pairs.push(Pair::new(name, value)),
            Err(rule) => broken = broken.or(Some(rule)),
        }
    }
    (pairs, broken)
}
