//! Mails: queued in SQL with the change that causes them, sent by a worker, again and again if need be.

mod entity;
mod outbox;
pub(crate) mod queue;
mod smtp;
mod templates;
mod worker;

use std::sync::Arc;

use anyhow::Context as _;
use lettre::Message;
use lettre::message::Mailbox;

use crate::settings::MailBackend;
use crate::state::Shared;

/// Sends what is queued.
pub(crate) struct Mailer {
    shared: Arc<Shared>,
    from: Mailbox,
    way: Way,
}

enum Way {
    Outbox(outbox::Outbox),
    Smtp(smtp::Smtp),
}

impl Mailer {
    /// Prepares the way out that `mail.backend` names. A mail server that is away is no error: mails wait.
    ///
    /// # Errors
    /// Names the key that is wrong, never the mail server's password.
    pub(crate) fn new(shared: Arc<Shared>) -> anyhow::Result<Self> {
        let mail = &shared.settings.mail;
        let from = mail.from.parse().context("mail.from is not a mailbox")?;
        let way = match mail.backend {
            MailBackend::Outbox => Way::Outbox(outbox::Outbox::open(&mail.outbox_dir)?),
            MailBackend::Smtp => {
                let url = mail
                    .smtp_url
                    .as_ref()
                    .context("mail.smtp_url is missing; mail.backend = \"smtp\" needs it")?;
                Way::Smtp(smtp::Smtp::open(
                    url,
                    shared.settings.profile.is_production(),
                )?)
            }
        };
        Ok(Self { shared, from, way })
    }

    /// Sends, and says for the log where to; `name` is the file's in the outbox.
    async fn send(&self, name: String, message: Message) -> anyhow::Result<String> {
        match &self.way {
            Way::Outbox(outbox) => outbox.send(name, message).await,
            Way::Smtp(smtp) => smtp.send(message).await,
        }
    }
}
