//! `mock`: serves the examples of the contract.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::print;
use super::runtime::block_on;
use crate::{
    auth::roles::Role,
    mock::MockUsers,
    settings::{self, Bind, Settings},
    startup::{self, BoundService},
    telemetry,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Address or name, and port, in place of server.bind.
    #[arg(long, value_name = "ADDRESS:PORT")]
    bind: Option<Bind>,
    /// The role whose tokens a login answers with.
    #[arg(long, value_enum, default_value_t = Role::Basic, value_name = "ROLE", conflicts_with = "unimplemented")]
    login_as: Role,
    /// Run the real service, with its database and accounts, and use examples only for what answers 501.
    #[arg(long)]
    unimplemented: bool,
}

/// Serves until a signal stops the process.
///
/// # Errors
/// In the profile `production`, and where `serve` fails.
pub(super) fn run(arguments: Arguments) -> Result<()> {
    if settings::profile().is_production() {
        bail!(
            "a mock answers with what is made up, so the profile `production` refuses it; use another STARWARS_PROFILE"
        );
    }
    if arguments.unimplemented {
        let settings = with_bind(settings::load()?, arguments.bind)?;
        return block_on(async {
            BoundService::build_with_examples(settings)
                .await?
                .run()
                .await
        });
    }
    let mut settings = with_bind(settings::load_without_secrets()?, arguments.bind)?;
    block_on(async {
        let users = Arc::new(MockUsers::generate(&settings.tokens)?);
        let server = startup::mock(&mut settings, &users, arguments.login_as)?;
        print_credentials(&settings, &users)?;
        server.await.context("the listener failed")
    })
}

fn with_bind(mut settings: Settings, address: Option<Bind>) -> Result<Settings> {
    if let Some(address) = address {
        settings.server.bind = address;
    }
    telemetry::init(&settings)?;
    Ok(settings)
}

/// Prints the address and the credentials of each role.
fn print_credentials(settings: &Settings, users: &MockUsers) -> Result<()> {
    let mut lines = vec![format!(
        "Examples of the contract are served on {}; nothing is kept.",
        settings.server.public_url
    )];
    for user in users.all() {
        lines.push(format!("role {}:", user.role.name()));
        let credentials = user.credentials().into_iter();
        lines.extend(credentials.map(|(scheme, value)| format!("  {scheme:<12} {value}")));
    }
    lines.push(
        "Another status: -H 'Prefer: code=404'. Another example: -H 'Prefer: example=NAME'."
            .to_owned(),
    );
    print::lines(lines)
}
