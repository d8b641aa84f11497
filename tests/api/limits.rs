//! Counted tries: by account, by client address and by operation, in this process and in Redis.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::helpers::{
    app::{Settings, TestApp},
    at_once, eventually,
    http::{Request, Response},
    postgres::Database,
    process::Folder,
    redis::RedisServer,
    stores::ServerDatabase,
    users::{PASSWORD, User, new_email},
};

const WRONG: &str = "not-the-password";

/// Small numbers; each client says its own address, as a proxy of ours would.
fn small(settings: &mut Settings) {
    settings
        .set("limits.enabled", "true")
        .set("limits.trusted_proxies", "127.0.0.1")
        .set("limits.passwords.account_and_address", "3")
        .set("limits.passwords.address", "6")
        .set("limits.passwords.account", "8")
        .set("limits.passwords.seconds", "900");
}

fn limited() -> TestApp {
    TestApp::with_settings(small)
}

fn limited_with(change: impl FnOnce(&mut Settings)) -> TestApp {
    TestApp::with_settings(|settings| {
        small(settings);
        change(settings);
    })
}

fn limited_by(redis: &RedisServer) -> TestApp {
    limited_with(|settings| in_redis(settings, redis))
}

fn in_redis(settings: &mut Settings, redis: &RedisServer) {
    settings
        .set("revocation.backend", "redis")
        .set("revocation.redis_url", &redis.url());
}

/// A request from this client.
fn from(request: Request, client: &str) -> Request {
    request.header("X-Forwarded-For", client)
}

#[track_caller]
fn log_in(app: &TestApp, client: &str, email: &str, password: &str) -> Response {
    from(app.post("/users/v1/login"), client)
        .json(&json!({ "email": email, "password": password, "replace_session": true }))
        .send()
}

#[track_caller]
fn fails(app: &TestApp, client: &str, email: &str) {
    log_in(app, client, email, WRONG).expect_problem(401, "credentials-invalid");
}

/// Refused for the number of tries; the headers say by which limit (draft-ietf-httpapi-ratelimit-headers).
#[track_caller]
fn limits(answer: Response, policy: &str, quota: u32, window: u64) -> u64 {
    let answer = answer.expect_problem(429, "too-many-requests");
    let wait = answer.header("retry-after").expect("Retry-After");
    let wait: u64 = wait.parse().expect("seconds");
    assert!((1..=window).contains(&wait), "{wait}");
    assert_eq!(
        answer.header("ratelimit"),
        Some(format!("\"{policy}\";r=0;t={wait}").as_str())
    );
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some(format!("\"{policy}\";q={quota};w={window}").as_str())
    );
    assert_eq!(answer.header("www-authenticate"), None);
    wait
}

/// A problem without what differs from request to request.
fn alike(answer: &Response) -> (u16, Value) {
    let mut body = answer.json();
    let members = body.as_object_mut().expect("object");
    members.remove("instance");
    // It counts down.
    members.remove("detail");
    (answer.status, body)
}

#[test]
fn failures_are_counted_by_account_and_address() {
    let app = limited();
    let (email, other) = (app.verified_user(), app.verified_user());
    for _ in 0..3 {
        fails(&app, "192.0.2.1", &email);
    }
    let wait = limits(
        log_in(&app, "192.0.2.1", &email, WRONG),
        "password-account",
        3,
        900,
    );
    assert!((290..=300).contains(&wait), "room for one more in {wait} s");
    // Nothing is judged any more, right or wrong, and no form of the address is another account.
    for spelling in [&email, &format!(" {} ", email.to_uppercase())] {
        limits(
            log_in(&app, "192.0.2.1", spelling, PASSWORD),
            "password-account",
            3,
            900,
        );
    }
    // Other accounts and other clients are not concerned.
    log_in(&app, "192.0.2.1", &other, PASSWORD).expect(200);
    log_in(&app, "192.0.2.2", &email, PASSWORD).expect(200);
}

