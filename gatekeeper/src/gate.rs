//! The only door that generated code knocks at.

use crate::{
    Authenticator, Call, Contract, Failure, Problem, Rejection, Reply, Served,
    contract::Entry,
    paths::PathEntry,
    security::{Denial, Kinds},
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    web::Payload,
};
use std::{sync::Arc, time::Instant};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// The contract and the service behind it, one per worker.
///
/// A panic in a handler is not caught: actix closes the connection and the worker goes on.
pub struct Gate<A> {
    contract: Arc<Contract>,
    api: A,
}

/// What is known of a request from the first look on.
#[derive(Clone, Copy)]
struct Visit {
    id: Uuid,
    started: Instant,
}

impl Visit {
    /// The visit of this request; begins it when this is the first look.
    fn of(request: &HttpRequest) -> Self {
        let mut extensions = request.extensions_mut();
        if let Some(visit) = extensions.get::<Self>() {
            return *visit;
        }
        let visit = Self {
            id: Uuid::new_v4(),
            started: Instant::now(),
        };
        extensions.insert(visit);
        visit
    }
}

/// The id that the reply to `request` carries as `X-Request-Id`.
#[must_use]
pub fn request_id(request: &HttpRequest) -> Uuid {
    Visit::of(request).id
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

    /// Decides whether a request may proceed: size of its head, then security, then parameters,
    /// then body. Nothing of a later step is looked at before the earlier one is passed.
    ///
    /// # Errors
    /// The first of these steps that refuses.
    pub async fn admit(
        &self,
        operation: &'static str,
        request: &HttpRequest,
        payload: Payload,
    ) -> Result<Call<A::Identity>, Rejection> {
        let request_id = Visit::of(request).id;
        let contract = &*self.contract;
        let entry = contract
            .entry(operation)
            .ok_or_else(|| Rejection::Internal(format!("no operation {operation}")))?;
        self.measure(request)?;
        let identity = entry
            .requirement
            .check(&self.api, request, &contract.security)
            .await
            .map_err(|denial| self.denied(entry, denial))?;
        let values = entry
            .parameters
            .decode(request)
            .map_err(|violations| Rejection::Invalid {
                violations,
                cause: None,
            })?;
        let mut payload = payload.into_inner();
        let body = entry
            .body
            .read(request, &mut payload, &contract.limits)
            .await?;
        Ok(Call {
            identity,
            values,
            body,
            request_id,
        })
    }

    fn denied(&self, entry: &Entry, denial: Denial) -> Rejection {
        let kinds = entry.requirement.kinds();
        let challenges = self.contract.challenges.of(kinds, Some(denial.kind()));
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

    /// The answer to a request, with all that every answer carries: `X-Request-Id`,
    /// `X-Content-Type-Options`, CORS headers; failures as `application/problem+json`. A 401
    /// without `WWW-Authenticate`, e.g. for a wrong password in a body, gets a challenge
    /// without `error`. Where asked for, the answer is checked against the contract, and
    /// becomes a 500 when it breaks it. The observer is told.
    pub fn reply(
        &self,
        operation: &'static str,
        request: &HttpRequest,
        outcome: Result<Reply, A::Failure>,
    ) -> HttpResponse {
        let entry = self.contract.entry(operation);
        match outcome {
            Ok(reply) => match self.checked(entry, reply.into_response()) {
                Ok(response) => self.finish(entry, request, response, None),
                Err(cause) => self.fail(entry, request, Problem::internal(cause)),
            },
            Err(failure) => {
                let problem = self.challenged(entry, failure.into_problem());
                match self.declared(entry, request, &problem) {
                    Ok(()) => self.fail(entry, request, problem),
                    Err(cause) => self.fail(entry, request, Problem::internal(cause)),
                }
            }
        }
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
        self.fail(None, request, Rejection::NotFound.into())
    }

    /// RFC 9110 section 15.5.2: a 401 carries a challenge.
    fn challenged(&self, entry: Option<&Entry>, mut problem: Problem) -> Problem {
        let has = problem
            .headers
            .iter()
            .any(|(name, _)| *name == header::WWW_AUTHENTICATE);
        if problem.status == 401 && !has {
            let kinds = entry.map_or(Kinds::default(), |entry| entry.requirement.kinds());
            let challenges = self.contract.challenges.of(kinds, None).into_iter();
            problem
                .headers
                .extend(challenges.map(|value| (header::WWW_AUTHENTICATE, value)));
        }
        problem
    }

    /// The answer if it keeps the contract, else why not.
    fn checked(
        &self,
        entry: Option<&Entry>,
        response: HttpResponse,
    ) -> Result<HttpResponse, String> {
        let Some(entry) = entry.filter(|_| self.contract.validate_replies) else {
            return Ok(response);
        };
        let (head, body) = response.into_parts();
        let bytes = body
            .try_into_bytes()
            .map_err(|_| "the reply's body is a stream, which cannot be checked".to_owned())?;
        let has_body = !bytes.is_empty() || head.headers().contains_key(header::CONTENT_TYPE);
        entry.replies.check(
            head.status().as_u16(),
            head.headers(),
            has_body.then_some(&bytes[..]),
        )?;
        Ok(head.set_body(BoxBody::new(bytes)))
    }

    /// Whether the contract declares this problem.
    ///
    /// What the server says of any request, whichever its operation, is described once for the
    /// whole contract, so such statuses are held to it only where the operation declares them.
    fn declared(
        &self,
        entry: Option<&Entry>,
        request: &HttpRequest,
        problem: &Problem,
    ) -> Result<(), String> {
        let Some(entry) = entry.filter(|_| self.contract.validate_replies) else {
            return Ok(());
        };
        let general = matches!(problem.status, 408 | 414 | 431 | 500);
        if general && !entry.operation.statuses.contains(&problem.status) {
            return Ok(());
        }
        let response = problem.render(Visit::of(request).id);
        let cause = problem.cause.as_deref().unwrap_or("none");
        self.checked(Some(entry), response)
            .map(|_| ())
            .map_err(|broken| {
                format!(
                    "{broken}; the problem was {}, its cause {cause}",
                    problem.code
                )
            })
    }

    fn fail(&self, entry: Option<&Entry>, request: &HttpRequest, problem: Problem) -> HttpResponse {
        let response = problem.render(Visit::of(request).id);
        self.finish(entry, request, response, Some(&problem))
    }

    fn finish(
        &self,
        entry: Option<&Entry>,
        request: &HttpRequest,
        mut response: HttpResponse,
        problem: Option<&Problem>,
    ) -> HttpResponse {
        let visit = Visit::of(request);
        let headers = response.headers_mut();
        let mut buffer = Uuid::encode_buffer();
        let id: &str = visit.id.hyphenated().encode_lower(&mut buffer);
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        let exposed = entry.map(|entry| &entry.exposed);
        self.contract.cors.apply(request, headers, exposed);
        if let Some(observer) = &self.contract.observer {
            observer.served(&Served {
                operation: entry.map(|entry| entry.operation.id.as_str()),
                method: request.method().as_str(),
                status: response.status().as_u16(),
                code: problem.map(|problem| &*problem.code),
                reason: problem.and_then(|problem| problem.cause.as_deref()),
                request_id: visit.id,
                elapsed: visit.started.elapsed(),
            });
        }
        response
    }
}
