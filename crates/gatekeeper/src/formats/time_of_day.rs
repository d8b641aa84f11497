//! Format `time` (RFC 3339, section 5.6: `full-time`).

use super::{NotOfFormat, as_text};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use time::{UtcOffset, format_description::FormatItem, macros::format_description};

const TIME: &[FormatItem<'_>] =
    format_description!("[hour]:[minute]:[second][optional [.[subsecond digits:1+]]]");
const OFFSET: &[FormatItem<'_>] =
    format_description!("[offset_hour sign:mandatory]:[offset_minute]");

/// A time of day with its offset from UTC, as `12:00:00+01:00`; without one it is local, wherever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// The time of day.
    pub time: time::Time,
    /// Its offset from UTC.
    pub offset: Option<UtcOffset>,
}

as_text!(Time);

impl Default for Time {
    /// Returns midnight in UTC.
    fn default() -> Self {
        time::Time::MIDNIGHT.into()
    }
}

impl FromStr for Time {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        let refused = NotOfFormat("time");
        let end = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
        let (time, offset) = text.split_at(end);
        let offset = match offset {
            "" => None,
            "Z" | "z" => Some(UtcOffset::UTC),
            _ => Some(UtcOffset::parse(offset, OFFSET).map_err(|_| refused)?),
        };
        let time = time::Time::parse(time, TIME).map_err(|_| refused)?;
        Ok(Self { time, offset })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, part) = self.time.as_hms_nano();
        write!(f, "{hour:02}:{minute:02}:{second:02}")?;
        if part > 0 {
            write!(f, ".{}", format!("{part:09}").trim_end_matches('0'))?;
        }
        match self.offset {
            None => Ok(()),
            Some(offset) if offset.is_utc() => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset.is_negative() { '-' } else { '+' };
                let (hours, minutes, _) = offset.as_hms();
                write!(
                    f,
                    "{sign}{:02}:{:02}",
                    hours.unsigned_abs(),
                    minutes.unsigned_abs()
                )
            }
        }
    }
}

impl Deref for Time {
    type Target = time::Time;

    fn deref(&self) -> &time::Time {
        &self.time
    }
}

impl From<time::Time> for Time {
    /// Returns the time in UTC.
    fn from(time: time::Time) -> Self {
        Self {
            time,
            offset: Some(UtcOffset::UTC),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_were_read() {
        for text in [
            "12:00:00Z",
            "23:59:59.25+05:30",
            "00:00:00-00:30",
            "07:08:09",
            "07:08:09.000000001Z",
        ] {
            assert_eq!(
                text.parse::<Time>().map(|time| time.to_string()).as_deref(),
                Ok(text)
            );
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "24:00:00Z",
            "12:00Z",
            "12:00:00+0100",
            "12:00:00.Z",
            "12:00:00ZZ",
        ] {
            assert_eq!(text.parse::<Time>(), Err(NotOfFormat("time")), "{text}");
        }
    }
}
