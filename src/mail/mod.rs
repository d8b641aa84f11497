//! Mails: queued in SQL with the change that causes them, sent by a worker, again and again if need be.

mod compose;
mod entity;
mod outbox;
pub(crate) mod queue;
mod smtp;
mod templates;
mod worker;

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use lettre::Message;
use lettre::message::Mailbox;

use crate::settings::{MailBackend, Settings};
use crate::state::Shared;
pub(crate) use queue::MailKind;
use templates::Templates;

/// Sends what is queued.
pub(crate) struct Mailer {
    shared: Arc<Shared>,
    from: Mailbox,
    templates: Templates,
    way: Way,
}

enum Way {
    Outbox(outbox::Outbox),
    Smtp(smtp::Smtp),
}

/// Whether mails could be sent by these settings, without connecting to anything.
///
/// # Errors
/// Names the key that is wrong, or the template; never the mail server's password.
pub(crate) fn check(settings: &Settings) -> anyhow::Result<()> {
    if settings.mail.backend == MailBackend::Smtp {
        server(settings)?;
    }
    sender(settings)?;
    Templates::load(settings).map(drop)
}

/// Names and contents of the files that `mail.templates_dir` may replace.
pub(crate) fn built_in_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    templates::built_in()
}

fn sender(settings: &Settings) -> anyhow::Result<Mailbox> {
    let sender: Mailbox =
        settings.mail.from.parse().context(
            "mail.from must be a mailbox, such as `Star Wars API <no-reply@example.org>`",
        )?;
    // The names of RFC 2606 lead nowhere; the default has one.
    ensure!(
        !settings.profile.is_production()
            || settings.mail.backend != MailBackend::Smtp
            || !sender.email.domain().ends_with(".example"),
        "mail.from must be an address of yours in production"
    );
    Ok(sender)
}

fn server(settings: &Settings) -> anyhow::Result<smtp::Smtp> {
    let url = settings
        .mail
        .smtp_url
        .as_ref()
        .context("mail.smtp_url is missing; mail.backend = \"smtp\" needs it")?;
    smtp::Smtp::open(url, settings.profile.is_production(), &settings.tls.ca_file)
}

impl Mailer {
    /// Prepares the way out that `mail.backend` names. A mail server that is away is no error: mails wait.
    ///
    /// # Errors
    /// As [`check`], and when the outbox cannot be written.
    pub(crate) fn new(shared: Arc<Shared>) -> anyhow::Result<Self> {
        let settings = &shared.settings;
        let from = sender(settings)?;
        let templates = Templates::load(settings)?;
        let way = match settings.mail.backend {
            MailBackend::Outbox => Way::Outbox(outbox::Outbox::open(&settings.mail.outbox_dir)?),
            MailBackend::Smtp => Way::Smtp(server(settings)?),
        };
        Ok(Self {
            shared,
            from,
            templates,
            way,
        })
    }

    /// Sends, and says for the log where to; `name` is the file's in the outbox.
    async fn send(&self, name: String, message: Message) -> anyhow::Result<String> {
        match &self.way {
            Way::Outbox(outbox) => outbox.send(name, message).await,
            Way::Smtp(smtp) => smtp.send(message).await,
        }
    }
}
