//! Mails: queued in SQL with the change that causes them, and sent by a worker, which tries again if need be.

mod entity;
mod outbox;
pub mod queue;
mod smtp;
mod templates;
mod worker;

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use lettre::Message;
use lettre::message::Mailbox;
use tokio::sync::Notify;

pub use entity::Model as Mail;
pub use queue::MailKind;
pub use templates::{Letter, Templates, Text, built_in as built_in_templates};

use database::Database;
use infrastructure::metrics::Metrics;
use infrastructure::settings::{MailBackend, Settings};

/// Composes mails; implemented by the domain whose accounts they are about.
pub trait Compose {
    /// Returns the text of a queued mail, or `None` if it is not wanted any more.
    ///
    /// # Errors
    /// The mail stays in the queue and is tried again.
    fn compose(
        &self,
        templates: &Templates,
        mail: &Mail,
    ) -> impl Future<Output = anyhow::Result<Option<Text>>>;
}

/// Sends queued mails.
pub struct Mailer<C> {
    database: Database,
    /// Notified when a mail was queued.
    wakeup: Arc<Notify>,
    metrics: Arc<Metrics>,
    composer: C,
    from: Mailbox,
    templates: Templates,
    transport: Transport,
}

enum Transport {
    Outbox(outbox::Outbox),
    Smtp(smtp::Smtp),
}

/// Checks the settings of mails without connecting to anything.
///
/// # Errors
/// Names the key that is wrong, or the template; never the mail server's password.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    if settings.mail.backend == MailBackend::Smtp {
        server(settings)?;
    }
    sender(settings)?;
    Templates::load(settings).map(drop)
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

impl<C: Compose> Mailer<C> {
    /// Prepares the transport that `mail.backend` names. A mail server that is away is no error: mails wait.
    ///
    /// # Errors
    /// Those of [`check`], and when the outbox cannot be written.
    pub fn new(
        settings: &Settings,
        database: Database,
        wakeup: Arc<Notify>,
        metrics: Arc<Metrics>,
        composer: C,
    ) -> anyhow::Result<Self> {
        let transport = match settings.mail.backend {
            MailBackend::Outbox => {
                Transport::Outbox(outbox::Outbox::open(&settings.mail.outbox_dir)?)
            }
            MailBackend::Smtp => Transport::Smtp(server(settings)?),
        };
        Ok(Self {
            database,
            wakeup,
            metrics,
            composer,
            from: sender(settings)?,
            templates: Templates::load(settings)?,
            transport,
        })
    }

    /// Sends a message and returns where to, for the log; `name` is the file's in the outbox.
    async fn send(&self, name: String, message: Message) -> anyhow::Result<String> {
        match &self.transport {
            Transport::Outbox(outbox) => outbox.send(name, message).await,
            Transport::Smtp(smtp) => smtp.send(message).await,
        }
    }
}
