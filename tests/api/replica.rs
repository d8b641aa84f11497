//! `revocation.backend = "redis-replica"`: revoked tokens in the memory of each instance, fed by Redis.
//!
//! The promise is one sentence: a token that was revoked longer ago than `revocation.staleness_ms` is let in by no
//! instance, whatever fails. Each test breaks something and holds every answer to it.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use crate::helpers::{
    app::{Settings, TestApp},
    eventually,
    link::{Fault, Link},
    postgres::Database,
    process::Folder,
    redis::RedisServer,
    redis_sentinel::{MASTER, Trio},
    stores::ServerDatabase,
    users::User,
};

/// `revocation.staleness_ms` as it is by default.
const BOUND: Duration = Duration::from_millis(250);
/// Longer than any recovery may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the last instance finds Redis, by a link with faults; the others go straight.
const LAST: usize = 2;

/// Three instances on one database and one Redis.
struct Fleet {
    apps: Vec<TestApp>,
    admin: User,
    /// Stays logged in.
    good: User,
    /// Log out one after the other.
    leaving: Vec<User>,
    revoked: Vec<Revoked>,
    bound: Duration,
    redis: RedisServer,
    link: Link,
    _outbox: Folder,
}

/// A token that is not good any more, with the moment when its holder was told so.
struct Revoked {
    token: String,
    at: Instant,
}

/// Answers to good tokens, by status.
#[derive(Debug, Default)]
struct Tally {
    ok: u32,
    unavailable: u32,
}

impl Fleet {
    fn start() -> Self {
        Self::with(|_, _| {})
    }

    /// Three instances whose settings are changed by `change`, which is told the number of each.
    fn with(change: impl Fn(usize, &mut Settings)) -> Self {
        let database = Database::create();
        let redis = RedisServer::start();
        let link = Link::to(redis.address());
        let outbox = Folder::new("outbox");
        let start = |number| {
            TestApp::with_settings(|settings| {
                let url = if number == LAST {
                    format!("redis://127.0.0.1:{}", link.port())
                } else {
                    redis.url()
                };
                settings
                    .set("database.url", &database.url())
                    .set("revocation.backend", "redis-replica")
                    .set("redis.urls", &url)
                    .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"));
                change(number, settings);
            })
        };
        let apps: Vec<TestApp> = (0..=LAST).map(start).collect();
        let admin = apps[0].admin();
        let good = apps[0].made(&admin, "basic");
        let mut fleet = Self {
            apps,
            admin,
            good,
            leaving: Vec::new(),
            revoked: Vec::new(),
            bound: BOUND,
            redis,
            link,
            _outbox: outbox,
        };
        fleet.invite(20);
        fleet.reads_in_memory();
        fleet.log_out();
        fleet
    }

    fn invite(&mut self, count: usize) {
        let made = (0..count).map(|_| self.apps[0].made(&self.admin, "basic"));
        let made: Vec<User> = made.collect();
        self.leaving.extend(made);
    }

    /// Waits until every instance says that it looks into its memory.
    fn reads_in_memory(&self) {
        for app in &self.apps {
            eventually("the copy is trusted", PATIENCE, || {
                feed_is_up(app).then_some(())
            });
        }
    }

    /// Logs one user out at the first instance; a logout that is not acknowledged promises nothing.
    fn log_out(&mut self) {
        let Some(user) = self.leaving.pop() else {
            return;
        };
        let answer = self.apps[0].log_out(&user.access);
        let at = Instant::now();
        match answer.status {
            200 => self.revoked.push(Revoked {
                token: user.access,
                at,
            }),
            _ => drop(answer.expect_problem(503, "service-unavailable")),
        }
    }

    /// Holds an instance to the promise.
    #[track_caller]
    fn check(&self, app: &TestApp, tally: &mut Tally) {
        let latest = self.revoked.iter().rev().take(3);
        for revoked in latest.chain(self.revoked.first()) {
            let sent = Instant::now();
            let answer = app.films(&revoked.token);
            let age = sent.duration_since(revoked.at);
            if age >= self.bound {
                assert_ne!(answer.status, 200, "revoked {age:?} before the request");
            }
        }
        let answer = app.films(&self.good.access);
        match answer.status {
            200 => tally.ok += 1,
            503 => tally.unavailable += 1,
            _ => drop(answer.expect(200)),
        }
    }

