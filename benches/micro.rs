//! Measures the parts of a request without HTTP: `make bench-micro`.
//!
//! The gatekeeper is measured with a hook that lets everybody in, so that only its own work is in the figure.
#![expect(
    clippy::expect_used,
    reason = "what cannot be measured should say so at once"
)]

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use actix_web::{FromRequest as _, HttpRequest, test::TestRequest, web::Payload};
use credentials::{
    roles::Role,
    tokens::{Keys, NewToken, TokenKind},
};
use divan::{Bencher, counter::BytesCount};
use gatekeeper::{Authenticator, Credential, Denial, Gate, Identity, Rejection, RequestContext};
use infrastructure::settings::Settings;
use starwars_api::benchmark::{LISTS, Lists, contract};
use uuid::Uuid;

fn main() {
    divan::main();
}

/// The check of an access token: header, signature, claims, times.
#[divan::bench]
fn token(bencher: Bencher<'_, '_>) {
    let settings = Settings::default().tokens.with_fresh_secrets();
    let keys = Keys::new(&settings.expect("secrets")).expect("keys");
    let now = 1_800_000_000;
    let token = keys.issue(NewToken {
        kind: TokenKind::Access,
        user_id: Uuid::now_v7(),
        access_role: Role::Basic,
        jti: Uuid::new_v4(),
        session: Some(Uuid::now_v7()),
        email: None,
        issued_at: now,
        expires_at: now + 3600,
    });
    let token = token.expect("a token");
    let is_good = || keys.verify(TokenKind::Access, &token, now).is_ok();
    assert!(is_good());
    bencher.bench_local(is_good);
}

/// Preparing the whole catalogue, as at start.
#[divan::bench]
fn catalogue(bencher: Bencher<'_, '_>) {
    let contract = contract().expect("the contract");
    bencher.bench_local(|| Lists::prepare(&contract).expect("a catalogue"));
}

/// A list, from the parameters to its bytes.
#[divan::bench(args = LISTS)]
fn list(bencher: Bencher<'_, '_>, name: &str) {
    let contract = contract().expect("the contract");
    let lists = Lists::prepare(&contract).expect("a catalogue");
    let make = lists.maker(name).expect("a list");
    let length = make().expect("an answer");
    bencher.counter(BytesCount::new(length)).bench_local(make);
}

/// The way through the gatekeeper to the typed call, by what is asked for: the more parameters, the more decoding.
#[divan::bench(args = [
    "",
    "?page=2&page_size=5",
    "?options[characters]=false&options[planets]=false",
    "?search=hope&filters=episode_id:lte:4&filters=director:contains:lucas",
    "?options[characters]=false&sort_by=title&sort_order=desc&page=1&page_size=5&search=hope&filters=id:lte:3",
])]
fn admission(bencher: Bencher<'_, '_>, query: &str) {
    let gate = Gate::new(Arc::new(contract().expect("the contract")), Anybody);
    let admit = |(request, payload): (HttpRequest, Payload)| {
        let mut exchange = gate.begin("get_films", &request);
        let admitted = pin!(exchange.admit(payload));
        // Nothing is waited for, so one poll is all.
        match admitted.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(admitted) => admitted.is_ok(),
            Poll::Pending => false,
        }
    };
    let request = || request(&format!("/films/v1/{query}"));
    assert!(admit(request()));
    bencher.with_inputs(request).bench_local_values(admit);
}

fn request(uri: &str) -> (HttpRequest, Payload) {
    let (request, mut payload) = TestRequest::with_uri(uri)
        .insert_header(("host", "127.0.0.1:5003"))
        .insert_header(("user-agent", "micro"))
        .insert_header(("authorization", "Bearer a.b.c"))
        .to_http_parts();
    let payload = Payload::from_request(&request, &mut payload).into_inner();
    (request, payload.expect("a payload"))
}

struct Anybody;

struct Somebody;

impl Identity for Somebody {
    fn access_level(&self) -> u16 {
        u16::MAX
    }

    fn join(self, _: Self) -> Result<Self, Denial> {
        Ok(self)
    }
}

impl Authenticator for Anybody {
    type Identity = Somebody;
    type Failure = Rejection;

    async fn authenticate(
        &self,
        _: RequestContext<'_>,
        _: &str,
        _: Credential<'_>,
    ) -> Result<Somebody, Denial> {
        Ok(Somebody)
    }
}