#[test]
fn failures_are_counted_by_address() {
    let app = limited();
    let email = app.verified_user();
    for _ in 0..6 {
        fails(&app, "192.0.2.1", &new_email());
    }
    let answer = log_in(&app, "192.0.2.1", &email, PASSWORD);
    limits(answer, "password-address", 6, 900);
    limits(
        log_in(&app, "192.0.2.1", "not an address", WRONG),
        "password-address",
        6,
        900,
    );
    log_in(&app, "192.0.2.2", &email, PASSWORD).expect(200);
}

/// Nobody can lock the owner out: each address that has not failed has one try.
#[test]
fn the_owner_gets_in_while_many_guess() {
    let app = limited();
    let email = app.verified_user();
    for client in 1..=4 {
        for _ in 0..2 {
            fails(&app, &format!("192.0.2.{client}"), &email);
        }
    }
    // Whoever failed before is told to wait, though this address has a try left of its own.
    limits(
        log_in(&app, "192.0.2.1", &email, WRONG),
        "password-everywhere",
        8,
        900,
    );
    // A new address has one guess, and no more.
    for client in 1..=5 {
        let client = format!("198.51.100.{client}");
        fails(&app, &client, &email);
        limits(
            log_in(&app, &client, &email, PASSWORD),
            "password-everywhere",
            8,
            900,
        );
    }
    for _ in 0..5 {
        log_in(&app, "203.0.113.1", &email, PASSWORD).expect(200);
    }
}

#[test]
fn a_right_password_is_not_counted() {
    let app = limited();
    let email = app.verified_user();
    let waiting = new_email();
    app.sign_up(&waiting).expect(202);
    for _ in 0..10 {
        log_in(&app, "192.0.2.1", &email, PASSWORD).expect(200);
        log_in(&app, "192.0.2.1", &waiting, PASSWORD).expect_problem(403, "email-unverified");
        from(app.get("/users/v1/me"), "192.0.2.1")
            .basic(&email, PASSWORD)
            .send()
            .expect(200);
    }
    // It does not wash failures away either.
    for _ in 0..2 {
        fails(&app, "192.0.2.1", &email);
    }
    log_in(&app, "192.0.2.1", &email, PASSWORD).expect(200);
    fails(&app, "192.0.2.1", &email);
    let answer = log_in(&app, "192.0.2.1", &email, PASSWORD);
    limits(answer, "password-account", 3, 900);
}

/// A request after the wait is let in again.
#[test]
fn a_limit_gives_way_with_time() {
    let app = limited_with(|settings| {
        settings.set("limits.passwords.seconds", "6");
    });
    let email = app.verified_user();
    for _ in 0..3 {
        fails(&app, "192.0.2.1", &email);
    }
    let answer = log_in(&app, "192.0.2.1", &email, PASSWORD);
    let wait = limits(answer, "password-account", 3, 6);
    assert!(wait <= 2, "{wait}");
    std::thread::sleep(Duration::from_secs(wait));
    log_in(&app, "192.0.2.1", &email, PASSWORD).expect(200);
}

/// Requests of all operations that take a password, with this one.
fn password_operations(app: &TestApp, user: &User, password: &str) -> Vec<Request> {
    let email = &user.email;
    vec![
        app.post("/users/v1/login")
            .json(&json!({ "email": email, "password": password })),
        app.post("/auth/v1/token")
            .json(&json!({ "username": email, "password": password })),
        app.get("/users/v1/me").basic(email, password),
        app.post("/auth/v1/introspect")
            .basic(email, password)
            .form(&[("token", "x")]),
        app.put("/users/v1/password_reset")
            .bearer(&user.access)
            .json(&json!({ "old_password": password, "new_password": "two-suns-over-Tatooine" })),
    ]
}

