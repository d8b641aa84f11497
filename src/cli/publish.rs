//! Publishes to Redis what a command has revoked.

use std::io::{self, Write};

use crate::auth::revocation::{Revocation, Revocations};
use crate::database::Database;
use crate::settings::{RevocationBackend, Settings};

/// Publishes revocations to Redis. A failure is a warning only, since every instance also reads them from SQL.
pub(super) async fn publish(settings: &Settings, database: &Database, revoked: &[Revocation]) {
    // An embedded store is in the process of the service, which reads SQL.
    if revoked.is_empty() || settings.revocation.backend == RevocationBackend::Embedded {
        return;
    }
    let published = async {
        let store = Revocations::open(settings, database.clone()).await?;
        store.publish(revoked).await?;
        anyhow::Ok(())
    };
    if let Err(error) = published.await {
        let warning = format!(
            "warning: the change is made, but Redis was not told ({error:#}); SQL has it, and the instances tell \
             Redis when it answers again"
        );
        // A closed standard error is no reason to fail.
        drop(writeln!(io::stderr().lock(), "{warning}"));
    }
}
