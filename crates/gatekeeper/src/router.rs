//! Routing of requests to the handlers of operations.
//!
//! `HEAD` wherever there is `GET`; `OPTIONS` on every path, where an operation has it only as a CORS preflight; 405 for other
//! methods; 404 elsewhere.

use crate::{Authenticator, Contract, Exchange, Gate, Routes, table::PathTable};
use actix_web::{
    Error, HttpRequest, HttpResponse, Route,
    dev::{self, Service, ServiceFactory, ServiceRequest, ServiceResponse, always_ready},
    http::Method,
    web::Data,
};
use std::{
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
};

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;
type RouteService = <Route as ServiceFactory<ServiceRequest>>::Service;

/// Makes the router of a worker.
pub(crate) struct RouterFactory<A> {
    table: Arc<PathTable>,
    /// By path.
    routes: Vec<Vec<(Method, Route)>>,
    gate: PhantomData<fn() -> A>,
}

impl<A> RouterFactory<A> {
    /// Sorts routes by path; they were checked.
    pub(crate) fn new(contract: &Contract, routes: Routes) -> Self {
        let mut sorted: Vec<Vec<_>> = contract.paths.iter().map(|_| Vec::new()).collect();
        for (id, route) in routes.entries {
            for (path, sorted) in contract.paths.iter().zip(&mut sorted) {
                let mut operations = path.operations.iter();
                let own = operations.find(|(_, entry)| contract.entries[*entry].id == id);
                if let Some((method, _)) = own {
                    sorted.push((method.clone(), route));
                    break;
                }
            }
        }
        Self {
            table: Arc::clone(&contract.table),
            routes: sorted,
            gate: PhantomData,
        }
    }
}

impl<A: Authenticator> ServiceFactory<ServiceRequest> for RouterFactory<A> {
    type Response = ServiceResponse;
    type Error = Error;
    type Config = ();
    type Service = Router<A>;
    type InitError = ();
    type Future = Boxed<Result<Router<A>, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let table = Arc::clone(&self.table);
        let paths: Vec<Vec<_>> = (self.routes.iter())
            .map(|path| {
                let routes = path.iter();
                routes
                    .map(|(method, route)| (method.clone(), route.new_service(())))
                    .collect()
            })
            .collect();
        Box::pin(async move {
            let mut routes = Vec::with_capacity(paths.len());
            for path in paths {
                let mut services = Vec::with_capacity(path.len());
                for (method, service) in path {
                    services.push((method, service.await?));
                }
                routes.push(services);
            }
            Ok(Router {
                table,
                routes,
                gate: PhantomData,
            })
        })
    }
}

/// The routes of a worker, by path.
pub(crate) struct Router<A> {
    table: Arc<PathTable>,
    routes: Vec<Vec<(Method, RouteService)>>,
    gate: PhantomData<fn() -> A>,
}

impl<A: Authenticator> Service<ServiceRequest> for Router<A> {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Boxed<Result<ServiceResponse, Error>>;

    always_ready!();

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let path = self.table.find(request.match_info().unprocessed());
        match path.and_then(|path| self.route(path, &request)) {
            Some(route) => route.call(request),
            None => {
                let (request, payload) = request.into_parts();
                let response = respond_unrouted::<A>(&request, payload, path);
                Box::pin(ready(Ok(ServiceResponse::new(request, response))))
            }
        }
    }
}

impl<A: Authenticator> Router<A> {
    fn route(&self, path: usize, request: &ServiceRequest) -> Option<&RouteService> {
        let routes = self.routes.get(path)?;
        let asked = request.method();
        let of = |wanted: &Method| routes.iter().find(|(method, _)| method == wanted);
        let found = match of(asked) {
            // A CORS preflight is nothing that an operation answers.
            Some(_) if *asked == Method::OPTIONS && is_preflight::<A>(request) => None,
            None if *asked == Method::HEAD => of(&Method::GET),
            found => found,
        };
        found.map(|(_, route)| route)
    }
}

fn is_preflight<A: Authenticator>(request: &ServiceRequest) -> bool {
    let gate = request.app_data::<Data<Gate<A>>>();
    gate.is_some_and(|gate| gate.contract().cors.is_preflight(request.headers()))
}

/// Answers for a path without such a method, or for no path at all.
fn respond_unrouted<A: Authenticator>(
    request: &HttpRequest,
    payload: dev::Payload,
    path: Option<usize>,
) -> HttpResponse {
    let Some(gate) = request.app_data::<Data<Gate<A>>>() else {
        return HttpResponse::InternalServerError().finish();
    };
    let path = path.and_then(|index| gate.contract().paths.get(index));
    Exchange::new(gate, None, request).respond_unrouted(payload, path)
}
