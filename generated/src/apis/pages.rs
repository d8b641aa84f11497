// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The operations of tag `Pages`.

use crate::models::{PageMailRequest, PagePassword, PageSignup, PageToken, SecFetchSiteParameter};
use crate::security::Security;
use gatekeeper::RequestContext;

/// Pages for people, made for browsers; they need no script and set no cookie.
pub trait Pages: Security {
    /// Prove an address by the button of the page
    ///
    /// What the page of `email_verification` sends. The same form sent again is answered 200 for as long as the address
    /// is verified.
    ///
    /// `POST /users/v1/email_verification`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn confirm_email(
        &self,
        context: RequestContext<'_>,
        params: ConfirmEmailParams,
        body: PageToken,
    ) -> Result<ConfirmEmailResponse, Self::Error>;

    /// The form to ask for a link by mail
    ///
    /// A page whose form calls `submit_mail_request`; for who forgot the password, or has no good link any more.
    ///
    /// `GET /pages/v1/mail`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn show_mail_request(
        &self,
        context: RequestContext<'_>,
    ) -> Result<ShowMailRequestResponse, Self::Error>;

    /// The form to choose a new password
    ///
    /// Where the link in the mail of a forgotten password leads. Opening it changes nothing and does not spend the token:
    /// the form calls `submit_password`. A token that is not good any more is told so at once.
    ///
    /// `GET /pages/v1/password`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn show_password(
        &self,
        context: RequestContext<'_>,
        params: ShowPasswordParams,
    ) -> Result<ShowPasswordResponse, Self::Error>;

    /// The form to sign up
    ///
    /// A page whose form calls `submit_signup`.
    ///
    /// `GET /pages/v1/signup`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn show_signup(
        &self,
        context: RequestContext<'_>,
    ) -> Result<ShowSignupResponse, Self::Error>;

    /// Ask for a link by mail
    ///
    /// Does as `forgotten_password` or `resend_email_verification`, and counts as they do. The answer is the same whether
    /// the address has an account or not.
    ///
    /// `POST /pages/v1/mail`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn submit_mail_request(
        &self,
        context: RequestContext<'_>,
        params: SubmitMailRequestParams,
        body: PageMailRequest,
    ) -> Result<SubmitMailRequestResponse, Self::Error>;

    /// Choose a new password by the form
    ///
    /// Does as `change_password`. A password that is not accepted does not spend the token: the form comes back with the
    /// reason beside its field. Who sends the form twice is told that the link was used.
    ///
    /// The token is what a post from another site would lack: nobody but the reader of the mail has it, and no cookie
    /// or other credential of the browser's is looked at. Browsers that say that a form comes from elsewhere are refused
    /// all the same.
    ///
    /// `POST /pages/v1/password`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn submit_password(
        &self,
        context: RequestContext<'_>,
        params: SubmitPasswordParams,
        body: PagePassword,
    ) -> Result<SubmitPasswordResponse, Self::Error>;

    /// Open an account by the form
    ///
    /// Does as `signup`, and counts as it does. A form that is not accepted comes back with the reason beside its field.
    ///
    /// `POST /pages/v1/signup`; no credentials.
    ///
    /// # Errors
    /// The reason for which the operation failed, in the form that the caller receives.
    async fn submit_signup(
        &self,
        context: RequestContext<'_>,
        params: SubmitSignupParams,
        body: PageSignup,
    ) -> Result<SubmitSignupResponse, Self::Error>;
}

/// The parameters of `confirm_email`.
#[derive(Clone)]
pub struct ConfirmEmailParams {
    /// Where a browser says that the form comes from (W3C Fetch Metadata). From another site, or another host of the same
    /// one, it is refused; what sends no such header is no browser, or an old one.
    pub sec_fetch_site: Option<SecFetchSiteParameter>,
}

impl gatekeeper::FromParameters for ConfirmEmailParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            sec_fetch_site: validated.header("Sec-Fetch-Site")?,
        })
    }
}

