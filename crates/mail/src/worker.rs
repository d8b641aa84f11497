//! The task that sends queued mails.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sea_orm::DbErr;

use super::entity::Model as Mail;
use super::queue;
use super::smtp::Refused;
use super::templates::Text;
use super::{Compose, Mailer};
use infrastructure::metrics::MailOutcome;

/// The longest time that sending one mail may take; shorter than its claim.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time between two looks at the queue if nothing wakes the worker: for retries, and for mails of other instances.
const ROUND: Duration = Duration::from_secs(1);

/// The time between two countings of the queue for the metrics.
const COUNT_PERIOD: Duration = Duration::from_secs(10);

impl<C: Compose> Mailer<C> {
    /// Sends queued mails; never returns. It may be stopped at any point: the mail that was under way is
    /// still queued, and is sent again when its claim has run out.
    pub async fn run(self) {
        let mut database_is_away = false;
        let mut counted: Option<Instant> = None;
        loop {
            let outcome = async {
                drain(&self).await?;
                if counted.is_none_or(|counted| counted.elapsed() >= COUNT_PERIOD) {
                    counted = Some(Instant::now());
                    self.metrics
                        .mails_waiting(queue::count(&self.database).await?);
                }
                Ok::<_, DbErr>(())
            };
            match outcome.await {
                Ok(()) => database_is_away = false,
                Err(error) => {
                    // Logged once, not every second for as long as it lasts.
                    if !database_is_away {
                        let cause = database::describe_error(&error);
                        tracing::warn!(cause, "mails wait: the database does not answer");
                    }
                    database_is_away = true;
                }
            }
            tokio::select! {
                () = self.wakeup.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    }
}

/// Sends the mails that are due.
async fn drain(mailer: &Mailer<impl Compose>) -> Result<(), DbErr> {
    while let Some(mail) = queue::claim(&mailer.database).await? {
        let sent = tokio::time::timeout(PATIENCE, deliver(mailer, &mail))
            .await
            .unwrap_or_else(|elapsed| Err(elapsed.into()));
        let outcome = settle(mailer, &mail, sent).await?;
        mailer.metrics.mail(outcome);
    }
    Ok(())
}

/// Removes or postpones a mail by the outcome of sending it; `Ok(None)` means that it was not wanted any more.
async fn settle(
    mailer: &Mailer<impl Compose>,
    mail: &Mail,
    sent: anyhow::Result<Option<String>>,
) -> Result<MailOutcome, DbErr> {
    let (id, kind) = (mail.id, mail.kind.as_str());
    let database = &mailer.database;
    let error = match sent {
        Ok(Some(place)) => {
            tracing::info!(%id, kind, "mail {id} went to {place}");
            queue::remove(database, mail).await?;
            return Ok(MailOutcome::Sent);
        }
        Ok(None) => {
            tracing::debug!(%id, kind, "mail {id} is not needed any more");
            queue::remove(database, mail).await?;
            return Ok(MailOutcome::Unwanted);
        }
        Err(error) => error,
    };
    let cause = format!("{error:#}");
    let pause = if error.downcast_ref::<Refused>().is_some() {
        queue::remove(database, mail).await?;
        None
    } else {
        queue::postpone(database, mail).await?
    };
    Ok(match pause {
        Some(pause) => {
            let seconds = pause.whole_seconds();
            tracing::warn!(%id, kind, cause, "mail {id} was not sent, next try in {seconds} s");
            MailOutcome::Postponed
        }
        None => {
            tracing::error!(%id, kind, cause, "mail {id} was given up");
            MailOutcome::GivenUp
        }
    })
}

async fn deliver(mailer: &Mailer<impl Compose>, mail: &Mail) -> anyhow::Result<Option<String>> {
    let Some(text) = mailer.composer.compose(&mailer.templates, mail).await? else {
        return Ok(None);
    };
    let message = envelope(&mailer.from, mail, text)?;
    let stamp = mail.created_at.unix_timestamp();
    let name = format!("{stamp}-{}-{}", mail.kind, mail.id);
    mailer.send(name, message).await.map(Some)
}

fn envelope(from: &Mailbox, mail: &Mail, text: Text) -> anyhow::Result<Message> {
    let Ok(to) = mail.address.parse::<Address>() else {
        bail!("the queued address is no mail address");
    };
    let domain = from.email.domain();
    // Nobody's autoresponder should answer (RFC 3834, section 5).
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    let parts = MultiPart::alternative()
        .singlepart(plain(text.plain))
        .singlepart(SinglePart::html(text.html));
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(text.subject)
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .multipart(parts)
        .context("the mail cannot be put together")?;
    message.headers_mut().insert_raw(automatic);
    Ok(message)
}

/// Returns the plain body without line breaks of its own, so that the link can be copied from an `.eml` file: lettre would
/// break lines of more than 76 characters, which may have 998 (RFC 5322, section 2.1.1).
fn plain(text: String) -> SinglePart {
    let is_plain = text.is_ascii() && !text.contains('\r');
    if !is_plain || text.lines().any(|line| line.len() > 998) {
        return SinglePart::plain(text);
    }
    let lines = text.replace('\n', "\r\n").into_bytes();
    SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(Body::dangerous_pre_encoded(
            lines,
            ContentTransferEncoding::SevenBit,
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: String) -> String {
        String::from_utf8_lossy(&plain(text).formatted()).into_owned()
    }

    #[test]
    fn the_link_can_be_copied_from_the_file() {
        let link = format!("http://127.0.0.1:5003/?token={}", "e".repeat(600));
        let raw = raw(format!("Open\n\n{link}\n\nnow.\n"));
        assert!(raw.contains(&format!("\r\n{link}\r\n")), "{raw}");
    }

    #[test]
    fn a_line_too_long_for_a_mail_is_encoded() {
        let raw = raw("e".repeat(999));
        assert!(
            raw.contains("Content-Transfer-Encoding: quoted-printable"),
            "{raw}"
        );
        assert!(raw.lines().all(|line| line.len() <= 76), "{raw}");
    }
}
