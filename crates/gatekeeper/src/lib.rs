//! Enforces an OpenAPI 3.0 or 3.1 contract in front of actix-web handlers.
//!
//! Generated code enters by [`Gate::begin`], which gives an [`Exchange`]:
//! in by [`Exchange::admit`], out by [`Exchange::respond`]. Everything between a request and a typed call is decided here, from
//! the contract alone:
//!
//! 1. **Path and method**: [`mount()`] makes a router of the paths, the app's default service. 404 and 405 are
//!    problems like all others, `HEAD` is served wherever `GET` is, `OPTIONS` and CORS preflights
//!    are answered without credentials.
//! 2. **Size of the head**: 414 and 431, see [`Limits`].
//! 3. **Rate**: where the contract declares a 429, the [`Authenticator`] may turn the request away.
//! 4. **Security**: an OR of ANDs of bearer (`oauth2` and `openIdConnect` too), basic and API key schemes; its
//!    hooks turn credentials into an [`Identity`]; then the scopes that the contract names, then the role named by
//!    `x-access-role`. A request without good credentials is answered before the later steps.
//! 5. **Parameters**, then **body**: decoded and validated; one answer names every
//!    [`Violation`], never the offending value. Unknown query names are violations of a strict contract, unless the
//!    operation has `x-ignore-unknown-query: true`, and of an open one where it has `false`. Files of a form are
//!    [`UploadedFile`]s, bytes of no schema a [`BodyStream`]: neither lies in memory whole.
//! 6. **The call** ([`Exchange::run`]), with what [`ValidatedRequest`] gives: the identity and typed values;
//!    [`RequestContext`] says where the request came from. A hook may run around it ([`Authenticator::around`]). What may
//!    change something runs [`detached`](detached()): it ends, whatever the client does.
//! 7. **The reply**: compressed where the operation has `x-compressible: true` and the caller takes it, 304 where the operation
//!    declares that and the caller has the representation already; failures as `application/problem+json` ([`Problem`],
//!    RFC 9457) unless [`Authenticator::render`] has another form for them, the headers that every reply carries, and, if
//!    asked for, a check against the contract.
//!
//! Whatever the contract says and this crate cannot enforce stops the start: see
//! [`ContractBuilder::build`], which names all [`Defects`] at once. The crate knows nothing of
//! any particular service.
//!
//! # Example
//!
//! By hand what generated code does:
//!
//! ```
//! use actix_web::{App, HttpRequest, HttpResponse, test, web::{Data, Payload}};
//! use gatekeeper::*;
//! use std::sync::Arc;
//!
//! const SPEC: &str = r##"
//! openapi: 3.0.3
//! info: {title: Greetings, version: "1"}
//! paths:
//!   /greetings/v1/:
//!     get:
//!       operationId: greet
//!       security: [{jwt: []}]
//!       parameters:
//!         - {name: times, in: query, schema: {type: integer, format: int32, minimum: 1, default: 1}}
//!       responses:
//!         "200": {description: A greeting, content: {application/json: {schema: {type: string}}}}
//!         "400": {$ref: "#/components/responses/Problem"}
//!         "401": {$ref: "#/components/responses/Problem"}
//! components:
//!   securitySchemes:
//!     jwt: {type: http, scheme: bearer, x-bearerInfoFunc: auth.decode_token}
//!   responses:
//!     Problem:
//!       description: A problem
//!       content: {application/problem+json: {schema: {type: object}}}
//! "##;
//! const MANIFEST: Manifest =
//!     Manifest { operations: &["greet"], hooks: &[("jwt", "auth.decode_token")] };
//!
//! struct Caller(String);
//!
//! impl Identity for Caller {
//!     fn access_level(&self) -> u16 {
//!         1
//!     }
//!     fn join(self, _: Self) -> Result<Self, Denial> {
//!         Ok(self)
//!     }
//! }
//!
//! struct Service;
//! struct Jwt;
//! impl Scheme for Jwt {
//!     const NAME: &'static str = "jwt";
//! }
//!
//! impl Service {
//!     async fn decode_token(&self, _: RequestContext<'_>, bearer: Bearer<'_, Jwt>) -> Result<Caller, Denial> {
//!         match bearer.token() {
//!             "good" => Ok(Caller("Leia".to_owned())),
//!             _ => Err(Denial::invalid("not the good one")),
//!         }
//!     }
//!     async fn greet(
//!         &self,
//!         _: RequestContext<'_>,
//!         caller: Caller,
//!         params: GreetParams,
//!     ) -> Result<GreetResponse, Problem> {
//!         let times = usize::try_from(params.times).unwrap_or(1);
//!         let greeting = format!("Hello, {}!", caller.0).repeat(times);
//!         Ok(GreetResponse::Status200(greeting.into()))
//!     }
//! }
//!
//! struct GreetParams {
//!     times: i32,
//! }
//!
//! impl FromParameters for GreetParams {
//!     fn from_parameters<I>(validated: &mut ValidatedRequest<'_, I>) -> Result<Self, Rejection> {
//!         Ok(Self { times: validated.query("times")? })
//!     }
//! }
//!
//! enum GreetResponse {
//!     Status200(Body<String>),
//! }
//!
//! impl IntoReply for GreetResponse {
//!     fn into_reply(self) -> Result<Reply, Rejection> {
//!         match self {
//!             Self::Status200(body) => Reply::new(200).json(body),
//!         }
//!     }
//! }
//!
//! impl Authenticator for Service {
//!     type Identity = Caller;
//!     type Failure = Problem;
//!     async fn authenticate(
//!         &self,
//!         context: RequestContext<'_>,
//!         scheme: &str,
//!         sent: Credential<'_>,
//!     ) -> Result<Caller, Denial> {
//!         match scheme {
//!             Jwt::NAME => self.decode_token(context, sent.bearer()?).await,
//!             _ => Err(Denial::invalid("no such scheme")),
//!         }
//!     }
//! }
//!
//! async fn greet(gate: Data<Gate<Service>>, request: HttpRequest, payload: Payload) -> HttpResponse {
//!     let mut exchange = gate.begin("greet", &request);
//!     let span = exchange.span();
//!     let outcome = async {
//!         let admitted = exchange.admit(payload).await?;
//!         let greet = async |context: RequestContext<'_>, mut request: ValidatedRequest<'_, Caller>| {
//!             gate.api().greet(context, request.identity()?, request.params()?).await
//!         };
//!         exchange.run(admitted, greet).await
//!     }
//!     .instrument(span)
//!     .await;
//!     exchange.respond(outcome)
//! }
//!
//! # #[actix_web::main]
//! # async fn main() {
//! let contract = Contract::builder(SPEC).realm("greetings").build(&MANIFEST);
//! let contract = Arc::new(contract.unwrap_or_else(|defects| panic!("{defects}")));
//! let gate = Data::new(Gate::new(Arc::clone(&contract), Service));
//! let app = test::init_service(App::new().app_data(gate).configure(|config| {
//!     let mut routes = Routes::new();
//!     routes.add("greet", greet);
//!     mount::<Service>(config, &contract, routes).unwrap();
//! }))
//! .await;
//!
//! let request = test::TestRequest::with_uri("/greetings/v1/?times=2");
//! let refused = test::call_service(&app, request.to_request()).await;
//! assert_eq!(refused.status(), 401);
//!
//! let request = test::TestRequest::with_uri("/greetings/v1/?times=2");
//! let request = request.insert_header(("authorization", "Bearer good")).to_request();
//! assert_eq!(test::call_and_read_body(&app, request).await, "\"Hello, Leia!Hello, Leia!\"");
//! # }
//! ```

