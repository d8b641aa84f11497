//! Keeps the copy in memory complete: loads it from SQL, then reads the feed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use database::Database;
use infrastructure::clock::Moment;
use time::OffsetDateTime;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::trust::Trust;
use crate::revocation::backend::StoreUnavailable;
use crate::revocation::redis::{Feed, FeedFault, Redis};
use crate::revocation::set::Set;
use crate::revocation::store;

/// Questions that may fail or be late, one after the other, before the copy is not trusted.
const QUESTIONS_PER_BOUND: u32 = 10;
/// The longest time between two questions; half of it is what a revocation takes to be known.
const LONGEST_PERIOD: Duration = Duration::from_millis(25);
/// Time between the end of a connection and the next.
const PAUSE: Duration = Duration::from_millis(100);
/// Time between two removals of what has expired.
const TIDY_PERIOD: Duration = Duration::from_secs(60);

/// A copy of all revocations.
pub(super) struct Copy {
    pub(super) revoked: Set,
    pub(super) trust: Trust,
    database: Database,
    period: Duration,
}

/// The place in the feed up to which the copy is complete.
struct Place {
    /// Of the server whose feed it is.
    identity: Arc<str>,
    last: String,
}

impl Copy {
    pub(super) fn new(bound: Duration, database: Database) -> Self {
        Self {
            revoked: Set::default(),
            trust: Trust::new(bound, Moment::now()),
            database,
            period: (bound / QUESTIONS_PER_BOUND).min(LONGEST_PERIOD),
        }
    }

    /// Follows the feed; never returns.
    pub(super) async fn follow(&self, redis: &Redis) {
        let mut place = None;
        let mut told = None;
        loop {
            let Err(reason) = self.read(redis, &mut place, &mut told).await;
            self.tell(&mut told, &reason);
            sleep(PAUSE).await;
        }
    }

    /// Reads the feed over one connection, for as long as that is possible.
    async fn read(
        &self,
        redis: &Redis,
        place: &mut Option<Place>,
        told: &mut Option<bool>,
    ) -> Result<Infallible, StoreUnavailable> {
        let mut feed = redis.feed().await?;
        // Another process need not have all that the former one had acknowledged.
        let known = place
            .take()
            .filter(|place| place.identity == *feed.identity());
        let mut at = match known {
            Some(known) => known,
            None => self.load(&mut feed).await?,
        };
        let mut ticks = interval(self.period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let asked = Moment::now();
            let news = match feed.read(&at.last).await {
                Ok(news) => news,
                Err(FeedFault::Lost(reason)) => return Err(reason),
                Err(FeedFault::Silent(reason)) => {
                    *place = Some(at);
                    return Err(reason);
                }
            };
            self.revoked.add(&news.revocations);
            at.last = news.last;
            if news.complete {
                self.trust.confirm(asked);
                self.tell(told, &StoreUnavailable::new("Redis answers too late"));
            } else {
                ticks.reset_immediately();
            }
        }
    }

    /// Reads everything from SQL. What is published meanwhile is in the feed behind the place that is returned.
    async fn load(&self, feed: &mut Feed) -> Result<Place, StoreUnavailable> {
        let began = Instant::now();
        let last = feed.mark().await?;
        let mut after = None;
        while let Some(page) = store::page(&self.database, after).await.map_err(|error| {
            let cause = database::describe_error(&error);
            StoreUnavailable::new(format!(
                "the table of revoked tokens cannot be read: {cause}"
            ))
        })? {
            after = Some(page.last);
            self.revoked.add(&page.revocations);
        }
        let (count, milliseconds) = (self.revoked.len(), began.elapsed().as_millis());
        tracing::info!(
            count,
            milliseconds,
            "revoked tokens were read from the database"
        );
        Ok(Place {
            identity: Arc::clone(feed.identity()),
            last,
        })
    }

    /// Logs that the copy is trusted, or that it is not, once until that changes.
    fn tell(&self, told: &mut Option<bool>, reason: &StoreUnavailable) {
        let trusted = self.trust.holds(Moment::now());
        if told.replace(trusted) == Some(trusted) {
            return;
        }
        if trusted {
            tracing::info!("revoked tokens are looked up in memory");
        } else {
            tracing::warn!(
                reason = reason.reason(),
                "the feed of revoked tokens is down or behind; Redis is asked about each token until it is not"
            );
        }
    }

    /// Forgets what has expired, again and again; never returns.
    pub(super) async fn tidy(&self) {
        loop {
            sleep(TIDY_PERIOD).await;
            self.revoked
                .drop_expired(OffsetDateTime::now_utc().unix_timestamp());
        }
    }
}
