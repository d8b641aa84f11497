//! The migrations of the tables; one that has been released is never edited.
//!
//! Each step is Rust, not SQL, so that one set serves the three dialects. Each can be repeated: MySQL commits every
//! statement that changes a table by itself, so that a step that was cut off remains half done there.

use sea_orm_migration::prelude::*;

mod m0001_users;
mod m0002_sessions;
mod m0003_revocations;
mod m0004_mails;
mod m0005_accounts;
mod m0006_subscribers;
mod m0007_holodules;
mod m0008_utf8mb4;
mod m0009_unpublished;
mod m0010_probe;
mod m0011_idempotency_keys;
mod m0012_pages;
mod m0013_clients;
mod m0014_filled_redis;
mod tables;

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
            Box::new(m0008_utf8mb4::Migration),
            Box::new(m0009_unpublished::Migration),
            Box::new(m0010_probe::Migration),
            Box::new(m0011_idempotency_keys::Migration),
            Box::new(m0012_pages::Migration),
            Box::new(m0013_clients::Migration),
            Box::new(m0014_filled_redis::Migration),
        ]
    }
}