    /// Logs out and holds these instances to the promise, for a while.
    #[track_caller]
    fn busy(&mut self, duration: Duration, apps: &[usize]) -> Tally {
        let mut tally = Tally::default();
        let began = Instant::now();
        let mut next = Duration::ZERO;
        while began.elapsed() < duration {
            if began.elapsed() >= next {
                next = began.elapsed() + Duration::from_millis(50);
                self.log_out();
            }
            for &app in apps {
                self.check(&self.apps[app], &mut tally);
            }
        }
        tally
    }

    /// Everything works again by itself, and the promise is kept on the way.
    #[track_caller]
    fn recovers(&mut self) {
        let began = Instant::now();
        loop {
            let mut tally = Tally::default();
            for app in &self.apps {
                self.check(app, &mut tally);
            }
            if tally.unavailable == 0 && self.apps.iter().all(feed_is_up) {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "no recovery in {PATIENCE:?}");
        }
        self.invite(3);
        let tally = self.busy(Duration::from_millis(500), &[0, 1, LAST]);
        assert!(tally.ok > 0, "{tally:?}");
        for app in &self.apps {
            // A result holds for a second.
            eventually("the instance is ready", PATIENCE, || {
                (app.get("/readyz").send().status == 200).then_some(())
            });
            for revoked in &self.revoked {
                eventually("the logout is known", PATIENCE, || {
                    let status = app.films(&revoked.token).status;
                    (status == 401).then_some(())
                });
            }
        }
    }
}

/// By the log, whose last word it is.
fn feed_is_up(app: &TestApp) -> bool {
    let log = app.log();
    let up = log.rfind("looked up in memory");
    up.is_some() && up > log.rfind("down or behind")
}

fn down_count(app: &TestApp) -> usize {
    app.log().matches("down or behind").count()
}

/// With `--nocapture` it says how long it takes. The median is promised, too, and a busy machine has some rounds for it.
#[test]
fn logouts_at_full_speed_are_known_on_all_instances_within_the_bound() {
    let mut fleet = Fleet::start();
    eventually("half are known in time", PATIENCE * 4, || {
        fleet.invite(100);
        (median_of_logouts(&mut fleet) <= Duration::from_millis(50)).then_some(())
    });
}

/// Logs everybody out, and returns how long it takes at the median until another instance knows.
fn median_of_logouts(fleet: &mut Fleet) -> Duration {
    let leaving = std::mem::take(&mut fleet.leaving);
    let count = leaving.len();
    let (tell_one, hear_one) = std::sync::mpsc::channel::<(String, Instant)>();
    let (tell_two, hear_two) = std::sync::mpsc::channel();
    let mut delays: Vec<Duration> = Vec::new();
    thread::scope(|scope| {
        let others = [(&fleet.apps[1], hear_one), (&fleet.apps[LAST], hear_two)];
        let others = others.map(|(app, hear)| {
            scope.spawn(move || {
                let known = hear.iter().map(|(token, at)| {
                    loop {
                        let sent = Instant::now();
                        match app.films(&token).status {
                            401 => return sent.saturating_duration_since(at),
                            200 => assert!(sent - at < BOUND, "let in {:?} later", sent - at),
                            _ => {}
                        }
                    }
                });
                known.collect::<Vec<_>>()
            })
        });
        for user in leaving {
            fleet.apps[0].log_out(&user.access).expect(200);
            let at = Instant::now();
            tell_one.send((user.access.clone(), at)).expect("a thread");
            tell_two.send((user.access, at)).expect("a thread");
        }
        drop((tell_one, tell_two));
        for other in others {
            delays.extend(other.join().expect("thread"));
        }
    });
    assert_eq!(delays.len(), 2 * count);
    delays.sort();
    let part = |of_hundred: usize| delays[(delays.len() - 1) * of_hundred / 100];
    eprintln!(
        "{count} logouts are known on two other instances after {:?} (median), {:?} (99th percentile), {:?} (longest)",
        part(50),
        part(99),
        part(100)
    );
    part(50)
}