#[test]
fn all_doors_share_one_limit() {
    let app = limited_with(|settings| {
        settings.set("limits.passwords.account", "100");
    });
    let user = app.user();
    let count = password_operations(&app, &user, WRONG).len();
    for tried in 0..count {
        let client = format!("192.0.2.{}", tried + 1);
        for _ in 0..3 {
            let operation = password_operations(&app, &user, WRONG).swap_remove(tried);
            from(operation, &client)
                .send()
                .expect_problem(401, "credentials-invalid");
        }
        for operation in password_operations(&app, &user, PASSWORD) {
            limits(from(operation, &client).send(), "password-account", 3, 900);
        }
    }
    app.log_in(&user.email, PASSWORD)
        .expect_problem(409, "user-already-logged-in");
}

/// ASVS 6.3.8: also the limit tells nothing.
#[test]
fn a_limit_does_not_tell_known_from_unknown() {
    let app = limited();
    let (known, unknown) = (app.verified_user(), new_email());
    let rows = [known.as_str(), &unknown, "not an address"].map(|email| {
        let client = format!("192.0.2.{}", email.len());
        let answers: Vec<_> = (0..5)
            .map(|_| log_in(&app, &client, email, WRONG))
            .collect();
        limits(answers[4].clone(), "password-account", 3, 900);
        answers.iter().map(alike).collect::<Vec<_>>()
    });
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:?}");
}

/// Passwords tried side by side are counted as those tried one after the other.
#[test]
fn guesses_at_once_do_not_slip_through() {
    let redis = RedisServer::start();
    for app in [limited(), limited_by(&redis)] {
        let email = app.verified_user();
        let answers = at_once(20, |_| log_in(&app, "192.0.2.1", &email, WRONG).status);
        let count = |wanted: u16| answers.iter().filter(|status| **status == wanted).count();
        let (judged, limited, unavailable) = (count(401), count(429), count(503));
        // On a busy machine Redis may not answer in time: then nobody is judged, and the try may be counted.
        assert_eq!(judged + limited + unavailable, 20, "{answers:?}");
        assert!(judged == 3 || judged < 3 && unavailable > 0, "{answers:?}");
        log_in(&app, "192.0.2.2", &email, PASSWORD).expect(200);
    }
}

#[test]
fn a_client_says_its_address_only_through_a_proxy_of_ours() {
    let app = limited_with(|settings| {
        settings.set("limits.trusted_proxies", "10.0.0.0/8,192.0.2.77");
    });
    let email = app.verified_user();
    for number in 1..=3 {
        fails(&app, &format!("198.51.100.{number}"), &email);
    }
    let answer = log_in(&app, "198.51.100.4", &email, PASSWORD);
    limits(answer, "password-account", 3, 900);
}

#[test]
fn only_what_a_proxy_of_ours_wrote_counts() {
    let app = limited_with(|settings| {
        settings.set("limits.trusted_proxies", "127.0.0.1,10.0.0.0/8");
    });
    let email = app.verified_user();
    // What stands to the left of the client's address, the client may have written.
    for (number, line) in [
        "203.0.113.1, 198.51.100.7",
        "203.0.113.2,198.51.100.7, 10.1.2.3",
        "198.51.100.9, 198.51.100.7:4711",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(number < 3);
        fails(&app, line, &email);
    }
    let answer = log_in(&app, "203.0.113.4, 198.51.100.7", &email, PASSWORD);
    limits(answer, "password-account", 3, 900);
    log_in(&app, "198.51.100.7, 203.0.113.4", &email, PASSWORD).expect(200);
}

/// A household has so many addresses of IPv6 that each of them alone would be no limit.
#[test]
fn addresses_of_one_network_of_ipv6_are_one_client() {
    let app = limited();
    let email = app.verified_user();
    for number in 1..=3 {
        fails(&app, &format!("2001:db8:1:2::{number}"), &email);
    }
    let answer = log_in(&app, "2001:db8:1:2:ffff::1", &email, PASSWORD);
    limits(answer, "password-account", 3, 900);
    log_in(&app, "2001:db8:1:3::1", &email, PASSWORD).expect(200);
}