/// The replies of `confirm_email`.
pub enum ConfirmEmailResponse {
    /// The address is verified.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for ConfirmEmailResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The replies of `show_mail_request`.
pub enum ShowMailRequestResponse {
    /// The form.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for ShowMailRequestResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `show_password`.
#[derive(Clone)]
pub struct ShowPasswordParams {
    /// The password token of the link.
    pub token: String,
}

impl ShowPasswordParams {
    /// The `minLength` of `token`.
    pub const TOKEN_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `token`.
    pub const TOKEN_MAX_LENGTH: usize = 4096;
}

impl gatekeeper::FromParameters for ShowPasswordParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            token: validated.query("token")?,
        })
    }
}

/// The replies of `show_password`.
pub enum ShowPasswordResponse {
    /// The form.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for ShowPasswordResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The replies of `show_signup`.
pub enum ShowSignupResponse {
    /// The form.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for ShowSignupResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `submit_mail_request`.
#[derive(Clone)]
pub struct SubmitMailRequestParams {
    /// Where a browser says that the form comes from (W3C Fetch Metadata). From another site, or another host of the same
    /// one, it is refused; what sends no such header is no browser, or an old one.
    pub sec_fetch_site: Option<SecFetchSiteParameter>,
}

impl gatekeeper::FromParameters for SubmitMailRequestParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            sec_fetch_site: validated.header("Sec-Fetch-Site")?,
        })
    }
}

/// The replies of `submit_mail_request`.
pub enum SubmitMailRequestResponse {
    /// Accepted; look into the mailbox.
    Status202 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for SubmitMailRequestResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status202 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(202)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `submit_password`.
#[derive(Clone)]
pub struct SubmitPasswordParams {
    /// Where a browser says that the form comes from (W3C Fetch Metadata). From another site, or another host of the same
    /// one, it is refused; what sends no such header is no browser, or an old one.
    pub sec_fetch_site: Option<SecFetchSiteParameter>,
}

impl gatekeeper::FromParameters for SubmitPasswordParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            sec_fetch_site: validated.header("Sec-Fetch-Site")?,
        })
    }
}

/// The replies of `submit_password`.
pub enum SubmitPasswordResponse {
    /// The password is changed.
    Status200 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for SubmitPasswordResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status200 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(200)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}

/// The parameters of `submit_signup`.
#[derive(Clone)]
pub struct SubmitSignupParams {
    /// Where a browser says that the form comes from (W3C Fetch Metadata). From another site, or another host of the same
    /// one, it is refused; what sends no such header is no browser, or an old one.
    pub sec_fetch_site: Option<SecFetchSiteParameter>,
}

impl gatekeeper::FromParameters for SubmitSignupParams {
    fn from_parameters<I>(
        validated: &mut gatekeeper::ValidatedRequest<'_, I>,
    ) -> Result<Self, gatekeeper::Rejection> {
        Ok(Self {
            sec_fetch_site: validated.header("Sec-Fetch-Site")?,
        })
    }
}

/// The replies of `submit_signup`.
pub enum SubmitSignupResponse {
    /// Accepted; look into the mailbox.
    Status202 {
        /// The body.
        body: gatekeeper::ReplyBody,
        /// What the page may load, from this service alone.
        content_security_policy: gatekeeper::HeaderText,
    },
}

impl gatekeeper::IntoReply for SubmitSignupResponse {
    fn into_reply(self) -> Result<gatekeeper::Reply, gatekeeper::Rejection> {
        Ok(match self {
            Self::Status202 {
                body,
                content_security_policy,
            } => gatekeeper::Reply::new(202)
                .header(
                    const { gatekeeper::HeaderName::from_static("content-security-policy") },
                    content_security_policy,
                )?
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("cache-control") },
                    const { gatekeeper::HeaderValue::from_static("no-store") },
                )
                .fixed_header(
                    const { gatekeeper::HeaderName::from_static("referrer-policy") },
                    const { gatekeeper::HeaderValue::from_static("no-referrer") },
                )
                .body("text/html", body),
        })
    }
}
