//! The `Users` trait of the contract.

use gatekeeper::{In, Rejection, Violation};
use generated::apis::users::{
    EmailVerificationResponse, GenerateNewTokensResponse, GetMeResponse, LoginResponse,
    LogoutResponse, ResendEmailVerificationResponse, SignupResponse, Users,
};
use generated::models::{
    Credentials, EmailRequest, RefreshRequest, User as Record, UserAccessRole, UserSignup,
    UserTokens, UserTokensTokenType,
};
use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

use super::email::normal_form;
use super::entity::Model as User;
use super::sessions::{self, Lives, Presented, RefreshState, Rotation, Session};
use super::store;
use crate::auth::password::{PasswordFault, Verdict};
use crate::auth::revocation::Revocation;
use crate::auth::roles::Role;
use crate::auth::tokens::{Kind, NewToken, TokenFault};
use crate::auth::{Caller, Scheme};
use crate::database::{self, fault};
use crate::errors::ApiError;
use crate::mailer::queue;
use crate::service::endpoints::ok;
use crate::state::App;

/// Tokens and personal data stay out of caches (RFC 6749, section 5.1).
const NO_STORE: &str = "no-store";

/// How often a login looks again after the stored hash has changed under it.
const LOGIN_ATTEMPTS: usize = 3;

impl Users for App {
    async fn signup(&self, body: UserSignup) -> Result<SignupResponse, ApiError> {
        let email = normal_form(&body.email).ok_or_else(not_an_address)?;
        self.refuse_when_mails_pile_up().await?;
        let hash = self
            .passwords
            .hash(body.password.into(), email.clone())
            .await
            .map_err(hashing)?;
        store::sign_up(&self.database, email, hash).await?;
        self.mail_wakeup.notify_one();
        Ok(SignupResponse::Status202(ok().into()))
    }

    async fn email_verification(
        &self,
        token: String,
    ) -> Result<EmailVerificationResponse, ApiError> {
        let now = database::now().unix_timestamp();
        let token = self
            .keys
            .verify(Kind::Email, &token, now)
            .map_err(|fault| match fault {
                TokenFault::Expired => ApiError::token_expired(),
                TokenFault::Invalid(reason) => ApiError::token_invalid(reason),
            })?;
        let email = token.email.as_deref().unwrap_or_default();
        if !store::mark_verified(&self.database, token.user_id, email, token.jti).await? {
            return Err(ApiError::token_invalid(
                "the link was replaced by a newer one, or its account is gone or suspended",
            ));
        }
        Ok(EmailVerificationResponse::Status200 {
            body: ok().into(),
            cache_control: NO_STORE.to_owned(),
        })
    }

    /// Who has this address is looked up by the mail worker, so that the answer and its time tell nothing.
    async fn resend_email_verification(
        &self,
        body: EmailRequest,
    ) -> Result<ResendEmailVerificationResponse, ApiError> {
        let email = normal_form(&body.email).ok_or_else(not_an_address)?;
        self.refuse_when_mails_pile_up().await?;
        let mail = queue::push(&self.database, queue::Kind::Resend, email, None);
        database::limited(mail).await?;
        self.mail_wakeup.notify_one();
        Ok(ResendEmailVerificationResponse::Status202(ok().into()))
    }

    async fn login(&self, body: Credentials) -> Result<LoginResponse, ApiError> {
        let email = normal_form(&body.email);
        let password = SecretString::from(body.password);
        let lives = Lives::of(&self.settings);
        for _ in 0..LOGIN_ATTEMPTS {
            let user = self.proved(email.as_deref(), password.clone()).await?;
            store::standing(&user)?;
            let opened = sessions::open(&self.database, &user, &lives, body.replace_session);
            // Without a session the password is to be judged again: another login may have renewed its
            // hash, or its owner may have changed it.
            if let Some(opened) = opened.await? {
                if let Err(refusal) = self.publish(opened.replaced).await {
                    // Nobody will hold its tokens, so it must not stand in the way of the next login.
                    sessions::end(&self.database, opened.session.id).await?;
                    return Err(refusal);
                }
                return Ok(LoginResponse::Status200 {
                    body: self.tokens(&opened.session, &opened.user)?.into(),
                    cache_control: NO_STORE.to_owned(),
                });
            }
        }
        Err(ApiError::unavailable(
            "The account is being changed; try again shortly",
            "the password's hash kept changing while a session was to be opened",
        ))
    }

