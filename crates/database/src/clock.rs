//! The time, by the machine and by the clock that all instances share.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::Database;

/// A difference that no slow answer explains.
const NOTICEABLE: Duration = Duration::seconds(5);

/// Returns the present time in whole seconds.
///
/// SQLite keeps times as text and compares them as text, which is the order in time only while all
/// have the same form; a fraction would break that.
#[must_use]
pub fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// Returns the present time, with its fraction, by the clock of the database's server, or of this machine on SQLite.
///
/// # Errors
/// Those of the database.
pub async fn clock(connection: &impl ConnectionTrait) -> Result<OffsetDateTime, DbErr> {
    let backend = connection.get_database_backend();
    let question = match backend {
        DbBackend::Postgres => "SELECT clock_timestamp()",
        DbBackend::MySql => "SELECT UTC_TIMESTAMP(6)",
        _ => return Ok(OffsetDateTime::now_utc()),
    };
    let question = Statement::from_string(backend, question);
    let row = connection.query_one_raw(question).await?;
    let row = row.ok_or_else(|| DbErr::Custom("the database tells no time".to_owned()))?;
    match backend {
        DbBackend::MySql => Ok(row.try_get_by_index::<PrimitiveDateTime>(0)?.assume_utc()),
        _ => row.try_get_by_index(0),
    }
}

/// Warns in the log of a clock that is not the server's: tokens and their ends are timed by the machine.
///
/// # Errors
/// Those of the database.
pub async fn warn_of_a_wrong_clock(database: &Database) -> Result<(), DbErr> {
    let difference = database.run(|connection| async move {
        let shared = clock(&connection).await?;
        Ok::<_, DbErr>(OffsetDateTime::now_utc() - shared)
    });
    let difference = difference.await?;
    if difference.abs() > NOTICEABLE {
        tracing::warn!(
            seconds_ahead = difference.whole_seconds(),
            "the clock of this machine and that of the database differ; let both follow one time server, since instances \
             whose clocks are more than a minute apart refuse each other's tokens"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestDatabase;

    #[test]
    fn the_present_has_no_fraction_of_a_second() {
        assert_eq!(now().nanosecond(), 0);
    }

    #[tokio::test]
    async fn the_server_tells_the_time_in_utc_with_a_fraction() {
        let database = TestDatabase::open().await;
        let before = OffsetDateTime::now_utc();
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(clock(database.pool()).await.unwrap());
        }
        assert!(told.is_sorted(), "{told:?}");
        assert!(told.iter().any(|time| time.nanosecond() != 0), "{told:?}");
        assert!((told[0] - before).abs() < Duration::MINUTE, "{told:?}");
    }
}
