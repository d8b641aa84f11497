// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The server side of the contract `openapi.yaml`: models, one trait for each tag, and the glue that
//! takes a request through the gatekeeper to a method of these traits.

#![allow(
    async_fn_in_trait,
    reason = "workers are single-threaded, the futures need not be Send"
)]
#![allow(
    unused_qualifications,
    reason = "a name of the contract may be one that Rust has for something else"
)]
#![allow(
    clippy::doc_lazy_continuation,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::module_inception,
    clippy::too_many_arguments,
    reason = "the contract decides on words, names, sizes and numbers"
)]
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "the crate need not use all that the contract has"
)]

pub mod apis;
pub mod models;
mod routes;
pub mod security;

pub use security::Security;

/// The text of the contract that this crate was made from.
pub const SPEC: &str = include_str!("../../openapi.yaml");

/// The operations and hooks that this crate was generated for: the gatekeeper compares them with the contract at start.
pub const MANIFEST: gatekeeper::Manifest = gatekeeper::Manifest {
    operations: &[
        "place_order",
        "add_pet",
        "get_pet_by_id",
        "list_pets",
        "upload_photo",
    ],
    hooks: &[
        ("store_oauth", "decode_store_oauth"),
        ("api_key", "decode_api_key"),
    ],
};

/// Every trait of the contract at once.
pub trait Api: Security + apis::Orders + apis::Pets {}

impl<A> Api for A where A: Security + apis::Orders + apis::Pets {}

/// An implementation of the contract, as the gatekeeper takes it.
#[derive(Debug, Clone)]
pub struct Service<A>(pub A);

/// The handlers of all operations.
pub fn routes<A: Api>() -> gatekeeper::Routes {
    let mut routes = gatekeeper::Routes::new();
    routes::orders::register_routes::<A>(&mut routes);
    routes::pets::register_routes::<A>(&mut routes);
    routes
}
