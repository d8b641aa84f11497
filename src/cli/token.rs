//! `token`: mints, inspects and revokes tokens without HTTP. A token that is inspected or revoked is read from standard
//! input, since other users of the machine can read arguments in the list of processes.

use std::io::{self, IsTerminal};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand, ValueEnum, value_parser};
use secrecy::{ExposeSecret as _, SecretString};
use time::OffsetDateTime;

use super::print;
use super::publish::publish;
use super::user_ref::UserRef;
use crate::{
    audit::AuditContext,
    auth::{
        report::{Outcome, Report},
        tokens::{Keys, TokenKind},
    },
    database,
    settings::Settings,
    text,
    users::{
        accounts::Actor,
        tokens::{
            inspect::inspect,
            mint::{self, Order},
            revoke,
        },
    },
};

/// Longer than any valid token, so that one that is too long is refused as such.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// The user agent of sessions that are opened here.
const CLIENT: &str = "command line";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token for an account, without its password, and print it.
    Mint(Mint),
    /// Explain, check by check, why a token is accepted or refused. Reads the token from standard input.
    ///
    /// Asks SQL for what was revoked. Nothing changes, and the token is not printed. The exit code is 1 when the
    /// token is refused.
    Inspect(Inspect),
    /// End a token, whoever's it is; a refresh token's session ends with it. Reads the token from standard input.
    Revoke,
}

#[derive(Args, Debug)]
pub(super) struct Mint {
    /// The account's address or id.
    user: UserRef,
    /// The purpose of the token. Access and refresh tokens open a session, as a login does.
    #[arg(long, value_enum)]
    kind: TokenKind,
    /// Hours until the token expires; as the settings say by default.
    #[arg(long, value_parser = value_parser!(u32).range(1..=24 * 366))]
    hours: Option<u32>,
    /// End the account's live session, if there is one, and start another.
    #[arg(long)]
    replace_session: bool,
}

#[derive(Args, Debug)]
pub(super) struct Inspect {
    /// The form of the explanation.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
    /// Look only at what the token says of itself, and leave the database alone.
    #[arg(long)]
    offline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Output {
    Text,
    Json,
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<()> {
    let keys = Keys::new(&settings.tokens)?;
    match command {
        Command::Mint(mint) => mint.run(&keys, &settings).await,
        Command::Inspect(inspect) => inspect.run(&keys, &settings).await,
        Command::Revoke => revoke(&keys, &settings).await,
    }
}

impl Mint {
    async fn run(self, keys: &Keys, settings: &Settings) -> Result<()> {
        ensure!(
            self.kind.has_session() || !self.replace_session,
            "--replace-session is for access and refresh tokens: the others need no session"
        );
        let database = database::open(&settings.database).await?;
        let user = self.user.find(&database).await?;
        let order = Order {
            kind: self.kind,
            hours: self.hours,
            replace: self.replace_session,
        };
        let minted = mint::mint(&database, keys, settings, &user, order, &audit_context())
            .await
            .context("no token was made")?;
        publish(settings, &database, minted.replaced.as_slice()).await;
        print::lines([minted.token])
    }
}

impl Inspect {
    async fn run(self, keys: &Keys, settings: &Settings) -> Result<()> {
        let token = read_token()?;
        let database = match self.offline {
            true => None,
            false => Some(database::connect(&settings.database).await?),
        };
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let report = inspect(keys, database.as_ref(), token.expose_secret(), now).await?;
        match self.output {
            Output::Text => print_report(&report)?,
            Output::Json => print::json(&report)?,
        }
        ensure!(report.accepted, "the token is refused");
        Ok(())
    }
}

async fn revoke(keys: &Keys, settings: &Settings) -> Result<()> {
    let token = read_token()?;
    let database = database::open(&settings.database).await?;
    let token = token.expose_secret();
    let operator = Actor::operator(audit_context());
    let revoked = revoke::revoke(&database, keys, token, &operator).await?;
    publish(settings, &database, revoked.as_slice()).await;
    print::lines(["The token is refused from now on, or was before."])
}

fn audit_context() -> AuditContext {
    AuditContext {
        user_agent: Some(CLIENT.to_owned()),
        ..AuditContext::command_line()
    }
}

/// Prints a line for each check, then the verdict.
fn print_report(report: &Report) -> Result<()> {
    let width = report.checks.iter().map(|line| line.check.len()).max();
    let width = width.unwrap_or_default();
    let lines = report.checks.iter().map(|line| {
        let outcome = match line.outcome {
            Outcome::Ok => "ok",
            Outcome::Failed => "FAILED",
            Outcome::Skipped => "skipped",
        };
        let line = format!("{outcome:7}  {:width$}  {}", line.check, line.found);
        line.trim_end().to_owned()
    });
    print::lines(lines.chain([report.verdict.clone()]))
}

/// Reads the first line of standard input; a terminal does not show it.
fn read_token() -> Result<SecretString> {
    if io::stdin().is_terminal() {
        let token = rpassword::prompt_password("Token: ").context("the token cannot be read")?;
        return trimmed(&token);
    }
    let line = text::first_line(io::stdin().lock(), MAX_LINE_BYTES)
        .context("the token on standard input cannot be read")?;
    trimmed(&line)
}

fn trimmed(line: &str) -> Result<SecretString> {
    let token = line.trim();
    if token.is_empty() {
        bail!("there is no token on standard input; try: starwars-api token inspect < FILE");
    }
    Ok(token.to_owned().into())
}
