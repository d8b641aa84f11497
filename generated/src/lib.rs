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
        "create_api_token",
        "create_token",
        "delete_api_token",
        "introspect_token",
        "list_api_tokens",
        "revoke_token",
        "get_character",
        "get_characters",
        "get_film",
        "get_films",
        "delete_holodule",
        "get_holodule",
        "get_holodules",
        "put_holodule",
        "confirm_email",
        "show_mail_request",
        "show_password",
        "show_signup",
        "submit_mail_request",
        "submit_password",
        "submit_signup",
        "get_planet",
        "get_planets",
        "get_entry_point",
        "get_error",
        "get_errors",
        "get_health",
        "get_metrics",
        "get_openapi_json",
        "get_openapi_yaml",
        "get_readiness",
        "get_ui",
        "get_ui_asset",
        "get_species",
        "get_species_list",
        "get_starship",
        "get_starships",
        "create_subscriber",
        "delete_subscriber",
        "get_subscriber",
        "list_subscribers",
        "update_subscriber",
        "change_password",
        "create_user",
        "delete_user",
        "email_verification",
        "end_session",
        "end_sessions",
        "forgotten_password",
        "generate_new_tokens",
        "get_me",
        "get_my_security",
        "get_user",
        "list_events",
        "list_sessions",
        "list_users",
        "login",
        "logout",
        "resend_email_verification",
        "reset_password",
        "restore_user",
        "signup",
        "suspend_user",
        "update_user",
        "get_vehicle",
        "get_vehicles",
    ],
    hooks: &[
        ("jwt", "auth.endpoints.decode_token"),
        ("jwt_refresh", "auth.endpoints.decode_refresh_token"),
        ("jwt_password", "auth.endpoints.decode_password_token"),
        ("basic", "auth.endpoints.decode_basic"),
        ("api_token", "auth.endpoints.decode_api_token"),
    ],
};

/// Every trait of the contract at once.
pub trait Api:
    Security
    + apis::Auth
    + apis::Characters
    + apis::Films
    + apis::Holodules
    + apis::Pages
    + apis::Planets
    + apis::Service
    + apis::Species
    + apis::Starships
    + apis::Subscribers
    + apis::Users
    + apis::Vehicles
{
}

impl<A> Api for A where
    A: Security
        + apis::Auth
        + apis::Characters
        + apis::Films
        + apis::Holodules
        + apis::Pages
        + apis::Planets
        + apis::Service
        + apis::Species
        + apis::Starships
        + apis::Subscribers
        + apis::Users
        + apis::Vehicles
{
}

/// An implementation of the contract, as the gatekeeper takes it.
#[derive(Debug, Clone)]
pub struct Service<A>(pub A);

/// The handlers of all operations.
pub fn routes<A: Api>() -> gatekeeper::Routes {
    let mut routes = gatekeeper::Routes::new();
    routes::auth::register_routes::<A>(&mut routes);
    routes::characters::register_routes::<A>(&mut routes);
    routes::films::register_routes::<A>(&mut routes);
    routes::holodules::register_routes::<A>(&mut routes);
    routes::pages::register_routes::<A>(&mut routes);
    routes::planets::register_routes::<A>(&mut routes);
    routes::service::register_routes::<A>(&mut routes);
    routes::species::register_routes::<A>(&mut routes);
    routes::starships::register_routes::<A>(&mut routes);
    routes::subscribers::register_routes::<A>(&mut routes);
    routes::users::register_routes::<A>(&mut routes);
    routes::vehicles::register_routes::<A>(&mut routes);
    routes
}
