//! `gatekeeper routes`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use openapi::{Defects, Options, Route};
use serde_json::{Map, Value};

use crate::{load, print, service::Service};

/// The keys of a path item that are operations (OpenAPI 3.0.3, section 4.7.9).
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The contract, YAML or JSON.
    contract: PathBuf,
    /// The form to print them in.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    service: Service,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Columns for a terminal.
    Text,
    /// An array with an object for each operation.
    Json,
    /// A page to be committed, with the decode functions.
    Markdown,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let roles = arguments.service.roles();
    let options = arguments.service.checks(roles.as_deref());
    let routes = of(&load(&arguments.contract)?, &options)?;
    match arguments.format {
        Format::Text => print::lines(columns(&routes))?,
        Format::Json => {
            let routes: Value = routes.iter().map(Route::to_json).collect();
            print::lines([format!("{routes:#}")])?;
        }
        Format::Markdown => print::lines([openapi::security_matrix(&routes)])?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the operations of a document.
pub(crate) fn of(document: &Value, options: &Options<'_>) -> Result<Vec<Route>> {
    let mut defects = Defects::default();
    match openapi::read(document, options, &mut defects) {
        Some(read) => {
            let routes = openapi::routes(&read);
            let missing = missing(&read.json, &routes);
            if !missing.is_empty() {
                bail!(
                    "these operations have defects and would be missing from the list; `gatekeeper check` says which: {}",
                    missing.join(", ")
                );
            }
            Ok(routes)
        }
        None => bail!("{defects}"),
    }
}

/// Returns the operations of a document that are not in the list: a page of who may call what must not lack one.
fn missing(document: &Value, routes: &[Route]) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
        let keys = item.as_object().into_iter().flat_map(Map::keys);
        let methods = keys.filter(|key| METHODS.contains(&key.as_str()));
        methods.map(move |method| (method.to_uppercase(), path))
    });
    operations
        .filter(|(method, path)| {
            let is_listed = |route: &Route| route.method == method && route.path == **path;
            !routes.iter().any(is_listed)
        })
        .map(|(method, path)| format!("{method} {path}"))
        .collect()
}

/// Returns lines with columns as wide as their widest cell.
fn columns(routes: &[Route]) -> Vec<String> {
    let head = Route::HEAD.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head)
        .chain(routes.iter().map(Route::cells))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(move |row| row[column].chars().count())
            .max()
    };
    let widths: [usize; 6] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
