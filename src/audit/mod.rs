//! The audit: what happened to accounts, who did it and by which request, in the log and in SQL.
//!
//! A change writes its event in the transaction that makes it ([`record`]): neither stands without the other.
//! A refusal changes nothing, and anybody can cause as many as they like; its event goes through a queue of
//! bounded length ([`Audit::refuse`]), so that nobody waits for it and a flood cannot pile up. So does that of HTTP Basic.
//!
//! Every refusal is counted and logged. SQL has those that concern an account, for its owner to see, and those of
//! operations that take passwords, where attempts are limited. Anybody can cause the others without end.

mod context;
mod dedup;
pub(crate) mod entity;
mod purge;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use gatekeeper::RequestContext;
use sea_orm::{ConnectionTrait, DbErr};
use tokio::sync::mpsc;
use uuid::Uuid;

use dedup::Dedup;
use entity::Model as Event;

use crate::database::Database;
use crate::settings::{self, ClientAddress};
use crate::{database, metrics::Metrics};

pub(crate) use context::AuditContext;
pub(crate) use generated::models::AccountEventKind as AuditEventKind;
pub(crate) use writer::AuditWriter;

/// The detail of a login for one request, by HTTP Basic.
pub(crate) const BASIC: &str = "HTTP Basic";

/// The number of refusals that may wait to be stored.
const QUEUE: usize = 1024;

/// Stores the event of a change as a part of its transaction, best as its last statement, and logs it.
///
/// `detail` is shown to the account's owner: fixed words, never a secret or an address.
///
/// # Errors
/// The error of the database; the change must not be committed then.
pub(crate) async fn record(
    transaction: &impl ConnectionTrait,
    context: &AuditContext,
    kind: AuditEventKind,
    user_id: Uuid,
    detail: Option<&str>,
) -> Result<(), DbErr> {
    let event = event(context, kind, Some(user_id), detail);
    database::insert(transaction, event.clone()).await?;
    // Only now: the work may be repeated when the database refuses it.
    log(&event);
    Ok(())
}

fn event(
    context: &AuditContext,
    kind: AuditEventKind,
    user_id: Option<Uuid>,
    detail: Option<&str>,
) -> Event {
    Event {
        id: Uuid::now_v7(),
        happened_at: database::now(),
        kind: kind.as_str().to_owned(),
        user_id,
        actor_id: context.actor_id,
        request_id: context.request_id,
        client_address: context.client_address.clone(),
        user_agent: context.user_agent.clone(),
        detail: detail.map(str::to_owned),
    }
}

/// Logs an event as one line, without the client's address.
fn log(event: &Event) {
    let text = |id: Option<Uuid>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    tracing::info!(
        event = event.kind,
        event_id = %event.id,
        user_id = text(event.user_id),
        actor_id = text(event.actor_id),
        // A request has its id in the span.
        request_id = event.request_id.is_none().then_some("-"),
        detail = event.detail.as_deref().unwrap_or("-"),
        "audit"
    );
}

/// Counts, logs and stores refusals. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Audit {
    queue: mpsc::Sender<Event>,
    refusals: Arc<Dedup>,
    basic_logins: Arc<Dedup>,
    metrics: Arc<Metrics>,
    client_address: ClientAddress,
}

impl Audit {
    /// Opens the queue of refusals and creates the writer that stores them: [`AuditWriter::run`] must be spawned.
    pub(crate) fn open(
        database: Database,
        metrics: Arc<Metrics>,
        settings: &settings::Audit,
    ) -> (Self, AuditWriter) {
        let (queue, rows) = mpsc::channel(QUEUE);
        let writer = AuditWriter::new(rows, database, Arc::clone(&metrics), settings.days);
        let audit = Self {
            queue,
            refusals: Arc::new(Dedup::new(Duration::from_mins(1), dedup::REPEATS)),
            basic_logins: Arc::new(Dedup::new(Duration::from_hours(1), 1)),
            metrics,
            client_address: settings.client_address,
        };
        (audit, writer)
    }

    /// Returns the number of refusals that wait to be stored.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Returns the context of a request, with the client's address as `audit.client_address` says.
    pub(crate) fn context_of(&self, context: RequestContext<'_>) -> AuditContext {
        AuditContext::of(context, self.client_address)
    }

    /// Records a refusal. Never waits.
    ///
    /// It is stored only if it concerns an account: `user_id` is to be given if the credential was the account's own
    /// once, or names it beyond doubt. Operations that take passwords call [`refuse_password`](Self::refuse_password).
    pub(crate) fn refuse(
        &self,
        context: &AuditContext,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) {
        let event = self.log_refusal(context, user_id, reason);
        if user_id.is_some() {
            self.store(event, reason);
        }
    }

    /// Records a refusal of an operation that takes passwords; it is stored even if the address has no account. Never
    /// waits.
    pub(crate) fn refuse_password(
        &self,
        context: &AuditContext,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) {
        let event = self.log_refusal(context, user_id, reason);
        self.store(event, reason);
    }

    /// Records that an account was authenticated by HTTP Basic, once in an hour: each request of such a client is a login. Never
    /// waits.
    pub(crate) fn log_in_by_basic(&self, context: AuditContext, user_id: Uuid) {
        if self.basic_logins.allow(Some(user_id), BASIC) {
            let context = context.by(user_id);
            let event = event(
                &context,
                AuditEventKind::LoggedIn,
                Some(user_id),
                Some(BASIC),
            );
            log(&event);
            if self.queue.try_send(event).is_err() {
                self.metrics.audit_dropped(1);
            }
        }
    }

    fn log_refusal(
        &self,
        context: &AuditContext,
        user_id: Option<Uuid>,
        reason: &'static str,
    ) -> Event {
        let event = event(context, AuditEventKind::Refused, user_id, Some(reason));
        self.metrics.refused(reason);
        log(&event);
        event
    }

    fn store(&self, event: Event, reason: &'static str) {
        let wanted = self.refusals.allow(event.user_id, reason);
        if !wanted || self.queue.try_send(event).is_err() {
            self.metrics.audit_dropped(1);
        }
    }
}
