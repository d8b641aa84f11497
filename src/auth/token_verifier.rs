//! Verification of the tokens that requests present.

use std::rc::Rc;
use std::sync::Arc;

use gatekeeper::{Denial, RequestContext};
use time::OffsetDateTime;

use super::refusals::{deny, unanswered};
use super::revocation::Revocations;
use super::tokens::{Keys, RecentTokens, TokenFault, TokenKind, Verified};
use crate::audit::Audit;

/// Verifies tokens and records why one is refused. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TokenVerifier {
    pub(crate) keys: Arc<Keys>,
    /// Access tokens that the worker verified.
    pub(crate) recent: Rc<RecentTokens>,
    /// The worker's own handle.
    pub(crate) revocations: Revocations,
    pub(crate) audit: Audit,
}

impl TokenVerifier {
    /// Verifies a token of this kind: its signature, its claims, its time, and that it is not revoked.
    pub(crate) async fn verify(
        &self,
        context: RequestContext<'_>,
        kind: TokenKind,
        token: &str,
    ) -> Result<Verified, Denial> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let verified = match kind {
            TokenKind::Access => self.recent.verify(&self.keys, token, now),
            _ => self.keys.verify(kind, token, now),
        };
        let verified = verified.map_err(|fault| self.deny_faulty(context, kind, token, fault))?;
        match self
            .revocations
            .is_revoked(verified.jti, verified.session)
            .await
        {
            Ok(false) => Ok(verified),
            Ok(true) => Err(deny(
                &self.audit,
                context,
                Some(verified.user_id),
                "revoked",
            )),
            Err(unavailable) => Err(unanswered(unavailable)),
        }
    }

    fn deny_faulty(
        &self,
        context: RequestContext<'_>,
        kind: TokenKind,
        token: &str,
        fault: TokenFault,
    ) -> Denial {
        match fault {
            TokenFault::Expired { user_id } => {
                let context = self.audit.context_of(context);
                let reason = "the token has expired";
                self.audit.refuse(&context, Some(user_id), reason);
                Denial::expired("past `exp`")
            }
            // A token of another kind may be what the operation's next alternative takes. Where none does,
            // the gatekeeper's line about the request tells of it.
            TokenFault::Invalid(_, reason)
                if self.keys.kind_of(token).is_some_and(|of| of != kind) =>
            {
                Denial::invalid(reason)
            }
            TokenFault::Invalid(_, reason) => deny(&self.audit, context, None, reason),
        }
    }
}
