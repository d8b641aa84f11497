//! What the command line tells the service of what it ended.

use std::io::{self, Write};

use crate::auth::revocation::{Revocation, Revocations};
use crate::database::Database;
use crate::settings::{RevocationBackend, Settings};

/// Tells Redis what has ended. A failure undoes nothing: every instance finds it in SQL.
pub(super) async fn publish(settings: &Settings, database: &Database, revoked: &[Revocation]) {
    // An embedded store is in the service's own process, which follows SQL.
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
        // Without standard error there is nobody to warn.
        drop(writeln!(io::stderr().lock(), "{warning}"));
    }
}
