//! Changes of accounts by the operator. The only rule that can refuse one is that an admin must remain.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use super::context::CommandContext;
use crate::audit::AuditContext;
use crate::auth::roles::Role;
use crate::cli::print;
use crate::cli::publish::publish;
use crate::cli::user_ref::UserRef;
use crate::errors::ApiError;
use crate::users::accounts::Actor;
use crate::users::accounts::changes::{self, Done};

/// A change of an account.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Role(Role),
    Suspend,
    Restore,
    Delete,
    EndSessions,
}

impl Change {
    pub(super) async fn run(self, context: &CommandContext, user: &UserRef) -> Result<()> {
        let id = user.find(&context.database).await?.id;
        self.apply(context, user, id).await
    }

    async fn apply(self, context: &CommandContext, named: &UserRef, id: Uuid) -> Result<()> {
        let done = self.commit(context, id).await;
        let Done { user, revoked } = done.map_err(|refusal| named.explain(refusal))?;
        publish(&context.settings, &context.database, &revoked).await;
        context.show(&generated::models::User::try_from(user)?, |user| {
            print::lines([format!("{} {}", user.email, self.outcome())])
        })
    }

    async fn commit(self, context: &CommandContext, id: Uuid) -> Result<Done, ApiError> {
        let operator = Actor::operator(AuditContext::command_line());
        let (database, actor) = (&context.database, &operator);
        match self {
            Self::Role(role) => changes::set_role(database, id, role, actor).await,
            Self::Suspend => changes::suspend(database, id, actor).await,
            Self::Restore => changes::restore(database, id, actor).await,
            Self::Delete => changes::delete(database, id, actor).await,
            Self::EndSessions => changes::end_sessions(database, id, actor).await,
        }
    }

    fn outcome(self) -> String {
        match self {
            Self::Role(role) => format!("has the role {} now", role.name()),
            Self::Suspend => "is suspended now".to_owned(),
            Self::Restore => "is not suspended any more".to_owned(),
            Self::Delete => "was deleted".to_owned(),
            Self::EndSessions => "has no session any more".to_owned(),
        }
    }
}

/// Fails unless the operator can be asked to confirm a deletion.
pub(super) fn require_terminal() -> Result<()> {
    ensure!(
        io::stdin().is_terminal(),
        "there is no terminal to ask whether the account is to be deleted; say so with --yes"
    );
    Ok(())
}

/// Deletes an account, after asking for confirmation unless `sure`.
pub(super) async fn delete(context: &CommandContext, named: &UserRef, sure: bool) -> Result<()> {
    let user = named.find(&context.database).await?;
    ensure!(sure || confirmed(&user.email)?, "nothing was deleted");
    Change::Delete.apply(context, named, user.id).await
}

fn confirmed(email: &str) -> Result<bool> {
    let mut terminal = io::stderr().lock();
    write!(
        terminal,
        "Delete {email} and all that belongs to it, for good? [y/N] "
    )
    .and_then(|()| terminal.flush())
    .context("the question cannot be asked")?;
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .context("the answer cannot be read")?;
    let answer = answer.trim();
    Ok(["y", "yes"]
        .iter()
        .any(|yes| answer.eq_ignore_ascii_case(yes)))
}
