//! The operations of the contract: one file for each tag, with the method of each `operationId`.
//!
//! A method checks what the contract cannot, calls the domain that does the work, and puts the outcome into a reply.

mod auth;
mod catalogue;
mod characters;
mod films;
mod holodules;
mod pages;
mod planets;
mod service;
mod species;
mod starships;
mod subscribers;
mod users;
mod vehicles;

use generated::models::{Acknowledgement, AcknowledgementStatus};

/// Returns the body of a reply that has nothing to say but that all is well.
fn ok() -> Acknowledgement {
    Acknowledgement {
        status: AcknowledgementStatus::Ok,
    }
}
