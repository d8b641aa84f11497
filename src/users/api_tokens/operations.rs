//! Operations on API tokens.

use gatekeeper::{Denial, RequestContext};
use generated::models::{self, ApiTokenList, ApiTokenRequest, NewApiToken};
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use super::entity::Model as ApiToken;
use super::store;
use super::uses::Uses;
use crate::audit::{Audit, AuditEventKind};
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::checks::Check;
use crate::auth::refusals::{deny, unchecked};
use crate::auth::{Caller, Scheme};
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::idempotency::Key;
use crate::paging::Page;
use crate::users::accounts::{Actor, act};
use crate::users::tokens::token_status;

/// Creates, lists, accepts and deletes API tokens.
pub(crate) struct ApiTokens {
    pub(crate) database: Database,
    pub(crate) audit: Audit,
    pub(crate) uses: Uses,
}

impl ApiTokens {
    /// Authenticates by an API token, and records its use.
    pub(crate) async fn authenticate(
        &self,
        context: RequestContext<'_>,
        secret: &str,
    ) -> Result<Caller, Denial> {
        let Some(secret) = ApiTokenSecret::read(secret) else {
            let reason = "not an API token of ours";
            return Err(deny(&self.audit, context, None, reason));
        };
        let status = token_status::of_secret(&self.database, &secret)
            .await
            .map_err(unchecked)?;
        let (token, user) = status.map_err(|refusal| {
            let owner = refusal.found.map(|token| token.user_id);
            let denial = deny(&self.audit, context, owner, refusal.reason);
            match refusal.check {
                Check::Expiry => Denial::expired(refusal.reason),
                _ => denial,
            }
        })?;
        self.uses.record(&self.database, &token).await;
        Ok(Caller::of_account(
            user.id,
            user.access_role,
            token.id,
            Scheme::ApiToken,
        ))
    }

    /// Creates an API token. Its secret is in the reply, and nowhere else but, encrypted, in that which a key stores.
    ///
    /// # Errors
    /// `validation-failed` for the name or the end; as [`store::insert`].
    pub(crate) async fn create(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        body: ApiTokenRequest,
        key: Key,
    ) -> Result<NewApiToken, ApiError> {
        // PostgreSQL has no text with a NUL in it, and no terminal likes the rest.
        if body.name.chars().any(char::is_control) {
            return Err(ApiError::invalid("/name", "has a control character"));
        }
        let now = database::now();
        let end = body.expires_at.map(|end| end_of(end, now)).transpose();
        let expires_at = match end {
            Ok(end) => end,
            // The end may have come since the first request.
            Err(refused) => return key.find(&self.database).await?.ok_or(refused),
        };
        let secret = ApiTokenSecret::random()?;
        let token = ApiToken {
            id: Uuid::new_v4(),
            user_id: caller.user_id,
            name: body.name,
            digest: secret.digest(),
            created_at: now,
            expires_at,
            last_used_at: None,
        };
        let insert =
            async |actor: &Actor| store::insert(&self.database, &token, secret, actor, key).await;
        act(&self.audit, context, caller, insert).await
    }

    /// Returns a page of the caller's API tokens.
    pub(crate) async fn list(
        &self,
        caller: &Caller,
        public_url: &str,
        page: Page,
    ) -> Result<ApiTokenList, ApiError> {
        let (tokens, count) = store::page(&self.database, caller.user_id, page).await?;
        let neighbours = page.neighbours(count, public_url, "/auth/v1/api_tokens", &[]);
        Ok(ApiTokenList {
            results: tokens.into_iter().map(Into::into).collect(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            next: neighbours.next,
            previous: neighbours.previous,
        })
    }

    /// Deletes one of the caller's API tokens.
    ///
    /// # Errors
    /// `not-found`, for another's as for nobody's.
    pub(crate) async fn delete(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        id: Uuid,
    ) -> Result<(), ApiError> {
        let own = self.audit.context_of(context).by(caller.user_id);
        let event = (AuditEventKind::ApiTokenDeleted, &*id.to_string());
        if store::delete(&self.database, caller.user_id, id, event, &own).await? {
            Ok(())
        } else {
            Err(ApiError::not_found())
        }
    }
}

/// An API token as its owner sees it.
impl From<ApiToken> for models::ApiToken {
    fn from(token: ApiToken) -> Self {
        Self {
            api_token_id: token.id,
            name: token.name,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}

/// Returns the end in UTC and whole seconds, as SQL keeps it.
fn end_of(end: OffsetDateTime, now: OffsetDateTime) -> Result<OffsetDateTime, ApiError> {
    end.checked_to_offset(UtcOffset::UTC)
        .map(|end| end.replace_nanosecond(0).unwrap_or(end))
        .filter(|end| *end > now && end.year() <= 9999)
        .ok_or_else(|| ApiError::invalid("/expires_at", "must lie in the future"))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_end_lies_in_the_future_and_has_whole_seconds() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let end = end_of(datetime!(2026-01-01 13:00:01.9 +1), now).unwrap();
        assert_eq!(end, datetime!(2026-01-01 12:00:01 UTC));
        assert_eq!(end.offset(), UtcOffset::UTC);
        for bad in [
            now,
            datetime!(2026-01-01 12:00:00.9 UTC),
            datetime!(2026-01-01 12:30 +1),
            datetime!(9999-12-31 23:59:59 -12),
        ] {
            assert!(end_of(bad, now).is_err(), "{bad}");
        }
    }
}
