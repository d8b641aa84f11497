//! `users create`.

use std::io::{self, IsTerminal};

use anyhow::{Context, Error, Result, bail, ensure};
use clap::Args;
use secrecy::SecretString;

use super::context::CommandContext;
use crate::audit::AuditContext;
use crate::auth::{password::Passwords, roles::Role};
use crate::cli::print;
use crate::errors::NOT_AN_ADDRESS;
use crate::idempotency::Key;
use crate::text;
use crate::users::accounts::{self, Actor, NewUser};
use crate::users::email::normal_form;

/// Longer than any valid password, so that one that is too long is refused as such.
const MAX_LINE_BYTES: u64 = 4096;

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

impl Create {
    /// Reads the password, from standard input or from a prompt.
    pub(super) fn password(&self) -> Result<SecretString> {
        ensure!(
            normal_form(&self.email).is_some(),
            "the address {NOT_AN_ADDRESS}"
        );
        password(self.password_stdin)
    }

    pub(super) async fn run(&self, context: &CommandContext, password: SecretString) -> Result<()> {
        let passwords = Passwords::new(&context.settings.passwords)?;
        let new = NewUser {
            email: &self.email,
            password,
            role: self.role,
            verified: self.verified,
        };
        let operator = Actor::operator(AuditContext::command_line());
        let user = accounts::create(
            &context.database,
            &passwords,
            new,
            &operator,
            Key::default(),
        )
        .await
        .map_err(|refusal| Error::from(refusal).context("the account was not created"))?;
        context.show(&user, |user| print::lines([user.user_id]))
    }
}

fn password(from_stdin: bool) -> Result<SecretString> {
    if from_stdin {
        let line = text::first_line(io::stdin().lock(), MAX_LINE_BYTES)
            .context("the password on standard input cannot be read")?;
        return Ok(line.into());
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
