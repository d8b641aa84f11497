//! Reads the feed.

use std::sync::Arc;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{RedisError, Value, cmd, pipe};
use infrastructure::redis::{Primary, connection_config};
use time::OffsetDateTime;
use uuid::Uuid;

use super::feed;
use super::fill::{self, Filled};
use super::keys::{EPOCH, FEED};
use super::server;
use super::shared::Shared;
use crate::revocation::backend::{Revocation, StoreUnavailable};

/// The most entries in one answer.
const PAGE: usize = 1_000;

/// Entries of a stream, each with its id and its fields.
type Entries = Vec<(String, Vec<String>)>;

/// A connection for reading the feed of a server that holds every revocation.
pub(in crate::revocation) struct Feed {
    connection: MultiplexedConnection,
    shared: Arc<Shared>,
    primary: Arc<Primary>,
    identity: Arc<str>,
}

/// The revocations since the last look.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::revocation) struct News {
    pub(in crate::revocation) revocations: Vec<Revocation>,
    /// The id of the last entry.
    pub(in crate::revocation) last: String,
    /// False when there is more to read already.
    pub(in crate::revocation) complete: bool,
}

/// The reason why nothing could be read.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::revocation) enum FeedFault {
    /// The server did not answer; what was read before is still all up to there.
    Silent(StoreUnavailable),
    /// Something may have been revoked that the feed no longer tells.
    Lost(StoreUnavailable),
}

impl Feed {
    pub(super) async fn connect(shared: &Arc<Shared>) -> Result<Self, StoreUnavailable> {
        let primary = shared.server.primary().await?;
        let config = connection_config(shared.server.timeout());
        let mut connection = primary.connect(&config).await?;
        let identity: Arc<str> = server::identity(&mut connection).await?.into();
        let epoch: Option<String> = cmd("GET").arg(EPOCH).query_async(&mut connection).await?;
        let is_whole = epoch.as_deref() == Some(&*identity) && shared.is_complete(&identity);
        if !is_whole && fill::fill(shared, &primary, &identity).await? == Filled::Other {
            return Err(StoreUnavailable::new("another Redis is the primary"));
        }
        Ok(Self {
            connection,
            shared: Arc::clone(shared),
            primary,
            identity,
        })
    }

    /// Returns the identity of the server that is read from.
    pub(in crate::revocation) fn identity(&self) -> &Arc<str> {
        &self.identity
    }

    /// Writes an entry about no token and returns its id: what is published from now on comes behind it.
    pub(in crate::revocation) async fn mark(&mut self) -> Result<String, StoreUnavailable> {
        let written = feed::entry(Uuid::nil(), OffsetDateTime::now_utc())
            .query_async(&mut self.connection)
            .await;
        Ok(written?)
    }

    /// Reads what came behind the entry `last`, which must still be there: then nothing behind it has been dropped. The
    /// other two questions come after it, so that they are about a server that has not lost its data before.
    pub(in crate::revocation) async fn read(&mut self, last: &str) -> Result<News, FeedFault> {
        let mut questions = pipe();
        let range = (FEED, last, "+", "COUNT", PAGE + 1);
        questions.cmd("XRANGE").arg(range);
        questions.cmd("GET").arg(EPOCH);
        questions.cmd("ROLE");
        let answers: Result<(Entries, Option<String>, Vec<Value>), RedisError> =
            questions.query_async(&mut self.connection).await;
        let (entries, epoch, role) = answers.map_err(|error| FeedFault::Silent(error.into()))?;
        let lost = |reason| Err(FeedFault::Lost(StoreUnavailable::new(reason)));
        if !self.primary.is_current() {
            return Err(FeedFault::Silent(StoreUnavailable::new(
                "another Redis is the primary, or nobody knows which one is",
            )));
        }
        if !server::is_primary(&role) {
            return lost("Redis is no primary any more");
        }
        if epoch.as_deref() != Some(&*self.identity) {
            return lost("Redis has lost its data");
        }
        if !self.shared.is_complete(&self.identity) {
            return lost("another Redis is in use");
        }
        news(entries, last)
    }
}

fn news(entries: Entries, last: &str) -> Result<News, FeedFault> {
    let lost = |reason| Err(FeedFault::Lost(StoreUnavailable::new(reason)));
    let mut entries = entries.into_iter();
    if entries.next().is_none_or(|(id, _)| id != last) {
        return lost("the feed of revoked tokens has a gap");
    }
    let mut news = News {
        revocations: Vec::new(),
        last: last.to_owned(),
        complete: entries.len() < PAGE,
    };
    for (id, fields) in entries {
        let Some(revocation) = revocation(&fields) else {
            return lost("the feed of revoked tokens has an entry that cannot be read");
        };
        // The nil id is that of no token.
        if !revocation.id.is_nil() {
            news.revocations.push(revocation);
        }
        news.last = id;
    }
    Ok(news)
}

fn revocation(fields: &[String]) -> Option<Revocation> {
    let [id_name, id, end_name, end] = fields else {
        return None;
    };
    if id_name != "id" || end_name != "end" {
        return None;
    }
    Some(Revocation {
        id: id.parse().ok()?,
        expires_at: OffsetDateTime::from_unix_timestamp(end.parse().ok()?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, revoked: u128) -> (String, Vec<String>) {
        let fields = ["id", &Uuid::from_u128(revoked).to_string(), "end", "100"];
        (id.to_owned(), fields.map(str::to_owned).into())
    }

    #[test]
    fn what_comes_behind_the_last_entry_is_new() {
        let read = news(vec![entry("1-0", 1), entry("2-0", 2)], "1-0");
        let revocation = Revocation {
            id: Uuid::from_u128(2),
            expires_at: OffsetDateTime::from_unix_timestamp(100).unwrap(),
        };
        let expected = News {
            revocations: vec![revocation],
            last: "2-0".to_owned(),
            complete: true,
        };
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn a_full_answer_may_not_be_all() {
        let entries = |count| (0..=count).map(|id| entry(&format!("{id}-0"), 1)).collect();
        assert!(!news(entries(PAGE), "0-0").unwrap().complete);
        assert!(news(entries(PAGE - 1), "0-0").unwrap().complete);
    }

    #[test]
    fn a_feed_without_the_last_entry_has_a_gap() {
        for entries in [vec![], vec![entry("2-0", 2)]] {
            assert!(matches!(news(entries, "1-0"), Err(FeedFault::Lost(_))));
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_a_gap() {
        let mut strange = entry("2-0", 2);
        strange.1[1] = "x".to_owned();
        let read = news(vec![entry("1-0", 1), strange], "1-0");
        assert!(matches!(read, Err(FeedFault::Lost(_))));
    }
}
