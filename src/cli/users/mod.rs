//! `users`: accounts without HTTP, by the functions that answer over HTTP. The first admin is made here; there is
//! no default account.

mod changes;
mod create;
mod tables;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum, value_parser};
use serde::Serialize;

use super::print;
use super::whom::Whom;
use crate::auth::roles::Role;
use crate::database::{self, Database};
use crate::paging::Page;
use crate::settings::Settings;
use crate::users::accounts::{self, Filter};
use crate::users::events;

use changes::Change;

#[derive(Args, Debug)]
pub(super) struct Users {
    /// For people, or one JSON document of the same shape as over HTTP.
    #[arg(long, global = true, value_enum, default_value_t = Output::Table)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Table,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create an account. Prints the id of the new user.
    Create(create::Create),
    /// List accounts in the order in which they were opened.
    List(List),
    /// Show an account.
    Show(One),
    /// Give an account a role; that ends its sessions and API tokens.
    SetRole {
        #[command(flatten)]
        one: One,
        /// The role that the account is to have.
        #[arg(value_enum)]
        role: Role,
    },
    /// Suspend an account: its sessions and API tokens end, and nobody gets in until it is restored.
    Suspend(One),
    /// Let a suspended account in again.
    Restore(One),
    /// Delete an account and all that belongs to it but its events. Asks first.
    Delete {
        #[command(flatten)]
        one: One,
        /// Do not ask; needed where there is no terminal.
        #[arg(long)]
        yes: bool,
    },
    /// End the sessions of an account; its API tokens stay.
    EndSessions(One),
    /// Show what happened to an account, newest first; by its id also when it was deleted.
    Events {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        part: Part,
    },
}

#[derive(Args, Debug)]
struct One {
    /// The account's address or id.
    user: Whom,
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
    part: Part,
}

/// The bounds are those of the contract.
#[derive(Args, Clone, Copy, Debug)]
struct Part {
    /// The page wanted, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(i32).range(1..=1_000_000))]
    page: i32,
    /// How many entries a page holds.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = value_parser!(i32).range(1..=100))]
    page_size: i32,
}

impl From<Part> for Page {
    fn from(part: Part) -> Self {
        Self::new(part.page, part.page_size)
    }
}

/// What every command works with.
struct Desk {
    settings: Settings,
    database: Database,
    output: Output,
}

pub(super) async fn run(users: Users, settings: Settings) -> Result<()> {
    let Users { output, command } = users;
    match command {
        Command::Create(create) => {
            let password = create.password()?;
            create.run(&open(settings, output).await?, password).await
        }
        Command::List(list) => list.run(&open(settings, output).await?).await,
        Command::Show(one) => one.show(&open(settings, output).await?).await,
        Command::SetRole { one, role } => {
            let desk = open(settings, output).await?;
            Change::Role(role).run(&desk, &one.user).await
        }
        Command::Suspend(one) => {
            let desk = open(settings, output).await?;
            Change::Suspend.run(&desk, &one.user).await
        }
        Command::Restore(one) => {
            let desk = open(settings, output).await?;
            Change::Restore.run(&desk, &one.user).await
        }
        Command::Delete { one, yes } => {
            if !yes {
                changes::require_terminal()?;
            }
            let desk = open(settings, output).await?;
            changes::delete(&desk, &one.user, yes).await
        }
        Command::EndSessions(one) => {
            let desk = open(settings, output).await?;
            Change::EndSessions.run(&desk, &one.user).await
        }
        Command::Events { one, part } => {
            one.events(&open(settings, output).await?, part.into())
                .await
        }
    }
}

async fn open(settings: Settings, output: Output) -> Result<Desk> {
    Ok(Desk {
        database: database::open(&settings.database).await?,
        settings,
        output,
    })
}

impl Desk {
    /// What the URLs of pages begin with. A service that is not told makes it up from its listener.
    fn public_url(&self) -> String {
        let server = &self.settings.server;
        if server.public_url.is_empty() {
            return server.bind.base_url(server.bind.port());
        }
        server.public_url.clone()
    }

    fn show<T: Serialize>(&self, document: &T, table: impl FnOnce(&T) -> Result<()>) -> Result<()> {
        match self.output {
            Output::Table => table(document),
            Output::Json => print::json(document),
        }
    }
}

impl List {
    async fn run(self, desk: &Desk) -> Result<()> {
        let filter = Filter {
            search: self.search,
            role: self.role,
            disabled: self.disabled,
        };
        let page = self.part.into();
        let list = accounts::listed(&desk.database, &desk.public_url(), &filter, page).await?;
        desk.show(&list, tables::users)
    }
}

impl One {
    async fn show(self, desk: &Desk) -> Result<()> {
        let user = self.user.find(&desk.database).await?;
        desk.show(&generated::models::User::try_from(user)?, tables::user)
    }

    async fn events(self, desk: &Desk, page: Page) -> Result<()> {
        let id = match &self.user {
            Whom::Id(id) => *id,
            Whom::Address(_) => self.user.find(&desk.database).await?.id,
        };
        let list = events::list(&desk.database, &desk.public_url(), id, page).await;
        let list = list.map_err(|refusal| self.user.explain(refusal))?;
        desk.show(&list, tables::events)
    }
}
