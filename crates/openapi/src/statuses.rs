//! The keys of responses, and the statuses that the gatekeeper answers by itself.

use crate::{Defects, Mode, Requirement, paths::Located};
use std::fmt;

/// The statuses that a response is declared for; the more specific ones come first in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// One status.
    Exact(u16),
    /// The statuses of a class, by their first digit: `4XX`.
    Class(u8),
    /// Each status that no other response is declared for.
    Default,
}

impl Status {
    /// Reads a key of the Responses Object (OpenAPI 3.0.3): a status, a class of statuses, or `default`.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        match key.as_bytes() {
            [class @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => Some(Self::Class(class - b'0')),
            [_, _, _] => {
                let status = key.parse().ok()?;
                (100..600).contains(&status).then_some(Self::Exact(status))
            }
            _ => None,
        }
    }

    /// Returns true if the response is for this status, unless a more specific one is.
    #[must_use]
    pub fn covers(self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => exact == status,
            Self::Class(class) => u16::from(class) == status / 100,
            Self::Default => true,
        }
    }

    /// Returns true if a success can have it.
    #[must_use]
    pub fn is_success(self) -> bool {
        match self {
            Self::Exact(status) => (200..400).contains(&status),
            Self::Class(class) => class == 2 || class == 3,
            Self::Default => true,
        }
    }

    /// Returns true if its replies have no content (RFC 9110 sections 15.2, 15.3.5, 15.3.6 and 15.4.5).
    #[must_use]
    pub fn is_empty(self) -> bool {
        matches!(
            self,
            Self::Exact(100..200 | 204 | 205 | 304) | Self::Class(1)
        )
    }
}

impl fmt::Display for Status {
    /// Returns the status as the contract writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Adds a defect for each status that the gatekeeper answers and an operation does not declare. Only a strict contract
/// has to: these answers do not depend on it.
pub(crate) fn check(
    operation: &Located,
    requirement: &Requirement,
    mode: Mode,
    defects: &mut Defects,
) {
    if mode == Mode::Open {
        return;
    }
    let responses = operation.json.get("responses");
    let declares = |status: &str| responses.is_some_and(|each| each.get(status).is_some());
    if requirement.is_secured() && !declares("401") {
        defects.add(
            format!("{}.responses", operation.location),
            "a secured operation must declare its 401",
        );
    }
    if requirement.has_scopes() && !declares("403") {
        defects.add(
            format!("{}.responses", operation.location),
            "a credential without the scopes is answered 403, which the operation must declare",
        );
    }
    if operation.json.get("requestBody").is_some() {
        for status in ["400", "413", "415"] {
            if !declares(status) {
                defects.add(
                    &operation.location,
                    format!("a bad body is answered {status}, which its responses do not declare"),
                );
            }
        }
    }
    if !declares("400") {
        defects.add(
            &operation.location,
            "an unknown query name is answered 400, which its responses do not declare",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_status_a_class_or_the_default() {
        for (key, status) in [
            ("200", Some(Status::Exact(200))),
            ("599", Some(Status::Exact(599))),
            ("4XX", Some(Status::Class(4))),
            ("5xx", Some(Status::Class(5))),
            ("default", Some(Status::Default)),
            ("600", None),
            ("099", None),
            ("+20", None),
            ("20X", None),
            ("6XX", None),
            ("Default", None),
            ("", None),
        ] {
            assert_eq!(Status::parse(key), status, "{key:?}");
        }
    }

    #[test]
    fn the_most_specific_comes_first() {
        let mut all = [Status::Default, Status::Class(4), Status::Exact(404)];
        all.sort();
        let of = |status| all.iter().find(|each| each.covers(status));
        assert_eq!(of(404), Some(&Status::Exact(404)));
        assert_eq!(of(400), Some(&Status::Class(4)));
        assert_eq!(of(500), Some(&Status::Default));
    }
}
