//! The feed: what was revoked lately, as a stream in Redis, for instances that keep a copy in memory.
//!
//! Every publisher writes it beside the keys, so that instances which ask and instances which read can work side by side.

use deadpool_redis::redis::{Cmd, Pipeline, cmd};
use time::OffsetDateTime;
use uuid::Uuid;

use super::keys::FEED;
use crate::revocation::backend::Revocation;

/// Entries that are kept, about a megabyte. Whoever missed more reads SQL again.
const LENGTH: usize = 10_000;

/// Adds the command that tells the readers of the feed.
pub(super) fn announce(commands: &mut Pipeline, revocation: &Revocation) {
    commands
        .add_command(entry(revocation.id, revocation.expires_at))
        .ignore();
}

/// Returns the command that writes an entry, and answers with its id.
pub(super) fn entry(id: Uuid, expires_at: OffsetDateTime) -> Cmd {
    let mut command = cmd("XADD");
    command
        .arg(FEED)
        .arg(("MAXLEN", "~", LENGTH, "*"))
        .arg(("id", id.to_string()))
        .arg(("end", expires_at.unix_timestamp()));
    command
}
