//! The `Pages` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::pages::*;
use generated::models::{
    PageMailRequest, PageMailRequestWanted, PagePassword, PageSignup, PageToken, ProblemCode,
};

use crate::errors::ApiError;
use crate::html::{self, Draft, account};
use crate::mail::MailKind;
use crate::state::App;
use crate::users::sign_ups::SignUps;

/// Makes a reply of a page.
macro_rules! reply {
    ($response:ident::$status:ident, $page:expr) => {
        Ok($response::$status {
            body: $page.body()?,
            content_security_policy: html::policy().into(),
        })
    };
}

impl Pages for App {
    async fn confirm_email(
        &self,
        context: RequestContext<'_>,
        _params: ConfirmEmailParams,
        body: PageToken,
    ) -> Result<ConfirmEmailResponse, ApiError> {
        let email = save_link(&self.sign_ups, context, &body.token);
        self.sign_ups.verify_email(context, &body.token).await?;
        reply!(ConfirmEmailResponse::Status200, account::verified(&email))
    }

    async fn show_signup(
        &self,
        _context: RequestContext<'_>,
    ) -> Result<ShowSignupResponse, ApiError> {
        reply!(ShowSignupResponse::Status200, account::signup("", None))
    }

    async fn submit_signup(
        &self,
        context: RequestContext<'_>,
        _params: SubmitSignupParams,
        body: PageSignup,
    ) -> Result<SubmitSignupResponse, ApiError> {
        let form = account::signup(&body.email, body.key);
        remember(context, Draft::Form(form));
        // The whole form is the key: who goes back and changes a field sends another.
        let form = body.key.is_some().then(|| serde_json::to_string(&body));
        let form = form.transpose().map_err(anyhow::Error::from)?;
        let key = self
            .idempotency
            .begin_in_turn("submit_signup", form.as_deref(), &body)
            .await?;
        let done = self
            .sign_ups
            .sign_up(context, &body.email, body.password.into(), key)
            .await;
        match done {
            // Another instance has just done it.
            Err(refused) if refused.code() == ProblemCode::IdempotencyKeyInUse => {}
            done => done?,
        }
        let page = account::mail_sent(&body.email);
        reply!(SubmitSignupResponse::Status202, page)
    }

    async fn show_mail_request(
        &self,
        _context: RequestContext<'_>,
    ) -> Result<ShowMailRequestResponse, ApiError> {
        let page = account::mail_request("");
        reply!(ShowMailRequestResponse::Status200, page)
    }

    async fn submit_mail_request(
        &self,
        context: RequestContext<'_>,
        _params: SubmitMailRequestParams,
        body: PageMailRequest,
    ) -> Result<SubmitMailRequestResponse, ApiError> {
        remember(context, Draft::Form(account::mail_request(&body.email)));
        let kind = match body.wanted {
            PageMailRequestWanted::Verification => MailKind::Resend,
            PageMailRequestWanted::Password => MailKind::Forgotten,
        };
        // An address that an account is to have has none yet: the link before says whose it is to be.
        let link = body.token.and_then(|token| self.sign_ups.mailed_to(&token));
        self.mail_requests
            .request(context, kind, &body.email, link.map(|(account, _)| account))
            .await?;
        let page = account::mail_sent(&body.email);
        reply!(SubmitMailRequestResponse::Status202, page)
    }

    async fn show_password(
        &self,
        context: RequestContext<'_>,
        params: ShowPasswordParams,
    ) -> Result<ShowPasswordResponse, ApiError> {
        let (_, user) = self
            .password_changes
            .open_link(context, &params.token)
            .await?;
        let page = account::choose_password(&params.token, &user.email);
        reply!(ShowPasswordResponse::Status200, page)
    }

    async fn submit_password(
        &self,
        context: RequestContext<'_>,
        _params: SubmitPasswordParams,
        body: PagePassword,
    ) -> Result<SubmitPasswordResponse, ApiError> {
        let (caller, user) = self
            .password_changes
            .open_link(context, &body.token)
            .await?;
        remember(
            context,
            Draft::Form(account::choose_password(&body.token, &user.email)),
        );
        if body.password != body.again {
            return Err(ApiError::invalid("/again", "is not the same as above"));
        }
        self.password_changes
            .change(context, &caller, body.password.into())
            .await?;
        let page = account::password_changed(&user.email);
        reply!(SubmitPasswordResponse::Status200, page)
    }
}

/// Puts aside the link that proves an address, and returns the address.
pub(super) fn save_link(sign_ups: &SignUps, context: RequestContext<'_>, token: &str) -> String {
    let Some((_, email)) = sign_ups.mailed_to(token) else {
        return String::new();
    };
    let (token, address) = (token.to_owned(), email.clone());
    remember(context, Draft::Link { token, address });
    email
}

/// Puts aside what the page of a refusal shows again.
fn remember(context: RequestContext<'_>, draft: Draft) {
    context.extensions_mut().insert(draft);
}