#[test]
fn a_feed_that_is_cut_while_redis_answers_keeps_good_tokens_good() {
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("redis.timeout_ms", "5000");
    });
    let before = down_count(&fleet.apps[LAST]);
    fleet.link.set(Fault::CutOf("XRANGE"));
    let tally = fleet.busy(Duration::from_millis(1500), &[LAST]);
    assert_eq!(tally.unavailable, 0, "{tally:?}");
    assert_eq!(down_count(&fleet.apps[LAST]), before + 1);
    fleet.link.set(Fault::None);
    fleet.recovers();
}

#[test]
fn a_feed_that_is_late_while_redis_answers_keeps_good_tokens_good() {
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("redis.timeout_ms", "5000");
    });
    for milliseconds in [300, 2000] {
        let pause = Duration::from_millis(milliseconds);
        fleet.link.set(Fault::LateOf("XRANGE", pause));
        let tally = fleet.busy(Duration::from_millis(1500), &[LAST]);
        assert_eq!(tally.unavailable, 0, "{tally:?}");
        fleet.link.set(Fault::None);
        fleet.recovers();
    }
}

/// Nothing can be trusted then but an answer that is as late.
#[test]
fn a_redis_that_is_late_is_waited_for_as_long_as_the_settings_say() {
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("redis.timeout_ms", "5000");
    });
    fleet.link.set(Fault::Late(Duration::from_millis(300)));
    let tally = fleet.busy(Duration::from_secs(2), &[LAST]);
    assert_eq!(tally.unavailable, 0, "{tally:?}");
    fleet.link.set(Fault::None);
    fleet.recovers();
}

#[track_caller]
fn without_redis(fault: Fault) {
    let mut fleet = Fleet::start();
    fleet.link.set(fault);
    fleet.busy(Duration::from_millis(800), &[1, LAST]);
    let tally = fleet.busy(Duration::from_millis(800), &[LAST]);
    assert_eq!(tally.ok, 0, "{tally:?}");
    fleet.apps[LAST]
        .get("/readyz")
        .send()
        .expect_problem(503, "service-unavailable");
    let others = fleet.busy(Duration::from_millis(300), &[1]);
    assert_eq!(others.unavailable, 0, "{others:?}");
    fleet.link.set(Fault::None);
    fleet.recovers();
}

#[test]
fn an_instance_that_is_cut_off_from_redis_lets_nobody_in() {
    without_redis(Fault::Cut);
}

#[test]
fn an_instance_whose_redis_is_silent_lets_nobody_in() {
    without_redis(Fault::Silent);
}

#[test]
fn an_instance_whose_redis_is_too_late_lets_nobody_in() {
    without_redis(Fault::Late(Duration::from_secs(2)));
}

#[test]
fn a_killed_redis_closes_every_instance_and_comes_back_empty() {
    let mut fleet = Fleet::start();
    fleet.redis.kill();
    fleet.busy(Duration::from_millis(600), &[0, 1, LAST]);
    let tally = fleet.busy(Duration::from_millis(600), &[0, 1, LAST]);
    assert_eq!(tally.ok, 0, "{tally:?}");
    fleet.redis.restart();
    fleet.recovers();
}

/// So quickly that no instance has ceased to trust its memory: empty at first, then with a snapshot that has the feed, but
/// not its end.
#[test]
fn a_redis_that_is_back_at_once_with_less_data_lets_no_revoked_token_in() {
    let mut fleet = Fleet::start();
    for saved in [false, true, true] {
        if saved {
            assert_eq!(fleet.redis.command(&["SAVE"]), "+OK");
            fleet.log_out();
            fleet.log_out();
        }
        fleet.redis.restart();
        fleet.busy(Duration::from_millis(500), &[0, 1, LAST]);
        fleet.recovers();
    }
}

#[test]
fn a_redis_that_is_stopped_and_continued_lets_no_revoked_token_in() {
    let mut fleet = Fleet::start();
    fleet.redis.hang();
    fleet.busy(Duration::from_millis(600), &[0, 1, LAST]);
    let tally = fleet.busy(Duration::from_millis(600), &[0, 1, LAST]);
    assert_eq!(tally.ok, 0, "{tally:?}");
    fleet.redis.resume();
    fleet.recovers();
}

