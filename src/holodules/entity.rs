//! A row of `holodules`.

use generated::models::{Holodule as Record, HoloduleFields};
use sea_orm::entity::prelude::*;
use time::{OffsetDateTime, UtcOffset};

use crate::errors::ApiError;

/// A stream.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holodules")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) key: String,
    pub(crate) video_id: String,
    /// In UTC and whole seconds, see [`crate::database::now`].
    pub(crate) datetime: TimeDateTimeWithTimeZone,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) description: String,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Creates a stream from validated fields.
    ///
    /// # Errors
    /// `validation-failed` for a time that not every database can store.
    pub(crate) fn new(key: String, fields: HoloduleFields) -> Result<Self, ApiError> {
        Ok(Self {
            key,
            video_id: fields.video_id,
            datetime: kept(fields.datetime)?,
            name: fields.name,
            title: fields.title,
            url: fields.url,
            description: fields.description,
        })
    }
}

impl From<Model> for Record {
    fn from(row: Model) -> Self {
        Self {
            key: row.key,
            video_id: row.video_id,
            datetime: row.datetime,
            name: row.name,
            title: row.title,
            url: row.url,
            description: row.description,
        }
    }
}

/// Returns the time in UTC, without fractions of a second. At either end of the calendar a time that exists in its own
/// zone does not exist in UTC.
fn kept(moment: OffsetDateTime) -> Result<OffsetDateTime, ApiError> {
    moment
        .checked_to_offset(UtcOffset::UTC)
        .filter(|moment| (1970..=9999).contains(&moment.year()))
        .and_then(|moment| moment.replace_nanosecond(0).ok())
        .ok_or_else(|| {
            ApiError::invalid("/datetime", "is not within the years 1970 to 9999, in UTC")
        })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::kept;

    #[test]
    fn a_time_is_kept_in_utc_to_the_second() {
        for (given, expected) in [
            (
                datetime!(2026-05-04 20:00:00.999 +9),
                datetime!(2026-05-04 11:00 UTC),
            ),
            (
                datetime!(1969-12-31 23:00 -1),
                datetime!(1970-01-01 0:00 UTC),
            ),
        ] {
            assert_eq!(kept(given).ok(), Some(expected), "{given}");
        }
    }

    #[test]
    fn a_time_that_cannot_be_kept_is_refused() {
        for given in [
            datetime!(9999-12-31 23:00 -1),
            datetime!(0000-01-01 0:00 +1),
            datetime!(1970-01-01 0:00 +1),
        ] {
            assert!(kept(given).is_err(), "{given}");
        }
    }
}
