//! The `Users` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::users::*;
use generated::models::{
    self, Credentials, EmailRequest, PasswordChange, PasswordReset, RefreshRequest, UserCreate,
    UserSignup, UserUpdate,
};
use uuid::Uuid;

use super::email::normal_form;
use super::entity::Model as User;
use super::sessions::{self, Presented, Rotation, TokenLifetimes};
use super::{accounts, events, passwords, store};
use crate::audit::AuditEventKind;
use crate::auth::Caller;
use crate::auth::revocation::Revocation;
use crate::auth::tokens::{TokenFault, TokenKind};
use crate::database;
use crate::errors::{ApiError, not_an_address};
use crate::mail::{MailKind, queue};
use crate::paging::Page;
use crate::service::endpoints::ok;
use crate::state::App;

impl Users for App {
    async fn signup(
        &self,
        context: RequestContext<'_>,
        body: UserSignup,
    ) -> Result<SignupResponse, ApiError> {
        let email = normal_form(&body.email).ok_or_else(not_an_address)?;
        self.count_mail(context, MailKind::Signup, &email).await?;
        self.refuse_when_mails_pile_up().await?;
        let hash = self
            .passwords
            .hash(body.password.into(), email.clone())
            .await?;
        store::sign_up(&self.database, email, hash, &self.origin(context)).await?;
        self.mail_wakeup.notify_one();
        Ok(SignupResponse::Status202(ok().into()))
    }

    async fn email_verification(
        &self,
        context: RequestContext<'_>,
        params: EmailVerificationParams,
    ) -> Result<EmailVerificationResponse, ApiError> {
        let now = database::now().unix_timestamp();
        let token = match self.keys.verify(TokenKind::Email, &params.token, now) {
            Ok(token) => token,
            Err(TokenFault::Expired { user_id }) => {
                self.note_refusal(context, Some(user_id), "the token has expired");
                return Err(ApiError::token_expired());
            }
            Err(TokenFault::Invalid(_, reason)) => {
                return Err(self.token_refused(context, None, reason));
            }
        };
        let email = token.email.as_deref().unwrap_or_default();
        let origin = self.origin(context);
        if !store::mark_verified(&self.database, token.user_id, email, token.jti, &origin).await? {
            let reason =
                "the link was replaced by a newer one, or its account is gone or suspended";
            return Err(self.token_refused(context, Some(token.user_id), reason));
        }
        self.mail_wakeup.notify_one();
        Ok(EmailVerificationResponse::Status200(ok().into()))
    }

    /// Who has this address is looked up by the mail worker, so that the answer and its time tell nothing.
    async fn resend_email_verification(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ResendEmailVerificationResponse, ApiError> {
        let email = normal_form(&body.email).ok_or_else(not_an_address)?;
        self.count_mail(context, MailKind::Resend, &email).await?;
        self.refuse_when_mails_pile_up().await?;
        queue::push_alone(&self.database, MailKind::Resend, email).await?;
        self.mail_wakeup.notify_one();
        Ok(ResendEmailVerificationResponse::Status202(ok().into()))
    }

    async fn login(
        &self,
        context: RequestContext<'_>,
        body: Credentials,
    ) -> Result<LoginResponse, ApiError> {
        let (session, user) = self
            .begin_session(
                context,
                &body.email,
                body.password.into(),
                body.replace_session,
            )
            .await?;
        Ok(LoginResponse::Status200(
            sessions::pair(&self.keys, &session, &user)?.into(),
        ))
    }

    async fn logout(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
    ) -> Result<LogoutResponse, ApiError> {
        let session = session_of(&caller)?;
        self.refuse_spent(context, &caller).await?;
        let origin = self.origin(context).by(caller.user_id);
        let ended = sessions::end(
            &self.database,
            session,
            (AuditEventKind::LoggedOut, None),
            &origin,
        )
        .await?;
        self.publish(ended.as_slice()).await?;
        Ok(LogoutResponse::Status200(ok().into()))
    }

    async fn generate_new_tokens(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: Option<RefreshRequest>,
    ) -> Result<GenerateNewTokensResponse, ApiError> {
        let session = session_of(&caller)?;
        let old_access_token = body.and_then(|body| body.old_access_token);
        let presented = Presented {
            session,
            refresh_jti: caller.jti,
            access_jti: old_access_token
                .map(|token| self.access_jti(context, &caller, &token))
                .transpose()?,
        };
        let user = self.user_of(context, &caller).await?;
        let lives = TokenLifetimes::of(&self.settings);
        let origin = self.origin(context).by(caller.user_id);
        match sessions::rotate(&self.database, presented, &lives, &origin).await? {
            Rotation::Pair { session, retired } => {
                self.publish(retired.as_slice()).await?;
                Ok(GenerateNewTokensResponse::Status200(
                    sessions::pair(&self.keys, &session, &user)?.into(),
                ))
            }
            Rotation::Refused { reason, ended } => {
                self.publish(ended.as_slice()).await?;
                Err(self.token_refused(context, Some(caller.user_id), reason))
            }
        }
    }

    async fn forgotten_password(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ForgottenPasswordResponse, ApiError> {
        passwords::forgotten(self, context, body).await?;
        Ok(ForgottenPasswordResponse::Status202(ok().into()))
    }

    async fn change_password(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: PasswordChange,
    ) -> Result<ChangePasswordResponse, ApiError> {
        passwords::change(self, context, &caller, body).await?;
        Ok(ChangePasswordResponse::Status200(ok().into()))
    }

    async fn reset_password(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: PasswordReset,
    ) -> Result<ResetPasswordResponse, ApiError> {
        passwords::reset(self, context, &caller, body).await?;
        Ok(ResetPasswordResponse::Status200(ok().into()))
    }

    async fn get_me(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
    ) -> Result<GetMeResponse, ApiError> {
        let user = self.user_of(context, &caller).await?;
        Ok(GetMeResponse::Status200(
            models::User::try_from(user)?.into(),
        ))
    }

    async fn list_users(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: ListUsersParams,
    ) -> Result<ListUsersResponse, ApiError> {
        let filter = accounts::Filter {
            search: params.search,
            role: params.access_role.map(Into::into),
            disabled: params.disabled,
        };
        let public_url = &self.settings.server.public_url;
        let page = Page::new(params.page, params.page_size);
        let list = accounts::listed(&self.database, public_url, &filter, page).await?;
        Ok(ListUsersResponse::Status200(list.into()))
    }

    async fn create_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: UserCreate,
    ) -> Result<CreateUserResponse, ApiError> {
        let user = accounts::open(self, context, &caller, body).await?;
        Ok(CreateUserResponse::Status201 {
            location: format!("{}/users/v1/{}", self.settings.server.public_url, user.id).into(),
            body: models::User::try_from(user)?.into(),
        })
    }

    async fn get_user(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: GetUserParams,
    ) -> Result<GetUserResponse, ApiError> {
        let user = accounts::visible(self, &caller, params.user_id).await?;
        Ok(GetUserResponse::Status200(
            models::User::try_from(user)?.into(),
        ))
    }

    async fn update_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: UpdateUserParams,
        body: UserUpdate,
    ) -> Result<UpdateUserResponse, ApiError> {
        let user = accounts::update(self, context, &caller, params.user_id, body).await?;
        Ok(UpdateUserResponse::Status200(
            models::User::try_from(user)?.into(),
        ))
    }

