//! Turns the operations of a contract into actix resources.
//!
//! One resource for each spelling of a path, with all of its methods; literal paths before
//! templated ones; `HEAD` wherever there is `GET`; `OPTIONS` on every path, where an operation has it only as a CORS
//! preflight; 405 for other methods; 404 elsewhere.

use crate::{Authenticator, Contract, Defects, Exchange, Gate, Rejection, Reply};
use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Responder, Route,
    guard::{self, Guard},
    http::Method,
    web::{self, Data, Payload, ServiceConfig},
};
use std::future::ready;

// A path that ends in a slash has two resources, and a route belongs to one.
type MakeRoute = Box<dyn Fn() -> Route>;

/// The routes of a service, by operation id; filled by generated code.
#[derive(Default)]
pub struct Routes {
    entries: Vec<(&'static str, MakeRoute)>,
}

impl Routes {
    /// Creates an empty list of routes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the handler of an operation.
    pub fn add<F, Args>(&mut self, operation: &'static str, handler: F)
    where
        F: Handler<Args>,
        F::Output: Responder + 'static,
        Args: FromRequest + 'static,
    {
        let route = move || Route::new().to(handler.clone());
        self.entries.push((operation, Box::new(route)));
    }

    /// Gives an operation that has a handler another.
    pub fn replace<F, Args>(&mut self, operation: &'static str, handler: F)
    where
        F: Handler<Args>,
        F::Output: Responder + 'static,
        Args: FromRequest + 'static,
    {
        self.entries.retain(|(id, _)| *id != operation);
        self.add(operation, handler);
    }

    /// Handlers that let requests in as the contract says, and answer each 501
    /// `not-implemented`, or an example where [examples](crate::ContractBuilder::examples) are
    /// served: a contract of which nothing is written.
    #[must_use]
    pub fn unimplemented<A: Authenticator>(contract: &Contract) -> Self {
        let mut routes = Self::new();
        for &operation in contract.index.keys() {
            routes.add(
                operation,
                move |gate: Data<Gate<A>>, request: HttpRequest, payload: Payload| async move {
                    let mut exchange = gate.begin(operation, &request);
                    let admitted = exchange.admit(payload).await;
                    let refusal = admitted.err().unwrap_or(Rejection::NotImplemented);
                    exchange.respond(Err::<Reply, _>(refusal.into()))
                },
            );
        }
        routes
    }

    /// Compares the routes with the contract.
    ///
    /// # Errors
    /// An operation without a route or with several, and a route without an operation.
    pub fn check(&self, contract: &Contract) -> Result<(), Defects> {
        let mut defects = Defects::default();
        for operation in contract.operations() {
            match self
                .entries
                .iter()
                .filter(|(id, _)| *id == operation.id)
                .count()
            {
                1 => {}
                0 => defects.add(
                    format!("operation {}", operation.id),
                    "has no route; add one",
                ),
                _ => defects.add(
                    format!("operation {}", operation.id),
                    "has more than one route",
                ),
            }
        }
        for (id, _) in &self.entries {
            if !contract.operations().any(|operation| operation.id == *id) {
                defects.add(
                    format!("route {id}"),
                    "is of no operation of the contract; remove it",
                );
            }
        }
        defects.into_result(())
    }
}

/// Mounts all operations. The app must also hold the gate, as `Data<Gate<A>>`.
///
/// This runs once for each worker, where nobody waits for an error; [`Routes::check`] finds the
/// same defects once, at start.
///
/// # Errors
/// See [`Routes::check`].
pub fn mount<A: Authenticator>(
    config: &mut ServiceConfig,
    contract: &Contract,
    routes: Routes,
) -> Result<(), Defects> {
    routes.check(contract)?;
    for (index, path) in contract.paths.iter().enumerate() {
        for pattern in &path.patterns {
            let mut resource = web::resource(pattern);
            for (method, entry) in &path.operations {
                let id = &contract.entries[*entry].operation.id;
                let Some((_, route)) = routes.entries.iter().find(|(known, _)| known == id) else {
                    continue;
                };
                resource = resource.route(route().guard(takes::<A>(method, &path.operations)));
            }
            config.service(resource.default_service(web::to(
                move |request: HttpRequest, payload: Payload| {
                    ready(respond_unrouted::<A>(&request, payload, Some(index)))
                },
            )));
        }
    }
    config.default_service(web::to(|request: HttpRequest, payload: Payload| {
        ready(respond_unrouted::<A>(&request, payload, None))
    }));
    Ok(())
}

/// Guards a route by its method. `HEAD` passes where `GET` does and is not declared itself; `OPTIONS` does not, where the
/// request is a CORS preflight. The router's own guards note each method that they ask for with the request, for an answer
/// that is ours.
fn takes<A: Authenticator>(method: &Method, declared: &[(Method, usize)]) -> impl Guard + use<A> {
    let method = method.clone();
    let takes_head =
        method == Method::GET && declared.iter().all(|(other, _)| *other != Method::HEAD);
    guard::fn_guard(move |context| {
        let asked = &context.head().method;
        if *asked == Method::OPTIONS && method == Method::OPTIONS {
            let gate = context.app_data::<Data<Gate<A>>>();
            let headers = context.head().headers();
            return gate.is_none_or(|gate| !gate.contract().cors.is_preflight(headers));
        }
        *asked == method || (takes_head && *asked == Method::HEAD)
    })
}

/// Answers for a path without such a method, or for no path at all.
fn respond_unrouted<A: Authenticator>(
    request: &HttpRequest,
    payload: Payload,
    path: Option<usize>,
) -> HttpResponse {
    let Some(gate) = request.app_data::<Data<Gate<A>>>() else {
        return HttpResponse::InternalServerError().finish();
    };
    let path = path.and_then(|index| gate.contract().paths.get(index));
    Exchange::new(gate, None, request).respond_unrouted(payload.into_inner(), path)
}
