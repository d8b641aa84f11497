//! The `Users` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::users::*;
use generated::models::{
    self, Credentials, EmailRequest, PasswordChange, PasswordReset, RefreshRequest, UserCreate,
    UserSignup, UserUpdate,
};

use super::ok;
use super::pages::save_link;
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::html::{self, account};
use crate::mail::MailKind;
use crate::paging::Page;
use crate::preconditions::{Preconditions, Tagged};
use crate::state::App;
use crate::users::accounts::{self, Change};
use crate::users::current::current_user;
use crate::users::{events, security, sessions};

impl Users for App {
    async fn signup(
        &self,
        context: RequestContext<'_>,
        params: SignupParams,
        body: UserSignup,
    ) -> Result<SignupResponse, ApiError> {
        let key = params.idempotency_key.as_deref();
        let key = self.idempotency.begin("signup", None, key, &body).await?;
        self.sign_ups
            .sign_up(context, &body.email, body.password.into(), key)
            .await?;
        Ok(SignupResponse::Status202(ok().into()))
    }

    async fn email_verification(
        &self,
        context: RequestContext<'_>,
        params: EmailVerificationParams,
    ) -> Result<EmailVerificationResponse, ApiError> {
        let token = &params.token;
        let wants_page = html::is_preferred(context);
        // Filters of mails ask for the head of a link before they open it.
        if context.is_head() && !wants_page {
            self.sign_ups.is_verified_by(context, token).await?;
            return Ok(EmailVerificationResponse::Status200Json {
                body: ok().into(),
                content_security_policy: None,
            });
        }
        if wants_page {
            let email = save_link(&self.sign_ups, context, token);
            let page = if self.sign_ups.is_verified_by(context, token).await? {
                account::verified(&email)
            } else {
                account::verify(token, &email)
            };
            return Ok(EmailVerificationResponse::Status200Html {
                body: page.body()?,
                content_security_policy: Some(html::policy().into()),
            });
        }
        self.sign_ups.verify_email(context, token).await?;
        Ok(EmailVerificationResponse::Status200Json {
            body: ok().into(),
            content_security_policy: None,
        })
    }

    async fn resend_email_verification(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ResendEmailVerificationResponse, ApiError> {
        self.mail_requests
            .request(context, MailKind::Resend, &body.email, None)
            .await?;
        Ok(ResendEmailVerificationResponse::Status202(ok().into()))
    }

    async fn login(
        &self,
        context: RequestContext<'_>,
        body: Credentials,
    ) -> Result<LoginResponse, ApiError> {
        let password = body.password.into();
        let pair = self
            .login
            .log_in(context, &body.email, password, body.replace_session)
            .await?;
        Ok(LoginResponse::Status200(pair.into()))
    }

    async fn logout(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
    ) -> Result<LogoutResponse, ApiError> {
        self.sessions.log_out(context, &caller).await?;
        Ok(LogoutResponse::Status200(ok().into()))
    }

    async fn generate_new_tokens(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: Option<RefreshRequest>,
    ) -> Result<GenerateNewTokensResponse, ApiError> {
        let old_access_token = body.and_then(|body| body.old_access_token);
        let pair = self
            .sessions
            .refresh(context, &caller, old_access_token)
            .await?;
        Ok(GenerateNewTokensResponse::Status200(pair.into()))
    }

    async fn forgotten_password(
        &self,
        context: RequestContext<'_>,
        body: EmailRequest,
    ) -> Result<ForgottenPasswordResponse, ApiError> {
        self.mail_requests
            .request(context, MailKind::Forgotten, &body.email, None)
            .await?;
        Ok(ForgottenPasswordResponse::Status202(ok().into()))
    }

    async fn change_password(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: PasswordChange,
    ) -> Result<ChangePasswordResponse, ApiError> {
        self.password_changes
            .change(context, &caller, body.password.into())
            .await?;
        Ok(ChangePasswordResponse::Status200(ok().into()))
    }

    async fn reset_password(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: PasswordReset,
    ) -> Result<ResetPasswordResponse, ApiError> {
        let (old, new) = (body.old_password.into(), body.new_password.into());
        self.password_changes
            .reset(context, &caller, old, new)
            .await?;
        Ok(ResetPasswordResponse::Status200(ok().into()))
    }

    async fn get_me(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
    ) -> Result<GetMeResponse, ApiError> {
        let user = current_user(&self.database, &self.audit, context, &caller).await?;
        Ok(GetMeResponse::Status200(models::User::from(user).into()))
    }

    async fn get_my_security(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
    ) -> Result<GetMySecurityResponse, ApiError> {
        let overview = security::overview(&self.database, &caller).await?;
        Ok(GetMySecurityResponse::Status200(overview.into()))
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
        params: CreateUserParams,
        body: UserCreate,
    ) -> Result<CreateUserResponse, ApiError> {
        let key = params.idempotency_key.as_deref();
        let (operation, user) = ("create_user", Some(caller.user_id));
        let key = self.idempotency.begin(operation, user, key, &body).await?;
        let user = self
            .account_changes
            .create(context, &caller, body, key)
            .await?;
        let public_url = &self.settings.server.public_url;
        let location = format!("{public_url}/users/v1/{}", user.user_id);
        let user = Tagged::new(&user)?;
        Ok(CreateUserResponse::Status201 {
            location: location.into(),
            etag: user.etag,
            body: user.body.into(),
        })
    }

    async fn get_user(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: GetUserParams,
    ) -> Result<GetUserResponse, ApiError> {
        let user = accounts::find_visible(&self.database, &caller, params.user_id).await?;
        let user = Tagged::new(&models::User::from(user))?;
        Ok(GetUserResponse::Status200 {
            etag: user.etag,
            body: user.body.into(),
        })
    }

    async fn update_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: UpdateUserParams,
        body: UserUpdate,
    ) -> Result<UpdateUserResponse, ApiError> {
        let user = self
            .account_changes
            .update(
                context,
                &caller,
                params.user_id,
                Preconditions::if_match(params.if_match),
                body,
            )
            .await?;
        let user = Tagged::new(&models::User::from(user))?;
        Ok(UpdateUserResponse::Status200 {
            etag: user.etag,
            body: user.body.into(),
        })
    }