#[test]
fn a_redis_that_is_emptied_lets_no_revoked_token_in() {
    let mut fleet = Fleet::start();
    for _ in 0..3 {
        assert_eq!(fleet.redis.command(&["FLUSHALL"]), "+OK");
        fleet.busy(Duration::from_millis(500), &[0, 1, LAST]);
        fleet.recovers();
    }
}

/// The feed is short, and whoever missed more reads the database.
#[test]
fn a_gap_in_the_feed_is_filled_from_the_database() {
    let mut fleet = Fleet::start();
    for words in [
        &["DEL", "starwars:{api}:feed"][..],
        &["XTRIM", "starwars:{api}:feed", "MAXLEN", "0"],
    ] {
        fleet.redis.command(words);
        fleet.busy(Duration::from_millis(300), &[0, 1, LAST]);
        fleet.recovers();
    }
    for app in &fleet.apps {
        assert!(app.log().matches("were read from the database").count() >= 3);
    }
}

/// The last logouts before the fail-over are lost by replication.
#[test]
fn a_fail_over_that_loses_revocations_lets_no_revoked_token_in() {
    let mut fleet = Fleet::with(|_, _| {});
    // Everybody goes by the link, which leads to the new primary afterwards.
    let url = format!("redis://127.0.0.1:{}", fleet.link.port());
    for app in &mut fleet.apps {
        app.kill();
        app.settings().set("redis.urls", &url);
        app.start_again();
    }
    fleet.reads_in_memory();
    let SocketAddr::V4(primary) = fleet.redis.address() else {
        unreachable!("127.0.0.1")
    };
    let replica = RedisServer::start();
    let port = primary.port().to_string();
    replica.command(&["REPLICAOF", "127.0.0.1", &port]);
    eventually("the replica has everything", PATIENCE, || {
        replica
            .texts(&["INFO", "replication"])
            .concat()
            .contains("master_link_status:up")
            .then_some(())
    });
    fleet.busy(Duration::from_millis(300), &[0, 1, LAST]);
    // What comes from here on it never gets.
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    fleet.log_out();
    fleet.log_out();
    fleet.redis.kill();
    fleet.link.lead_to(replica.address());
    fleet.busy(Duration::from_millis(500), &[0, 1, LAST]);
    fleet.redis = replica;
    fleet.recovers();
}

/// The first primary hangs, is replaced and wakes up; it believes itself until a Sentinel tells it. The second is killed.
#[test]
fn a_fail_over_by_sentinels_lets_no_revoked_token_in() {
    let mut trio = Trio::start();
    let mut fleet = Fleet::with(|_, settings| {
        settings
            .unset("redis.urls")
            .set("redis.mode", "sentinel")
            .set("redis.urls", &trio.urls())
            .set("redis.sentinel.master", MASTER);
    });
    for hangs in [true, false] {
        fleet.invite(60);
        let before = trio.primary();
        if hangs {
            trio.servers[before].hang();
        } else {
            trio.servers[before].kill();
        }
        let began = Instant::now();
        while trio.primary() == before {
            assert!(began.elapsed() < PATIENCE, "no fail-over in {PATIENCE:?}");
            fleet.busy(Duration::from_millis(200), &[0, 1, LAST]);
        }
        if hangs {
            fleet.busy(Duration::from_millis(500), &[0, 1, LAST]);
            trio.servers[before].resume();
        }
        fleet.busy(Duration::from_secs(2), &[0, 1, LAST]);
        fleet.recovers();
        if hangs {
            trio.settle();
        }
    }
}

/// A confirmation from before the stop says nothing about now.
#[test]
fn an_instance_that_was_stopped_does_not_answer_from_its_old_memory() {
    let mut fleet = Fleet::start();
    for _ in 0..5 {
        fleet.apps[LAST].running().signal("STOP");
        fleet.log_out();
        let revoked = fleet.revoked.last().expect("a logout");
        thread::sleep(BOUND + Duration::from_millis(50));
        thread::scope(|scope| {
            // They wait in the socket until the process goes on.
            let asking: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| fleet.apps[LAST].films(&revoked.token).status))
                .collect();
            thread::sleep(Duration::from_millis(50));
            fleet.apps[LAST].running().signal("CONT");
            for answer in asking {
                assert_ne!(answer.join().expect("thread"), 200);
            }
        });
        fleet.recovers();
    }
}

