//! Verification of an access token, for `benches/micro.rs`.

use anyhow::Result;
use uuid::Uuid;

use super::{Keys, NewToken, TokenKind};
use crate::auth::roles::Role;
use crate::settings::Settings;

/// An access token, and the keys that it was made with.
pub struct Token {
    keys: Keys,
    text: String,
    now: i64,
}

impl Token {
    /// Makes keys and token.
    ///
    /// # Errors
    ///
    /// None.
    pub fn issue() -> Result<Self> {
        let mut settings = Settings::default().tokens;
        for kind in [
            &mut settings.access,
            &mut settings.refresh,
            &mut settings.email,
            &mut settings.password,
        ] {
            kind.secrets = vec![format!("{}{}", Uuid::new_v4(), Uuid::new_v4()).into()];
        }
        let keys = Keys::new(&settings)?;
        let now = 1_800_000_000;
        let text = keys.issue(NewToken {
            kind: TokenKind::Access,
            user_id: Uuid::now_v7(),
            access_role: Role::Basic,
            jti: Uuid::new_v4(),
            session: Some(Uuid::now_v7()),
            email: None,
            issued_at: now,
            expires_at: now + 3600,
        })?;
        Ok(Self { keys, text, now })
    }

    /// Verifies the token, as the decode function of `jwt` does before it asks for revocations.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.keys
            .verify(TokenKind::Access, &self.text, self.now)
            .is_ok()
    }
}