    async fn logout(&self, caller: Caller) -> Result<LogoutResponse, ApiError> {
        let session = session_of(&caller)?;
        if caller.via == Scheme::JwtRefresh {
            // A spent refresh token may repeat its own exchange for a while, and nothing else.
            let repeat = Lives::of(&self.settings).repeat;
            let state =
                sessions::refresh_state(&self.database, session, caller.jti, repeat).await?;
            if state != RefreshState::Current {
                return Err(ApiError::token_invalid("the refresh token was spent"));
            }
        }
        let ended = sessions::end(&self.database, session).await?;
        self.publish(ended).await?;
        Ok(LogoutResponse::Status200(ok().into()))
    }

    async fn generate_new_tokens(
        &self,
        caller: Caller,
        body: Option<RefreshRequest>,
    ) -> Result<GenerateNewTokensResponse, ApiError> {
        let session = session_of(&caller)?;
        let old_access_token = body.and_then(|body| body.old_access_token);
        let presented = Presented {
            session,
            refresh_jti: caller.jti,
            access_jti: old_access_token
                .map(|token| self.access_jti(&token, session))
                .transpose()?,
        };
        let user = self.user_of(&caller).await?;
        let lives = Lives::of(&self.settings);
        match sessions::rotate(&self.database, presented, &lives).await? {
            Rotation::Pair { session, retired } => {
                self.publish(retired).await?;
                Ok(GenerateNewTokensResponse::Status200 {
                    body: self.tokens(&session, &user)?.into(),
                    cache_control: NO_STORE.to_owned(),
                })
            }
            Rotation::Refused { reason, ended } => {
                self.publish(ended).await?;
                Err(ApiError::token_invalid(reason))
            }
        }
    }

    async fn get_me(&self, caller: Caller) -> Result<GetMeResponse, ApiError> {
        let user = self.user_of(&caller).await?;
        Ok(GetMeResponse::Status200 {
            body: record(user)?.into(),
            cache_control: NO_STORE.to_owned(),
        })
    }
}

impl App {
    /// The account of the address, if the password is its own. An address that is none is an unknown one.
    async fn proved(&self, email: Option<&str>, password: SecretString) -> Result<User, ApiError> {
        let user = match email {
            Some(email) => store::find_by_email(&self.database, email).await?,
            None => None,
        };
        let stored = user.as_ref().map(|user| user.password_hash.as_str());
        let verdict = self.passwords.verify(password, stored).await;
        match (user, verdict.map_err(hashing)?) {
            (Some(mut user), Verdict::Right { renewed }) => {
                if let Some(renewed) = renewed {
                    self.renew_hash(&mut user, renewed).await;
                }
                Ok(user)
            }
            _ => Err(ApiError::credentials_invalid()),
        }
    }

    /// Stores a hash made with the present parameters. Where that fails, the next login does it.
    async fn renew_hash(&self, user: &mut User, renewed: String) {
        match store::renew_hash(&self.database, user, &renewed).await {
            Ok(true) => user.password_hash = renewed,
            Ok(false) => {}
            Err(error) => {
                let cause = fault::describe(&error);
                tracing::warn!(user_id = %user.id, cause, "a password's hash was not renewed");
            }
        }
    }

    /// The account of somebody whose token was good.
    async fn user_of(&self, caller: &Caller) -> Result<User, ApiError> {
        store::find_by_id(&self.database, caller.user_id)
            .await?
            .filter(|user| user.disabled_at.is_none())
            .ok_or_else(|| ApiError::token_invalid("the user is gone or suspended"))
    }

