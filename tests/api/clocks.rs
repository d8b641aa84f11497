//! Instances whose clocks differ: one is 10 s ahead, one 10 s behind. They are one service all the same.

use std::{path::Path, thread, time::Duration};

use serde_json::json;

use crate::helpers::{
    app::{ACCESS_SECRET, Settings, TestApp},
    at_once, eventually,
    fleet::{Fleet, SIZE},
    http::Response,
    tokens::{Parts, now},
    users::{PASSWORD, User, new_email},
};

/// Seconds by which the clock of each instance is ahead.
const AHEAD: [i64; SIZE] = [0, 10, -10];
const FAST: usize = 1;
const SLOW: usize = 2;

/// Debian's package libfaketime.
const FAKETIME: &str = "faketime/libfaketimeMT.so.1";

fn set_clock(settings: &mut Settings, ahead: i64) {
    let library = std::fs::read_dir("/usr/lib")
        .expect("/usr/lib")
        .flatten()
        .map(|folder| folder.path().join(FAKETIME))
        .find(|library| Path::new(library).is_file())
        .unwrap_or_else(|| panic!("libfaketime is not installed: run `make services`"));
    settings
        .variable("LD_PRELOAD", &library.display().to_string())
        .variable("FAKETIME", &format!("{ahead:+}s"))
        // Nobody sets that one.
        .variable("FAKETIME_DONT_FAKE_MONOTONIC", "1");
}

fn fleet(change: impl Fn(&mut Settings)) -> Fleet {
    Fleet::with_settings(|number, settings| {
        if AHEAD[number] != 0 {
            set_clock(settings, AHEAD[number]);
        }
        change(settings);
    })
}

fn claims(token: &str) -> serde_json::Value {
    Parts::of(token).claims
}

/// RFC 7519, section 4.1.5: implementers may provide for some small leeway to account for clock skew.
#[test]
fn tokens_of_a_fast_clock_are_good_on_the_others_at_once() {
    let fleet = fleet(|_| {});
    let email = fleet.front.verified_user();
    for (issuer, ahead) in AHEAD.into_iter().enumerate() {
        let user = fleet.instances[issuer].session(&email);
        let off = claims(&user.access)["iat"].as_i64().expect("iat") - now();
        assert!((off - ahead).abs() <= 2, "its clock is {off} s ahead");
        for instance in &fleet.instances {
            instance.films(&user.access).expect(200);
        }
        let other = &fleet.instances[(issuer + 1) % SIZE];
        let pair = other.refresh(&user.refresh).expect(200).json();
        let access = pair["token"].as_str().expect("token");
        for instance in &fleet.instances {
            instance.films(access).expect(200);
            instance
                .films(&user.access)
                .expect_problem(401, "token-invalid");
        }
        other.log_out(access).expect(200);
        for instance in &fleet.instances {
            instance.films(access).expect_problem(401, "token-invalid");
        }
    }
    // Mailed tokens are made by whichever instance sends the mail.
    for instance in &fleet.instances {
        let email = new_email();
        instance.sign_up(&email).expect(202);
        let token = fleet.front.mail_number(1, &email).token().expect("a link");
        fleet.instances[SLOW].verify(&token).expect(200);
        fleet.instances[FAST].log_in(&email, PASSWORD).expect(200);
    }
}

/// The pair is the same for the seconds of the setting, wherever it is asked for, and the session ends after them.
#[test]
fn a_spent_refresh_token_is_repeated_as_long_on_every_clock() {
    const REPEAT: Duration = Duration::from_secs(4);
    let fleet = fleet(|settings| {
        settings.set(
            "sessions.refresh_repeat_seconds",
            &REPEAT.as_secs().to_string(),
        );
    });
    let cases: Vec<_> = (0..SIZE)
        .flat_map(|first| (0..SIZE).map(move |second| (first, second)))
        .collect();
    let users: Vec<User> = cases.iter().map(|_| fleet.front.user()).collect();
    at_once(cases.len(), |number| {
        let (first, second) = cases[number];
        let (first, second) = (&fleet.instances[first], &fleet.instances[second]);
        let user = &users[number];
        let pair = first.refresh(&user.refresh).expect(200).text();
        let again = second.refresh(&user.refresh);
        assert_eq!((again.status, again.text()), (200, pair), "{number}");
        thread::sleep(REPEAT + Duration::from_secs(1));
        second
            .refresh(&user.refresh)
            .expect_problem(401, "token-invalid");
    });
}

#[test]
fn a_token_that_a_fast_clock_revoked_is_refused_until_it_has_expired_on_a_slow_one() {
    refused_until_it_has_expired("redis", Duration::ZERO);
}

/// Each forgets what has expired by its own clock.
#[test]
fn what_a_fast_clock_revoked_stays_in_the_memory_of_a_slow_one_until_it_has_expired() {
    refused_until_it_has_expired("redis-replica", Duration::from_millis(250));
}

#[track_caller]
fn refused_until_it_has_expired(backend: &str, bound: Duration) {
    let fleet = fleet(|settings| {
        settings.set("revocation.backend", backend);
    });
    let (fast, slow) = (&fleet.instances[FAST], &fleet.instances[SLOW]);
    let user = fleet.front.user();
    // The fast clock takes it for expired in 10 s, the slow one in 30.
    let short = Parts::of(&user.access)
        .claim("exp", now() + 20)
        .sign(ACCESS_SECRET);
    for instance in &fleet.instances {
        instance.films(&short).expect(200);
    }
    fast.log_out(&short).expect(200);
    thread::sleep(bound);
    eventually("it has expired", Duration::from_secs(60), || {
        let answer = slow.films(&short).expect(401);
        (answer.code() == "token-expired").then_some(())
    });
}

#[test]
fn failed_passwords_are_counted_alike_on_every_clock() {
    let fleet = fleet(|settings| {
        settings
            .set("limits.enabled", "true")
            .set("limits.passwords.account_and_address", "6");
    });
    let email = fleet.front.verified_user();
    let fail = |instance: &TestApp| -> Response {
        let body = json!({ "email": email, "password": "not-the-password" });
        instance.post("/users/v1/login").json(&body).send()
    };
    for attempt in 0..6 {
        fail(&fleet.instances[attempt % SIZE]).expect_problem(401, "credentials-invalid");
    }
    let waits = fleet.instances.iter().map(|instance| {
        let answer = fail(instance).expect_problem(429, "too-many-requests");
        let wait = answer.header("retry-after").expect("Retry-After").parse();
        wait.expect("seconds")
    });
    let waits: Vec<i64> = waits.collect();
    assert!(waits[0] - waits[SIZE - 1] < 10, "{waits:?}");
}

#[test]
fn a_clock_that_is_off_is_named_in_the_log() {
    let fleet = fleet(|_| {});
    for (number, instance) in fleet.instances.iter().enumerate() {
        let told = instance.log().contains("the clock of this machine");
        assert_eq!(told, AHEAD[number] != 0, "{}", instance.log());
    }
}
