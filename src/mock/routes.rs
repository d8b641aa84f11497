//! The routes of a mock.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Contract, Gate, Routes};

use super::security::Mock;

/// The operations that need no store.
const OPERATIONS: [&str; 8] = [
    "get_entry_point",
    "get_error",
    "get_errors",
    "get_metrics",
    "get_openapi_json",
    "get_openapi_yaml",
    "get_ui",
    "get_ui_asset",
];

/// Returns the routes of a mock: examples, except for the operations that need no store.
pub(crate) fn routes(contract: &Contract) -> Routes {
    let mut routes = Routes::unimplemented::<generated::Service<Mock>>(contract);
    for operation in OPERATIONS {
        routes.replace(
            operation,
            move |gate: Data<Gate<generated::Service<Mock>>>,
                  request: HttpRequest,
                  payload: Payload| { receive(operation, gate, request, payload) },
        );
    }
    routes
}

async fn receive(
    operation: &'static str,
    gate: Data<Gate<generated::Service<Mock>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin(operation, &request);
    let outcome = match exchange.admit(payload).await {
        Ok(validated) => gate
            .api()
            .0
            .replies
            .reply(operation, exchange.context(), validated),
        Err(rejection) => Err(rejection.into()),
    };
    exchange.respond(outcome)
}
