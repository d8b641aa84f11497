//! `users`: manages accounts without HTTP, by the functions that the endpoints call. The first admin is made here;
//! there is no default account.

mod changes;
mod context;
mod create;
mod tables;

use anyhow::Result;
use clap::{Args, Subcommand, value_parser};
use generated::apis::users::ListUsersParams;

use super::user_ref::UserRef;
use crate::auth::roles::Role;
use crate::paging::Page;
use crate::settings::Settings;
use crate::users::accounts::{self, Change, Filter};
use crate::users::events;

use context::{CommandContext, Output};

#[derive(Args, Debug)]
pub(super) struct Users {
    /// For people, or one JSON document of the same shape as over HTTP.
    #[arg(long, global = true, value_enum, default_value_t = Output::Table)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create an account. Prints the id of the new user.
    Create(create::Create),
    /// List accounts in the order in which they were opened.
    List(List),
    /// Show an account.
    Show(UserArg),
    /// Give an account a role; that ends its sessions and API tokens.
    SetRole {
        #[command(flatten)]
        account: UserArg,
        /// The role that the account is to have.
        #[arg(value_enum)]
        role: Role,
    },
    /// Suspend an account: its sessions and API tokens end, and nobody gets in until it is restored.
    Suspend(UserArg),
    /// Let a suspended account in again.
    Restore(UserArg),
    /// Delete an account and all that belongs to it but its events. Asks first.
    Delete {
        #[command(flatten)]
        account: UserArg,
        /// Do not ask; needed where there is no terminal.
        #[arg(long)]
        yes: bool,
    },
    /// End the sessions of an account; its API tokens stay.
    EndSessions(UserArg),
    /// Show what happened to an account, newest first; by its id also when it was deleted.
    Events {
        #[command(flatten)]
        account: UserArg,
        #[command(flatten)]
        page: PageArgs,
    },
}

#[derive(Args, Debug)]
struct UserArg {
    /// The account's address or id.
    user: UserRef,
}

#[derive(Args, Debug)]
struct List {
    /// Only addresses that contain this text; the case of letters does not count.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only accounts of this role.
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// Only suspended accounts (true), or only those that are not (false).
    #[arg(long)]
    disabled: Option<bool>,
    #[command(flatten)]
    page: PageArgs,
}

/// The page of a list, within the bounds of the contract.
#[derive(Args, Clone, Copy, Debug)]
struct PageArgs {
    /// The page wanted, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(i32).range(1..=i64::from(ListUsersParams::PAGE_MAXIMUM)))]
    page: i32,
    /// Entries per page.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(i32).range(1..=i64::from(ListUsersParams::PAGE_SIZE_MAXIMUM)))]
    page_size: i32,
}

impl From<PageArgs> for Page {
    fn from(page: PageArgs) -> Self {
        Self::new(page.page, page.page_size)
    }
}

pub(super) async fn run(users: Users, settings: Settings) -> Result<()> {
    let Users { output, command } = users;
    // Called when nothing is left to ask: no connection waits for an answer.
    let open = || CommandContext::open(settings, output);
    match command {
        Command::Create(create) => {
            let password = create.password()?;
            create.run(&open().await?, password).await
        }
        Command::List(list) => list.run(&open().await?).await,
        Command::Show(account) => account.show(&open().await?).await,
        Command::SetRole { account, role } => {
            let outcome = format!("has the role {} now", role.name());
            let change = Change::Update {
                role: Some(role),
                email: None,
            };
            changes::run(&open().await?, &account.user, change, &outcome).await
        }
        Command::Suspend(account) => {
            let outcome = "is suspended now";
            changes::run(&open().await?, &account.user, Change::Suspend, outcome).await
        }
        Command::Restore(account) => {
            let outcome = "is not suspended any more";
            changes::run(&open().await?, &account.user, Change::Restore, outcome).await
        }
        Command::Delete { account, yes } => {
            if !yes {
                changes::require_terminal()?;
            }
            changes::delete(&open().await?, &account.user, yes).await
        }
        Command::EndSessions(account) => {
            let outcome = "has no session any more";
            changes::run(&open().await?, &account.user, Change::EndSessions, outcome).await
        }
        Command::Events { account, page } => account.events(&open().await?, page.into()).await,
    }
}

impl List {
    async fn run(self, context: &CommandContext) -> Result<()> {
        let filter = Filter {
            search: self.search,
            role: self.role,
            disabled: self.disabled,
        };
        let page = self.page.into();
        let list =
            accounts::listed(&context.database, &context.public_url(), &filter, page).await?;
        context.show(&list, tables::users)
    }
}

impl UserArg {
    async fn show(self, context: &CommandContext) -> Result<()> {
        let user = self.user.find(&context.database).await?;
        context.show(&generated::models::User::from(user), tables::user)
    }

    async fn events(self, context: &CommandContext, page: Page) -> Result<()> {
        let id = match &self.user {
            UserRef::Id(id) => *id,
            UserRef::Address(_) => self.user.find(&context.database).await?.id,
        };
        let list = events::list(&context.database, &context.public_url(), id, page).await;
        let list = list.map_err(|refusal| self.user.explain(refusal))?;
        context.show(&list, tables::events)
    }
}
