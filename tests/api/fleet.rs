//! Three instances behind nginx are one service: from sign-up to logout, in a rolling restart, and when one is killed.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use socket2::{Domain, Socket, Type};

use crate::helpers::{
    eventually,
    fleet::{Fleet, SIZE},
    http::{Client, Request, Response, read_response},
    users::{PASSWORD, User, new_email},
};

/// Counts the requests for the list of films that an instance has answered.
fn lists_of_films(fleet: &Fleet, number: usize) -> u64 {
    let metrics = fleet.instances[number].get("/metrics").send().text();
    let counts = metrics.lines().filter(|line| {
        line.starts_with("http_server_request_duration_seconds_count")
            && line.contains("http_route=\"/films/v1/\"")
    });
    counts
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

#[test]
fn an_account_lives_on_all_instances_from_sign_up_to_logout() {
    let fleet = Fleet::start();
    let front = &fleet.front;
    let user = front.user();
    for _ in 0..2 * SIZE {
        front.films(&user.access).expect(200);
    }
    for number in 0..SIZE {
        assert!(lists_of_films(&fleet, number) > 0, "{number} idles");
    }
    // Each instance gives the same pair for a used refresh token, and the old access token is no good on any.
    let pairs: BTreeSet<_> = (0..SIZE)
        .map(|number| {
            fleet.instances[number]
                .refresh(&user.refresh)
                .expect(200)
                .text()
        })
        .collect();
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    for instance in &fleet.instances {
        instance
            .films(&user.access)
            .expect_problem(401, "token-invalid");
    }
    let pair: serde_json::Value =
        serde_json::from_str(pairs.first().expect("a pair")).expect("JSON");
    let access = pair["token"].as_str().expect("token");
    front.films(access).expect(200);
    front.log_out(access).expect(200);
    for instance in &fleet.instances {
        instance.films(access).expect_problem(401, "token-invalid");
    }
    front.session(&user.email);
}

#[test]
fn the_client_that_nginx_names_is_counted_by_all_instances_together() {
    let fleet = Fleet::with_settings(|_, settings| {
        settings
            .set("limits.enabled", "true")
            .set("limits.passwords.account_and_address", "5");
    });
    let email = fleet.front.verified_user();
    let log_in = |client: [u8; 4], claimed: &str| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("socket");
        let from = SocketAddr::from((Ipv4Addr::from(client), 0));
        socket.bind(&from.into()).expect("a loopback address");
        socket
            .connect(&fleet.front.address().into())
            .expect("nginx listens");
        let body = json!({ "email": email, "password": "not-the-password" });
        fleet
            .front
            .post("/users/v1/login")
            .header("X-Forwarded-For", claimed)
            .json(&body)
            .write_to(&mut &socket)
            .expect("written");
        read_response(&mut &socket, false).expect("an answer")
    };
    for attempt in 0..5 {
        // A client's own word about its address counts for nothing.
        log_in([127, 0, 0, 1], &format!("198.51.100.{attempt}"))
            .expect_problem(401, "credentials-invalid");
    }
    log_in([127, 0, 0, 1], "198.51.100.99").expect_problem(429, "too-many-requests");
    log_in([127, 0, 0, 2], "198.51.100.99").expect_problem(401, "credentials-invalid");
}

/// Clients that ask through nginx without a pause, each one request after the other.
struct Load {
    front: Client,
    admin: User,
    emails: Vec<String>,
    ended: AtomicBool,
}

/// A client's account of what happened.
#[derive(Default)]
struct Story {
    acknowledged: BTreeSet<String>,
    requests: usize,
    failures: Vec<(Instant, &'static str, Response)>,
}

const CLIENTS: usize = 8;

impl Load {
    fn prepare(fleet: &Fleet) -> Self {
        Self {
            front: fleet.front.client(),
            admin: fleet.front.admin(),
            emails: (0..CLIENTS).map(|_| fleet.front.verified_user()).collect(),
            ended: AtomicBool::new(false),
        }
    }