#[test]
fn mails_are_counted_by_recipient_and_by_client() {
    let app = limited_with(|settings| {
        settings
            .set("limits.mails.recipient", "2")
            .set("limits.mails.address", "5")
            .set("limits.mails.seconds", "600");
    });
    let (known, unknown) = (new_email(), new_email());
    let ask = |client: &str, operation: usize, email: &str| -> Response {
        let request = match operation {
            0 => app
                .post("/users/v1/signup")
                .json(&json!({ "email": email, "password": PASSWORD })),
            1 => app
                .put("/users/v1/resend_email_verification")
                .json(&json!({ "email": email })),
            _ => app
                .post("/users/v1/password_forgotten")
                .json(&json!({ "email": email })),
        };
        from(request, client).send()
    };
    // Known or not, the third mail of a kind is too many, whoever asks; a flood of one kind holds up no other.
    ask("192.0.2.9", 0, &known).expect(202);
    let rows = [&known, &unknown].map(|email| {
        [1, 2].map(|operation| {
            ask("192.0.2.1", operation, email).expect(202);
            ask("192.0.2.2", operation, &email.to_uppercase()).expect(202);
            let answer = ask("192.0.2.3", operation, email);
            limits(answer.clone(), "mail-recipient", 2, 600);
            alike(&answer)
        })
    });
    assert_eq!(rows[0], rows[1]);
    app.mail_number(1, &known);
    // By one client, to whomever.
    for _ in 0..5 {
        ask("198.51.100.1", 2, &new_email()).expect(202);
    }
    for operation in 0..3 {
        let answer = ask("198.51.100.1", operation, &new_email());
        limits(answer, "mail-address", 5, 600);
    }
    ask("198.51.100.2", 0, &new_email()).expect(202);
    assert!(app.mails_to(&unknown).is_empty());
}

#[test]
fn a_change_of_address_counts_as_a_mail() {
    let app = limited_with(|settings| {
        settings.set("limits.mails.recipient", "1");
    });
    let admin = app.admin();
    let wanted = new_email();
    let change = || {
        app.patch(&format!("/users/v1/{}", admin.id))
            .bearer(&admin.access)
            .json(&json!({ "email": wanted }))
            .send()
    };
    change().expect(200);
    limits(change(), "mail-recipient", 1, 3600);
    assert_eq!(app.me(&admin)["pending_email"], wanted);
}

#[test]
fn requests_are_counted_by_operation_and_client() {
    let app = limited_with(|settings| {
        settings
            .set("limits.operations.get_me.requests", "2")
            .set("limits.operations.get_me.seconds", "60")
            .set("limits.operations.email_verification.requests", "3")
            .set("limits.operations.email_verification.seconds", "60");
    });
    let user = app.user();
    let me = |client: &str| {
        from(app.get("/users/v1/me"), client)
            .bearer(&user.access)
            .send()
    };
    let verify = |client: &str| {
        from(app.get("/users/v1/email_verification?token=x"), client)
            .send()
            .status
    };
    for _ in 0..2 {
        me("192.0.2.1").expect(200);
    }
    limits(me("192.0.2.1"), "operation", 2, 60);
    me("192.0.2.2").expect(200);
    // Each operation by itself, and bad requests like good ones.
    assert_eq!([(); 4].map(|()| verify("192.0.2.1")), [401, 401, 401, 429]);
    assert_eq!(verify("192.0.2.2"), 401);
    app.films(&user.access).expect(200);
    // Bad credentials are counted, too.
    let stranger = || {
        let request = from(app.get("/users/v1/me"), "192.0.2.3");
        request.bearer("x").send().status
    };
    assert_eq!([(); 3].map(|()| stranger()), [401, 401, 429]);
}

