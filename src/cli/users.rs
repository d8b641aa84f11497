//! `users`: accounts without HTTP. The first admin is made here; there is no default account.

use std::io::{self, BufRead, IsTerminal, Read};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::print;
use crate::{
    auth::{password::Passwords, roles::Role},
    database,
    settings::Settings,
    users::{self, NewUser},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an account. Prints the id of the new user.
    Create(Create),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// The address to log in with.
    email: String,
    /// The role of the new user.
    #[arg(long, value_enum, default_value_t = Role::Basic)]
    role: Role,
    /// The address counts as verified; otherwise a link is mailed once the service runs.
    #[arg(long)]
    verified: bool,
    /// Read the password from standard input, up to the first line end, instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<()> {
    let Command::Create(create) = command;
    let password = password(create.password_stdin)?;
    let database = database::connect(&settings.database).await?;
    if settings.database.migrate_on_start {
        database::migrate(&database).await?;
    }
    let passwords = Passwords::new(&settings.passwords)?;
    let user_id = users::create(
        &database,
        &passwords,
        NewUser {
            email: &create.email,
            password,
            role: create.role,
            verified: create.verified,
        },
    )
    .await?;
    print::lines([user_id])
}

fn password(from_stdin: bool) -> Result<SecretString> {
    if from_stdin {
        let mut line = String::new();
        io::stdin()
            .lock()
            .take(4096)
            .read_line(&mut line)
            .context("no password on standard input")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned().into());
    }
    if !io::stdin().is_terminal() {
        bail!(
            "there is no terminal to ask for the password; pass it on standard input with --password-stdin"
        );
    }
    let password =
        rpassword::prompt_password("Password: ").context("the password cannot be read")?;
    let again = rpassword::prompt_password("Again: ").context("the password cannot be read")?;
    ensure!(
        password == again,
        "the two passwords differ; nothing was created"
    );
    Ok(password.into())
}
