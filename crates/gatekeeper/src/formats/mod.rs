//! Texts of JSON Schema's formats as types: each reads and writes the form that the contract has for it, wherever it
//! stands (`Vec<Option<Date>>` as well as a parameter).
//!
//! A property that is a date or a moment has the type of `time` itself, by `#[serde(with = "…")]`: [`date`] and
//! `time::serde::rfc3339`.

mod base64;
mod days;
mod duration;
mod time_of_day;

pub use self::base64::Base64;
pub use days::{Date, DateTime, date};
pub use duration::{Duration, DurationParts};
pub use time_of_day::Time;

/// A text that is none of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOfFormat(&'static str);

impl std::fmt::Display for NotOfFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "is no text of format `{}`", self.0)
    }
}

impl std::error::Error for NotOfFormat {}

/// Implements serde's traits by `FromStr` and `Display`.
macro_rules! as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text =
                    <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use as_text;