    async fn refuse_when_mails_pile_up(&self) -> Result<(), ApiError> {
        if database::limited(queue::is_full(&self.database)).await? {
            return Err(ApiError::unavailable(
                "Too many mails are waiting to be sent; try again later",
                "the mail queue is full",
            ));
        }
        Ok(())
    }

    /// Makes known what SQL holds already. Where that fails the caller is not told that all is done,
    /// though it will be: SQL has it, and the store catches up.
    async fn publish(&self, revocation: Option<Revocation>) -> Result<(), ApiError> {
        if revocation.is_none() {
            return Ok(());
        }
        self.revocations
            .publish(revocation.as_slice())
            .await
            .map_err(|down| {
                ApiError::unavailable(
                    "The revocation store does not answer; try again shortly",
                    down.to_string(),
                )
            })
    }

    /// The id of the access token that the caller wants to be replaced, which may have expired.
    fn access_jti(&self, token: &str, session: Uuid) -> Result<Uuid, ApiError> {
        let now = database::now().unix_timestamp();
        match self.keys.verify_even_expired(Kind::Access, token, now) {
            Ok(verified) if verified.session == Some(session) => Ok(verified.jti),
            Ok(_) => Err(ApiError::token_invalid(
                "the old access token is of another session",
            )),
            Err(TokenFault::Invalid(reason)) => Err(ApiError::token_invalid(reason)),
            Err(TokenFault::Expired) => Err(ApiError::token_expired()),
        }
    }

    /// The session's present pair. Made from the row alone, so that the same row answers the same bytes.
    fn tokens(&self, session: &Session, user: &User) -> anyhow::Result<UserTokens> {
        let access_role = role(user)?.level();
        let sign = |kind: Kind, jti: Uuid, expires_at: OffsetDateTime| {
            self.keys.issue(NewToken {
                kind,
                user_id: user.id,
                access_role,
                jti,
                session: Some(session.id),
                email: None,
                issued_at: session.issued_at.unix_timestamp(),
                expires_at: expires_at.unix_timestamp(),
            })
        };
        let life = |end: OffsetDateTime| (end - session.issued_at).whole_seconds();
        Ok(UserTokens {
            token: sign(Kind::Access, session.access_jti, session.access_expires_at)?,
            refresh_token: sign(
                Kind::Refresh,
                session.refresh_jti,
                session.refresh_expires_at,
            )?,
            token_type: UserTokensTokenType::Bearer,
            expires_in: life(session.access_expires_at),
            refresh_expires_in: life(session.refresh_expires_at),
            user_id: user.id,
            email: user.email.clone(),
        })
    }
}

fn record(user: User) -> anyhow::Result<Record> {
    Ok(Record {
        user_id: user.id,
        access_role: match role(&user)? {
            Role::Basic => UserAccessRole::Basic,
            Role::Admin => UserAccessRole::Admin,
        },
        email_verified: user.email_verified_at.is_some(),
        created_at: user.created_at,
        email: user.email,
    })
}

/// A level that is no role's was not written by us: nothing is done on it.
fn role(user: &User) -> anyhow::Result<Role> {
    Role::from_stored(user.access_role).ok_or_else(|| {
        anyhow::anyhow!("user {} has the unknown role {}", user.id, user.access_role)
    })
}

fn session_of(caller: &Caller) -> Result<Uuid, ApiError> {
    caller
        .session
        .ok_or_else(|| ApiError::token_invalid("the token belongs to no session"))
}

fn not_an_address() -> ApiError {
    invalid("/email", "is not a mail address".to_owned())
}

/// What the contract's schema cannot say is refused in the shape of what it can.
fn invalid(pointer: &str, message: String) -> ApiError {
    Rejection::Invalid {
        violations: vec![Violation::new(In::Body, pointer, message)],
        cause: None,
    }
    .into()
}

fn hashing(fault: PasswordFault) -> ApiError {
    match fault {
        PasswordFault::Busy => ApiError::unavailable(
            "Too many log in at the moment; try again shortly",
            fault.to_string(),
        ),
        PasswordFault::Refused(reason) => invalid("/password", reason.to_owned()),
        PasswordFault::Failed(_) => anyhow::Error::from(fault).into(),
    }
}
