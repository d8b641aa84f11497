//! The actors who change accounts, and the check that they still may at the moment of the change.
//!
//! A caller is authenticated before its request is read to the end, and before a password is hashed. Whatever ends its
//! session, suspends its account or takes its role until then must count, so the transaction asks once more.

use gatekeeper::RequestContext;
use generated::models::ProblemCode;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::audit::{Audit, AuditContext};
use crate::auth::Caller;
use crate::auth::roles::Role;
use crate::errors::ApiError;
use crate::users::entity::{self as user, Model as User};
use crate::users::sessions;

/// The one who makes a change, and from where.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// `None`: the operator, whom no role binds.
    caller: Option<Caller>,
    context: AuditContext,
}

impl Actor {
    /// Returns the operator, who has the machine.
    pub(crate) fn operator(context: AuditContext) -> Self {
        Self {
            caller: None,
            context,
        }
    }

    /// Returns a caller whose credential was accepted when the request began.
    pub(crate) fn caller(caller: &Caller, context: AuditContext) -> Self {
        Self {
            caller: Some(caller.clone()),
            context: context.by(caller.user_id),
        }
    }

    /// Returns what events say of the actor.
    pub(crate) fn context(&self) -> &AuditContext {
        &self.context
    }

    /// Returns whether the account is the actor's own.
    pub(crate) fn is(&self, id: Uuid) -> bool {
        self.id() == Some(id)
    }

    /// Returns whether the credential was that of an admin; [`lock`](Self::lock) tells whether the account still is.
    pub(crate) fn came_as_admin(&self) -> bool {
        self.caller.as_ref().is_none_or(Caller::is_admin)
    }

    /// Locks the accounts `ids` and the actor's own, and refuses a caller who may not act in this role any more.
    /// Answers the accounts that are there.
    ///
    /// # Errors
    /// `token-invalid`; nothing may be done then. `service-unavailable`.
    pub(crate) async fn lock(
        &self,
        transaction: &impl ConnectionTrait,
        ids: &[Uuid],
        role: Role,
    ) -> Result<Vec<User>, ApiError> {
        let users = lock_all(transaction, ids.iter().copied().chain(self.id())).await?;
        let Some(caller) = &self.caller else {
            return Ok(users);
        };
        let own = users.iter().find(|user| user.id == caller.user_id);
        let own = own.ok_or_else(|| ApiError::token_invalid("the user is gone"))?;
        if !own.is_active() {
            return Err(ApiError::token_invalid("the user is suspended"));
        }
        if own.access_role < role {
            return Err(ApiError::token_invalid("the role was taken"));
        }
        let live = match caller.session {
            // Whoever ends all sessions of an account changes its row first, which is locked here.
            Some(session) => sessions::is_live_within(transaction, session).await?,
            None => false,
        };
        if !live {
            return Err(ApiError::token_invalid("the session has ended"));
        }
        Ok(users)
    }

    fn id(&self) -> Option<Uuid> {
        self.caller.as_ref().map(|caller| caller.user_id)
    }
}

/// Locks accounts in the order of their ids. Whoever needs several gets them here, all at once: two who need the
/// same ones queue up instead of waiting for each other.
pub(super) async fn lock_all(
    transaction: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<User>, DbErr> {
    user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .all(transaction)
        .await
}

/// Makes a change for a caller, and records a refusal by [`Actor::lock`].
pub(crate) async fn act<T>(
    audit: &Audit,
    context: RequestContext<'_>,
    caller: &Caller,
    change: impl AsyncFnOnce(&Actor) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let context = audit.context_of(context);
    let actor = Actor::caller(caller, context.clone());
    change(&actor).await.inspect_err(|refusal| {
        if refusal.code() == ProblemCode::TokenInvalid {
            let reason = "the session, the account or the role ended during the request";
            audit.refuse(&context, Some(caller.user_id), reason);
        }
    })
}
