// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Users`.

use crate::models::{
    AccessRole, AccountEventList, AccountSecurity, Acknowledgement, Credentials, EmailRequest,
    PasswordChange, PasswordReset, RefreshRequest, SessionList, User, UserCreate, UserList,
    UserSignup, UserTokens, UserUpdate,
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn create_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: CreateUserParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn delete_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: DeleteUserParams,
    ) -> Result<DeleteUserResponse, Self::Error>;

    /// Prove an address
    ///
    /// The link of the mail. The same link opened again is answered 200 for as long as the address is
    /// verified; a link that a newer one replaced is `token-invalid`. The token stands in the URL, so that refusals
    /// carry `Referrer-Policy: no-referrer`, too.
    ///
    /// With `Accept: text/html`, as browsers send it, nothing is changed yet: the answer is a page with a button, which
    /// calls `confirm_email`, so that a filter that opens the links of mails proves no address. Refusals are pages then.
    ///
    /// `GET /users/v1/email_verification`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn email_verification(
        &self,
        context: RequestContext<'_>,
        params: EmailVerificationParams,
    ) -> Result<EmailVerificationResponse, Self::Error>;

    /// End one session of an account
    ///
    /// Of the own account, also the calling one, or with the role `admin` of any. Its tokens are refused from now on. One
    /// that has ended already stays so: 204 again. One of another account is like nobody's: 404.
    ///
    /// `DELETE /users/v1/{user_id}/sessions/{session_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn end_session(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: EndSessionParams,
    ) -> Result<EndSessionResponse, Self::Error>;

    /// End the sessions of an account
    ///
    /// Of the own account, the calling session among them, or with the role `admin` of any. API tokens stay.
    ///
    /// `DELETE /users/v1/{user_id}/sessions`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn end_sessions(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: EndSessionsParams,
    ) -> Result<EndSessionsResponse, Self::Error>;

    /// Ask for a password token
    ///
    /// Mails a token that lets its bearer choose a new password with `change_password`, when the address has an
    /// account; an older one dies. The answer is always the same.
    ///
    /// `POST /users/v1/password_forgotten`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_me(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
    ) -> Result<GetMeResponse, Self::Error>;

    /// Who uses the caller's account, and from where
    ///
    /// The live sessions of the caller's account and what happened to it lately: log-ins, refusals, changes. A session that
    /// is somebody else's is ended by `end_session`; a new password (`reset_password`) ends all others. HTTP Basic and API tokens
    /// open no session: a new password ends the former, and `list_api_tokens` and `delete_api_token` are for the latter, which
    /// stay.
    ///
    /// `GET /users/v1/me/security`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_my_security(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
    ) -> Result<GetMySecurityResponse, Self::Error>;

    /// One account
    ///
    /// The own account, or with the role `admin` any. To others, somebody else's id is like nobody's: 404.
    ///
    /// `GET /users/v1/{user_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn get_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: GetUserParams,
    ) -> Result<GetUserResponse, Self::Error>;

    /// What happened to an account
    ///
    /// The account's events, newest first: sign-up, logins and refusals, changes, who made them and by which request.
    /// Of the own account, or with the role `admin` of any, also of one that was deleted.
    ///
    /// `GET /users/v1/{user_id}/events`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_events(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListEventsParams,
    ) -> Result<ListEventsResponse, Self::Error>;

    /// The live sessions of an account
    ///
    /// Of the own account, or with the role `admin` of any. To others, somebody else's id is like nobody's: 404.
    ///
    /// `GET /users/v1/{user_id}/sessions`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_sessions(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListSessionsParams,
    ) -> Result<ListSessionsResponse, Self::Error>;

    /// All accounts
    ///
    /// Accounts in the order in which they were opened, to the second. The filters narrow it down together.
    ///
    /// `GET /users/v1/`; security: `jwt`, role `admin`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn list_users(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: ListUsersParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn restore_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: RestoreUserParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn signup(
        &self,
        context: RequestContext<'_>,
        params: SignupParams,
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
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn suspend_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: SuspendUserParams,
    ) -> Result<SuspendUserResponse, Self::Error>;

    /// Change an account
    ///
    /// A new `email` takes effect when its owner follows the link that is mailed there; until then it stands in
    /// `pending_email`. The old address is told. A taken address is answered like a free one, and told by mail. The
    /// present address drops a change that is pending. `access_role` takes the role `admin`
    /// (401 `authorisation-required` otherwise); a change of it ends the account's sessions, API tokens and mailed
    /// tokens. The last admin keeps the role: 403 `forbidden`. With `If-Match`, only an account that is still as it was
    /// read is changed.
    ///
    /// `PATCH /users/v1/{user_id}`; security: `jwt`, role `basic`.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn update_user(
        &self,
        context: RequestContext<'_>,
        identity: Self::Identity,
        params: UpdateUserParams,
        body: UserUpdate,
    ) -> Result<UpdateUserResponse, Self::Error>;
}

