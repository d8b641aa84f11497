//! Who may call a mock: one made-up account of each role, with a good credential for every security scheme.

use std::sync::Arc;

use anyhow::Result;
use gatekeeper::{ApiKey, Basic, Bearer, Denial, RequestContext};
use generated::{Security, security::schemes};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::roles::Role;
use crate::auth::tokens::{Keys, NewToken, TokenFault, TokenKind};
use crate::auth::{Caller, Scheme};
use crate::errors::ApiError;
use crate::settings::Tokens;

use super::Real;

/// Longer than anybody works with one start: a month.
const LIFE_SECONDS: i64 = 30 * 24 * 3600;

/// Everybody whom a mock knows.
pub(crate) struct Callers {
    keys: Keys,
    /// The lowest role first.
    holders: [Holder; 2],
}

/// Somebody with a role, and what opens the doors to them.
pub(crate) struct Holder {
    pub(crate) role: Role,
    user_id: Uuid,
    pub(crate) access: String,
    pub(crate) refresh: String,
    password_token: String,
    email: String,
    password: String,
    pub(crate) api_token: String,
}

impl Callers {
    /// Makes them up, with fresh secrets in place of those of the settings.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn make_up(tokens: &Tokens) -> Result<Self> {
        let keys = Keys::new(&tokens.with_fresh_secrets()?)?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let holders = [
            Holder::make_up(&keys, Role::Basic, now)?,
            Holder::make_up(&keys, Role::Admin, now)?,
        ];
        Ok(Self { keys, holders })
    }

    /// All of them.
    pub(crate) fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// The one with this role.
    pub(crate) fn of(&self, role: Role) -> Option<&Holder> {
        self.holder(|holder| holder.role == role)
    }

    fn holder(&self, is: impl Fn(&Holder) -> bool) -> Option<&Holder> {
        self.holders.iter().find(|holder| is(holder))
    }

    fn bearer(&self, kind: TokenKind, via: Scheme, token: &str) -> Result<Caller, Denial> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        match self.keys.verify(kind, token, now) {
            Ok(token) => Ok(Caller::of_token(&token, via)),
            Err(TokenFault::Expired { .. }) => Err(Denial::expired("past `exp`")),
            Err(TokenFault::Invalid(_, reason)) => Err(Denial::invalid(reason)),
        }
    }
}

impl Holder {
    fn make_up(keys: &Keys, role: Role, now: i64) -> Result<Self> {
        let (user_id, session) = (Uuid::new_v4(), Uuid::new_v4());
        let token = |kind: TokenKind| {
            keys.issue(NewToken {
                kind,
                user_id,
                access_role: role,
                jti: Uuid::new_v4(),
                session: kind.has_session().then_some(session),
                email: None,
                issued_at: now,
                expires_at: now + LIFE_SECONDS,
            })
        };
        Ok(Self {
            role,
            user_id,
            access: token(TokenKind::Access)?,
            refresh: token(TokenKind::Refresh)?,
            password_token: token(TokenKind::Password)?,
            email: format!("{}@rebels.example", role.name()),
            password: Uuid::new_v4().to_string(),
            api_token: ApiTokenSecret::random()?.into_text(),
        })
    }

    /// Names of security schemes, each with what to send for it.
    pub(crate) fn credentials(&self) -> [(&'static str, String); 5] {
        [
            ("jwt", self.access.clone()),
            ("jwt_refresh", self.refresh.clone()),
            ("jwt_password", self.password_token.clone()),
            ("basic", format!("{}:{}", self.email, self.password)),
            ("api_token", self.api_token.clone()),
        ]
    }

    fn caller(&self, via: Scheme) -> Caller {
        Caller {
            user_id: self.user_id,
            access_role: self.role.level(),
            session: None,
            jti: Uuid::nil(),
            via,
        }
    }
}

/// Whether two secrets are one. Digests are compared, of which the time tells nothing.
fn same(known: &str, sent: &str) -> bool {
    Sha256::digest(known) == Sha256::digest(sent)
}

/// One worker's view of them, and of what is answered in earnest.
#[derive(Clone)]
pub(crate) struct Mock {
    pub(crate) callers: Arc<Callers>,
    pub(crate) real: Arc<Real>,
}

impl Security for Mock {
    type Identity = Caller;
    type Error = ApiError;

    async fn decode_token(
        &self,
        _visit: RequestContext<'_>,
        credential: Bearer<'_, schemes::Jwt>,
    ) -> Result<Caller, Denial> {
        self.callers
            .bearer(TokenKind::Access, Scheme::Jwt, credential.token())
    }

    async fn decode_refresh_token(
        &self,
        _visit: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Caller, Denial> {
        let token = credential.token();
        self.callers
            .bearer(TokenKind::Refresh, Scheme::JwtRefresh, token)
    }

    async fn decode_password_token(
        &self,
        _visit: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Caller, Denial> {
        let token = credential.token();
        self.callers
            .bearer(TokenKind::Password, Scheme::JwtPassword, token)
    }

    async fn decode_basic(
        &self,
        _visit: RequestContext<'_>,
        credential: Basic<'_, schemes::Basic>,
    ) -> Result<Caller, Denial> {
        self.callers
            .holder(|holder| {
                holder.email == credential.username()
                    && same(&holder.password, credential.password())
            })
            .map(|holder| holder.caller(Scheme::Basic))
            .ok_or_else(|| Denial::credentials("not a pair that was printed at start"))
    }

    async fn decode_api_token(
        &self,
        _visit: RequestContext<'_>,
        credential: ApiKey<'_, schemes::ApiToken>,
    ) -> Result<Caller, Denial> {
        self.callers
            .holder(|holder| same(&holder.api_token, credential.value()))
            .map(|holder| holder.caller(Scheme::ApiToken))
            .ok_or_else(|| Denial::invalid("not an API token that was printed at start"))
    }
}
