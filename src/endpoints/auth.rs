//! The `Auth` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::auth::*;
use generated::models::{
    AccessToken, AccessTokenTokenType, ApiTokenRequest, TokenForm, TokenRequest,
};

use super::ok;
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::paging::Page;
use crate::state::App;
use crate::users::accounts::{Actor, act};
use crate::users::tokens::revoke::revoke;

impl Auth for App {
    async fn create_token(
        &self,
        context: RequestContext<'_>,
        body: TokenRequest,
    ) -> Result<CreateTokenResponse, ApiError> {
        let password = body.password.into();
        let pair = self
            .login
            .log_in(context, &body.username, password, body.replace_session)
            .await?;
        let token = AccessToken {
            access_token: pair.token,
            token_type: AccessTokenTokenType::Bearer,
            expires_in: pair.expires_in,
        };
        Ok(CreateTokenResponse::Status200(token.into()))
    }

    async fn introspect_token(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        body: TokenForm,
    ) -> Result<IntrospectTokenResponse, ApiError> {
        Ok(IntrospectTokenResponse::Status200(
            self.introspection.introspect(&body.token).await?.into(),
        ))
    }

    async fn revoke_token(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        body: TokenForm,
    ) -> Result<RevokeTokenResponse, ApiError> {
        self.sessions.ensure_unspent(context, &caller).await?;
        let revoke =
            async |actor: &Actor| revoke(&self.database, &self.keys, &body.token, actor).await;
        let revoked = act(&self.audit, context, &caller, revoke).await?;
        self.tokens.revocations.publish(revoked.as_slice()).await?;
        Ok(RevokeTokenResponse::Status200(ok().into()))
    }

    async fn create_api_token(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: CreateApiTokenParams,
        body: ApiTokenRequest,
    ) -> Result<CreateApiTokenResponse, ApiError> {
        let key = params.idempotency_key.as_deref();
        let (operation, user) = ("create_api_token", Some(caller.user_id));
        let key = self.idempotency.begin(operation, user, key, &body).await?;
        let token = self.api_tokens.create(context, &caller, body, key).await?;
        Ok(CreateApiTokenResponse::Status201(token.into()))
    }

    async fn list_api_tokens(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: ListApiTokensParams,
    ) -> Result<ListApiTokensResponse, ApiError> {
        let page = Page::new(params.page, params.page_size);
        let public_url = &self.settings.server.public_url;
        let list = self.api_tokens.list(&caller, public_url, page).await?;
        Ok(ListApiTokensResponse::Status200(list.into()))
    }

    async fn delete_api_token(
        &self,
        context: RequestContext<'_>,
        caller: Caller,
        params: DeleteApiTokenParams,
    ) -> Result<DeleteApiTokenResponse, ApiError> {
        self.api_tokens
            .delete(context, &caller, params.api_token_id)
            .await?;
        Ok(DeleteApiTokenResponse::Status204)
    }
}