/// The replies of `change_password`.
pub enum ChangePasswordResponse {
    /// The password is changed; log in with it.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for ChangePasswordResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `create_user`.
#[derive(Clone)]
pub struct CreateUserParams {
    /// Makes the request repeatable: the same key and body get the same reply for 24 hours, and what the first request made is
    /// not made again. A string of 1 to 255 visible characters (RFC 8941, section 3.3.3), without quotation marks and
    /// backslashes in it; a UUID and the like are also taken without the quotation marks around them, and are the same key.
    /// Choose it at random: whoever knows it and the body can repeat the request.
    pub idempotency_key: Option<String>,
}

impl CreateUserParams {
    /// The `minLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MAX_LENGTH: usize = 257;
}

impl gatekeeper::FromParameters for CreateUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            idempotency_key: validated.header("Idempotency-Key")?,
        })
    }
}

/// The replies of `create_user`.
pub enum CreateUserResponse {
    /// The new account.
    Status201 {
        /// The body.
        body: Body<User>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
        /// URL of what was made.
        location: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for CreateUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status201 {
                body,
                etag,
                location,
            } => gatekeeper::Reply::new(201)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .header(
                    const { gatekeeper::HeaderName::from_static("location") },
                    location,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `delete_user`.
#[derive(Clone)]
pub struct DeleteUserParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
}

impl DeleteUserParams {
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for DeleteUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            if_match: validated.header("If-Match")?,
        })
    }
}

/// The replies of `delete_user`.
pub enum DeleteUserResponse {
    /// The account is gone.
    Status204,
}

impl gatekeeper::IntoReply for DeleteUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The parameters of `email_verification`.
#[derive(Clone)]
pub struct EmailVerificationParams {
    /// The email token of the link.
    pub token: String,
}

impl EmailVerificationParams {
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
}

impl gatekeeper::FromParameters for EmailVerificationParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            token: validated.query("token")?,
        })
    }
}

/// The replies of `email_verification`.
pub enum EmailVerificationResponse {
    /// The address is verified.
    Status200Json {
        /// The body.
        body: Body<Acknowledgement>,
        /// What the page may load, which is nothing, and where its form may go; with pages only.
        content_security_policy: Option<gatekeeper::HeaderText>,
    },
    /// The address is verified.
    Status200Html {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, which is nothing, and where its form may go; with pages only.
        content_security_policy: Option<gatekeeper::HeaderText>,
    },
}

impl EmailVerificationResponse {
    /// The media types of status 200, for `RequestContext::prefers`.
    pub const MEDIA_TYPES_200: &'static [&'static str] = &["application/json", "text/html"];
}

impl gatekeeper::IntoReply for EmailVerificationResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200Json {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .json(body)?,
            Self::Status200Html {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .body("text/html", body),
        })
    }
}

/// The parameters of `end_session`.
#[derive(Clone)]
pub struct EndSessionParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// The session's id, as in `list_sessions`.
    pub session_id: uuid::Uuid,
}

impl gatekeeper::FromParameters for EndSessionParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            session_id: validated.path("session_id")?,
        })
    }
}

