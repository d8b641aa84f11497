//! Values of `format`.
//!
//! A value that passes here is one that the types of generated code can hold: a format that took more would be refused only when a
//! value is decoded, where its rule is not known any more.

use super::instance::Instances;
use crate::Mode;
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonschema::{EmailOptions, Retrieve, ValidationOptions};
use std::sync::Arc;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

/// Formats with a meaning, and the type they belong to.
const FORMATS: [(&str, &str); 32] = [
    ("integer", "int8"),
    ("integer", "int16"),
    ("integer", "int32"),
    ("integer", "int64"),
    ("integer", "uint8"),
    ("integer", "uint16"),
    ("integer", "uint32"),
    ("integer", "uint64"),
    ("number", "float"),
    ("number", "double"),
    ("string", "binary"),
    ("string", "byte"),
    ("string", "date"),
    ("string", "date-time"),
    ("string", "duration"),
    ("string", "email"),
    ("string", "hostname"),
    ("string", "idn-email"),
    ("string", "idn-hostname"),
    ("string", "ipv4"),
    ("string", "ipv6"),
    ("string", "iri"),
    ("string", "iri-reference"),
    ("string", "json-pointer"),
    ("string", "password"),
    ("string", "regex"),
    ("string", "relative-json-pointer"),
    ("string", "time"),
    ("string", "uri"),
    ("string", "uri-reference"),
    ("string", "uri-template"),
    ("string", "uuid"),
];

/// The use of a format where it stands.
pub(super) enum Known {
    /// The validator asserts it.
    Asserted,
    /// It asks nothing of a value, or the bounds of its numbers are stated otherwise.
    Silent,
    /// It is not enforced, for this reason.
    Not(String),
}

/// Returns the use of `format` beside these types.
pub(super) fn known(format: &str, types: Option<&[&str]>, mode: Mode) -> Known {
    let Some((of, _)) = FORMATS.iter().find(|(_, known)| *known == format) else {
        return Known::Not(format!(
            "`{format}` is not enforced: it is no format that is known"
        ));
    };
    let is_in_place = match types {
        Some(types) => types.contains(of),
        // JSON Schema holds each text to it.
        None => mode == Mode::Open && *of == "string",
    };
    if !is_in_place {
        return Known::Not(format!(
            "`{format}` is a format of type {of}; state that type"
        ));
    }
    match (*of, format, mode) {
        (_, "binary", Mode::Strict) => Known::Not(
            "`binary` is not enforced inside JSON; send bytes as a body with a media type of its own"
                .to_owned(),
        ),
        (_, "binary" | "password", _) => Known::Silent,
        ("string", ..) => Known::Asserted,
        _ => Known::Silent,
    }
}

/// Registers the checks that are made here.
pub(super) fn register(
    options: ValidationOptions<'static, Arc<dyn Retrieve>, Instances>,
) -> ValidationOptions<'static, Arc<dyn Retrieve>, Instances> {
    options
        .should_validate_formats(true)
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("date", is_date)
        .with_format("date-time", is_date_time)
        .with_format("time", is_time)
        .with_format("duration", is_duration)
        .with_format("uuid", is_uuid)
        .with_format("byte", is_base64)
}

/// RFC 3339 section 5.6, `full-date`: a day that the calendar has.
pub(super) fn is_date(text: &str) -> bool {
    let is_plain = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_plain && Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok()
}

/// RFC 3339 section 5.6, `date-time`, with the date and the time parted by a `T`. A leap second (second 60) is taken where
/// there could be one: at the end of a month, 23:59:60 in UTC.
pub(super) fn is_date_time(text: &str) -> bool {
    matches!(text.as_bytes().get(10), Some(b'T' | b't'))
        && OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// RFC 3339 section 5.6, `full-time`. No second 60: which days have one is not known without the day.
pub(super) fn is_time(text: &str) -> bool {
    let Some(end) = text.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    // A day on which there is no leap second.
    let (time, offset) = text.split_at(end);
    is_date_time(&format!("2000-02-02T{time}{offset}"))
}

/// RFC 3339 appendix A: units in their order, with numbers that 64 bits hold. Seconds may have a fraction, as in ISO 8601.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(parts) = text.strip_prefix('P') else {
        return false;
    };
    let (date, time) = match parts.split_once('T') {
        Some((_, "")) => return false,
        Some((date, time)) => (date, time),
        None => (parts, ""),
    };
    let time = match time.split_once('.') {
        Some((whole, fraction)) => match fraction.strip_suffix('S') {
            Some(digits) if is_digits(digits) => format!("{whole}S"),
            _ => return false,
        },
        None => time.to_owned(),
    };
    let is_weeks = time.is_empty() && units(date, "W");
    !parts.is_empty() && (is_weeks || (units(date, "YMD") && units(&time, "HMS")))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns true for numbers with these units, each at most once.