    async fn delete_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: DeleteUserParams,
    ) -> Result<DeleteUserResponse, ApiError> {
        self.account_changes
            .change_if(
                context,
                &caller,
                params.user_id,
                Change::Delete,
                Preconditions::if_match(params.if_match),
            )
            .await?;
        Ok(DeleteUserResponse::Status204)
    }

    async fn suspend_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: SuspendUserParams,
    ) -> Result<SuspendUserResponse, ApiError> {
        let user = self
            .account_changes
            .change(context, &caller, params.user_id, Change::Suspend)
            .await?;
        Ok(SuspendUserResponse::Status200(
            models::User::from(user).into(),
        ))
    }

    async fn restore_user(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: RestoreUserParams,
    ) -> Result<RestoreUserResponse, ApiError> {
        self.account_changes
            .change(context, &caller, params.user_id, Change::Restore)
            .await?;
        Ok(RestoreUserResponse::Status204)
    }

    async fn list_sessions(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: ListSessionsParams,
    ) -> Result<ListSessionsResponse, ApiError> {
        accounts::find_visible(&self.database, &caller, params.user_id).await?;
        let public_url = &self.settings.server.public_url;
        let page = Page::new(params.page, params.page_size);
        let (id, current) = (params.user_id, caller.session);
        let list = sessions::page(&self.database, public_url, id, page, current).await?;
        Ok(ListSessionsResponse::Status200(list.into()))
    }

    async fn end_sessions(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: EndSessionsParams,
    ) -> Result<EndSessionsResponse, ApiError> {
        self.account_changes
            .change(context, &caller, params.user_id, Change::EndSessions)
            .await?;
        Ok(EndSessionsResponse::Status204)
    }

    async fn end_session(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: EndSessionParams,
    ) -> Result<EndSessionResponse, ApiError> {
        let end = Change::EndSession(params.session_id);
        self.account_changes
            .change(context, &caller, params.user_id, end)
            .await?;
        Ok(EndSessionResponse::Status204)
    }

    async fn list_events(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: ListEventsParams,
    ) -> Result<ListEventsResponse, ApiError> {
        accounts::ensure_visible(&caller, params.user_id)?;
        let public_url = &self.settings.server.public_url;
        let page = Page::new(params.page, params.page_size);
        let list = events::list(&self.database, public_url, params.user_id, page).await?;
        Ok(ListEventsResponse::Status200(list.into()))
    }
}
