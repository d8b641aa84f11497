//! Times for people to read.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Describes a point in time, given in seconds since 1970 like `now`, and how far away it is.
pub fn moment(at: i64, now: i64) -> String {
    let distance = distance(at.saturating_sub(now));
    let date = OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok());
    match date {
        Some(date) => format!("{date} ({distance})"),
        None => distance,
    }
}

/// Describes a distance by its two largest units.
fn distance(seconds: i64) -> String {
    let size = seconds.unsigned_abs();
    let (days, hours, minutes) = (size / 86_400, size / 3_600 % 24, size / 60 % 60);
    let text = match (days, hours, minutes) {
        (0, 0, 0) => format!("{size} s"),
        (0, 0, _) => format!("{minutes} min {} s", size % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    };
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {text}"),
        _ => format!("{text} ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_two_units() {
        for (seconds, words) in [
            (0, "now"),
            (59, "in 59 s"),
            (-60, "1 min 0 s ago"),
            (3_661, "in 1 h 1 min"),
            (-90_000, "1 d 1 h ago"),
        ] {
            assert_eq!(distance(seconds), words);
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_told_by_its_distance() {
        assert_eq!(
            moment(1_800_000_060, 1_800_000_000),
            "2027-01-15T08:01:00Z (in 1 min 0 s)"
        );
        assert!(moment(i64::MAX, 0).starts_with("in "));
        assert!(moment(i64::MIN, 1).ends_with(" ago"));
    }
}
