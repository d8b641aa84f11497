//! Finishes responses: renders problems, checks against the contract, adds the headers that all responses carry.

use super::{stream, validate::Sent};
use crate::{
    Authenticator, Exchange, Failure, IntoReply, Problem, Refusal, Rejection, Rendering, Reply,
    Served, codes,
    examples::Examples,
    security::{Fault, Kinds},
    unread_body,
};
use actix_web::{
    HttpResponse,
    body::{BoxBody, MessageBody},
    http::{
        ConnectionType, Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ACCEPT: HeaderValue = HeaderValue::from_static("Accept");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

impl<A: Authenticator> Exchange<'_, A> {
    /// Makes the response to the request, with all that every response carries: `X-Request-Id`,
    /// `X-Content-Type-Options`, CORS headers; failures as `application/problem+json`. A 401
    /// without `WWW-Authenticate` gets a challenge: with the `error` of a code of its
    /// own (`token-invalid`, `token-expired`, `authorisation-required`) on a secured operation,
    /// else without, e.g. for a wrong password in a body. Where asked for, the response is checked
    /// against the contract, and becomes a 500 when it breaks it. The observer is called.
    pub fn respond<R: IntoReply>(self, outcome: Result<R, A::Failure>) -> HttpResponse {
        self.send(outcome.and_then(|response| Ok(response.into_reply()?)))
    }

    fn send(self, outcome: Result<Reply, A::Failure>) -> HttpResponse {
        match outcome {
            Ok(reply) => match self.checked_reply(reply) {
                Ok(response) => {
                    let response = self.with_challenge(response);
                    self.finish(response, None)
                }
                Err(cause) => self.fail(Rejection::Internal(cause).into()),
            },
            Err(failure) => {
                let problem = failure.into_problem();
                if problem.code == codes::NOT_IMPLEMENTED.name
                    && let Some(examples) = self.entry.and_then(|entry| entry.examples.as_ref())
                {
                    return self.exemplify(examples);
                }
                let problem = self.challenged(problem);
                self.fail(problem)
            }
        }
    }

    /// Makes the response of an operation that is not written yet, from its examples.
    fn exemplify(self, examples: &Examples) -> HttpResponse {
        let response = match examples.answer(self.context()) {
            Ok(response) => self
                .checked(response)
                .map(|response| self.represent(response, None)),
            Err(violation) => {
                let refusal = Rejection::Invalid {
                    violations: vec![violation],
                    cause: None,
                };
                return self.fail(refusal.into());
            }
        };
        match response {
            Ok(response) => self.finish(response, None),
            Err(cause) => self.fail(Rejection::Internal(cause).into()),
        }
    }

    /// RFC 9110 section 15.5.2: a 401 carries a challenge.
    fn challenged(&self, mut problem: Problem) -> Problem {
        let has = problem
            .headers
            .iter()
            .any(|(name, _)| *name == header::WWW_AUTHENTICATE);
        if problem.status == 401 && !has {
            let challenges = self.challenges(&problem.code).into_iter();
            problem
                .headers
                .extend(challenges.map(|value| (header::WWW_AUTHENTICATE, value)));
        }
        problem
    }

    /// The same for a 401 that is a reply of the contract's own form.
    fn with_challenge(&self, mut response: HttpResponse) -> HttpResponse {
        if response.status() == StatusCode::UNAUTHORIZED
            && !response.headers().contains_key(header::WWW_AUTHENTICATE)
        {
            for challenge in self.challenges("") {
                response
                    .headers_mut()
                    .append(header::WWW_AUTHENTICATE, challenge);
            }
        }
        response
    }

    /// Returns the challenges of a 401 with this code.
    fn challenges(&self, code: &str) -> Vec<HeaderValue> {
        let kinds = self
            .entry
            .map_or(Kinds::default(), |entry| entry.requirement.kinds());
        let contract = &self.gate.contract;
        let fault = Fault::of_code(code, kinds);
        let fault = contract
            .security
            .challenge_fault(fault, self.request.headers());
        contract.challenges.of(kinds, fault)
    }

    /// Returns the representation to send, if the reply keeps the contract, else the reason.
    fn checked_reply(&self, reply: Reply) -> Result<HttpResponse, String> {
        let (response, kept) = reply.into_parts();
        let response = self.represent(self.checked(response)?, kept.as_ref());
        match response.status() {
            StatusCode::NOT_MODIFIED => self.checked(response),
            _ => Ok(response),
        }
    }

    /// Returns the response if it keeps the contract, else the reason.
    fn checked(&self, response: HttpResponse) -> Result<HttpResponse, String> {
        let Some(entry) = self.entry.filter(|_| self.gate.contract.validate_replies) else {
            return Ok(response);
        };
        let (head, body) = response.into_parts();
        let has_type = head.headers().contains_key(header::CONTENT_TYPE);
        let (sent, body) = match body.try_into_bytes() {
            Ok(bytes) => {
                let sent = if bytes.is_empty() && !has_type {
                    Sent::Nothing
                } else {
                    Sent::Bytes(bytes.clone())
                };
                (sent, BoxBody::new(bytes))
            }
            Err(stream) => (Sent::Stream, stream),
        };
        let (status, headers) = (head.status().as_u16(), head.headers());
        entry.replies.check(status, headers, &sent)?;
        Ok(head.set_body(body))
    }

    /// Responds with a failure, in the form of the contract where the service has it.
    pub(crate) fn fail(self, problem: Problem) -> HttpResponse {
        let (problem, response) = match self.rendered(&problem) {
            Ok(response) => (problem, response),
            Err(cause) => {
                let problem = Rejection::Internal(cause).into();
                let response = self.rendered(&problem);
                let response = response.unwrap_or_else(|_| self.plain(&problem));
                (problem, response)
            }
        };
        self.finish(response, Some(&problem))
    }

    /// Returns the response to a failure, or the reason for which it is none that the contract declares.
    fn rendered(&self, problem: &Problem) -> Result<HttpResponse, String> {
        let refusal = Refusal {
            problem,
            context: self.context(),
            operation: self.entry.map(|entry| entry.id),
            schema: (self.entry).and_then(|entry| entry.replies.schema_of(problem.status)),
        };
        match self.gate.api().render(&refusal) {
            Some(rendering) => self.checked_rendering(problem, rendering),
            None => self.declared(problem).map(|()| self.plain(problem)),
        }
    }

    fn plain(&self, problem: &Problem) -> HttpResponse {
        problem.render(
            self.metadata.id,
            self.gate.contract.problem_types.as_deref(),
        )
    }

    /// Returns what the service rendered, with the media type that the contract declares for it.
    fn checked_rendering(
        &self,
        problem: &Problem,
        mut rendering: Rendering,
    ) -> Result<HttpResponse, String> {
        let status = rendering.status.unwrap_or(problem.status);
        let declared = self.entry.and_then(|entry| {
            let schema = rendering.schema?;
            entry.replies.media_type_of(status, schema)
        });
        if let Some(media_type) = declared {
            rendering.media_type = media_type.to_owned().into();
        }
        let response = problem.render_as(rendering)?;
        if self
            .entry
            .is_some_and(|entry| entry.replies.declares(status))
        {
            let kept = self.checked(response);
            kept.map_err(|broken| format!("the rendered failure breaks the contract: {broken}"))
        } else {
            Ok(response)
        }
    }

    /// Checks that the contract declares this problem: its response, and its code.
    ///
    /// Problems of any request, whichever its operation, are described once for the
    /// whole contract, so such statuses are held to it only where the operation declares them. What the gatekeeper refuses is
    /// held to it in a strict contract only: any other need not declare it.
    fn declared(&self, problem: &Problem) -> Result<(), String> {
        let Some(entry) = self.entry.filter(|_| self.gate.contract.validate_replies) else {
            return Ok(());
        };
        if problem.kind.is_some() && !self.gate.contract.strict {
            return Ok(());
        }
        let general = matches!(problem.status, 408 | 414 | 431 | 500 | 501);
        if general && !entry.operation.statuses.contains(&problem.status) {
            return Ok(());
        }
        let cause = problem.cause.as_deref().unwrap_or("none");
        let code = entry.replies.check_code(problem.status, &problem.code);
        let kept = self.checked(self.plain(problem)).and(code);
        kept.map_err(|broken| {
            format!(
                "operation {}: {broken}; the problem was {}, its cause {cause}",
                entry.id, problem.code
            )
        })
    }

    pub(crate) fn finish(self, response: HttpResponse, problem: Option<&Problem>) -> HttpResponse {
        let Self {
            gate,
            request,
            entry,
            metadata,
            unread,
            span,
        } = self;
        let is_head = entry.is_some_and(|entry| entry.operation.method == Method::HEAD);
        let response = if is_head {
            stream::of_head(response)
        } else {
            stream::watch(response, request.method(), &span)
        };
        let _entered = span.enter();
        let mut response = unread_body::hand_over(unread, response);
        // No upgrade is given here, so that the request is an ordinary one. actix would repeat the word, and then drop
        // the connection unannounced; it has no setting that keeps it.
        if request.head().connection_type() == ConnectionType::Upgrade {
            response
                .head_mut()
                .set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        let mut buffer = Uuid::encode_buffer();
        let id: &str = metadata.id.hyphenated().encode_lower(&mut buffer);
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        if let Some(policy) = entry.and_then(|entry| entry.referrer_policy.as_ref())
            && problem.is_some()
        {
            headers.insert(header::REFERRER_POLICY, policy.clone());
        }
        if metadata.negotiated.get() {
            headers.append(header::VARY, ACCEPT);
        }
        let exposed = entry.map(|entry| &entry.exposed);
        gate.contract.cors.apply(request, headers, exposed);
        if let Some(observer) = &gate.contract.observer {
            observer.served(&Served {
                operation: entry.map(|entry| entry.id),
                index: entry.map(|entry| entry.index),
                route: entry.map(|entry| &*entry.operation.path),
                method: request.method().as_str(),
                status: response.status().as_u16(),
                code: problem.map(|problem| &*problem.code),
                reason: problem.and_then(|problem| problem.cause.as_deref()),
                request_id: metadata.id,
                elapsed: metadata.started.elapsed(),
            });
        }
        response
    }
}
