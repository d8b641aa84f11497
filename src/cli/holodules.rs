//! `holodules`: imports the schedule of streams without HTTP.

use std::path::Path;

use anyhow::{Error, Result, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use gatekeeper::{Contract, In};
use generated::models::{HoloduleFields, ProblemCode};
use serde_json::{Map, Value};

use super::import::{
    self, Columns, Input, Records, RefusedRecord, Row, StoreError, Stored, Target,
};
use crate::database::{self, Connection, Database};
use crate::holodules::Holodule;
use crate::holodules::store::{self, Put, PutFault};
use crate::preconditions::Preconditions;
use crate::settings::Settings;

const COLUMNS: Columns = Columns {
    needed: &[
        "key",
        "video_id",
        "datetime",
        "name",
        "title",
        "url",
        "description",
    ],
    ignored: &[],
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Enter the streams of a file; one whose key is on the schedule is replaced.
    ///
    /// A CSV file names the columns in its first line, in any order; of JSON lines each is an object. Both have key and
    /// the members of a stream. Lines that break the contract are refused and told on standard error by their numbers;
    /// then the command fails, with the others imported.
    Import(Import),
}

#[derive(Args, Debug)]
pub(super) struct Import {
    #[command(flatten)]
    input: Input,
    /// The form of the file; told by its ending (.csv, .jsonl or .ndjson) unless given.
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<()> {
    let Command::Import(import) = command;
    let records = import.records()?;
    let schedule = Schedule {
        contract: import::contract()?,
        database: database::open(&settings.database).await?,
    };
    import::run(&schedule, records).await
}

impl Import {
    fn records(&self) -> Result<Records<'static>> {
        let format = match self.format {
            Some(format) => format,
            None => Format::of(self.input.file())?,
        };
        let input = self.input.open()?;
        match format {
            Format::Csv => import::csv(input, COLUMNS),
            Format::Jsonl => Ok(import::json_lines(input)),
        }
    }
}

impl Format {
    fn of(file: Option<&Path>) -> Result<Self> {
        let ending = file.and_then(Path::extension).and_then(|it| it.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            _ => bail!("no ending tells the form of the input; say --format csv or --format jsonl"),
        }
    }
}

struct Schedule {
    contract: Contract,
    database: Database,
}

impl Target for Schedule {
    type Row = Holodule;

    /// Small, since a stream takes three statements.
    const BATCH: usize = 20;

    const KNOWN: &'static str = "replaced";

    fn row(&self, mut record: Map<String, Value>) -> Result<Holodule, String> {
        let key = record.remove("key").ok_or("key is required")?;
        self.contract
            .check_parameter("put_holodule", In::Path, "key", &key)
            .map_err(import::describe_violations)?;
        let record = Value::Object(record);
        self.contract
            .check_body("put_holodule", &record)
            .map_err(import::describe_violations)?;
        let key = key.as_str().unwrap_or_default().to_owned();
        let fields: HoloduleFields = serde_json::from_value(record)
            .map_err(|_| "datetime cannot be represented".to_owned())?;
        Holodule::new(key, fields).map_err(|refusal| format!("datetime {}", Error::from(refusal)))
    }

    async fn store(&self, batch: &[Row<Holodule>]) -> Result<Stored, StoreError> {
        // Sorted, so that two imports at once lock rows in one order and cannot deadlock. The sort is stable: of a
        // key that comes twice the later stays.
        let mut rows = batch.to_vec();
        rows.sort_by(|one, other| one.content.key.cmp(&other.content.key));
        let stored = self
            .database
            .run(move |database| async move { put_all(&database, rows).await });
        Ok(stored.await?)
    }
}

async fn put_all(database: &Connection, rows: Vec<Row<Holodule>>) -> Result<Stored, PutFault> {
    let transaction = database::begin(database).await?;
    let mut stored = Stored::default();
    for Row { line, content } in rows {
        match store::put_within(&transaction, &content, &Preconditions::default()).await {
            Ok(Put::Made) => stored.new += 1,
            Ok(Put::Replaced) => stored.known += 1,
            Err(PutFault::Refused(refusal)) if refusal.code() == ProblemCode::HoloduleLimit => {
                stored.refused.push(RefusedRecord {
                    line,
                    rule: Error::from(refusal).to_string(),
                });
            }
            Err(fault) => return Err(fault),
        }
    }
    transaction.commit().await?;
    Ok(stored)
}

impl From<PutFault> for StoreError {
    fn from(fault: PutFault) -> Self {
        match fault {
            PutFault::Taken => Self::Temporary(anyhow!(
                "others enter the same streams at the same time, again and again"
            )),
            PutFault::Failed(error) => error.into(),
            PutFault::Refused(refusal) => Self::Permanent(refusal.into()),
        }
    }
}
