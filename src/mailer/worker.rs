//! The task that sends what is queued.

use std::time::Duration;

use anyhow::{Context as _, bail};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sea_orm::DbErr;
use uuid::Uuid;

use super::Mailer;
use super::entity::Model as Mail;
use super::queue::{self, Kind};
use super::smtp::Refused;
use super::templates::{self, Text};
use crate::auth::roles::Role;
use crate::auth::tokens;
use crate::database::{self, fault};
use crate::state::Shared;
use crate::users::entity::Model as User;
use crate::users::store;

/// How long one mail may take; shorter than its claim.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often the queue is looked at when nothing wakes the worker: retries, and mails of other instances.
const ROUND: Duration = Duration::from_secs(1);

impl Mailer {
    /// Sends queued mails; never returns. It may be stopped at any point: the mail that was under way is
    /// still queued, and is sent again when its claim has run out.
    pub(crate) async fn run(self) {
        let mut database_is_away = false;
        loop {
            match drain(&self).await {
                Ok(()) => database_is_away = false,
                Err(error) => {
                    // Once, not every second for as long as it lasts.
                    if !database_is_away {
                        let cause = fault::describe(&error);
                        tracing::warn!(cause, "mails wait: the database does not answer");
                    }
                    database_is_away = true;
                }
            }
            tokio::select! {
                () = self.shared.mail_wakeup.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    }
}

/// Sends what is due.
async fn drain(mailer: &Mailer) -> Result<(), DbErr> {
    let shared = &mailer.shared;
    while let Some(mail) = database::limited(queue::claim(&shared.database)).await? {
        let sent = tokio::time::timeout(PATIENCE, deliver(mailer, &mail))
            .await
            .unwrap_or_else(|elapsed| Err(elapsed.into()));
        database::limited(settle(shared, &mail, sent)).await?;
    }
    Ok(())
}

/// Removes or postpones a mail, after what became of it. `None`: it was not wanted any more.
async fn settle(
    shared: &Shared,
    mail: &Mail,
    sent: anyhow::Result<Option<String>>,
) -> Result<(), DbErr> {
    let (id, kind) = (mail.id, mail.kind.as_str());
    match sent {
        Ok(place) => {
            match place {
                Some(place) => tracing::info!(%id, kind, "mail {id} went to {place}"),
                None => tracing::debug!(%id, kind, "mail {id} is not needed any more"),
            }
            queue::remove(&shared.database, mail).await
        }
        Err(error) => {
            let cause = format!("{error:#}");
            if error.downcast_ref::<Refused>().is_some() {
                tracing::error!(%id, kind, cause, "mail {id} was given up");
                return queue::remove(&shared.database, mail).await;
            }
            match queue::postpone(&shared.database, mail).await? {
                Some(pause) => {
                    let seconds = pause.whole_seconds();
                    tracing::warn!(%id, kind, cause, "mail {id} was not sent, next try in {seconds} s");
                }
                None => tracing::error!(%id, kind, cause, "mail {id} was given up"),
            }
            Ok(())
        }
    }
}

async fn deliver(mailer: &Mailer, mail: &Mail) -> anyhow::Result<Option<String>> {
    let Some(text) = compose(&mailer.shared, mail).await? else {
        return Ok(None);
    };
    let message = envelope(mailer, mail, text)?;
    let stamp = mail.created_at.unix_timestamp();
    let name = format!("{stamp}-{}-{}", mail.kind, mail.id);
    mailer.send(name, message).await.map(Some)
}

/// What the mail says, which depends on the account as it is now.
async fn compose(shared: &Shared, mail: &Mail) -> anyhow::Result<Option<Text>> {
    let public_url = &shared.settings.server.public_url;
    let database = &shared.database;
    let account = match Kind::of(mail) {
        Some(Kind::Signup) => {
            let made = mail.user_id.context("a sign-up without an account's id")?;
            match store::find_by_email(database, &mail.address).await? {
                Some(user) if user.id == made || store::may_be_signed_up_for(&user) => {
                    user.email_jti.map(|jti| (user, jti))
                }
                // The address has an account of another sign-up, and it is proved.
                Some(_) => return Ok(Some(templates::already_registered(public_url))),
                None => None,
            }
        }
        Some(Kind::Resend) => match store::find_by_email(database, &mail.address).await? {
            Some(user) => store::renew_email_jti(database, &user)
                .await?
                .map(|jti| (user, jti)),
            None => None,
        },
        None => bail!("a mail of unknown kind, queued by a newer version perhaps"),
    };
    match account {
        Some((user, jti)) if is_waiting(&user) => {
            let hours = shared.settings.tokens.email.hours;
            let token = email_token(shared, &user, jti)?;
            Ok(Some(templates::verification(public_url, &token, hours)))
        }
        _ => Ok(None),
    }
}

fn is_waiting(user: &User) -> bool {
    user.email_verified_at.is_none() && user.disabled_at.is_none()
}

/// The token in the link. Made when it is sent, so that its life begins then, however long the mail waited.
fn email_token(shared: &Shared, user: &User, jti: Uuid) -> anyhow::Result<String> {
    let issued_at = database::now().unix_timestamp();
    let life = i64::from(shared.settings.tokens.email.hours) * 3600;
    shared.keys.issue(tokens::NewToken {
        kind: tokens::Kind::Email,
        user_id: user.id,
        access_role: Role::from_stored(user.access_role)
            .context("the account's role is unknown")?
            .level(),
        jti,
        session: None,
        email: Some(&user.email),
        issued_at,
        expires_at: issued_at + life,
    })
}

fn envelope(mailer: &Mailer, mail: &Mail, text: Text) -> anyhow::Result<Message> {
    let Ok(to) = mail.address.parse::<Address>() else {
        bail!("the queued address is no mail address");
    };
    let domain = mailer.from.email.domain();
    // Nobody's autoresponder should answer (RFC 3834, section 5).
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    let parts = MultiPart::alternative()
        .singlepart(plain(text.plain))
        .singlepart(SinglePart::html(text.html));
    let mut message = Message::builder()
        .from(mailer.from.clone())
        .to(Mailbox::new(None, to))
        .subject(text.subject)
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .multipart(parts)
        .context("the mail cannot be put together")?;
    message.headers_mut().insert_raw(automatic);
    Ok(message)
}

/// The plain body as it is, so that the link can be copied from an `.eml` file: lettre would break lines
/// of more than 76 characters, which may have 998 (RFC 5322, section 2.1.1).
fn plain(text: String) -> SinglePart {
    if !text.is_ascii() || text.lines().any(|line| line.len() > 998) {
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
        let token = "e".repeat(600);
        let text = templates::verification("http://127.0.0.1:5003", &token, 1).plain;
        let link =
            format!("\r\nhttp://127.0.0.1:5003/users/v1/email_verification?token={token}\r\n");
        assert!(raw(text).contains(&link));
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