/// The replies of `end_session`.
pub enum EndSessionResponse {
    /// The session has ended.
    Status204,
}

impl gatekeeper::IntoReply for EndSessionResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The parameters of `end_sessions`.
#[derive(Clone)]
pub struct EndSessionsParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
}

impl gatekeeper::FromParameters for EndSessionsParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
        })
    }
}

/// The replies of `end_sessions`.
pub enum EndSessionsResponse {
    /// No session lives.
    Status204,
}

impl gatekeeper::IntoReply for EndSessionsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The replies of `forgotten_password`.
pub enum ForgottenPasswordResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for ForgottenPasswordResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status202(body) => gatekeeper::Reply::new(202).json(body)?,
        })
    }
}

/// The replies of `generate_new_tokens`.
pub enum GenerateNewTokensResponse {
    /// The session's new tokens.
    Status200(Body<UserTokens>),
}

impl gatekeeper::IntoReply for GenerateNewTokensResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `get_me`.
pub enum GetMeResponse {
    /// The caller.
    Status200(Body<User>),
}

impl gatekeeper::IntoReply for GetMeResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `get_my_security`.
pub enum GetMySecurityResponse {
    /// The sessions and the events.
    Status200(Body<AccountSecurity>),
}

impl gatekeeper::IntoReply for GetMySecurityResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `get_user`.
#[derive(Clone)]
pub struct GetUserParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// Entity tags that the caller holds (RFC 9110, section 13.1.2).
    pub if_none_match: Option<String>,
}

impl GetUserParams {
    /// The `maxLength` of `if_none_match`.
    pub const IF_NONE_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for GetUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            if_none_match: validated.header("If-None-Match")?,
        })
    }
}

/// The replies of `get_user`.
pub enum GetUserResponse {
    /// The account.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
    /// What the caller holds is current.
    Status304 {
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for GetUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
            Self::Status304 { etag } => gatekeeper::Reply::new(304)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                ),
        })
    }
}

/// The parameters of `list_events`.
#[derive(Clone)]
pub struct ListEventsParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
}

impl ListEventsParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
}

impl gatekeeper::FromParameters for ListEventsParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
        })
    }
}

/// The replies of `list_events`.
pub enum ListEventsResponse {
    /// A page of events.
    Status200(Body<AccountEventList>),
}

impl gatekeeper::IntoReply for ListEventsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `list_sessions`.
#[derive(Clone)]
pub struct ListSessionsParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
}

impl ListSessionsParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
}

impl gatekeeper::FromParameters for ListSessionsParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
        })
    }
}

/// The replies of `list_sessions`.
pub enum ListSessionsResponse {
    /// A page of sessions.
    Status200(Body<SessionList>),
}

impl gatekeeper::IntoReply for ListSessionsResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `list_users`.
#[derive(Clone)]
pub struct ListUsersParams {
    /// The page wanted, from 1.
    pub page: i32,
    /// How many entries a page holds.
    pub page_size: i32,
    /// Only addresses that contain this text; the case of letters does not count.
    pub search: Option<String>,
    /// Only accounts of this role.
    pub access_role: Option<AccessRole>,
    /// Only suspended accounts (true), or only those that are not (false).
    pub disabled: Option<bool>,
}

impl ListUsersParams {
    /// The `minimum` of `page`.
    pub const PAGE_MINIMUM: i32 = 1;
    /// The `maximum` of `page`.
    pub const PAGE_MAXIMUM: i32 = 1000000;
    /// The `minimum` of `page_size`.
    pub const PAGE_SIZE_MINIMUM: i32 = 1;
    /// The `maximum` of `page_size`.
    pub const PAGE_SIZE_MAXIMUM: i32 = 100;
    /// The `minLength` of `search`.
    pub const SEARCH_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `search`.
    pub const SEARCH_MAX_LENGTH: usize = 254;
}

impl gatekeeper::FromParameters for ListUsersParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            page: validated.query("page")?,
            page_size: validated.query("page_size")?,
            search: validated.query("search")?,
            access_role: validated.query("access_role")?,
            disabled: validated.query("disabled")?,
        })
    }
}

