//! The mails about accounts, whose text depends on the account as it is when the mail is sent.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use anyhow::{Context as _, bail};
use sea_orm::DbErr;
use uuid::Uuid;

use super::entity::Model as User;
use super::{mail_tokens, passwords, sign_ups, store};
use crate::auth::tokens::{Keys, TokenKind};
use crate::database::Database;
use crate::mail::{Compose, Letter, Mail, MailKind, Templates, Text};
use crate::settings::Tokens;

/// Composes mails. No token is made before its mail is sent, so that none waits in SQL, and its life begins
/// then, however long the mail waited.
pub(crate) struct MailComposer {
    database: Database,
    keys: Arc<Keys>,
    email_hours: u32,
    password_hours: u32,
}

impl MailComposer {
    /// Creates a composer; `tokens` says how long mailed tokens live.
    pub(crate) fn new(database: Database, keys: Arc<Keys>, tokens: &Tokens) -> Self {
        Self {
            database,
            keys,
            email_hours: tokens.email.hours,
            password_hours: tokens.password.hours,
        }
    }
}

impl Compose for MailComposer {
    async fn compose(&self, templates: &Templates, mail: &Mail) -> anyhow::Result<Option<Text>> {
        let composition = Composition {
            composer: self,
            templates,
            mail,
        };
        match MailKind::of(mail) {
            Some(MailKind::Signup) => composition.signup().await,
            Some(MailKind::Resend) => composition.resend().await,
            Some(MailKind::Forgotten) => composition.forgotten().await,
            Some(MailKind::EmailChange) => composition.email_change().await,
            Some(MailKind::PasswordChanged) => composition.notice(Letter::PasswordChanged).await,
            Some(MailKind::EmailChangeRequested) => {
                composition.notice(Letter::EmailChangeRequested).await
            }
            Some(MailKind::EmailChanged) => composition.notice(Letter::EmailChanged).await,
            None => bail!("a mail of unknown kind, queued by a newer version perhaps"),
        }
    }
}

/// The composition of one mail.
struct Composition<'a> {
    composer: &'a MailComposer,
    templates: &'a Templates,
    mail: &'a Mail,
}

impl Composition<'_> {
    async fn signup(&self) -> anyhow::Result<Option<Text>> {
        let made = self.account_id()?;
        match self.addressee().await? {
            Some(user) if user.id == made || user.is_pending_signup() => {
                let jti = user.email_jti;
                self.verification(&user, jti).await
            }
            // The address has an account of another sign-up, and it is proved.
            Some(_) => self.templates.write(Letter::AlreadyRegistered).map(Some),
            None => Ok(None),
        }
    }

    async fn resend(&self) -> anyhow::Result<Option<Text>> {
        if self.mail.user_id.is_some()
            && let Some(change) = self.email_change().await?
        {
            return Ok(Some(change));
        }
        let Some(user) = self.addressee().await? else {
            return Ok(None);
        };
        let jti = sign_ups::renew_email_jti(&self.composer.database, &user).await?;
        self.verification(&user, jti).await
    }

    /// Composes the mail that proves the address: with the link, or with a token to choose the password if none counts.
    async fn verification(&self, user: &User, jti: Option<Uuid>) -> anyhow::Result<Option<Text>> {
        if user.is_verified() || user.is_suspended() {
            return Ok(None);
        }
        if store::password_of(user).is_none() {
            let token = self.password_token(user).await?;
            let text = token.map(|token| self.templates.write(Letter::ChoosePassword(&token)));
            return text.transpose();
        }
        let Some(jti) = jti else {
            return Ok(None);
        };
        let token = self.email_token(user, &user.email, jti)?;
        self.templates.write(Letter::Verification(&token)).map(Some)
    }

    async fn forgotten(&self) -> anyhow::Result<Option<Text>> {
        let Some(user) = self.addressee().await? else {
            return Ok(None);
        };
        let token = self.password_token(&user).await?;
        let text = token.map(|token| self.templates.write(Letter::PasswordForgotten(&token)));
        text.transpose()
    }

    /// Renews and signs the password token of the account; the one before dies.
    async fn password_token(&self, user: &User) -> anyhow::Result<Option<String>> {
        // Also at a further attempt: a token that may have been spent meanwhile must not come to life again.
        let jti = passwords::renew_jti(&self.composer.database, user, self.mail.id).await?;
        jti.map(|jti| self.token(TokenKind::Password, user, jti, None))
            .transpose()
    }

    async fn email_change(&self) -> anyhow::Result<Option<Text>> {
        let Some(user) = self.account().await? else {
            return Ok(None);
        };
        let is_waiting = !user.is_suspended()
            && user.pending_email.as_deref() == Some(self.mail.address.as_str());
        let Some(jti) = user.pending_email_jti.filter(|_| is_waiting) else {
            return Ok(None);
        };
        // Told to the address alone: whoever asked for it has the same answer for a free one.
        let holder = self.addressee().await?;
        if holder.is_some_and(|holder| !holder.is_pending_signup()) {
            return self.templates.write(Letter::AddressTaken).map(Some);
        }
        let token = self.email_token(&user, &self.mail.address, jti)?;
        self.templates.write(Letter::EmailChange(&token)).map(Some)
    }

    /// Composes a notice to the owner of an account, also of one that was suspended meanwhile.
    async fn notice(&self, letter: Letter<'_>) -> anyhow::Result<Option<Text>> {
        match self.account().await? {
            Some(_) => self.templates.write(letter).map(Some),
            None => Ok(None),
        }
    }

    /// Finds the account that has the address now.
    async fn addressee(&self) -> Result<Option<User>, DbErr> {
        store::find_by_email(&self.composer.database, &self.mail.address).await
    }

    /// Finds the account that the mail was queued for.
    async fn account(&self) -> anyhow::Result<Option<User>> {
        Ok(store::find_by_id(&self.composer.database, self.account_id()?).await?)
    }

    fn account_id(&self) -> anyhow::Result<Uuid> {
        let id = self.mail.user_id;
        id.context("a mail of this kind without the id of an account")
    }

    fn email_token(&self, user: &User, address: &str, jti: Uuid) -> anyhow::Result<String> {
        self.token(TokenKind::Email, user, jti, Some(address))
    }

    fn token(
        &self,
        kind: TokenKind,
        user: &User,
        jti: Uuid,
        email: Option<&str>,
    ) -> anyhow::Result<String> {
        let hours = match kind {
            TokenKind::Password => self.composer.password_hours,
            _ => self.composer.email_hours,
        };
        mail_tokens::token(&self.composer.keys, kind, user, jti, email, hours)
    }
}
