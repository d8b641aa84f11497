//! Changes of accounts by the operator, whom only the rule of the last admin binds.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use super::{Desk, Whom, print};
use crate::audit::AuditContext;
use crate::auth::roles::Role;
use crate::cli::publish::publish;
use crate::errors::ApiError;
use crate::users::accounts::Actor;
use crate::users::accounts::changes::{self, Done};

/// What is to become of an account.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Role(Role),
    Suspend,
    Restore,
    Delete,
    EndSessions,
}

impl Change {
    pub(super) async fn run(self, desk: &Desk, whom: &Whom) -> Result<()> {
        let id = whom.find(&desk.database).await?.id;
        self.make(desk, whom, id).await
    }

    async fn make(self, desk: &Desk, whom: &Whom, id: Uuid) -> Result<()> {
        let done = self.commit(desk, id).await;
        let Done { user, revoked } = done.map_err(|refusal| whom.explain(refusal))?;
        publish(&desk.settings, &desk.database, &revoked).await;
        desk.show(&generated::models::User::try_from(user)?, |user| {
            print::lines([format!("{} {}", user.email, self.outcome())])
        })
    }

    async fn commit(self, desk: &Desk, id: Uuid) -> Result<Done, ApiError> {
        let operator = Actor::operator(AuditContext::command_line());
        let (database, actor) = (&desk.database, &operator);
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

/// For a deletion that is to be confirmed.
pub(super) fn require_terminal() -> Result<()> {
    ensure!(
        io::stdin().is_terminal(),
        "there is no terminal to ask whether the account is to be deleted; say so with --yes"
    );
    Ok(())
}

/// Deletes an account; asks first unless `sure`.
pub(super) async fn delete(desk: &Desk, whom: &Whom, sure: bool) -> Result<()> {
    let user = whom.find(&desk.database).await?;
    ensure!(sure || confirmed(&user.email)?, "nothing was deleted");
    Change::Delete.make(desk, whom, user.id).await
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
