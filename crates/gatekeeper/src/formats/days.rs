//! Formats `date` and `date-time` (RFC 3339, section 5.6).

use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

#[expect(missing_docs, reason = "the macro writes none")]
mod written {
    time::serde::format_description!(pub date, Date, "[year]-[month]-[day]");
}

pub use written::date;

/// A day, as `2026-11-29`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Date(#[serde(with = "date")] pub time::Date);

/// A moment, as `2026-11-29T12:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct DateTime(#[serde(with = "time::serde::rfc3339")] pub time::OffsetDateTime);

macro_rules! wraps {
    ($name:ident, $inner:ty) => {
        impl Deref for $name {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut $inner {
                &mut self.0
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

wraps!(Date, time::Date);
wraps!(DateTime, time::OffsetDateTime);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn dates_are_written_as_they_were_read_wherever_they_stand() {
        let sent = json!([["2026-11-29", null], ["0001-01-01"]]);
        let days: Vec<Vec<Option<Date>>> = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(days[0][0].map(|day| day.year()), Some(2026));
        assert_eq!(serde_json::to_value(&days).unwrap(), sent);
        let sent = json!({ "a": "2026-11-29T12:00:00.5+01:00" });
        let moments: std::collections::BTreeMap<String, DateTime> =
            serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(&moments).unwrap(), sent);
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in ["2026-13-01", "2026-11-29T12:00:00Z", ""] {
            assert!(serde_json::from_value::<Date>(Value::from(text)).is_err());
        }
    }
}
