//! The account of a caller.

use gatekeeper::RequestContext;

use super::entity::Model as User;
use super::store;
use crate::audit::Audit;
use crate::auth::Caller;
use crate::auth::refusals::refuse_token;
use crate::database::Database;
use crate::errors::ApiError;

/// Returns the account of a caller whose token was accepted.
///
/// # Errors
/// `token-invalid` when it is gone or suspended meanwhile; `service-unavailable`.
pub(crate) async fn current_user(
    database: &Database,
    audit: &Audit,
    context: RequestContext<'_>,
    caller: &Caller,
) -> Result<User, ApiError> {
    store::find_by_id(database, caller.user_id)
        .await?
        .filter(|user| !user.is_suspended())
        .ok_or_else(|| {
            let reason = "the user is gone or suspended";
            refuse_token(audit, context, Some(caller.user_id), reason)
        })
}
