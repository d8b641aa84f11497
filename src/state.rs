//! The state that the implementation of the contract works with: its parts, and how they are put together.

use std::{ops::Deref, rc::Rc, sync::Arc};

use tokio::sync::Notify;

use crate::{
    audit::Audit,
    auth::{
        password::Passwords, revocation::Revocations, token_verifier::TokenVerifier, tokens::Keys,
    },
    catalogue::Catalogue,
    database::Database,
    errors::Pages,
    idempotency::Idempotency,
    limits::Limits,
    metrics::{Metrics, Readings},
    service::{Documents, Readiness},
    settings::Settings,
    users::{
        accounts::AccountChanges,
        api_tokens::{ApiTokens, Uses},
        login::Login,
        mail_requests::MailRequests,
        password_login::PasswordLogin,
        passwords::PasswordChanges,
        sessions::{Sessions, TokenLifetimes},
        sign_ups::SignUps,
        tokens::TokenIntrospection,
    },
};

/// Shared by all workers.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) database: Database,
    /// For tasks in the background.
    pub(crate) background: Database,
    pub(crate) keys: Arc<Keys>,
    pub(crate) passwords: Arc<Passwords>,
    /// Wakes the mail worker when a mail was queued.
    pub(crate) mail_wakeup: Arc<Notify>,
    pub(crate) catalogue: Catalogue,
    pub(crate) documents: Documents,
    pub(crate) readiness: Readiness,
    pub(crate) problem_pages: Pages,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) audit: Audit,
    pub(crate) limits: Limits,
    pub(crate) idempotency: Idempotency,
    pub(crate) api_token_uses: Uses,
}

/// One worker's view: the shared state, and the parts that ask the revocation store, by a handle that is the worker's
/// own, since a connection made elsewhere would wake another thread at every request.
pub(crate) struct App {
    shared: Arc<Shared>,
    pub(crate) tokens: TokenVerifier,
    pub(crate) password_login: PasswordLogin,
    pub(crate) sessions: Sessions,
    pub(crate) login: Login,
    pub(crate) mail_requests: MailRequests,
    pub(crate) sign_ups: SignUps,
    pub(crate) password_changes: PasswordChanges,
    pub(crate) account_changes: AccountChanges,
    pub(crate) api_tokens: ApiTokens,
    pub(crate) introspection: TokenIntrospection,
}

impl App {
    /// Puts the parts of a worker together; to be called on its thread.
    pub(crate) fn new(shared: Arc<Shared>, revocations: &Revocations) -> Self {
        let (database, audit, limits) = (&shared.database, &shared.audit, &shared.limits);
        let (keys, passwords) = (&shared.keys, &shared.passwords);
        let revocations = revocations.for_worker();
        let tokens = TokenVerifier {
            keys: Arc::clone(keys),
            recent: Rc::default(),
            revocations: revocations.clone(),
            audit: audit.clone(),
        };
        let password_login = PasswordLogin {
            database: database.clone(),
            passwords: Arc::clone(passwords),
            limits: limits.clone(),
            audit: audit.clone(),
        };
        let sessions = Sessions {
            database: database.clone(),
            tokens: tokens.clone(),
            lifetimes: TokenLifetimes::of(&shared.settings),
        };
        let mail_requests = MailRequests {
            database: database.clone(),
            limits: limits.clone(),
            audit: audit.clone(),
            wakeup: Arc::clone(&shared.mail_wakeup),
        };
        Self {
            login: Login {
                passwords: password_login.clone(),
                sessions: sessions.clone(),
            },
            sign_ups: SignUps {
                database: database.clone(),
                keys: Arc::clone(keys),
                passwords: Arc::clone(passwords),
                mails: mail_requests.clone(),
                audit: audit.clone(),
            },
            password_changes: PasswordChanges {
                database: database.clone(),
                passwords: Arc::clone(passwords),
                login: password_login.clone(),
                tokens: tokens.clone(),
                mails: mail_requests.clone(),
            },
            account_changes: AccountChanges {
                database: database.clone(),
                passwords: Arc::clone(passwords),
                mails: mail_requests.clone(),
                revocations,
                audit: audit.clone(),
            },
            api_tokens: ApiTokens {
                database: database.clone(),
                audit: audit.clone(),
                uses: shared.api_token_uses.clone(),
            },
            introspection: TokenIntrospection {
                database: database.clone(),
                tokens: tokens.clone(),
            },
            tokens,
            password_login,
            sessions,
            mail_requests,
            shared,
        }
    }

    /// Reads what the parts have to say for the metrics.
    pub(crate) fn readings(&self) -> Readings {
        Readings {
            pools: vec![
                ("requests", self.database.usage()),
                ("background", self.background.usage()),
            ],
            hashing: self.passwords.usage(),
            refusals: self.audit.waiting(),
            revocations: Some(self.tokens.revocations.readings()),
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
