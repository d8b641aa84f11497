//! The users of a mock: an account of each role, with a valid credential for every security scheme.

use anyhow::Result;
use gatekeeper::Denial;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::auth::api_token_secret::ApiTokenSecret;
use crate::auth::roles::Role;
use crate::auth::tokens::{Keys, NewToken, TokenFault, TokenKind};
use crate::auth::{Caller, Scheme};
use crate::settings::Tokens;

/// The lifetime of tokens: a month, longer than a mock runs.
const LIFE_SECONDS: i64 = 30 * 24 * 3600;

/// The users of a mock.
pub(crate) struct MockUsers {
    keys: Keys,
    /// The lowest role first.
    users: [MockUser; 2],
}

/// A user with a role and a credential for each security scheme.
pub(crate) struct MockUser {
    pub(crate) role: Role,
    user_id: Uuid,
    pub(crate) access: String,
    pub(crate) refresh: String,
    password_token: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(crate) api_token: String,
}

impl MockUsers {
    /// Creates the users, with fresh secrets instead of those of the settings.
    pub(crate) fn generate(tokens: &Tokens) -> Result<Self> {
        let keys = Keys::new(&tokens.with_fresh_secrets()?)?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let users = [
            MockUser::generate(&keys, Role::Basic, now)?,
            MockUser::generate(&keys, Role::Admin, now)?,
        ];
        Ok(Self { keys, users })
    }

    /// Returns all users.
    pub(crate) fn all(&self) -> &[MockUser] {
        &self.users
    }

    /// Returns the user with the role.
    pub(crate) fn with_role(&self, role: Role) -> Option<&MockUser> {
        self.find(|user| user.role == role)
    }

    pub(super) fn find(&self, is: impl Fn(&MockUser) -> bool) -> Option<&MockUser> {
        self.users.iter().find(|user| is(user))
    }

    pub(super) fn bearer(
        &self,
        kind: TokenKind,
        via: Scheme,
        token: &str,
    ) -> Result<Caller, Denial> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        match self.keys.verify(kind, token, now) {
            Ok(token) => Ok(Caller::of_token(&token, via)),
            Err(TokenFault::Expired { .. }) => Err(Denial::expired("past `exp`")),
            Err(TokenFault::Invalid(_, reason)) => Err(Denial::invalid(reason)),
        }
    }
}

impl MockUser {
    fn generate(keys: &Keys, role: Role, now: i64) -> Result<Self> {
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

    /// Returns the names of the security schemes, each with its credential.
    pub(crate) fn credentials(&self) -> [(&'static str, String); 5] {
        [
            ("jwt", self.access.clone()),
            ("jwt_refresh", self.refresh.clone()),
            ("jwt_password", self.password_token.clone()),
            ("basic", format!("{}:{}", self.email, self.password)),
            ("api_token", self.api_token.clone()),
        ]
    }

    pub(super) fn caller(&self, via: Scheme) -> Caller {
        Caller {
            user_id: self.user_id,
            access_role: self.role.level(),
            session: None,
            jti: Uuid::nil(),
            via,
        }
    }
}

/// Compares two secrets by their digests, so that the time says nothing about where they differ.
pub(super) fn secrets_match(known: &str, sent: &str) -> bool {
    Sha256::digest(known) == Sha256::digest(sent)
}