/// The case of a setting that is changed one instance after the other.
#[test]
fn instances_that_ask_and_instances_that_remember_know_the_same() {
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("redis.timeout_ms", "5000");
    });
    for backend in ["redis", "redis-replica"] {
        fleet.apps[0].kill();
        fleet.apps[0].settings().set("revocation.backend", backend);
        fleet.apps[0].start_again();
        fleet.invite(5);
        let tally = fleet.busy(Duration::from_millis(700), &[0, 1, LAST]);
        assert_eq!(tally.unavailable, 0, "{tally:?}");
    }
    fleet.recovers();
}

#[test]
fn what_the_command_line_revokes_is_known_on_all_instances_within_the_bound() {
    let mut fleet = Fleet::start();
    let [first, second] = [0, 1].map(|_| fleet.leaving.pop().expect("a user"));
    let done = [
        fleet.apps[0].run(&["token", "revoke"], &first.access),
        fleet.apps[0].run(&["users", "end-sessions", &second.email], ""),
    ];
    for (done, user) in done.iter().zip([first, second]) {
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && !said.contains("warning"), "{said}");
        fleet.revoked.push(Revoked {
            token: user.access,
            at: Instant::now(),
        });
    }
    fleet.busy(Duration::from_millis(600), &[0, 1, LAST]);
    fleet.recovers();
}

#[test]
fn a_longer_bound_is_as_long_and_no_longer() {
    let bound = Duration::from_secs(3);
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("revocation.staleness_ms", "3000");
    });
    fleet.bound = bound;
    fleet.link.set(Fault::Cut);
    let cut = Instant::now();
    let mut let_in = 0;
    while cut.elapsed() < bound / 2 {
        let status = fleet.apps[LAST].films(&fleet.good.access).status;
        if cut.elapsed() < bound / 2 {
            assert_eq!(status, 200, "{:?} after the cut", cut.elapsed());
            let_in += 1;
        }
    }
    assert!(let_in > 0, "nothing was asked");
    fleet.busy(bound, &[LAST]);
    let tally = fleet.busy(Duration::from_millis(500), &[LAST]);
    assert_eq!(tally.ok, 0, "{tally:?}");
    fleet.link.set(Fault::None);
    fleet.recovers();
}

#[test]
fn a_shorter_bound_is_kept() {
    let mut fleet = Fleet::with(|_, settings| {
        settings.set("revocation.staleness_ms", "50");
    });
    fleet.bound = Duration::from_millis(50);
    for fault in [Fault::Silent, Fault::Cut] {
        fleet.busy(Duration::from_millis(300), &[LAST]);
        fleet.link.set(fault);
        fleet.busy(Duration::from_millis(600), &[LAST]);
        fleet.link.set(Fault::None);
        fleet.recovers();
    }
}

/// It is in the database by then, which all read for what Redis has not been told.
#[test]
fn a_logout_that_redis_was_not_told_of_is_known_to_all_soon() {
    let fleet = Fleet::with(|_, settings| {
        // So that the last one takes it although it has no Redis.
        settings.set("revocation.staleness_ms", "5000");
    });
    fleet.link.set(Fault::Cut);
    let user = fleet.leaving.last().expect("a user");
    fleet.apps[LAST]
        .log_out(&user.access)
        .expect_problem(503, "service-unavailable");
    fleet.apps[LAST]
        .films(&user.access)
        .expect_problem(401, "token-invalid");
    for app in &fleet.apps[..LAST] {
        eventually("the logout is known", PATIENCE, || {
            (app.films(&user.access).status == 401).then_some(())
        });
    }
    fleet.link.set(Fault::None);
    for app in &fleet.apps {
        app.films(&user.access).expect_problem(401, "token-invalid");
    }
}

#[test]
fn a_bound_that_nobody_can_keep_is_refused() {
    for milliseconds in ["0", "49", "10001"] {
        let mut app = TestApp::not_started(|settings| {
            settings.set("revocation.staleness_ms", milliseconds);
        });
        let said = app.run(&["config", "check"], "");
        assert!(!said.status.success());
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains("revocation.staleness_ms"), "{said}");
        app.settings().set("revocation.staleness_ms", "50");
        assert!(app.run(&["config", "check"], "").status.success());
    }
}