fn units(text: &str, units: &str) -> bool {
    let mut left = units;
    let mut digits = 0;
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits += 1;
            continue;
        }
        let Some(unit) = left.find(letter) else {
            return false;
        };
        if !(1..19).contains(&digits) {
            return false;
        }
        left = &left[unit + 1..];
        digits = 0;
    }
    digits == 0
}

/// RFC 9562 section 4: the form with hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// RFC 4648 section 4: standard alphabet, padded.
pub(super) fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::Value;
    use uuid::Uuid;

    time::serde::format_description!(date, Date, "[year]-[month]-[day]");

    /// Reads it like generated code.
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct ADate(#[serde(with = "date")] Date);

    /// Reads it like generated code.
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct ATime(#[serde(with = "time::serde::rfc3339")] OffsetDateTime);

    /// Numbers that look like chance, and are the same in each run.
    struct Dice(u64);

    impl Dice {
        fn one_of<'o>(&mut self, options: &[&'o str]) -> &'o str {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            options[usize::try_from(self.0 % options.len() as u64).unwrap()]
        }
    }

    fn decodes<T: DeserializeOwned>(text: &str) -> bool {
        T::deserialize(Value::from(text)).is_ok()
    }

    /// Values that are right, and nearly so: each part is chosen by itself.
    fn moment(dice: &mut Dice) -> (String, String) {
        let year = dice.one_of(&[
            "0000", "0001", "1900", "1970", "2000", "2016", "2026", "9999", "-001", "+2016", "216",
        ]);
        let month = dice.one_of(&["00", "01", "02", "05", "06", "12", "13", "1"]);
        let day = dice.one_of(&["00", "01", "04", "28", "29", "30", "31", "32", "4"]);
        let between = dice.one_of(&["T", "T", "T", "t", " ", "_", "", "é"]);
        let hour = dice.one_of(&["00", "12", "18", "22", "23", "24", "7"]);
        let minute = dice.one_of(&["00", "29", "30", "59", "60"]);
        let second = dice.one_of(&["00", "59", "60", "61"]);
        let part = dice.one_of(&[
            "",
            "",
            ".0",
            ".5",
            ".999999999",
            ".1234567890123456789",
            ".",
            ",5",
        ]);
        let offset = dice.one_of(&[
            "Z", "Z", "z", "+00:00", "-00:00", "+05:30", "-05:30", "+14:00", "-23:59", "+23:59",
            "+24:00", "-01:60", "+0100", "+01", "", "Z ",
        ]);
        let date = format!("{year}-{month}-{day}");
        let time = format!("{date}{between}{hour}:{minute}:{second}{part}{offset}");
        (date, time)
    }

    #[test]
    fn what_a_format_takes_its_type_can_hold() {
        let mut dice = Dice(20_260_504);
        let (mut dates, mut times) = (0, 0);
        for _ in 0..200_000 {
            let (date, time) = moment(&mut dice);
            if is_date(&date) {
                assert!(decodes::<ADate>(&date), "{date}");
                dates += 1;
            }
            if is_date_time(&time) {
                assert!(decodes::<ATime>(&time), "{time}");
                times += 1;
            }
        }
        assert!(
            dates > 10_000 && times > 1_000,
            "{dates} dates, {times} times"
        );
        let plain = "5d1a3b0c-7a9e-4c6f-8b1d-2e3f4a5b6c7d";
        let mut ids = 0;
        for form in [
            plain.to_owned(),
            plain.to_uppercase(),
            plain.replace('-', ""),
            format!("{{{plain}}}"),
            format!("urn:uuid:{plain}"),
            format!("{{{}}}", plain.replace('-', "")),
            plain.replace('c', "g"),
            format!("{}-", plain.replacen('-', "", 1)),
            "00000000-0000-0000-0000-000000000000".to_owned(),
        ] {
            if is_uuid(&form) {
                assert!(decodes::<Uuid>(&form), "{form}");
                ids += 1;
            }
        }
        assert_eq!(ids, 3);
    }

    #[test]
    fn a_leap_second_is_taken_where_there_could_be_one() {
        for good in [
            "2016-12-31T23:59:60Z",
            "2016-12-31t18:59:60.5-05:00",
            "2026-05-04T23:59:59Z",
        ] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "2026-05-04T23:59:60Z",
            "2016-12-31T22:59:60Z",
            "2016-12-31 23:59:59Z",
            "2016-12-31T23:59:59",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
    }
}
