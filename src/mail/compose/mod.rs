//! What a queued mail says, which depends on the account as it is when the mail is sent.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, bail};
use uuid::Uuid;

use crate::auth::tokens::{self, Keys};
use crate::database::Database;
use crate::mail::MailKind;
use crate::mail::entity::Model as Mail;
use crate::mail::templates::{Letter, Templates, Text};
use crate::settings::Settings;
use crate::users::entity::Model as User;
use crate::users::{mail_tokens, passwords, sign_ups, store};

/// Composes mails. No token is made before its mail is sent, so that none waits in SQL, and its life begins
/// then, however long the mail waited.
pub(super) struct Composer<'a> {
    pub(super) database: &'a Database,
    pub(super) keys: &'a Keys,
    pub(super) settings: &'a Settings,
    pub(super) templates: &'a Templates,
}

impl Composer<'_> {
    /// The words of a mail. `None`: it is not wanted any more.
    pub(super) async fn compose(&self, mail: &Mail) -> anyhow::Result<Option<Text>> {
        match MailKind::of(mail) {
            Some(MailKind::Signup) => self.signup(mail).await,
            Some(MailKind::Resend) => self.resend(mail).await,
            Some(MailKind::Forgotten) => self.forgotten(mail).await,
            Some(MailKind::EmailChange) => self.email_change(mail).await,
            Some(MailKind::PasswordChanged) => self.notice(mail, Letter::PasswordChanged).await,
            Some(MailKind::EmailChangeRequested) => {
                self.notice(mail, Letter::EmailChangeRequested).await
            }
            Some(MailKind::EmailChanged) => self.notice(mail, Letter::EmailChanged).await,
            None => bail!("a mail of unknown kind, queued by a newer version perhaps"),
        }
    }

    async fn signup(&self, mail: &Mail) -> anyhow::Result<Option<Text>> {
        let made = mail.user_id.context("a sign-up without an account's id")?;
        match store::find_by_email(self.database, &mail.address).await? {
            Some(user) if user.id == made || user.is_pending_signup() => {
                let jti = user.email_jti;
                self.verification(mail, &user, jti).await
            }
            // The address has an account of another sign-up, and it is proved.
            Some(_) => self.templates.write(Letter::AlreadyRegistered).map(Some),
            None => Ok(None),
        }
    }

    async fn resend(&self, mail: &Mail) -> anyhow::Result<Option<Text>> {
        let Some(user) = store::find_by_email(self.database, &mail.address).await? else {
            return Ok(None);
        };
        let jti = sign_ups::renew_email_jti(self.database, &user).await?;
        self.verification(mail, &user, jti).await
    }

    /// What proves the address: the link, or a token to choose the password with where none counts.
    async fn verification(
        &self,
        mail: &Mail,
        user: &User,
        jti: Option<Uuid>,
    ) -> anyhow::Result<Option<Text>> {
        if user.email_verified_at.is_some() || user.disabled_at.is_some() {
            return Ok(None);
        }
        if store::password_of(user).is_none() {
            let token = self.password_token(mail, user).await?;
            let text = token.map(|token| self.templates.write(Letter::ChoosePassword(&token)));
            return text.transpose();
        }
        let Some(jti) = jti else {
            return Ok(None);
        };
        let token = self.email_token(user, &user.email, jti)?;
        self.templates.write(Letter::Verification(&token)).map(Some)
    }

    async fn forgotten(&self, mail: &Mail) -> anyhow::Result<Option<Text>> {
        let Some(user) = store::find_by_email(self.database, &mail.address).await? else {
            return Ok(None);
        };
        let token = self.password_token(mail, &user).await?;
        let text = token.map(|token| self.templates.write(Letter::PasswordForgotten(&token)));
        text.transpose()
    }

    /// The password token that this mail is to carry; the one before dies.
    async fn password_token(&self, mail: &Mail, user: &User) -> anyhow::Result<Option<String>> {
        // Also at a further attempt: a token that may have been spent meanwhile must not come to life again.
        let jti = passwords::renew_jti(self.database, user, mail.id).await?;
        jti.map(|jti| self.token(tokens::TokenKind::Password, user, jti, None))
            .transpose()
    }

    async fn email_change(&self, mail: &Mail) -> anyhow::Result<Option<Text>> {
        let id = mail.user_id.context("a new address without an account")?;
        let Some(user) = store::find_by_id(self.database, id).await? else {
            return Ok(None);
        };
        let is_waiting = user.disabled_at.is_none()
            && user.pending_email.as_deref() == Some(mail.address.as_str());
        let Some(jti) = user.pending_email_jti.filter(|_| is_waiting) else {
            return Ok(None);
        };
        // Told to the address alone: whoever asked for it has the same answer for a free one.
        let holder = store::find_by_email(self.database, &mail.address).await?;
        if holder.is_some_and(|holder| !holder.is_pending_signup()) {
            return self.templates.write(Letter::AddressTaken).map(Some);
        }
        let token = self.email_token(&user, &mail.address, jti)?;
        self.templates.write(Letter::EmailChange(&token)).map(Some)
    }

    /// A notice to the owner of an account, also of one that was suspended meanwhile.
    async fn notice(&self, mail: &Mail, letter: Letter<'_>) -> anyhow::Result<Option<Text>> {
        let id = mail.user_id.context("a notice without an account's id")?;
        match store::find_by_id(self.database, id).await? {
            Some(_) => self.templates.write(letter).map(Some),
            None => Ok(None),
        }
    }

    fn email_token(&self, user: &User, address: &str, jti: Uuid) -> anyhow::Result<String> {
        self.token(tokens::TokenKind::Email, user, jti, Some(address))
    }

    fn token(
        &self,
        kind: tokens::TokenKind,
        user: &User,
        jti: Uuid,
        email: Option<&str>,
    ) -> anyhow::Result<String> {
        let hours = match kind {
            tokens::TokenKind::Password => self.settings.tokens.password.hours,
            _ => self.settings.tokens.email.hours,
        };
        mail_tokens::token(self.keys, kind, user, jti, email, hours)
    }
}