#[test]
fn instances_count_together_in_redis() {
    let redis = RedisServer::start();
    let database = Database::create();
    let outbox = Folder::new("outbox");
    let start = || {
        limited_with(|settings| {
            in_redis(settings, &redis);
            settings
                .set("database.url", &database.url())
                .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"))
                .set("limits.operations.get_me.requests", "2")
                .set("limits.operations.get_me.seconds", "60");
        })
    };
    let (first, second) = (start(), start());
    let email = first.verified_user();
    fails(&first, "192.0.2.1", &email);
    fails(&second, "192.0.2.1", &email);
    fails(&first, "192.0.2.1", &email);
    for app in [&first, &second] {
        let answer = log_in(app, "192.0.2.1", &email, PASSWORD);
        limits(answer, "password-account", 3, 900);
    }
    log_in(&second, "192.0.2.2", &email, PASSWORD).expect(200);
    let user = first.session(&email);
    let me = |app: &TestApp| {
        from(app.get("/users/v1/me"), "192.0.2.1")
            .bearer(&user.access)
            .send()
    };
    me(&first).expect(200);
    me(&second).expect(200);
    for app in [&first, &second] {
        limits(me(app), "operation", 2, 60);
    }
    assert_keys_end_and_tell_nobody(&redis, &email);
}

/// Nothing is kept in Redis longer than it counts, and keys do not say whom they count.
#[track_caller]
fn assert_keys_end_and_tell_nobody(redis: &RedisServer, email: &str) {
    let counted: Vec<_> = redis
        .dump()
        .into_iter()
        .filter(|(key, _)| key.contains("password") || key.contains("operation"))
        .collect();
    assert!(!counted.is_empty(), "{:?}", redis.dump());
    for (key, value) in counted {
        for told in [email, "192.0.2.1"] {
            assert!(
                !key.contains(told) && !value.contains(told),
                "{key}: {value}"
            );
        }
        let life: i64 = redis.command(&["TTL", &key])[1..].parse().expect("seconds");
        // -2: it ended meanwhile.
        let ends = life == -2 || (0..=900).contains(&life);
        assert!(ends, "{key} lives for {life} s");
    }
}

/// Without the count nobody gets a guess: no answer is better than an unchecked one.
#[test]
fn without_redis_nothing_is_judged() {
    let mut redis = RedisServer::start();
    let app = limited_with(|settings| {
        in_redis(settings, &redis);
        settings
            .set("limits.operations.email_verification.requests", "100")
            .set("limits.operations.email_verification.seconds", "60");
    });
    let user = app.user();
    fails(&app, "192.0.2.1", &user.email);
    redis.kill();
    let mut requests = password_operations(&app, &user, PASSWORD);
    requests.extend(password_operations(&app, &user, WRONG));
    requests.push(app.get("/users/v1/email_verification?token=x"));
    for path in ["/users/v1/password_forgotten", "/users/v1/signup"] {
        let mut body = json!({ "email": new_email() });
        if path.ends_with("signup") {
            body["password"] = json!(PASSWORD);
        }
        requests.push(app.post(path).json(&body));
    }
    for request in requests {
        let began = Instant::now();
        let answer = request.send().expect_problem(503, "service-unavailable");
        assert!(answer.header("retry-after").is_some());
        assert!(began.elapsed() < Duration::from_secs(2), "{answer:?}");
    }
    redis.restart();
    eventually("logins work again", Duration::from_secs(15), || {
        let answer = app.log_in(&user.email, PASSWORD);
        (answer.status != 503).then(|| answer.expect_problem(409, "user-already-logged-in"))
    });
}

/// A Redis that lets nobody wait for ever.
#[test]
fn a_redis_that_hangs_costs_a_moment() {
    let redis = RedisServer::start();
    let app = limited_by(&redis);
    let email = app.verified_user();
    redis.hang();
    let began = Instant::now();
    log_in(&app, "192.0.2.1", &email, PASSWORD).expect_problem(503, "service-unavailable");
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );
    redis.resume();
    eventually("logins work again", Duration::from_secs(15), || {
        (log_in(&app, "192.0.2.1", &email, PASSWORD).status == 200).then_some(())
    });
}

