//! `subscribers`: imports and exports the mailing list without HTTP.

use anyhow::Result;
use clap::Subcommand;
use gatekeeper::Contract;
use generated::models::SubscriberFields;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::import::{self, Columns, Input, Row, StoreError, Stored, Target};
use super::print;
use crate::database::{self, Database};
use crate::errors::NOT_AN_ADDRESS;
use crate::settings::Settings;
use crate::subscribers::csv::Export;
use crate::subscribers::formula::restored;
use crate::subscribers::{Subscriber, store};

const COLUMNS: Columns = Columns {
    needed: &["full_name", "email"],
    ignored: &["id"],
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Put the people of a CSV file on the list.
    ///
    /// The first line names the columns: full_name and email, in any order; a column id is passed over. Addresses that
    /// are on the list are skipped. An apostrophe before =, +, - or @, which the export puts there, is taken off. Lines
    /// that break the contract are refused and told on standard error by their numbers; then the command fails, with the
    /// others imported.
    Import(Input),
    /// Write the list to standard output as CSV, in the order in which people joined.
    Export,
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<()> {
    match command {
        Command::Import(input) => {
            let records = import::csv(input.open()?, COLUMNS)?;
            let list = List {
                contract: import::contract()?,
                database: database::open(&settings.database).await?,
            };
            import::run(&list, records).await
        }
        Command::Export => export(&database::open(&settings.database).await?).await,
    }
}

async fn export(database: &Database) -> Result<()> {
    let mut export = Export::new(database);
    while let Some(lines) = export.next().await? {
        print::to_stdout(|out| out.write_all(&lines))?;
    }
    Ok(())
}

struct List {
    contract: Contract,
    database: Database,
}

impl Target for List {
    type Row = Subscriber;

    const BATCH: usize = 200;

    const KNOWN: &'static str = "on the list before";

    fn row(&self, mut record: Map<String, Value>) -> Result<Subscriber, String> {
        for cell in record.values_mut() {
            if let Value::String(text) = cell {
                *text = restored(text).to_owned();
            }
        }
        let record = Value::Object(record);
        self.contract
            .check_body("create_subscriber", &record)
            .map_err(import::describe_violations)?;
        serde_json::from_value::<SubscriberFields>(record)
            .ok()
            .and_then(|fields| Subscriber::new(Uuid::now_v7(), fields))
            .ok_or_else(|| format!("email {NOT_AN_ADDRESS}"))
    }

    async fn store(&self, batch: &[Row<Subscriber>]) -> Result<Stored, StoreError> {
        let mut subscribers: Vec<Subscriber> =
            batch.iter().map(|row| row.content.clone()).collect();
        // Sorted, so that two imports at once lock rows in one order and cannot deadlock.
        subscribers.sort_by(|one, other| one.email.cmp(&other.email));
        let all = subscribers.len();
        let new = store::insert_new(&self.database, subscribers).await?;
        Ok(Stored {
            new,
            known: u64::try_from(all).unwrap_or(u64::MAX).saturating_sub(new),
            refused: Vec::new(),
        })
    }
}
