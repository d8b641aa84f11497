//! The command line.

mod health;
mod holodules;
mod import;
mod mail;
mod mock;
mod print;
mod publish;
mod runtime;
mod subscribers;
mod token;
mod user_ref;
mod users;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use openapi::{Defects, Route};

use crate::{
    database,
    service::contract_as_json,
    settings::{self, Settings},
    startup::{self, BoundService},
    telemetry::{self, Traces},
};
use runtime::block_on;

/// The Star Wars API.
///
/// Settings come from config/default.toml (compiled in), config/PROFILE.toml (STARWARS_PROFILE, "local"
/// unless told), the files of STARWARS_SECRETS_DIR, each named by its key, and variables STARWARS__SECTION__KEY,
/// in this order.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the contract until a signal stops the process (SIGTERM and SIGINT let requests under way finish).
    Serve,
    /// Answer with the contract's examples, for work on a client before an operation is there.
    ///
    /// The real gatekeeper lets requests in: paths, credentials, roles, parameters and bodies are what the contract says.
    /// Good credentials of each role are printed at start. Nothing is kept, and no database is needed.
    Mock(mock::Arguments),
    /// Ask the service that runs on this machine whether it is ready.
    ///
    /// Asks /readyz at server.bind, and fails unless the answer is 200: the health check of a container.
    Health(health::Arguments),
    /// Bring the database's schema up to date.
    Migrate,
    /// Manage accounts.
    Users(users::Users),
    /// Make, explain and end tokens.
    #[command(subcommand)]
    Token(token::Command),
    /// Look after the mailing list.
    #[command(subcommand)]
    Subscribers(subscribers::Command),
    /// Look after the schedule of streams.
    #[command(subcommand)]
    Holodules(holodules::Command),
    /// Look at the texts of mails.
    #[command(subcommand)]
    Mail(mail::Command),
    /// Look at the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// List the operations with who may call them, from the compiled-in contract.
    Routes {
        /// The form to print them in.
        #[arg(long, value_enum, default_value_t = RoutesFormat::Table)]
        format: RoutesFormat,
    },
    /// Print the compiled-in contract.
    Openapi {
        /// The form to print it in.
        #[arg(long, value_enum, default_value_t = DocumentFormat::Yaml)]
        format: DocumentFormat,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read the settings as `serve` would and say whether they are valid.
    Check,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DocumentFormat {
    Yaml,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoutesFormat {
    /// Columns for a terminal.
    Table,
    /// The page that is committed as docs/security-matrix.md, with the decode hooks.
    Markdown,
}

/// Runs the command.
///
/// # Errors
/// A message for the terminal: what happened, where, and what to do next.
pub fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Serve => {
            let settings = load()?;
            let _until_the_end = Traces::start(&settings)?;
            block_on(async { BoundService::build(settings).await?.run().await })
        }
        Command::Mock(arguments) => mock::run(arguments),
        Command::Health(arguments) => health::run(&arguments),
        Command::Migrate => {
            let settings = load()?;
            block_on(async {
                let database = database::connect(&settings.database).await?;
                database::migrate(&database).await
            })?;
            print::lines(["The schema is up to date."])
        }
        Command::Users(users) => {
            let settings = load()?;
            block_on(users::run(users, settings))
        }
        Command::Subscribers(command) => {
            let settings = load()?;
            block_on(subscribers::run(command, settings))
        }
        Command::Holodules(command) => {
            let settings = load()?;
            block_on(holodules::run(command, settings))
        }
        Command::Mail(command) => mail::run(command),
        Command::Token(command) => {
            let settings = load()?;
            block_on(token::run(command, settings))
        }
        Command::Config(ConfigCommand::Check) => {
            let settings = settings::load()?;
            // The mail library needs a runtime even before it connects.
            block_on(async { startup::check(&settings) })?;
            let valid = format!("The settings of profile `{}` are valid.", settings.profile);
            print::lines(std::iter::once(valid).chain(settings.advice()))
        }
        Command::Routes { format } => {
            let mut defects = Defects::default();
            let document = openapi::load(generated::SPEC)?;
            let document = openapi::read(&document, &openapi::Options::default(), &mut defects);
            let routes = openapi::routes(&document.with_context(|| defects.to_string())?);
            match format {
                RoutesFormat::Table => print::table(Route::HEAD, routes.iter().map(Route::cells)),
                RoutesFormat::Markdown => print::lines([openapi::security_matrix(&routes)]),
            }
        }
        Command::Openapi {
            format: DocumentFormat::Yaml,
        } => print::to_stdout(|out| out.write_all(generated::SPEC.as_bytes())),
        Command::Openapi {
            format: DocumentFormat::Json,
        } => {
            let document = serde_json::to_string_pretty(&contract_as_json()?)?;
            print::lines([document])
        }
    }
}

fn load() -> Result<Settings> {
    let settings = settings::load()?;
    telemetry::init(&settings)?;
    Ok(settings)
}
