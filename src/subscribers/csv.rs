//! The list as CSV (RFC 4180).

use ::csv::{Terminator, Writer, WriterBuilder};
use anyhow::{Context as _, anyhow};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::entity::Model as Subscriber;
use super::formula;
use super::store;
use crate::database::Database;
use crate::errors::ApiError;

/// The media type of an [`Export`].
pub(crate) const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 3] = ["id", "full_name", "email"];

/// The number of rows that are held at a time.
const ROWS: u64 = 1000;

/// The permit to hold the whole list in memory.
static WHOLE: Semaphore = Semaphore::const_new(1);

/// An export of the whole list, read part by part: no query takes long, however long the list is. It includes whoever
/// joins meanwhile, and nobody twice.
pub(crate) struct Export<'d> {
    database: &'d Database,
    behind: Option<Uuid>,
    state: State,
}

enum State {
    Head,
    Rows,
    End,
}

impl<'d> Export<'d> {
    pub(crate) fn new(database: &'d Database) -> Self {
        Self {
            database,
            behind: None,
            state: State::Head,
        }
    }

    /// Returns the next lines, after the header the first time, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, ApiError> {
        if matches!(self.state, State::End) {
            return Ok(None);
        }
        let part = store::following(self.database, self.behind, ROWS).await?;
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(Vec::new());
        if matches!(self.state, State::Head) {
            writer.write_record(COLUMNS).context("the header")?;
        }
        for subscriber in &part {
            write(&mut writer, subscriber).context("a line")?;
        }
        self.state = if part.len() < usize::try_from(ROWS).unwrap_or(usize::MAX) {
            State::End
        } else {
            State::Rows
        };
        self.behind = part.last().map(|last| last.id).or(self.behind);
        let lines = writer.into_inner().map_err(|error| anyhow!("{error}"))?;
        Ok(Some(lines))
    }

    /// Returns the whole export; this process holds one at a time.
    pub(crate) async fn whole(mut self) -> Result<Vec<u8>, ApiError> {
        let _turn = WHOLE.try_acquire().map_err(|_taken| {
            ApiError::unavailable(
                "The list is being exported for somebody else; try again shortly.",
                "another export goes on",
            )
        })?;
        let mut whole = Vec::new();
        while let Some(part) = self.next().await? {
            whole.extend(part);
        }
        Ok(whole)
    }
}

fn write(writer: &mut Writer<Vec<u8>>, subscriber: &Subscriber) -> ::csv::Result<()> {
    writer.write_record([
        &*subscriber.id.to_string(),
        &*formula::defused(&subscriber.full_name),
        &*formula::defused(&subscriber.email),
    ])
}
