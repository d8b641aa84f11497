//! What the implementation of the contract works with.

use std::{ops::Deref, sync::Arc};

use tokio::sync::Notify;

use crate::database::Database;
use crate::{
    audit::Audit,
    auth::{password::Passwords, revocation::Revocations, tokens::Keys},
    catalogue::Catalogue,
    errors::Pages,
    limits::Limits,
    metrics::Metrics,
    service::{Documents, Readiness},
    settings::Settings,
    users::api_tokens::Uses,
};

/// Shared by all workers.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) database: Database,
    pub(crate) keys: Keys,
    pub(crate) passwords: Passwords,
    /// Wakes the mail worker when a mail was queued.
    pub(crate) mail_wakeup: Arc<Notify>,
    pub(crate) catalogue: Catalogue,
    pub(crate) documents: Documents,
    pub(crate) readiness: Readiness,
    pub(crate) problem_pages: Pages,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) audit: Audit,
    pub(crate) limits: Limits,
    pub(crate) api_token_uses: Uses,
}

/// One worker's view: the shared state, and a handle on the revocation store that is the worker's own, since
/// a connection made elsewhere would wake another thread at every request.
pub(crate) struct App {
    shared: Arc<Shared>,
    pub(crate) revocations: Revocations,
}

impl App {
    /// To be called on the worker's thread.
    pub(crate) fn new(shared: Arc<Shared>, revocations: &Revocations) -> Self {
        Self {
            shared,
            revocations: revocations.for_worker(),
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
