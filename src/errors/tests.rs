//! Compares code, contract and pages.

use std::collections::BTreeSet;

use super::*;
use crate::limits::RateLimitExceeded;
use crate::settings::{Rate, Settings};

/// Returns every refusal that the service constructs by name; those of [`unavailable`](ApiError::unavailable) and of the
/// conversions have the codes of the gatekeeper.
fn refusals() -> Vec<ApiError> {
    vec![
        ApiError::token_invalid("a reason"),
        ApiError::token_expired(),
        ApiError::credentials_invalid(),
        ApiError::email_unverified(),
        ApiError::account_disabled(),
        ApiError::user_already_logged_in(),
        ApiError::forbidden("because"),
        ApiError::authorisation_required("admin"),
        ApiError::user_already_exists(),
        ApiError::subscriber_already_exists(),
        ApiError::holodule_limit(),
        ApiError::api_token_limit(),
        ApiError::idempotency_key_in_use(),
        ApiError::idempotency_key_reused(),
        ApiError::precondition_failed("because"),
        ApiError::from(RateLimitExceeded {
            policy: "a policy",
            rate: Rate {
                requests: 1,
                seconds: 1,
            },
            wait: 1,
        }),
        ApiError::not_found(),
        ApiError::unavailable("away", "a reason"),
    ]
}

#[test]
fn every_code_of_the_contract_is_said_and_every_code_that_is_said_is_in_the_contract() {
    let ours = refusals().into_iter().map(Failure::into_problem);
    let ours = ours.map(|problem| (problem.status, problem.code.into_owned()));
    let contract = crate::startup::contract(&Settings::default()).unwrap();
    let gates = contract.codes();
    let gates = gates.map(|(status, code)| (status, code.to_owned()));
    let said: BTreeSet<_> = ours.chain(gates).collect();
    let listed: BTreeSet<_> = ProblemCode::ALL
        .iter()
        .map(|&code| (catalogue::entry(code).status, code.as_str().to_owned()))
        .collect();
    let lost: Vec<_> = listed.difference(&said).collect();
    assert!(
        lost.is_empty(),
        "nothing answers {lost:?}: add the constructor of ApiError to `refusals` above, or take the code out of \
         ProblemCode in openapi.yaml"
    );
    let unlisted: Vec<_> = said.difference(&listed).collect();
    assert!(
        unlisted.is_empty(),
        "{unlisted:?} is answered, but is not in ProblemCode of openapi.yaml, or its entry in src/errors/catalogue.rs \
         has another status"
    );
}

#[test]
fn every_page_says_all_of_it_in_sentences() {
    let mut titles = BTreeSet::new();
    for &code in ProblemCode::ALL {
        let entry = catalogue::entry(code);
        for text in [entry.meaning, entry.cause, entry.cure] {
            assert!(
                text.ends_with('.') && !text.contains("  "),
                "{code:?}: {text}"
            );
        }
        assert!(
            titles.insert(entry.title),
            "{code:?} has the title of another"
        );
    }
}
