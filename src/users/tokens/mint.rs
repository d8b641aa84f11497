//! Tokens for the operator, without a password and without a mail.

use anyhow::{Context as _, Result, anyhow, ensure};
use generated::models::ProblemCode;
use time::Duration;
use uuid::Uuid;

use crate::audit::{self, AuditContext, AuditEventKind};
use crate::auth::revocation::Revocation;
use crate::auth::tokens::{Keys, TokenKind};
use crate::database::{self, Database};
use crate::errors::ApiError;
use crate::settings::Settings;
use crate::users::entity::Model as User;
use crate::users::mail_tokens;
use crate::users::sessions::{self, TokenLifetimes};

/// The token that is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) kind: TokenKind,
    /// Its lifetime, where it is not to be that of the settings.
    pub(crate) hours: Option<u32>,
    /// A live session is replaced by the one that an access or a refresh token needs.
    pub(crate) replace: bool,
}

/// A token that was made.
pub(crate) struct Minted {
    pub(crate) token: String,
    /// The revocation of the session that was replaced, to be published.
    pub(crate) replaced: Option<Revocation>,
}

/// Makes a token. What the service would refuse after a right password is refused here, too.
///
/// # Errors
/// Those of a login, or the account has no use for a token of this kind.
pub(crate) async fn mint(
    database: &Database,
    keys: &Keys,
    settings: &Settings,
    user: &User,
    order: Order,
    context: &AuditContext,
) -> Result<Minted> {
    if order.kind.has_session() {
        return with_session(database, keys, settings, user, order, context).await;
    }
    let jti = renew_mail_token(database, user, order.kind, context).await?;
    let hours = order.hours.unwrap_or(match order.kind {
        TokenKind::Email => settings.tokens.email.hours,
        _ => settings.tokens.password.hours,
    });
    let address = (order.kind == TokenKind::Email).then_some(user.email.as_str());
    let token = mail_tokens::token(keys, order.kind, user, jti, address, hours)?;
    Ok(Minted {
        token,
        replaced: None,
    })
}

async fn with_session(
    database: &Database,
    keys: &Keys,
    settings: &Settings,
    user: &User,
    order: Order,
    context: &AuditContext,
) -> Result<Minted> {
    let lifetimes = lifetimes(settings, order)?;
    let event = (AuditEventKind::TokenMinted, Some(order.kind.name()));
    let opened = sessions::open(database, user, &lifetimes, order.replace, event, context)
        .await
        .map_err(|refusal| match refusal.code() {
            ProblemCode::UserAlreadyLoggedIn => {
                anyhow!("a session is live; --replace-session ends it and starts another")
            }
            _ => refusal.into(),
        })?
        .context("the account's password was changed at this moment; try again")?;
    let pair = sessions::pair(keys, &opened.session, &opened.user)?;
    Ok(Minted {
        token: match order.kind {
            TokenKind::Refresh => pair.refresh_token,
            _ => pair.token,
        },
        replaced: opened.replaced,
    })
}

/// Returns the lifetimes that the order needs. An access token never outlives its session, so one with a long life has a session with a long life.
fn lifetimes(settings: &Settings, order: Order) -> Result<TokenLifetimes> {
    let mut lifetimes = TokenLifetimes::of(settings);
    if let Some(hours) = order.hours {
        let wanted = Duration::hours(hours.into());
        ensure!(
            wanted <= lifetimes.absolute,
            "a session ends after {} days (sessions.absolute_days), and its tokens with it: ask for fewer hours",
            lifetimes.absolute.whole_days()
        );
        match order.kind {
            TokenKind::Access => {
                lifetimes.access = wanted;
                lifetimes.refresh = lifetimes.refresh.max(wanted);
            }
            _ => lifetimes.refresh = wanted,
        }
    }
    Ok(lifetimes)
}

/// Gives the account a new mailed token of this kind; the one before is refused from then on.
async fn renew_mail_token(
    database: &Database,
    user: &User,
    kind: TokenKind,
    context: &AuditContext,
) -> Result<Uuid> {
    let jti = Uuid::new_v4();
    let change = mail_tokens::renewal(kind, user, jti);
    let (user_id, context) = (user.id, context.clone());
    let changed = database
        .run(move |database| async move {
            let transaction = database::begin(&database).await?;
            let changed = change.exec(&transaction).await?.rows_affected > 0;
            if changed {
                let minted = AuditEventKind::TokenMinted;
                let detail = Some(kind.name());
                audit::record(&transaction, &context, minted, user_id, detail).await?;
            }
            transaction.commit().await?;
            Ok::<_, ApiError>(changed)
        })
        .await?;
    ensure!(
        changed,
        match kind {
            TokenKind::Email => {
                "the account is suspended, has no password, its address is verified already, or it was changed just now"
            }
            _ => "the account is suspended, or was changed just now",
        }
    );
    Ok(jti)
}
