//! What owners do with their API tokens.

use gatekeeper::RequestContext;
use generated::models::{self, ApiTokenList, ApiTokenRequest, NewApiToken};
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use super::entity::Model as ApiToken;
use super::store;
use crate::audit::AuditEventKind;
use crate::auth::Caller;
use crate::auth::api_token_secret::ApiTokenSecret;
use crate::database;
use crate::errors::ApiError;
use crate::paging::Page;
use crate::state::App;
use crate::users::accounts::Actor;

impl App {
    /// Makes an API token. Its value is in the answer, and nowhere else.
    ///
    /// # Errors
    /// What is wrong with the name or the end; as [`store::insert`].
    pub(crate) async fn make_api_token(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        body: ApiTokenRequest,
    ) -> Result<NewApiToken, ApiError> {
        // PostgreSQL has no text with a NUL in it, and no terminal likes the rest.
        if body.name.chars().any(char::is_control) {
            return Err(ApiError::invalid("/name", "has a control character"));
        }
        let now = database::now();
        let value = ApiTokenSecret::random()?;
        let token = ApiToken {
            id: Uuid::new_v4(),
            user_id: caller.user_id,
            name: body.name,
            digest: value.digest(),
            created_at: now,
            expires_at: body.expires_at.map(|end| end_of(end, now)).transpose()?,
            last_used_at: None,
        };
        let insert = async |actor: &Actor| store::insert(&self.database, &token, actor).await;
        self.act(context, caller, insert).await?;
        Ok(NewApiToken {
            api_token_id: token.id,
            name: token.name,
            value: value.into_text(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        })
    }

    /// A page of the caller's API tokens.
    ///
    /// # Errors
    /// `service-unavailable`.
    pub(crate) async fn own_api_tokens(
        &self,
        caller: &Caller,
        page: Page,
    ) -> Result<ApiTokenList, ApiError> {
        let (tokens, count) = store::page(&self.database, caller.user_id, page).await?;
        let public_url = &self.settings.server.public_url;
        let neighbours = page.neighbours(count, public_url, "/auth/v1/api_tokens", &[]);
        Ok(ApiTokenList {
            results: tokens.into_iter().map(shown).collect(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            next: neighbours.next,
            previous: neighbours.previous,
        })
    }

    /// Ends one of the caller's API tokens.
    ///
    /// # Errors
    /// `not-found`, for another's as for nobody's.
    pub(crate) async fn end_api_token(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        id: Uuid,
    ) -> Result<(), ApiError> {
        let origin = self.origin(context).by(caller.user_id);
        let event = (AuditEventKind::ApiTokenDeleted, &*id.to_string());
        if store::delete(&self.database, caller.user_id, id, event, &origin).await? {
            Ok(())
        } else {
            Err(ApiError::not_found())
        }
    }
}

fn shown(token: ApiToken) -> models::ApiToken {
    models::ApiToken {
        api_token_id: token.id,
        name: token.name,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}

/// The end in UTC and whole seconds, as SQL keeps it.
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
