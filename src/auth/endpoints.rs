//! The functions that the contract names in `x-bearerInfoFunc`: one per security scheme.

use std::pin::Pin;

use gatekeeper::{
    ApiKey, Basic, Bearer, Denial, Failure as _, HeaderValue, Refusal, Rendered, RequestContext,
};
use generated::{Security, models::ErrorBody, security::schemes};
use uuid::Uuid;

use super::tokens::TokenKind;
use super::{Caller, Scheme};
use crate::errors::ApiError;
use crate::html;
use crate::state::App;

impl Security for App {
    type Identity = Caller;
    type Error = ApiError;

    async fn decode_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::Jwt>,
    ) -> Result<Caller, Denial> {
        let token = credential.token();
        let token = self
            .tokens
            .verify(context, TokenKind::Access, token)
            .await?;
        Ok(Caller::of_token(&token, Scheme::Jwt))
    }

    async fn decode_refresh_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtRefresh>,
    ) -> Result<Caller, Denial> {
        boxed(self.sessions.authenticate(context, credential.token())).await
    }

    async fn decode_password_token(
        &self,
        context: RequestContext<'_>,
        credential: Bearer<'_, schemes::JwtPassword>,
    ) -> Result<Caller, Denial> {
        boxed(
            self.password_changes
                .authenticate(context, credential.token()),
        )
        .await
    }

    async fn decode_basic(
        &self,
        context: RequestContext<'_>,
        credential: Basic<'_, schemes::Basic>,
    ) -> Result<Caller, Denial> {
        let password = credential.password().to_owned().into();
        let decode = async {
            let user = self
                .password_login
                .authenticate(context, credential.username(), password)
                .await?;
            let audit = &self.audit;
            audit.log_in_by_basic(audit.context_of(context), user.id);
            Ok::<_, ApiError>(Caller::of_account(
                user.id,
                user.access_role,
                Uuid::nil(),
                Scheme::Basic,
            ))
        };
        boxed(decode).await.map_err(denial)
    }

    async fn decode_api_token(
        &self,
        context: RequestContext<'_>,
        credential: ApiKey<'_, schemes::ApiToken>,
    ) -> Result<Caller, Denial> {
        boxed(self.api_tokens.authenticate(context, credential.value())).await
    }

    /// Renders the pages of people who were refused; programs get problems.
    fn render_error(&self, refusal: &Refusal<'_>) -> Option<Rendered<ErrorBody>> {
        let home = &self.settings.server.public_url;
        let page = html::refused(refusal, home)?.render().ok()?;
        let policy = HeaderValue::try_from(html::policy()).ok()?;
        Some(Rendered::from(ErrorBody::Text(page)).header(html::POLICY, policy))
    }

    async fn throttle(
        &self,
        operation: &'static str,
        context: RequestContext<'_>,
    ) -> Result<(), Denial> {
        let limits = &self.limits;
        boxed(limits.enforce_operation(&self.audit, context, operation))
            .await
            .map_err(denial)
    }
}

fn denial(refusal: ApiError) -> Denial {
    Denial::problem(refusal.into_problem())
}

/// Moves a future out of that of the hook. All hooks, and what follows them, share the space of one future, which is
/// allocated and moved for each request: it is to have the size that an access token needs.
fn boxed<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}
