//! Queries on API tokens.

use generated::models::{ApiTokenList, NewApiToken};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::entity::{self as api_token, Model as ApiToken};
use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::roles::Role;
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;
use crate::users::accounts::Actor;

/// The number of tokens that an account may hold, expired ones included: as many as one page lists.
const LIMIT: u64 = ApiTokenList::RESULTS_MAX_ITEMS as u64;

/// Finds the token with this secret.
///
/// The index compares digests, not secrets: what its time may tell of a digest does not lead back to a secret.
pub(crate) async fn find_by_secret(
    database: &Database,
    secret: &ApiTokenSecret,
) -> Result<Option<ApiToken>, DbErr> {
    let is_its = api_token::Column::Digest.eq(secret.digest());
    database.one(api_token::Entity::find().filter(is_its)).await
}

/// Inserts a token of the actor's own, and returns the reply about it, or that to the first request with the key.
///
/// # Errors
/// `api-token-limit`; `token-invalid` when the actor's session or account was ended meanwhile; see [`Key::claim`].
pub(super) async fn insert(
    database: &Database,
    token: &ApiToken,
    secret: ApiTokenSecret,
    actor: &Actor,
    key: Key,
) -> Result<NewApiToken, ApiError> {
    let (token, actor) = (token.clone(), actor.clone());
    let reply = NewApiToken {
        api_token_id: token.id,
        name: token.name.clone(),
        value: secret.into_text(),
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            // Before the actor's row is locked, for which a second request would wait.
            let first = key.claim(&transaction, &reply).await?;
            // Whoever suspends the account changes this row first and deletes its tokens then: either that
            // waits for this transaction and finds its token, or this one waits and finds the suspension.
            actor.lock(&transaction, &[], Role::Basic).await?;
            if let Some(first) = first {
                return Ok(first);
            }
            let held = api_token::Entity::find()
                .filter(api_token::Column::UserId.eq(token.user_id))
                .count(&transaction)
                .await?;
            if held >= LIMIT {
                return Err(ApiError::api_token_limit());
            }
            database::insert(&transaction, token.clone()).await?;
            let (created, id) = (AuditEventKind::ApiTokenCreated, token.id.to_string());
            audit::record(
                &transaction,
                actor.context(),
                created,
                token.user_id,
                Some(&id),
            )
            .await?;
            transaction.commit().await?;
            Ok(reply)
        })
        .await
}

/// Returns a page of the account's tokens, newest first, and how many there are.
pub(super) async fn page(
    database: &Database,
    user_id: Uuid,
    page: Page,
) -> Result<(Vec<ApiToken>, u64), DbErr> {
    let own = api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(user_id))
        .order_by_desc(api_token::Column::CreatedAt)
        .order_by_desc(api_token::Column::Id);
    database.page(own, page).await
}

/// Deletes a token of this account and records the event with its detail. Returns whether there was one.
pub(super) async fn delete(
    database: &Database,
    user_id: Uuid,
    id: Uuid,
    (kind, detail): (AuditEventKind, &str),
    context: &AuditContext,
) -> Result<bool, DbErr> {
    let (detail, context) = (detail.to_owned(), context.clone());
    database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let event = (kind, detail.as_str());
            let deleted = delete_within(&transaction, user_id, id, event, &context).await?;
            transaction.commit().await?;
            Ok(deleted)
        })
        .await
}

/// Deletes a token as [`delete`] does, as a part of `transaction`.
pub(crate) async fn delete_within(
    transaction: &impl ConnectionTrait,
    user_id: Uuid,
    id: Uuid,
    (kind, detail): (AuditEventKind, &str),
    context: &AuditContext,
) -> Result<bool, DbErr> {
    let deleted = api_token::Entity::delete_many()
        .filter(api_token::Column::Id.eq(id))
        .filter(api_token::Column::UserId.eq(user_id))
        .exec(transaction)
        .await?
        .rows_affected
        > 0;
    if deleted {
        audit::record(transaction, context, kind, user_id, Some(detail)).await?;
    }
    Ok(deleted)
}

/// Records that the token was used in this minute, unless that or a later one is recorded.
pub(super) async fn mark_used(
    database: &Database,
    id: Uuid,
    minute: OffsetDateTime,
) -> Result<(), DbErr> {
    let earlier = api_token::Column::LastUsedAt
        .is_null()
        .or(api_token::Column::LastUsedAt.lt(minute));
    let change = api_token::Entity::update_many()
        .col_expr(api_token::Column::LastUsedAt, Expr::value(minute))
        .filter(api_token::Column::Id.eq(id))
        .filter(earlier);
    database.update(change).await.map(drop)
}
