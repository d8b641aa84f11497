//! The handlers of a contract's operations.

use crate::{Authenticator, Contract, Defects, Gate, Rejection, Reply, router::RouterFactory};
use actix_web::{
    FromRequest, Handler, HttpRequest, Responder, Route,
    web::{Data, Payload, ServiceConfig},
};

/// The routes of a service, by operation id; filled by generated code.
#[derive(Default)]
pub struct Routes {
    pub(crate) entries: Vec<(&'static str, Route)>,
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
        self.entries.push((operation, Route::new().to(handler)));
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

/// Mounts all operations, as the default service: what no resource of the app takes comes here. The app must also hold the
/// gate, as `Data<Gate<A>>`.
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
    config.default_service(RouterFactory::<A>::new(contract, routes));
    Ok(())
}
