//! Format `duration` (RFC 3339, appendix A; ISO 8601).

use super::{NotOfFormat, as_text};
use std::fmt;
use std::str::FromStr;

/// A duration as `P1DT12H`. A month is no fixed number of days, so the parts are kept as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Duration(String);

/// The parts of a [`Duration`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DurationParts {
    /// Years.
    pub years: u64,
    /// Months.
    pub months: u64,
    /// Weeks.
    pub weeks: u64,
    /// Days.
    pub days: u64,
    /// Hours.
    pub hours: u64,
    /// Minutes.
    pub minutes: u64,
    /// Seconds.
    pub seconds: u64,
    /// Nanoseconds beside the seconds.
    pub nanoseconds: u32,
}

as_text!(Duration);

impl Duration {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the parts.
    #[must_use]
    pub fn parts(&self) -> DurationParts {
        parts(&self.0).unwrap_or_default()
    }
}

impl Default for Duration {
    fn default() -> Self {
        Self("PT0S".to_owned())
    }
}

impl FromStr for Duration {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        match parts(text) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(NotOfFormat("duration")),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::time::Duration> for Duration {
    /// Returns the duration in seconds: how long a day is, is not known.
    fn from(duration: std::time::Duration) -> Self {
        let seconds = duration.as_secs();
        Self(match duration.subsec_nanos() {
            0 => format!("PT{seconds}S"),
            part => format!(
                "PT{seconds}.{}S",
                format!("{part:09}").trim_end_matches('0')
            ),
        })
    }
}

impl TryFrom<&Duration> for std::time::Duration {
    type Error = NotOfFormat;

    /// Counts 24 hours a day. Years and months have no fixed length, and are refused.
    fn try_from(duration: &Duration) -> Result<Self, NotOfFormat> {
        let parts = duration.parts();
        let units = [
            (parts.weeks, 7 * 24 * 3600),
            (parts.days, 24 * 3600),
            (parts.hours, 3600),
            (parts.minutes, 60),
            (parts.seconds, 1),
        ];
        let seconds = units.into_iter().try_fold(0_u64, |sum, (count, seconds)| {
            sum.checked_add(count.checked_mul(seconds)?)
        });
        seconds
            .filter(|_| parts.years == 0 && parts.months == 0)
            .map(|seconds| Self::new(seconds, parts.nanoseconds))
            .ok_or(NotOfFormat("duration"))
    }
}

/// Reads the units in their order, each at most once and one at least; only seconds may have a fraction.
fn parts(text: &str) -> Option<DurationParts> {
    let mut parts = DurationParts::default();
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut rest = date;
    for (unit, part) in [
        ('Y', &mut parts.years),
        ('M', &mut parts.months),
        ('W', &mut parts.weeks),
        ('D', &mut parts.days),
    ] {
        *part = take(&mut rest, unit)?;
    }
    if !rest.is_empty() {
        return None;
    }
    rest = time;
    parts.hours = take(&mut rest, 'H')?;
    parts.minutes = take(&mut rest, 'M')?;
    if let Some((seconds, fraction)) = rest.split_once(['.', ',']) {
        let fraction = fraction.strip_suffix('S').filter(|text| is_digits(text))?;
        parts.nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        parts.seconds = Some(seconds).filter(|text| is_digits(text))?.parse().ok()?;
    } else {
        parts.seconds = take(&mut rest, 'S')?;
        if !rest.is_empty() {
            return None;
        }
    }
    Some(parts)
}

/// Takes the number of a unit from the front, 0 where the unit is not there; `None` where a unit has no number.
fn take(rest: &mut &str, unit: char) -> Option<u64> {
    let end = rest.find(|letter: char| !letter.is_ascii_digit());
    match end.and_then(|end| rest.split_at_checked(end)) {
        Some((digits, after)) if after.starts_with(unit) => {
            *rest = after.strip_prefix(unit)?;
            digits.parse().ok()
        }
        _ => Some(0),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_their_text_and_have_parts() {
        let duration: Duration = "P1Y2M3DT4H5M6.5S".parse().unwrap();
        assert_eq!(duration.to_string(), "P1Y2M3DT4H5M6.5S");
        let parts = DurationParts {
            years: 1,
            months: 2,
            weeks: 0,
            days: 3,
            hours: 4,
            minutes: 5,
            seconds: 6,
            nanoseconds: 500_000_000,
        };
        assert_eq!(duration.parts(), parts);
        for text in ["P0D", "P2W", "PT36H", "P1M", "PT1M", "PT0S", "P1DT1S"] {
            assert!(text.parse::<Duration>().is_ok(), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_durations() {
        for text in [
            "",
            "P",
            "PT",
            "1D",
            "P1",
            "P1DT",
            "PD",
            "P1H",
            "PT1D",
            "P1D1Y",
            "PT1.5H",
            "P-1D",
            "PT1.S",
            "p1d",
            "PT1S1S",
            "P1Dé",
            "P99999999999999999999D",
        ] {
            assert_eq!(
                text.parse::<Duration>(),
                Err(NotOfFormat("duration")),
                "{text}"
            );
        }
    }

    #[test]
    fn what_has_a_fixed_length_is_that_many_seconds() {
        let length = |text: &str| {
            let duration: Duration = text.parse().unwrap();
            std::time::Duration::try_from(&duration).map(|length| length.as_millis())
        };
        assert_eq!(length("P1DT1.25S"), Ok(86_401_250));
        assert_eq!(length("P1M"), Err(NotOfFormat("duration")));
        assert_eq!(
            length("P18446744073709551615W"),
            Err(NotOfFormat("duration"))
        );
        let back = Duration::from(std::time::Duration::from_millis(1_500));
        assert_eq!(back.as_str(), "PT1.5S");
    }
}
