//! The Star Wars API: films behind JWT, spec first.
//!
//! `openapi.yaml` says what is served, the `generated` crate has it as traits, the `gatekeeper` crate enforces
//! it, and the modules here implement it. [`startup`] is the only place that knows them all.

pub mod auth;
mod catalogue;
pub mod cli;
pub mod database;
mod errors;
mod films;
mod mailer;
mod metrics;
mod service;
pub mod settings;
pub mod startup;
mod state;
pub mod telemetry;
mod users;
