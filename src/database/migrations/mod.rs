//! The tables, one step after another; a step that has been released is never edited.
//!
//! Each step is Rust, not SQL, so that one set serves the three dialects.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod m0001_users;
mod m0002_sessions;
mod m0003_revocations;
mod m0004_mails;
mod m0005_accounts;
mod m0006_subscribers;
mod m0007_holodules;
mod m0010_probe;

pub(super) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_users::Migration),
            Box::new(m0002_sessions::Migration),
            Box::new(m0003_revocations::Migration),
            Box::new(m0004_mails::Migration),
            Box::new(m0005_accounts::Migration),
            Box::new(m0006_subscribers::Migration),
            Box::new(m0007_holodules::Migration),
            Box::new(m0010_probe::Migration),
        ]
    }
}

/// A point in time, UTC. MySQL's `timestamp` would end in 2038, so there it is a `datetime`.
fn moment(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if manager.get_database_backend() == DbBackend::MySql {
        column.custom("datetime(6)");
    } else {
        column.timestamp_with_time_zone();
    }
    column
}

fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().take()
}