/// The replies of `list_users`.
pub enum ListUsersResponse {
    /// A page of accounts.
    Status200(Body<UserList>),
}

impl gatekeeper::IntoReply for ListUsersResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `login`.
pub enum LoginResponse {
    /// The session's tokens.
    Status200(Body<UserTokens>),
}

impl gatekeeper::IntoReply for LoginResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The replies of `logout`.
pub enum LogoutResponse {
    /// The session has ended.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for LogoutResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200).json(body)?,
        })
    }
}

/// The replies of `resend_email_verification`.
pub enum ResendEmailVerificationResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for ResendEmailVerificationResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status202(body) => gatekeeper::Reply::new(202).json(body)?,
        })
    }
}

/// The replies of `reset_password`.
pub enum ResetPasswordResponse {
    /// The password is changed.
    Status200(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for ResetPasswordResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `restore_user`.
#[derive(Clone)]
pub struct RestoreUserParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
}

impl gatekeeper::FromParameters for RestoreUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
        })
    }
}

/// The replies of `restore_user`.
pub enum RestoreUserResponse {
    /// The account is not suspended.
    Status204,
}

impl gatekeeper::IntoReply for RestoreUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status204 => gatekeeper::Reply::new(204),
        })
    }
}

/// The parameters of `signup`.
#[derive(Clone)]
pub struct SignupParams {
    /// Makes the request repeatable: the same key and body get the same reply for 24 hours, and what the first request made is
    /// not made again. A string of 1 to 255 visible characters (RFC 8941, section 3.3.3), without quotation marks and
    /// backslashes in it; a UUID and the like are also taken without the quotation marks around them, and are the same key.
    /// Choose it at random: whoever knows it and the body can repeat the request.
    pub idempotency_key: Option<String>,
}

impl SignupParams {
    /// The `minLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `idempotency_key`.
    pub const IDEMPOTENCY_KEY_MAX_LENGTH: usize = 257;
}

impl gatekeeper::FromParameters for SignupParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            idempotency_key: validated.header("Idempotency-Key")?,
        })
    }
}

/// The replies of `signup`.
pub enum SignupResponse {
    /// Accepted; look into the mailbox.
    Status202(Body<Acknowledgement>),
}

impl gatekeeper::IntoReply for SignupResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status202(body) => gatekeeper::Reply::new(202).json(body)?,
        })
    }
}

/// The parameters of `suspend_user`.
#[derive(Clone)]
pub struct SuspendUserParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
}

impl gatekeeper::FromParameters for SuspendUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
        })
    }
}

/// The replies of `suspend_user`.
pub enum SuspendUserResponse {
    /// The account, suspended.
    Status200(Body<User>),
}

impl gatekeeper::IntoReply for SuspendUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200(body) => gatekeeper::Reply::new(200)
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}

/// The parameters of `update_user`.
#[derive(Clone)]
pub struct UpdateUserParams {
    /// The account's id.
    pub user_id: uuid::Uuid,
    /// Entity tags, one of which must be that of what is there, or `*` for anything (RFC 9110, section 13.1.1). Otherwise
    /// nothing is done. A tag that begins with `W/` never matches.
    pub if_match: Option<String>,
}

impl UpdateUserParams {
    /// The `maxLength` of `if_match`.
    pub const IF_MATCH_MAX_LENGTH: usize = 2048;
}

impl gatekeeper::FromParameters for UpdateUserParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            user_id: validated.path("user_id")?,
            if_match: validated.header("If-Match")?,
        })
    }
}

/// The replies of `update_user`.
pub enum UpdateUserResponse {
    /// The account as it is now.
    Status200 {
        /// The body.
        body: Body<User>,
        /// Tag of this representation (RFC 9110, section 8.8.3).
        etag: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for UpdateUserResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 { body, etag } => gatekeeper::Reply::new(200)
                .header(const { gatekeeper::HeaderName::from_static("etag") }, etag)?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .json(body)?,
        })
    }
}
