//! The sessions of an account.

use generated::models::{Session as SessionRecord, SessionList};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::state::is_live;
use crate::auth::revocation::{Revocation, unpublished_among};
use crate::database::{self, Database};
use crate::paging::Page;
use crate::users::sessions::entity::{self as session, Model as Session};

/// Returns the live sessions of an account, newest first.
pub(crate) async fn live(database: &Database, user_id: Uuid) -> Result<Vec<Session>, DbErr> {
    // A login ends the session before it, so there are never many.
    let question = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .order_by_desc(session::Column::StartedAt)
        .order_by_desc(session::Column::Id);
    let mut sessions = database.all(question).await?;
    let now = database::now();
    sessions.retain(|session| is_live(session, now));
    Ok(sessions)
}

/// Returns the revocations of an account's sessions that SQL has and the fast store may not.
pub(crate) async fn unpublished_of(
    connection: &impl ConnectionTrait,
    user_id: Uuid,
) -> Result<Vec<Revocation>, DbErr> {
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .select_only()
        .column(session::Column::Id)
        .into_query();
    unpublished_among(connection, sessions).await
}

/// Returns a page of the live sessions of an account; `current` is the one that asks.
pub(crate) async fn page(
    database: &Database,
    public_url: &str,
    user_id: Uuid,
    page: Page,
    current: Option<Uuid>,
) -> Result<SessionList, DbErr> {
    let live = live(database, user_id).await?;
    let count = live.len();
    let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let results = live
        .into_iter()
        .skip(index(page.offset()))
        .take(index(page.limit()))
        .map(|session| shown(session, current))
        .collect();
    let path = format!("/users/v1/{user_id}/sessions");
    let total = u64::try_from(count).unwrap_or(u64::MAX);
    let around = page.neighbours(total, public_url, &path, &[]);
    Ok(SessionList {
        results,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: around.next,
        previous: around.previous,
    })
}

/// Returns a session as its owner and admins see it; `current` is the one that asks.
pub(crate) fn shown(session: Session, current: Option<Uuid>) -> SessionRecord {
    SessionRecord {
        session_id: session.id,
        started_at: session.started_at,
        last_used_at: session.last_used_at,
        expires_at: session.refresh_expires_at,
        absolute_end: session.absolute_end,
        current: current == Some(session.id),
        user_agent: session.user_agent,
        client_address: session.client_address,
        last_user_agent: session.last_user_agent,
        last_client_address: session.last_client_address,
    }
}
