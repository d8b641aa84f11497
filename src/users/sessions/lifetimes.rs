//! Lifetimes of sessions and tokens.

use time::{Duration, OffsetDateTime};

use crate::settings::Settings;

/// The lifetimes of sessions and their tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenLifetimes {
    pub(crate) access: Duration,
    pub(crate) refresh: Duration,
    /// From the start of the session to the end that rotation doesn't move.
    pub(crate) absolute: Duration,
    /// For how long a spent refresh token is answered with the same pair again.
    pub(crate) repeat: Duration,
}

impl TokenLifetimes {
    /// Reads the lifetimes from the settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            access: Duration::hours(settings.tokens.access.hours.into()),
            refresh: Duration::hours(settings.tokens.refresh.hours.into()),
            absolute: Duration::days(settings.sessions.absolute_days.into()),
            repeat: Duration::seconds(settings.sessions.refresh_repeat_seconds.into()),
        }
    }

    /// Returns when a pair made `now` expires: access, refresh. An access token never outlives the session.
    pub(super) fn ends(
        &self,
        now: OffsetDateTime,
        absolute_end: OffsetDateTime,
    ) -> (OffsetDateTime, OffsetDateTime) {
        let refresh = (now + self.refresh).min(absolute_end);
        ((now + self.access).min(refresh), refresh)
    }
}
