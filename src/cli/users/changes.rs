//! Changes of accounts by the operator. The only rule that can refuse one is that an admin must remain.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result, ensure};

use super::context::CommandContext;
use crate::audit::AuditContext;
use crate::cli::print;
use crate::cli::publish::publish;
use crate::cli::user_ref::UserRef;
use crate::users::accounts::{Actor, Change, Done, change};

/// Makes a change of an account, and prints its address with the outcome.
pub(super) async fn run(
    context: &CommandContext,
    user: &UserRef,
    wanted: Change,
    outcome: &str,
) -> Result<()> {
    let id = user.find(&context.database).await?.id;
    let operator = Actor::operator(AuditContext::command_line());
    let done = change(&context.database, id, wanted, &operator).await;
    let Done { user, revoked } = done.map_err(|refusal| user.explain(refusal))?;
    publish(&context.settings, &context.database, &revoked).await;
    context.show(&generated::models::User::from(user), |user| {
        print::lines([format!("{} {outcome}", user.email)])
    })
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
    // By its id: the address may have gone to another account while the question was asked.
    run(
        context,
        &UserRef::Id(user.id),
        Change::Delete,
        "was deleted",
    )
    .await
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
