//! Mails that requests ask for.

use std::sync::Arc;

use gatekeeper::RequestContext;
use tokio::sync::Notify;
use uuid::Uuid;

use super::email::normal_form;
use crate::audit::Audit;
use crate::database::Database;
use crate::errors::{ApiError, not_an_address};
use crate::limits::Limits;
use crate::mail::{MailKind, queue};

/// Queues mails that clients ask for, within their limits. Cheap to clone.
#[derive(Clone)]
pub(crate) struct MailRequests {
    pub(crate) database: Database,
    pub(crate) limits: Limits,
    pub(crate) audit: Audit,
    /// Wakes the mail worker when a mail was queued.
    pub(crate) wakeup: Arc<Notify>,
}

impl MailRequests {
    /// Queues a mail to an address. Who has it, or is to have it as `account` may be, is looked up by the mail worker, so
    /// that the answer and its time tell nothing.
    ///
    /// # Errors
    /// `validation-failed` for what is no address; as [`admit`](Self::admit).
    pub(crate) async fn request(
        &self,
        context: RequestContext<'_>,
        kind: MailKind,
        address: &str,
        account: Option<Uuid>,
    ) -> Result<(), ApiError> {
        let email = normal_form(address).ok_or_else(not_an_address)?;
        self.admit(context, kind, &email).await?;
        queue::push_alone(&self.database, kind, email, account).await?;
        self.wakeup.notify_one();
        Ok(())
    }

    /// Admits a mail to `recipient`, an address in normal form, before it is queued.
    ///
    /// # Errors
    /// `too-many-requests`; as [`ensure_room`](Self::ensure_room).
    pub(crate) async fn admit(
        &self,
        context: RequestContext<'_>,
        kind: MailKind,
        recipient: &str,
    ) -> Result<(), ApiError> {
        let limits = &self.limits;
        limits
            .enforce_mail(&self.audit, context, kind, recipient)
            .await?;
        self.ensure_room().await
    }

    /// Refuses further mails while too many wait.
    pub(crate) async fn ensure_room(&self) -> Result<(), ApiError> {
        if queue::is_full(&self.database).await? {
            return Err(ApiError::unavailable(
                "Too many mails are waiting to be sent; try again later",
                "the mail queue is full",
            ));
        }
        Ok(())
    }
}