    async fn delete_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: DeleteUserParams,
    ) -> Result<DeleteUserResponse, ApiError> {
        accounts::delete(self, context, &caller, params.user_id).await?;
        Ok(DeleteUserResponse::Status204)
    }

    async fn suspend_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: SuspendUserParams,
    ) -> Result<SuspendUserResponse, ApiError> {
        let user = accounts::suspend(self, context, &caller, params.user_id).await?;
        Ok(SuspendUserResponse::Status200(
            models::User::try_from(user)?.into(),
        ))
    }

    async fn restore_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: RestoreUserParams,
    ) -> Result<RestoreUserResponse, ApiError> {
        accounts::restore(self, context, &caller, params.user_id).await?;
        Ok(RestoreUserResponse::Status204)
    }

    async fn list_sessions(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: ListSessionsParams,
    ) -> Result<ListSessionsResponse, ApiError> {
        let page = Page::new(params.page, params.page_size);
        let list = accounts::sessions(self, &caller, params.user_id, page).await?;
        Ok(ListSessionsResponse::Status200(list.into()))
    }

    async fn end_sessions(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: EndSessionsParams,
    ) -> Result<EndSessionsResponse, ApiError> {
        accounts::end_sessions(self, context, &caller, params.user_id).await?;
        Ok(EndSessionsResponse::Status204)
    }

    async fn list_events(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: ListEventsParams,
    ) -> Result<ListEventsResponse, ApiError> {
        let page = Page::new(params.page, params.page_size);
        let list = events::page(self, &caller, params.user_id, page).await?;
        Ok(ListEventsResponse::Status200(list.into()))
    }
}

impl App {
    /// The account of somebody whose token was good.
    pub(crate) async fn user_of(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
    ) -> Result<User, ApiError> {
        store::find_by_id(&self.database, caller.user_id)
            .await?
            .filter(|user| user.disabled_at.is_none())
            .ok_or_else(|| {
                let reason = "the user is gone or suspended";
                self.token_refused(context, Some(caller.user_id), reason)
            })
    }

    pub(crate) async fn refuse_when_mails_pile_up(&self) -> Result<(), ApiError> {
        if queue::is_full(&self.database).await? {
            return Err(ApiError::unavailable(
                "Too many mails are waiting to be sent; try again later",
                "the mail queue is full",
            ));
        }
        Ok(())
    }

    /// Makes known what SQL holds already. Where that fails the caller is not told that all is done,
    /// though it will be: SQL has it, and the store catches up.
    pub(crate) async fn publish(&self, revocations: &[Revocation]) -> Result<(), ApiError> {
        if revocations.is_empty() {
            return Ok(());
        }
        Ok(self.revocations.publish(revocations).await?)
    }

    /// The id of the access token that the caller wants to be replaced, which may have expired.
    fn access_jti(
        &self,
        context: RequestContext<'_>,
        caller: &Caller,
        token: &str,
    ) -> Result<Uuid, ApiError> {
        let now = database::now().unix_timestamp();
        let reason = match self.keys.verify_even_expired(TokenKind::Access, token, now) {
            Ok(verified) if verified.session == caller.session => return Ok(verified.jti),
            Ok(_) => "the old access token is of another session",
            Err(TokenFault::Invalid(_, reason)) => reason,
            Err(TokenFault::Expired { .. }) => "the old access token has expired",
        };
        Err(self.token_refused(context, Some(caller.user_id), reason))
    }
}

fn session_of(caller: &Caller) -> Result<Uuid, ApiError> {
    caller
        .session
        .ok_or_else(|| ApiError::token_invalid("the token belongs to no session"))
}
