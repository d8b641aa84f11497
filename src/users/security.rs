//! The facts by which an account's owner sees whether somebody else uses it.

use generated::models::AccountSecurity;

use super::{events, sessions};
use crate::auth::Caller;
use crate::database::Database;
use crate::errors::ApiError;

/// Returns the live sessions and the newest events of the caller's account.
///
/// # Errors
/// `service-unavailable`.
pub(crate) async fn overview(
    database: &Database,
    caller: &Caller,
) -> Result<AccountSecurity, ApiError> {
    let live = sessions::list::live(database, caller.user_id).await?;
    let shown = live
        .into_iter()
        .take(AccountSecurity::SESSIONS_MAX_ITEMS)
        .map(|session| sessions::list::shown(session, caller.session));
    Ok(AccountSecurity {
        sessions: shown.collect(),
        events: events::newest(database, caller.user_id, AccountSecurity::EVENTS_MAX_ITEMS).await?,
    })
}
