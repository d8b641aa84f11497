//! Days as the contract writes them, `YYYYMMDD`.

use gatekeeper::In;
use time::macros::{format_description, time};
use time::{Date, OffsetDateTime};

use crate::errors::ApiError;

/// A day, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(Date);

impl Day {
    /// Parses the day that `text` names.
    ///
    /// # Errors
    /// `validation-failed`; the contract's pattern lets none such through.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        Date::parse(text, format_description!("[year][month][day]"))
            .map(Self)
            .map_err(|_| ApiError::invalid_in(In::Path, "/date", "no calendar has this date"))
    }

    /// Returns the day of a time in UTC.
    pub(super) fn of(moment: OffsetDateTime) -> Self {
        Self(moment.date())
    }

    /// Returns the first and the last second of the day.
    pub(super) fn bounds(self) -> [OffsetDateTime; 2] {
        [time!(0:00), time!(23:59:59)].map(|time| self.0.with_time(time).assume_utc())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use time::macros::datetime;

    use super::Day;

    #[test]
    fn a_day_lasts_from_midnight_to_its_last_second() {
        let day = Day::parse("20240229").unwrap();
        let bounds = [
            datetime!(2024-02-29 0:00 UTC),
            datetime!(2024-02-29 23:59:59 UTC),
        ];
        assert_eq!(day.bounds(), bounds);
        assert!(bounds.map(Day::of).iter().all(|of| *of == day));
        Day::parse("99991231").unwrap().bounds();
    }

    #[test]
    fn the_contract_takes_the_same_days() {
        let document: Value = openapi::load(generated::SPEC).unwrap();
        let parameter = &document["paths"]["/holodules/v1/{date}"]["get"]["parameters"][0];
        let contract = jsonschema::validator_for(&parameter["schema"]).unwrap();
        for year in [
            "0000", "0004", "0100", "1900", "1996", "2000", "2023", "2024", "2100", "9999",
        ] {
            for day in 0..=1300 {
                let text = format!("{year}{day:04}");
                let is_day = Day::parse(&text).is_ok();
                assert_eq!(
                    contract.is_valid(&Value::from(text.as_str())),
                    is_day,
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn what_no_calendar_has_is_no_day() {
        for text in [
            "20260231", "20250229", "19000229", "20260431", "20261301", "2026050", "", "+2026050",
        ] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
    }
}
