// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Users`.

use crate::models::{
    Credentials, EmailRequest, RefreshRequest, Status, User, UserSignup, UserTokens,
};
use crate::security::Security;
use gatekeeper::Body;

/// Sign up, verify, log in, refresh, log out.
pub trait Users: Security {
    /// Prove an address
    ///
    /// The link of the mail. The same link opened again is answered 200 for as long as the address is
    /// verified; a link that a newer one replaced is `token-invalid`.
    ///
    /// `GET /users/v1/email_verification`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn email_verification(
        &self,
        token: String,
    ) -> Result<EmailVerificationResponse, Self::Error>;

    /// Exchange a refresh token for a new pair
    ///
    /// Both old tokens of the session stop working. For some seconds a repeat of the spent refresh token
    /// answers the identical pair, so that a lost reply logs nobody out; a later repeat ends the session
    /// (RFC 9700, section 4.14.2). An `old_access_token` that is not of this session is 401, and nothing is
    /// exchanged.
    ///
    /// `POST /users/v1/generate_tokens`; security: `jwt_refresh`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn generate_new_tokens(
        &self,
        identity: Self::Identity,
        body: Option<RefreshRequest>,
    ) -> Result<GenerateNewTokensResponse, Self::Error>;

    /// The caller's own record
    ///
    /// Who the presented token belongs to.
    ///
    /// `GET /users/v1/me`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_me(&self, identity: Self::Identity) -> Result<GetMeResponse, Self::Error>;

    /// Start a session
    ///
    /// Answers an access token and a refresh token. A user has one live session at most: while one is live
    /// this is 409 `user-already-logged-in`, unless `replace_session` is true, which ends the old one.
    /// Unknown address, wrong password and malformed values are one answer: 401 `credentials-invalid`.
    ///
    /// `POST /users/v1/login`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn login(&self, body: Credentials) -> Result<LoginResponse, Self::Error>;

    /// End the session
    ///
    /// Ends the session that the token belongs to. Its access token and its refresh token are refused from
    /// then on, on every instance.
    ///
    /// `POST /users/v1/logout`; security: `jwt` or `jwt_refresh`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn logout(&self, identity: Self::Identity) -> Result<LogoutResponse, Self::Error>;

    /// Ask for the verification mail again
    ///
    /// Mails a new link when the address belongs to an account that is not verified yet; older links die.
    /// The answer is always the same.
    ///
    /// `PUT /users/v1/resend_email_verification`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn resend_email_verification(
        &self,
        body: EmailRequest,
    ) -> Result<ResendEmailVerificationResponse, Self::Error>;

    /// Open an account
    ///
    /// Takes an address and a password and mails a link that proves the address. The answer is the same when
    /// the address is taken already; then that address is told by mail. While an address is not proved, its
    /// latest sign-up counts: the password is the last one chosen, and older links die.
    ///
    /// `POST /users/v1/signup`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn signup(&self, body: UserSignup) -> Result<SignupResponse, Self::Error>;
}

/// What `email_verification` answers.
pub enum EmailVerificationResponse {
    /// The address is verified.
    Status200 {
        /// The body.
        body: Body<Status>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: String,
    },
}

/// What `generate_new_tokens` answers.
pub enum GenerateNewTokensResponse {
    /// The session's new tokens.
    Status200 {
        /// The body.
        body: Body<UserTokens>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: String,
    },
}

/// What `get_me` answers.
pub enum GetMeResponse {
    /// The caller.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: String,
    },
}

/// What `login` answers.
pub enum LoginResponse {
    /// The session's tokens.
    Status200 {
        /// The body.
        body: Body<UserTokens>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: String,
    },
}

/// What `logout` answers.
pub enum LogoutResponse {
    /// The session has ended.
    Status200(Body<Status>),
}

/// What `resend_email_verification` answers.
pub enum ResendEmailVerificationResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Status>),
}

/// What `signup` answers.
pub enum SignupResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Status>),
}
