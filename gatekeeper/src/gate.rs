//! The only door that generated code knocks at.

use crate::{
    Authenticator, Call, Contract, Rejection, Visit,
    contract::Entry,
    paths::{self, PathEntry},
    security::Denial,
    unread,
    visit::Arrival,
};
use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{Method, StatusCode, header},
    web,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// For how long the verdict on a caller holds while its body is waited for. Whoever holds a body back for longer
/// is asked again: the session may have ended meanwhile.
const FRESH: Duration = Duration::from_millis(100);

/// The contract and the service behind it, one per worker.
///
/// A panic in a handler is not caught: actix closes the connection and the worker goes on.
pub struct Gate<A> {
    pub(crate) contract: Arc<Contract>,
    api: A,
}

impl<A: Authenticator> Gate<A> {
    /// A gate to `api`.
    pub fn new(contract: Arc<Contract>, api: A) -> Self {
        Self { contract, api }
    }

    /// The service behind the gate.
    pub fn api(&self) -> &A {
        &self.api
    }

    /// The contract that the gate enforces.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// What hooks and operations are told of the request besides what the contract declares.
    pub fn visit<'r>(&'r self, request: &'r HttpRequest) -> Visit<'r> {
        Visit {
            request,
            proxies: &self.contract.proxies,
        }
    }

    /// Decides whether a request may proceed: size of its head, then its rate, then security, then
    /// parameters, then body. Nothing of a later step is looked at before the earlier one is passed.
    ///
    /// # Errors
    /// The first of these steps that refuses.
    pub async fn admit(
        &self,
        operation: &'static str,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Result<Call<A::Identity>, Rejection> {
        let mut payload = payload.into_inner();
        let admitted = self.examine(operation, request, &mut payload).await;
        unread::keep(request, payload);
        admitted
    }

    async fn examine(
        &self,
        operation: &'static str,
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> Result<Call<A::Identity>, Rejection> {
        // The clock starts here, whatever comes of the request.
        Arrival::of(request);
        let contract = &*self.contract;
        let entry = contract
            .entry(operation)
            .ok_or_else(|| Rejection::Internal(format!("no operation {operation}")))?;
        self.measure(request)?;
        let visit = self.visit(request);
        if entry.throttled {
            self.api
                .throttle(operation, visit)
                .await
                .map_err(|denial| self.denied(entry, denial))?;
        }
        let identity = self.identify(entry, visit).await?;
        let values = entry
            .parameters
            .decode(request)
            .map_err(|violations| Rejection::Invalid {
                violations,
                cause: None,
            })?;
        let reading = Instant::now();
        let body = entry.body.read(request, payload, &contract.limits).await?;
        let identity = match identity {
            Some(_) if reading.elapsed() > FRESH => self.identify(entry, visit).await?,
            known => known,
        };
        Ok(Call {
            identity,
            values,
            body,
        })
    }

    async fn identify(
        &self,
        entry: &Entry,
        visit: Visit<'_>,
    ) -> Result<Option<A::Identity>, Rejection> {
        entry
            .requirement
            .check(&self.api, visit, &self.contract.security)
            .await
            .map_err(|denial| self.denied(entry, denial))
    }

    fn denied(&self, entry: &Entry, denial: Denial) -> Rejection {
        let kinds = entry.requirement.kinds();
        let challenges = self.contract.challenges.of(kinds, denial.kind().into());
        Rejection::Denied { denial, challenges }
    }

    fn measure(&self, request: &HttpRequest) -> Result<(), Rejection> {
        let limits = &self.contract.limits;
        let target = request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > limits.target {
            return Err(Rejection::TargetTooLong {
                limit: limits.target,
            });
        }
        let lines = request.headers().iter();
        let head: usize = lines
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if head > limits.head {
            return Err(Rejection::HeadTooLarge { limit: limits.head });
        }
        Ok(())
    }

    /// The answer of a path that has no operation for the method.
    pub(crate) fn other_method(&self, request: &HttpRequest, path: &PathEntry) -> HttpResponse {
        if let Err(rejection) = self.measure(request) {
            return self.fail(None, request, rejection.into());
        }
        if request.method() != Method::OPTIONS {
            let rejection = Rejection::MethodNotAllowed {
                allow: path.allow.clone(),
            };
            return self.fail(None, request, rejection.into());
        }
        let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
        response
            .headers_mut()
            .insert(header::ALLOW, path.allow.clone());
        self.contract
            .cors
            .preflight(request, response.headers_mut(), path);
        self.finish(None, request, response, None)
    }

    /// The answer where there is no path.
    pub(crate) fn other_path(&self, request: &HttpRequest) -> HttpResponse {
        if let Err(rejection) = self.measure(request) {
            return self.fail(None, request, rejection.into());
        }
        // RFC 9110 section 9.3.7: `OPTIONS *` asks about the server as a whole.
        if request.method() == Method::OPTIONS && request.uri().path() == "*" {
            let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
            response
                .headers_mut()
                .insert(header::ALLOW, self.contract.methods());
            return self.finish(None, request, response, None);
        }
        let nearest = paths::nearest(&self.contract.paths, request.uri().path());
        let hint = match nearest {
            Some(template) => Some(format!("did you mean `{template}`?")),
            None => self.contract.guide.clone(),
        };
        self.fail(None, request, Rejection::NotFound { hint }.into())
    }
}