#[test]
fn a_limit_of_what_does_not_exist_stops_the_start() {
    for (operation, why) in [("log_in", "log_in"), ("get_films", "get_films")] {
        let app = TestApp::not_started(|settings| {
            settings
                .set(&format!("limits.operations.{operation}.requests"), "5")
                .set(&format!("limits.operations.{operation}.seconds"), "60");
        });
        for command in [&["config", "check"][..], &["serve"]] {
            let output = app.run(command, "");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "{command:?} {said}");
            assert!(said.contains(&format!("limits.operations.{why}")), "{said}");
            assert!(said.contains("email_verification"), "{said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
}

#[test]
fn limits_that_make_no_sense_stop_the_start() {
    for (key, value) in [
        ("limits.passwords.account_and_address", "0"),
        ("limits.passwords.seconds", "0"),
        ("limits.mails.recipient", "-1"),
        ("limits.trusted_proxies", "everybody"),
        ("limits.trusted_proxies", "10.0.0.0/33"),
        ("limits.passwords.colour", "5"),
        ("limits.operations.get_me.requests", "0"),
    ] {
        let app = TestApp::not_started(|settings| {
            settings.set("limits.operations.get_me.seconds", "60");
            settings.set("limits.operations.get_me.requests", "60");
            settings.set(key, value);
        });
        let output = app.run(&["config", "check"], "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{key} = {value}");
        let name = key.rsplit('.').next().expect("a name");
        assert!(said.contains(name), "{key} = {value}: {said}");
    }
}

/// The shipped settings have limits.
#[test]
fn limits_are_on_unless_told_otherwise() {
    let app = TestApp::with_settings(|settings| {
        settings.unset("limits.enabled");
    });
    let email = app.verified_user();
    for _ in 0..10 {
        app.log_in(&email, WRONG)
            .expect_problem(401, "credentials-invalid");
    }
    limits(app.log_in(&email, PASSWORD), "password-account", 10, 900);
}

/// A burst of logins with hashes of the real cost takes neither the memory nor the other requests with it, and
/// whoever does not fit is told to come back.
#[test]
fn a_burst_of_logins_leaves_room_for_the_rest() {
    const BURST: usize = 500;
    let mut app = TestApp::with_settings(|settings| {
        settings
            .unset("limits.enabled")
            .set("limits.trusted_proxies", "127.0.0.1")
            .set("passwords.memory_kib", "19456")
            .set("passwords.iterations", "2");
    });
    let user = app.user();
    let before = app.process().peak_memory();
    let bursting = &app;
    let (user, email) = (&user, &user.email);
    let (answers, slowest) = std::thread::scope(|scope| {
        let burst = scope.spawn(|| {
            at_once(BURST, |number| {
                // Each third knows the address, all come from somewhere else.
                let email = if number % 3 == 0 { email } else { &new_email() };
                let client = Ipv4Addr::from(0x0b00_0000 + u32::try_from(number).expect("small"));
                log_in(bursting, &client.to_string(), email, WRONG)
            })
        });
        let mut slowest = Duration::ZERO;
        while !burst.is_finished() {
            let began = Instant::now();
            bursting.get("/healthz").send().expect(200);
            bursting.films(&user.access).expect(200);
            slowest = slowest.max(began.elapsed());
        }
        (burst.join().expect("thread"), slowest)
    });
    let count = |status: u16| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!(count(401) + count(429) + count(503), BURST);
    assert!(count(401) > 0, "somebody is served");
    assert!(count(503) > 0, "nobody was told to come back");
    for answer in &answers {
        assert_eq!(
            answer.header("retry-after").is_some(),
            answer.status != 401,
            "{answer:?}"
        );
    }
    assert!(
        slowest < Duration::from_secs(5),
        "others waited {slowest:?}"
    );
    let after = app.process().peak_memory();
    assert!(
        after < before + 128 * 1024 * 1024,
        "{before} before, {after} after"
    );
    let user = app.session(&user.email);
    app.films(&user.access).expect(200);
}
