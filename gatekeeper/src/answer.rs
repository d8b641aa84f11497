//! Answers: rendering, checks against the contract, the headers that all carry.

use crate::{
    Authenticator, Failure, Gate, Problem, Rejection, Reply, Served, codes,
    contract::Entry,
    examples::Examples,
    security::{Fault, Kinds},
    unread,
    visit::Arrival,
};
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    http::header::{self, HeaderName, HeaderValue},
};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ACCEPT: HeaderValue = HeaderValue::from_static("Accept");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

impl<A: Authenticator> Gate<A> {
    /// The answer to a request, with all that every answer carries: `X-Request-Id`,
    /// `X-Content-Type-Options`, CORS headers; failures as `application/problem+json`. A 401
    /// without `WWW-Authenticate` gets a challenge: with the `error` that fits a code of the gate's
    /// own (`token-invalid`, `token-expired`, `authorisation-required`) on a secured operation,
    /// else without, e.g. for a wrong password in a body. Where asked for, the answer is checked
    /// against the contract, and becomes a 500 when it breaks it. The observer is told.
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
                let problem = failure.into_problem();
                if problem.code == codes::NOT_IMPLEMENTED.name
                    && let Some(examples) = entry.and_then(|entry| entry.examples.as_ref())
                {
                    return self.exemplify(entry, request, examples);
                }
                let problem = self.challenged(entry, problem);
                match self.declared(entry, request, &problem) {
                    Ok(()) => self.fail(entry, request, problem),
                    Err(cause) => self.fail(entry, request, Problem::internal(cause)),
                }
            }
        }
    }

    /// The answer of an operation that is not written yet.
    fn exemplify(
        &self,
        entry: Option<&Entry>,
        request: &HttpRequest,
        examples: &Examples,
    ) -> HttpResponse {
        let response = match examples.answer(self.visit(request)) {
            Ok(response) => self.checked(entry, response),
            Err(violation) => {
                let refusal = Rejection::Invalid {
                    violations: vec![violation],
                    cause: None,
                };
                return self.fail(entry, request, refusal.into());
            }
        };
        match response {
            Ok(response) => self.finish(entry, request, response, None),
            Err(cause) => self.fail(entry, request, Problem::internal(cause)),
        }
    }

    /// RFC 9110 section 15.5.2: a 401 carries a challenge.
    fn challenged(&self, entry: Option<&Entry>, mut problem: Problem) -> Problem {
        let has = problem
            .headers
            .iter()
            .any(|(name, _)| *name == header::WWW_AUTHENTICATE);
        if problem.status == 401 && !has {
            let kinds = entry.map_or(Kinds::default(), |entry| entry.requirement.kinds());
            let fault = Fault::of_code(&problem.code, kinds);
            let challenges = self.contract.challenges.of(kinds, fault).into_iter();
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
        let general = matches!(problem.status, 408 | 414 | 431 | 500 | 501);
        if general && !entry.operation.statuses.contains(&problem.status) {
            return Ok(());
        }
        let response = problem.render(
            Arrival::of(request).id,
            self.contract.problem_types.as_deref(),
        );
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

    pub(crate) fn fail(
        &self,
        entry: Option<&Entry>,
        request: &HttpRequest,
        problem: Problem,
    ) -> HttpResponse {
        let response = problem.render(
            Arrival::of(request).id,
            self.contract.problem_types.as_deref(),
        );
        self.finish(entry, request, response, Some(&problem))
    }

    pub(crate) fn finish(
        &self,
        entry: Option<&Entry>,
        request: &HttpRequest,
        response: HttpResponse,
        problem: Option<&Problem>,
    ) -> HttpResponse {
        let mut response = unread::hand_over(request, response);
        let arrival = Arrival::of(request);
        let headers = response.headers_mut();
        let mut buffer = Uuid::encode_buffer();
        let id: &str = arrival.id.hyphenated().encode_lower(&mut buffer);
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        if arrival.negotiated {
            headers.append(header::VARY, ACCEPT);
        }
        let exposed = entry.map(|entry| &entry.exposed);
        self.contract.cors.apply(request, headers, exposed);
        if let Some(observer) = &self.contract.observer {
            observer.served(&Served {
                operation: entry.map(|entry| entry.operation.id.as_str()),
                method: request.method().as_str(),
                status: response.status().as_u16(),
                code: problem.map(|problem| &*problem.code),
                reason: problem.and_then(|problem| problem.cause.as_deref()),
                request_id: arrival.id,
                elapsed: arrival.started.elapsed(),
            });
        }
        response
    }
}
