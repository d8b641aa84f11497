// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Users`.

use crate::models::{
    AccessRole, AccountEventList, Acknowledgement, Credentials, EmailRequest, PasswordChange,
    PasswordReset, RefreshRequest, SessionList, User, UserCreate, UserList, UserSignup, UserTokens,
    UserUpdate,
};
use crate::security::Security;
use gatekeeper::{Body, RequestContext};

/// Accounts and sessions, for their owners and for admins.
pub trait Users: Security {
    /// Choose a new password with a mailed token
    ///
    /// Sets the password, and verifies the address that the token was mailed to, if it was not verified yet. The
    /// token works once; a password that is refused does not spend it. Every session and every API token of the
    /// account ends, and its address is told by mail.
    ///
    /// `PUT /users/v1/password_change`; security: `jwt_password`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn change_password(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: PasswordChange,
    ) -> Result<ChangePasswordResponse, Self::Error>;

    /// Open an account for somebody
    ///
    /// Opens an account with any role. Unless `email_verified` is true, a link that proves the address is mailed,
    /// as after a sign-up.
    ///
    /// `POST /users/v1/`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn create_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: UserCreate,
    ) -> Result<CreateUserResponse, Self::Error>;

    /// Close an account for good
    ///
    /// Everything of the account ends and is removed; its id is never used again. An admin cannot delete itself, nor
    /// can the last admin be deleted: 403 `forbidden`.
    ///
    /// `DELETE /users/v1/{user_id}`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn delete_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
    ) -> Result<DeleteUserResponse, Self::Error>;

    /// Prove an address
    ///
    /// The link of the mail. The same link opened again is answered 200 for as long as the address is
    /// verified; a link that a newer one replaced is `token-invalid`. The token stands in the URL, so that refusals
    /// carry `Referrer-Policy: no-referrer`, too.
    ///
    /// `GET /users/v1/email_verification`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn email_verification(
        &self,
        context: RequestContext<'_>,
        token: String,
    ) -> Result<EmailVerificationResponse, Self::Error>;

    /// End the sessions of an account
    ///
    /// Of the own account, the calling session among them, or with the role `admin` of any. API tokens stay.
    ///
    /// `DELETE /users/v1/{user_id}/sessions`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn end_sessions(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
    ) -> Result<EndSessionsResponse, Self::Error>;

    /// Ask for a password token
    ///
    /// Mails a token that lets its bearer choose a new password with `change_password`, when the address has an
    /// account; an older one dies. The answer is always the same.
    ///
    /// `POST /users/v1/password_forgotten`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn forgotten_password(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ForgottenPasswordResponse, Self::Error>;

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
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: Option<RefreshRequest>,
    ) -> Result<GenerateNewTokensResponse, Self::Error>;

    /// The caller's own record
    ///
    /// Who the presented credentials belong to. Of several good ones the first in this order counts: access
    /// token, API token, Basic.
    ///
    /// `GET /users/v1/me`; security: `jwt` or `api_token` or `basic`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_me(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
    ) -> Result<GetMeResponse, Self::Error>;

    /// One account
    ///
    /// The own account, or with the role `admin` any. To others, somebody else's id is like nobody's: 404.
    ///
    /// `GET /users/v1/{user_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn get_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
    ) -> Result<GetUserResponse, Self::Error>;

    /// What happened to an account
    ///
    /// The account's events, newest first: sign-up, logins and refusals, changes, who made them and by which request.
    /// Of the own account, or with the role `admin` of any, also of one that was deleted.
    ///
    /// `GET /users/v1/{user_id}/events`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn list_events(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
        page: i32,
        page_size: i32,
    ) -> Result<ListEventsResponse, Self::Error>;

    /// The live sessions of an account
    ///
    /// Of the own account, or with the role `admin` of any. To others, somebody else's id is like nobody's: 404.
    ///
    /// `GET /users/v1/{user_id}/sessions`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn list_sessions(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
        page: i32,
        page_size: i32,
    ) -> Result<ListSessionsResponse, Self::Error>;

    /// All accounts
    ///
    /// Accounts in the order in which they were opened, to the second. The filters narrow it down together.
    ///
    /// `GET /users/v1/`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn list_users(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        page: i32,
        page_size: i32,
        search: Option<String>,
        access_role: Option<AccessRole>,
        disabled: Option<bool>,
    ) -> Result<ListUsersResponse, Self::Error>;

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
    async fn login(
        &self,
        context: RequestContext<'_>,
        body: Credentials,
    ) -> Result<LoginResponse, Self::Error>;

    /// End the session
    ///
    /// Ends the session that the token belongs to. Its access token and its refresh token are refused from
    /// then on, on every instance.
    ///
    /// `POST /users/v1/logout`; security: `jwt` or `jwt_refresh`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn logout(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
    ) -> Result<LogoutResponse, Self::Error>;

    /// Ask for the verification mail again
    ///
    /// Mails a new link when the address belongs to an account that is not verified yet; older links die. Where
    /// the address was signed up for more than once, a token for `change_password` takes the place of the link.
    /// The answer is always the same.
    ///
    /// `PUT /users/v1/resend_email_verification`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn resend_email_verification(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ResendEmailVerificationResponse, Self::Error>;

    /// Replace the own password
    ///
    /// Sets a new password for a caller who gives the present one. The calling session goes on, others end, API
    /// tokens stay; the address is told by mail.
    ///
    /// `PUT /users/v1/password_reset`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn reset_password(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        body: PasswordReset,
    ) -> Result<ResetPasswordResponse, Self::Error>;

    /// Restore a suspended account
    ///
    /// The account may log in again; what the suspension ended stays ended.
    ///
    /// `DELETE /users/v1/{user_id}/suspension`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn restore_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
    ) -> Result<RestoreUserResponse, Self::Error>;

    /// Open an account
    ///
    /// Takes an address and a password and mails a link that proves the address. The answer is the same when
    /// the address is taken already; then that address is told by mail. A further sign-up for an address that is
    /// not proved sets all its passwords and links aside: the mail holds a token for `change_password` instead,
    /// so that whoever reads the mailbox chooses the password, and nobody who only knows the address does.
    ///
    /// `POST /users/v1/signup`; no credentials.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn signup(
        &self,
        context: RequestContext<'_>,
        body: UserSignup,
    ) -> Result<SignupResponse, Self::Error>;

    /// Suspend an account
    ///
    /// Ends the account's sessions, API tokens and mailed tokens; nobody gets in until it is restored. Suspending a
    /// suspended account changes nothing. The last admin cannot be suspended, and nobody suspends themselves:
    /// 403 `forbidden`.
    ///
    /// `PUT /users/v1/{user_id}/suspension`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn suspend_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
    ) -> Result<SuspendUserResponse, Self::Error>;

    /// Change an account
    ///
    /// A new `email` takes effect when its owner follows the link that is mailed there; until then it stands in
    /// `pending_email`. The old address is told. A taken address is answered like a free one, and told by mail. The
    /// present address drops a change that is pending. `access_role` takes the role `admin`
    /// (401 `authorisation-required` otherwise); a change of it ends the account's sessions, API tokens and mailed
    /// tokens. The last admin keeps the role: 403 `forbidden`.
    ///
    /// `PATCH /users/v1/{user_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// Why the operation failed; the error says how that looks to the caller.
    async fn update_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        user_id: uuid::Uuid,
        body: UserUpdate,
    ) -> Result<UpdateUserResponse, Self::Error>;
}

