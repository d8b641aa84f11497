//! One request and its response: in by [`Exchange::admit`], out by [`Exchange::respond`].

use crate::{
    Authenticator, Begun, Gate, Identity, Rejection, RequestContext, ValidatedRequest,
    body::Payload,
    context::RequestMetadata,
    contract::PreparedOperation,
    paths::{self, PathEntry},
    request_span::RequestSpan,
    security::Denial,
    trace_context::TraceParent,
    unread_body::{self, UnreadBody},
};
use actix_web::{
    HttpRequest, HttpResponse, dev,
    http::{Method, StatusCode, header},
    web,
};
use std::time::{Duration, Instant};

/// The time for which an authentication holds while the body is being received. A client that holds its body back for longer
/// is asked again: the session may have ended meanwhile.
const FRESH: Duration = Duration::from_millis(100);

/// A request under way with its prepared operation.
pub struct Exchange<'r, A> {
    pub(crate) gate: &'r Gate<A>,
    pub(crate) request: &'r HttpRequest,
    /// `None` without an operation, and if generated code names one that the contract does not have.
    pub(crate) entry: Option<&'r PreparedOperation>,
    pub(crate) metadata: RequestMetadata,
    pub(crate) unread: Option<UnreadBody>,
    pub(crate) span: RequestSpan,
}

impl<'r, A: Authenticator> Exchange<'r, A> {
    pub(crate) fn new(
        gate: &'r Gate<A>,
        entry: Option<&'r PreparedOperation>,
        request: &'r HttpRequest,
    ) -> Self {
        let metadata = RequestMetadata::now();
        let span = RequestSpan::new(
            gate.contract.lazy_spans,
            metadata.id,
            entry.map_or("-", |entry| entry.id),
            TraceParent::of(request.headers()),
        );
        let exchange = Self {
            gate,
            request,
            entry,
            metadata,
            unread: None,
            span,
        };
        if let Some(observer) = &gate.contract.observer {
            observer.begun(&Begun {
                operation: entry.map(|entry| entry.id),
                route: entry.map(|entry| &*entry.operation.path),
                method: request.method().as_str(),
                context: exchange.context(),
                span: &exchange.span,
            });
        }
        exchange
    }

    /// Returns the span of the request, in which its operation must run for log lines to carry the id of the request, the
    /// operation and, once they are known, the user and the trace.
    pub fn span(&self) -> RequestSpan {
        self.span.clone()
    }

    /// Returns the context that hooks and operations get besides the declared parameters.
    pub fn context(&self) -> RequestContext<'_> {
        RequestContext {
            request: self.request,
            proxies: &self.gate.contract.proxies,
            metadata: &self.metadata,
        }
    }

    /// Decides whether the request may proceed: size of its head, then its rate, then security, then
    /// parameters, then body. Nothing of a later step is looked at before the earlier one is passed.
    ///
    /// # Errors
    /// The first of these steps that refuses.
    pub async fn admit(
        &mut self,
        payload: web::Payload,
    ) -> Result<ValidatedRequest<'r, A::Identity>, Rejection> {
        let payload = Payload::new(payload.into_inner());
        let admitted = self.authorize_and_decode(&payload).await;
        self.unread = unread_body::keep(self.request, payload);
        admitted
    }

    async fn authorize_and_decode(
        &self,
        payload: &Payload,
    ) -> Result<ValidatedRequest<'r, A::Identity>, Rejection> {
        let entry = self
            .entry
            .ok_or_else(|| Rejection::Internal("the contract has no such operation".to_owned()))?;
        self.check_head_limits()?;
        if entry.throttled {
            self.gate
                .api()
                .throttle(entry.id, self.context())
                .await
                .map_err(|denial| self.denied(entry, denial))?;
        }
        let mut identity = self.identify(entry).await?;
        if let Some(user) = identity.as_ref().and_then(Identity::user) {
            self.span.record_user(user);
        }
        let values = entry
            .parameters
            .decode(self.request)
            .map_err(|violations| Rejection::Invalid {
                violations,
                cause: None,
            })?;
        let mut body = None;
        if entry.body.is_declared() {
            let reading = Instant::now();
            let limits = &self.gate.contract.limits;
            // In a box, as is every future that not all requests have: the space of all is allocated and moved for each.
            body = Box::pin(entry.body.read(self.request, payload, limits)).await?;
            if identity.is_some() && reading.elapsed() > FRESH {
                identity = self.identify(entry).await?;
            }
        }
        Ok(ValidatedRequest {
            identity,
            values,
            body,
        })
    }

    async fn identify(&self, entry: &PreparedOperation) -> Result<Option<A::Identity>, Rejection> {
        entry
            .requirement
            .check(
                self.gate.api(),
                self.context(),
                &self.gate.contract.security,
            )
            .await
            .map_err(|denial| self.denied(entry, denial))
    }

    fn denied(&self, entry: &PreparedOperation, denial: Denial) -> Rejection {
        let kinds = entry.requirement.kinds();
        let contract = &self.gate.contract;
        let fault = contract
            .security
            .challenge_fault(denial.kind().into(), self.request.headers());
        let challenges = contract.challenges.of(kinds, fault);
        Rejection::Denied { denial, challenges }
    }

    fn check_head_limits(&self) -> Result<(), Rejection> {
        let limits = &self.gate.contract.limits;
        let target = self
            .request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > limits.target {
            return Err(Rejection::TargetTooLong {
                limit: limits.target,
            });
        }
        let lines = self.request.headers().iter();
        let head: usize = lines
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if head > limits.head {
            return Err(Rejection::HeadTooLarge { limit: limits.head });
        }
        Ok(())
    }

    /// Responds where a path has no operation for the method, or, without a path, where there is no such path.
    pub(crate) fn respond_unrouted(
        mut self,
        payload: dev::Payload,
        path: Option<&PathEntry>,
    ) -> HttpResponse {
        self.unread = unread_body::keep(self.request, Payload::new(payload));
        if let Err(rejection) = self.check_head_limits() {
            return self.fail(rejection.into());
        }
        match path {
            Some(path) => self.other_method(path),
            None => self.other_path(),
        }
    }

    fn other_method(self, path: &PathEntry) -> HttpResponse {
        if self.request.method() != Method::OPTIONS {
            let rejection = Rejection::MethodNotAllowed {
                allow: path.allow.clone(),
            };
            return self.fail(rejection.into());
        }
        let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
        response
            .headers_mut()
            .insert(header::ALLOW, path.allow.clone());
        self.gate
            .contract
            .cors
            .preflight(self.request, response.headers_mut(), path);
        self.finish(response, None)
    }

    fn other_path(self) -> HttpResponse {
        // RFC 9110 section 9.3.7: `OPTIONS *` asks about the server as a whole.
        if self.request.method() == Method::OPTIONS && self.request.uri().path() == "*" {
            let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
            response
                .headers_mut()
                .insert(header::ALLOW, self.gate.contract.methods());
            return self.finish(response, None);
        }
        let contract = &self.gate.contract;
        let path = self.request.uri().path();
        let nearest = paths::nearest(&contract.paths, &contract.base_path, path);
        let hint = match nearest {
            Some(template) => Some(format!("did you mean `{template}`?")),
            None => contract.not_found_hint.clone(),
        };
        self.fail(Rejection::NotFound { hint }.into())
    }
}
