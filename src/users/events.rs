//! Events of an account, for its owner, for admins and at the command line.

use std::cmp::Reverse;

use anyhow::Context as _;
use generated::models::{AccountEvent as Shown, AccountEventList};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use uuid::Uuid;

use super::store;
use crate::audit::entity::{Column, Entity, Model as Event};
use crate::audit::{self, AuditEventKind};
use crate::database::Database;
use crate::errors::ApiError;
use crate::paging::Page;

/// Returns a page of the events of any account, newest first, also of one that was deleted.
///
/// # Errors
/// `not-found` when the id is nobody's and has no events.
pub(crate) async fn list(
    database: &Database,
    public_url: &str,
    id: Uuid,
    page: Page,
) -> Result<AccountEventList, ApiError> {
    let query = of(id);
    let (events, count) = database.page(query, page).await?;
    if count == 0 && store::find_by_id(database, id).await?.is_none() {
        return Err(ApiError::not_found());
    }
    let path = format!("/users/v1/{id}/events");
    let neighbours = page.neighbours(count, public_url, &path, &[]);
    let results: anyhow::Result<_> = events.into_iter().map(shown).collect();
    Ok(AccountEventList {
        results: results?,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: neighbours.next,
        previous: neighbours.previous,
    })
}

/// Returns the newest events of an account, newest first, without the renewals of tokens: clients that renew often would
/// leave no room for others. Nor would refusals, which anybody causes who knows the address: they are half of the events at
/// most; nor logins by HTTP Basic, which clients make again and again, a quarter.
pub(super) async fn newest(
    database: &Database,
    id: Uuid,
    limit: usize,
) -> Result<Vec<Shown>, ApiError> {
    let [refreshed, refused] =
        [AuditEventKind::Refreshed, AuditEventKind::Refused].map(AuditEventKind::as_str);
    let newest = |kinds, limit: usize| database.all(of(id).filter(kinds).limit(limit as u64));
    let is_basic = || Column::Detail.eq(audit::BASIC);
    let others = Column::Kind
        .is_not_in([refreshed, refused])
        .and(Column::Detail.is_null().or(is_basic().not()));
    let mut events = newest(others, limit).await?;
    events.extend(newest(Column::Kind.eq(refused), limit / 2).await?);
    events.extend(newest(is_basic(), limit / 4).await?);
    events.sort_unstable_by_key(|event| Reverse(event.id));
    events.truncate(limit);
    let events: anyhow::Result<_> = events.into_iter().map(shown).collect();
    Ok(events?)
}

/// Returns the query of the events of an account, newest first. Kinds that a newer version has written are left out, since
/// the contract of this one has no word for them: so pages stay full and the count is that of what can be shown.
fn of(id: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::UserId.eq(id))
        .filter(Column::Kind.is_in(AuditEventKind::ALL.iter().map(|kind| kind.as_str())))
        .order_by_desc(Column::Id)
}

fn shown(event: Event) -> anyhow::Result<Shown> {
    Ok(Shown {
        event_id: event.id,
        happened_at: event.happened_at,
        kind: event.kind.parse().map_err(anyhow::Error::msg)?,
        user_id: event.user_id.context("an event of nobody was asked for")?,
        actor_id: event.actor_id,
        request_id: event.request_id,
        client_address: event.client_address,
        user_agent: event.user_agent,
        detail: event.detail,
    })
}

#[cfg(test)]
mod tests {
    use gatekeeper::Failure as _;
    use sea_orm::sea_query::Expr;

    use super::*;
    use crate::audit::{self, AuditContext};
    use crate::database::testing::TestDatabase;

    async fn record(database: &Database, id: Uuid, kind: AuditEventKind) {
        audit::record(
            database.pool(),
            &AuditContext::default(),
            kind,
            id,
            Some("words"),
        )
        .await
        .unwrap();
    }

    async fn listed(database: &Database, id: Uuid, number: i32) -> AccountEventList {
        list(database, "https://api.example", id, Page::new(number, 2))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn every_kind_can_be_shown_newest_first() {
        let database = TestDatabase::open().await;
        let id = Uuid::new_v4();
        for &kind in AuditEventKind::ALL {
            record(&database, id, kind).await;
        }
        let page = list(&database, "", id, Page::new(1, 100)).await.unwrap();
        let mut kinds: Vec<_> = page.results.iter().map(|event| event.kind).collect();
        kinds.reverse();
        assert_eq!(kinds, AuditEventKind::ALL);
    }

    #[tokio::test]
    async fn a_kind_of_a_newer_version_leaves_no_hole() {
        let database = TestDatabase::open().await;
        let id = Uuid::new_v4();
        for kind in [
            AuditEventKind::SignedUp,
            AuditEventKind::LoggedIn,
            AuditEventKind::Suspended,
            AuditEventKind::Restored,
        ] {
            record(&database, id, kind).await;
        }
        Entity::update_many()
            .col_expr(Column::Kind, Expr::value("frozen-in-carbonite"))
            .filter(Column::Kind.eq(AuditEventKind::Suspended.as_str()))
            .exec(database.pool())
            .await
            .unwrap();
        let first = listed(&database, id, 1).await;
        let kinds: Vec<_> = first.results.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [AuditEventKind::Restored, AuditEventKind::LoggedIn]);
        assert_eq!(first.count, 3);
        let path = format!("https://api.example/users/v1/{id}/events?page=2&page_size=2");
        assert_eq!(first.next.as_deref(), Some(path.as_str()));
        let second = listed(&database, id, 2).await;
        assert_eq!(second.results.len(), 1);
        assert_eq!(second.next, None);
    }

    #[tokio::test]
    async fn an_id_without_user_and_events_is_nobodys() {
        let database = TestDatabase::open().await;
        let refused = list(&database, "", Uuid::new_v4(), Page::new(1, 10)).await;
        let problem = refused.unwrap_err().into_problem();
        assert_eq!(problem.code, "not-found");
    }
}
