//! The entry point of generated code.

use crate::{Authenticator, Contract, Exchange};
use actix_web::HttpRequest;
use std::sync::Arc;

/// The gatekeeper of one worker: a contract, and the service behind it.
///
/// A panic in a handler is not caught: actix closes the connection and the worker goes on.
pub struct Gate<A> {
    pub(crate) contract: Arc<Contract>,
    api: A,
}

impl<A: Authenticator> Gate<A> {
    /// Puts the contract in front of a service.
    pub fn new(contract: Arc<Contract>, api: A) -> Self {
        Self { contract, api }
    }

    /// Returns the service behind it.
    pub fn api(&self) -> &A {
        &self.api
    }

    /// Returns the contract that is enforced.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Begins the exchange of a request for an operation. The clock starts here, whatever comes of the request.
    pub fn begin<'r>(
        &'r self,
        operation: &'static str,
        request: &'r HttpRequest,
    ) -> Exchange<'r, A> {
        Exchange::new(self, self.contract.entry(operation), request)
    }
}