mod accept;
mod admitted;
mod body;
mod builder;
mod codes;
mod context;
mod contract;
mod cors;
mod detached;
mod examples;
mod exchange;
pub mod formats;
mod gate;
mod identity;
mod limits;
mod mount;
mod observer;
mod parameters;
mod paths;
mod problem;
mod proxies;
mod refusal;
mod rejection;
mod request_span;
mod response;
mod router;
mod security;
mod segments;
mod table;
#[cfg(test)]
mod testing;
mod trace_context;
mod unions;
mod unread_body;
mod validated;

pub use actix_web::{
    dev::Extensions,
    http::header::{HeaderName, HeaderValue},
    web::Bytes,
};
pub use admitted::Admitted;
pub use body::{BodyStream, FileStream, UploadedFile, strict_json};
pub use builder::ContractBuilder;
pub use codes::CODES;
pub use context::RequestContext;
pub use contract::{Contract, Manifest, Operation, SchemeUse};
pub use cors::{ORIGIN_FORM, is_origin};
pub use detached::{Stage, detached};
pub use exchange::Exchange;
/// The source of a [`ReplyStream`] or [`EventStream`].
pub use futures_core::Stream;
pub use gate::Gate;
pub use identity::{Authenticator, Failure, Identity};
pub use ipnet::IpNet;
pub use limits::Limits;
pub use mount::{Routes, mount};
pub use observer::{Begun, Observer, Served};
pub use openapi::{Defect, Defects, In, Violation};
pub use problem::Problem;
pub use refusal::{Refusal, RefusalKind, Rendered, Rendering};
pub use rejection::Rejection;
pub use request_span::{
    Instrument, Instrumented, RequestSpan, SPAN_TARGET, current_request, current_span,
};
pub use response::{
    Body, Content, Event, EventStream, HeaderText, IntoHeader, IntoReply, PreparedBody,
    PreserializedJson, Reply, ReplyBody, ReplyStream, lists_tag,
};
pub use security::{ApiKey, Basic, Bearer, Credential, Denial, Scheme, Sent, is_same_secret};
pub use trace_context::TraceParent;
pub use unions::{Unions, present};
pub use validated::{FromBody, FromParameters, ValidatedRequest};
