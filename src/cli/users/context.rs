//! The context that commands on accounts share: the database and the form of the output.

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use crate::cli::print;
use crate::database::{self, Database};
use crate::settings::Settings;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    Table,
    Json,
}

/// The open database, with the settings and the form of the output.
pub(super) struct CommandContext {
    pub(super) settings: Settings,
    pub(super) database: Database,
    output: Output,
}

impl CommandContext {
    /// Opens the database.
    pub(super) async fn open(settings: Settings, output: Output) -> Result<Self> {
        Ok(Self {
            database: database::open(&settings.database).await?,
            settings,
            output,
        })
    }

    /// Returns the base of the URLs of pages: `server.public_url`, or the address of the listener, as the service does.
    pub(super) fn public_url(&self) -> String {
        let server = &self.settings.server;
        if server.public_url.is_empty() {
            return server.bind.base_url(server.bind.port());
        }
        server.public_url.clone()
    }

    /// Prints a document as JSON or by `table`.
    pub(super) fn show<T: Serialize>(
        &self,
        document: &T,
        table: impl FnOnce(&T) -> Result<()>,
    ) -> Result<()> {
        match self.output {
            Output::Table => table(document),
            Output::Json => print::json(document),
        }
    }
}