/// What `change_password` answers.
pub enum ChangePasswordResponse {
    /// The password is changed; log in with it.
    Status200 {
        /// The body.
        body: Body<Acknowledgement>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `create_user` answers.
pub enum CreateUserResponse {
    /// The new account.
    Status201 {
        /// The body.
        body: Body<User>,
        /// URL of what was made.
        location: gatekeeper::HeaderText,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `delete_user` answers.
pub enum DeleteUserResponse {
    /// The account is gone.
    Status204,
}

/// What `email_verification` answers.
pub enum EmailVerificationResponse {
    /// The address is verified.
    Status200 {
        /// The body.
        body: Body<Acknowledgement>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
        /// Links on the page, and what it loads, do not tell whom they come from.
        referrer_policy: gatekeeper::HeaderText,
    },
}

/// What `end_sessions` answers.
pub enum EndSessionsResponse {
    /// No session lives.
    Status204,
}

/// What `forgotten_password` answers.
pub enum ForgottenPasswordResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

/// What `generate_new_tokens` answers.
pub enum GenerateNewTokensResponse {
    /// The session's new tokens.
    Status200 {
        /// The body.
        body: Body<UserTokens>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `get_me` answers.
pub enum GetMeResponse {
    /// The caller.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `get_user` answers.
pub enum GetUserResponse {
    /// The account.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `list_events` answers.
pub enum ListEventsResponse {
    /// A page of events.
    Status200 {
        /// The body.
        body: Body<AccountEventList>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `list_sessions` answers.
pub enum ListSessionsResponse {
    /// A page of sessions.
    Status200 {
        /// The body.
        body: Body<SessionList>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `list_users` answers.
pub enum ListUsersResponse {
    /// A page of accounts.
    Status200 {
        /// The body.
        body: Body<UserList>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `login` answers.
pub enum LoginResponse {
    /// The session's tokens.
    Status200 {
        /// The body.
        body: Body<UserTokens>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `logout` answers.
pub enum LogoutResponse {
    /// The session has ended.
    Status200(Body<Acknowledgement>),
}

/// What `resend_email_verification` answers.
pub enum ResendEmailVerificationResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

/// What `reset_password` answers.
pub enum ResetPasswordResponse {
    /// The password is changed.
    Status200 {
        /// The body.
        body: Body<Acknowledgement>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `restore_user` answers.
pub enum RestoreUserResponse {
    /// The account is not suspended.
    Status204,
}

/// What `signup` answers.
pub enum SignupResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

/// What `suspend_user` answers.
pub enum SuspendUserResponse {
    /// The account, suspended.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}

/// What `update_user` answers.
pub enum UpdateUserResponse {
    /// The account as it is now.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Replies with tokens or personal data are not kept by caches.
        cache_control: gatekeeper::HeaderText,
    },
}