    fn client(&self, number: usize) -> Story {
        let front = self.front;
        let mut story = Story::default();
        let mut ask = |kind, request: Request, good: u16| {
            let answer = request.try_send().expect("nginx answers");
            story.requests += 1;
            if answer.status == good {
                return Some(answer);
            }
            story.failures.push((Instant::now(), kind, answer));
            None
        };
        let mut acknowledged = BTreeSet::new();
        while !self.ended.load(Ordering::Relaxed) {
            match number % 3 {
                0 => {
                    let email = new_email();
                    let body = json!({ "full_name": "Wedge", "email": email });
                    let request = front.post("/subscribers/v1/").bearer(&self.admin.access);
                    if ask("POST", request.json(&body), 201).is_some() {
                        acknowledged.insert(email);
                    }
                }
                1 => {
                    let email = &self.emails[number];
                    let body =
                        json!({ "email": email, "password": PASSWORD, "replace_session": true });
                    let Some(login) = ask("POST", front.post("/users/v1/login").json(&body), 200)
                    else {
                        continue;
                    };
                    let refresh = login.json()["refresh_token"].as_str().map(str::to_owned);
                    let request = front.post("/users/v1/generate_tokens");
                    ask("POST", request.bearer(&refresh.expect("a token")), 200);
                }
                _ => {
                    let request = front.get("/films/v1/").bearer(&self.admin.access);
                    ask("GET", request, 200);
                }
            }
        }
        story.acknowledged = acknowledged;
        story
    }
}

/// Runs the clients beside `events`; returns their stories.
fn under_load(load: &Load, events: impl FnOnce()) -> Vec<Story> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| scope.spawn(move || load.client(number)))
            .collect();
        thread::sleep(Duration::from_secs(1));
        events();
        thread::sleep(Duration::from_secs(1));
        load.ended.store(true, Ordering::Relaxed);
        let joined = clients.into_iter().map(|client| client.join());
        joined.map(|story| story.expect("a client")).collect()
    })
}

fn assert_stored(fleet: &Fleet, stories: &[Story]) {
    let export = fleet.front.run(&["subscribers", "export"], "");
    let stored = String::from_utf8(export.stdout).expect("UTF-8");
    let acknowledged: Vec<_> = stories
        .iter()
        .flat_map(|story| &story.acknowledged)
        .collect();
    assert!(!acknowledged.is_empty());
    for email in acknowledged {
        assert!(stored.contains(email.as_str()), "{email} is lost");
    }
}

/// One instance checks tokens in memory.
fn of_both_kinds() -> Fleet {
    Fleet::with_settings(|number, settings| {
        if number == 1 {
            settings.set("revocation.backend", "redis-replica");
        }
    })
}

#[test]
fn a_rolling_restart_under_load_fails_no_request() {
    let mut fleet = of_both_kinds();
    let load = Load::prepare(&fleet);
    let stories = under_load(&load, || {
        for number in 0..SIZE {
            fleet.restart(number);
        }
    });
    for story in &stories {
        let failures: Vec<_> = story.failures.iter().collect();
        assert!(failures.is_empty(), "{failures:?}\n{}", fleet.nginx.log());
        assert!(story.requests > 0);
    }
    assert_stored(&fleet, &stories);
}

#[test]
fn a_killed_instance_fails_only_the_requests_under_way_on_it() {
    let mut fleet = of_both_kinds();
    let load = Load::prepare(&fleet);
    let mut killed = None;
    let stories = under_load(&load, || {
        fleet.instances[1].kill();
        killed = Some(Instant::now());
        thread::sleep(Duration::from_secs(3));
    });
    for story in &stories {
        // A client has one request under way; nginx asks the next instance for a GET.
        assert!(story.failures.len() <= 1, "{:?}", story.failures);
        for (at, kind, answer) in &story.failures {
            assert_eq!((*kind, answer.status), ("POST", 502));
            assert_eq!(answer.code(), "service-unavailable");
            assert!(*at < killed.expect("killed") + Duration::from_secs(10));
        }
    }
    assert_stored(&fleet, &stories);
    fleet.instances[1].start_again();
    eventually("nginx asks it again", Duration::from_secs(20), || {
        fleet.front.films(&load.admin.access).expect(200);
        (lists_of_films(&fleet, 1) > 0).then_some(())
    });
}
