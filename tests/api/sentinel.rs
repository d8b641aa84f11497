//! Redis behind Sentinels: whatever fails over, nobody who logged out is let in, and all is well again by itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::helpers::{
    app::Settings,
    eventually,
    redis::{self, RedisServer},
    redis_pair::Pair,
    redis_sentinel::{MASTER, Trio},
    tls::Authority,
};

const PATIENCE: Duration = Duration::from_secs(60);

fn by_sentinels(trio: &Trio) -> impl Fn(&mut Settings) {
    |settings| {
        settings
            .set("redis.mode", "sentinel")
            .set("redis.urls", &trio.urls())
            .set("redis.sentinel.master", MASTER);
    }
}

/// The old primary comes back as an empty one, which the Sentinels make a replica.
#[test]
fn a_primary_that_is_killed_under_load_is_replaced_and_nobody_slips_in() {
    let mut trio = Trio::start();
    let pair = Pair::start(by_sentinels(&trio));
    let mut switched = None;
    let closed = pair.while_it_breaks(|| {
        trio.servers[0].kill();
        trio.wait_for_another(0);
        switched = Some(Instant::now());
    });
    let after = switched.expect("a fail-over").elapsed();
    eprintln!(
        "a good token was refused for {closed:?}; all was well {after:?} after the Sentinels had switched"
    );
    // The second in which the old one may still be believed, and the loading: far less, on a machine that has time.
    assert!(after < Duration::from_secs(20), "closed for {after:?}");
    pair.assert_said("another Redis is the primary");
    pair.while_it_breaks(|| {
        trio.servers[0].restart();
        eventually("the old primary is a replica", PATIENCE, || {
            (trio.servers[0].info("role") == "slave").then_some(())
        });
    });
    pair.assert_truth();
}

/// The copies in memory are fed by the new primary.
#[test]
fn copies_in_memory_follow_a_fail_over() {
    let mut trio = Trio::start();
    let bound = Duration::from_millis(250);
    let pair = Pair::with("redis-replica", bound, by_sentinels(&trio));
    pair.while_it_breaks(|| {
        trio.servers[0].kill();
        trio.wait_for_another(0);
    });
    pair.assert_said("another Redis is the primary");
    pair.assert_truth();
}

#[test]
fn tls_accounts_and_the_number_of_a_database_reach_the_primary_by_sentinels() {
    let authority = Authority::new();
    let of_sentinels = "user crew on >tie-fighter +ping +hello +sentinel|get-master-addr-by-name";
    let mut trio = Trio::with(&redis::account(), &[], of_sentinels, Some(&authority));
    let pair = Pair::start(|settings| {
        by_sentinels(&trio)(settings);
        settings
            .set("redis.user", "crew")
            .set("redis.password", "x-wing")
            .set("redis.database", "3")
            .set("redis.sentinel.user", "crew")
            .set("redis.sentinel.password", "tie-fighter")
            .set("tls.ca_file", &authority.path("ca.pem"))
            .set("limits.enabled", "true");
    });
    trio.servers[0].kill();
    let new = trio.wait_for_another(0);
    pair.recover();
    pair.assert_truth();
    assert!(trio.servers[new].info("db3").contains("keys="));
    // What was written there to see whether writes are taken goes within moments.
    eventually("nothing lies in another database", PATIENCE, || {
        trio.servers[new].info("db0").is_empty().then_some(())
    });
    for app in &pair.apps {
        let log = app.log();
        assert!(
            !log.contains("NOPERM") && !log.contains("x-wing") && !log.contains("tie-f"),
            "{log}"
        );
    }
}

/// Counters are as asynchronous as all replication; what was counted long ago is not lost.
#[test]
fn failed_passwords_count_on_after_a_fail_over() {
    let mut trio = Trio::start();
    let pair = Pair::start(|settings| {
        by_sentinels(&trio)(settings);
        settings
            .set("limits.enabled", "true")
            .set("limits.passwords.account_and_address", "6");
    });
    let fail = |app: usize| {
        pair.apps[app]
            .log_in(&pair.live.email, "a-wrong-password")
            .status
    };
    for number in 0..3 {
        assert_eq!(fail(number % 2), 401);
    }
    trio.settle();
    trio.servers[0].kill();
    trio.wait_for_another(0);
    pair.recover();
    let mut wrong = 0;
    eventually("too many failed", PATIENCE, || {
        let status = fail(wrong % 2);
        assert!(matches!(status, 401 | 429 | 503), "{status}");
        wrong += usize::from(status == 401);
        (status == 429).then_some(())
    });
    assert_eq!(wrong, 3, "three were counted before");
}

/// Replication is cut off, so the new primary never heard of the logout.
#[test]
fn a_logout_that_replication_lost_is_back_before_anything_is_answered() {
    let mut trio = Trio::start();
    let pair = Pair::start(by_sentinels(&trio));
    for replica in &trio.servers[1..] {
        replica.stop_replication();
    }
    let revocations = |server: &RedisServer| {
        let keys = server.texts(&["KEYS", "starwars:{api}:revoked:*"]);
        keys.len()
    };
    assert!(pair.log_out(), "a logout while replication is cut off");
    assert!(revocations(&trio.servers[1]) < revocations(&trio.servers[0]));
    trio.servers[0].kill();
    let token = pair.last_revoked();
    let new = eventually("another server is the primary", PATIENCE, || {
        for app in &pair.apps {
            assert_ne!(
                app.films(&token).status,
                200,
                "a logout that was acknowledged"
            );
        }
        let primary = trio.primary();
        (primary != 0).then_some(primary)
    });
    pair.recover();
    pair.assert_truth();
    pair.assert_filled();
    assert!(revocations(&trio.servers[new]) > 1);
}

/// It answers as it did before, until a Sentinel tells it. An instance that was idle has its connection still.
#[test]
fn a_primary_that_wakes_up_after_it_was_replaced_is_not_believed() {
    let trio = Trio::start();
    let pair = Pair::start(by_sentinels(&trio));
    trio.servers[0].hang();
    trio.wait_for_another(0);
    // Only the first instance is asked anything.
    eventually("a logout is acknowledged", PATIENCE, || {
        pair.log_out_at_the_first().then_some(())
    });
    trio.servers[0].resume();
    let token = pair.last_revoked();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) {
        assert_ne!(
            pair.apps[1].films(&token).status,
            200,
            "by a primary that was replaced"
        );
    }
    pair.recover();
    pair.assert_truth();
}

/// The old primary runs on for seconds, takes logouts and answers, while one instance hears of the new one before the other.
#[test]
fn a_planned_fail_over_takes_no_logout_that_the_new_primary_does_not_know() {
    let trio = Trio::start();
    let pair = Pair::start(by_sentinels(&trio));
    let before = trio.primary();
    trio.fail_over();
    let began = Instant::now();
    eventually("another server is the primary", PATIENCE, || {
        trio.another_is_named_by_one(before).then_some(())
    });
    eprintln!(
        "the first Sentinel has switched after {:?}",
        began.elapsed()
    );
    let mut acknowledged = 0;
    while acknowledged < 40 {
        acknowledged += u32::from(pair.log_out());
        assert!(began.elapsed() < PATIENCE, "{acknowledged} logouts");
        thread::sleep(Duration::from_millis(20));
    }
    assert_ne!(trio.primary(), before);
    pair.recover();
    pair.assert_truth();
}

#[test]
fn a_replica_that_may_evict_is_not_trusted_when_it_is_promoted() {
    let evicting = ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"];
    let mut trio = Trio::with(&[], &evicting, "", None);
    let pair = Pair::start(by_sentinels(&trio));
    trio.servers[0].kill();
    trio.wait_for_another(0);
    for app in &pair.apps {
        eventually("the policy is refused", PATIENCE, || {
            let status = app.films(&pair.live.access).status;
            assert!(matches!(status, 200 | 503), "{status}");
            app.get("/readyz").send();
            app.log()
                .contains("maxmemory-policy is allkeys-lru")
                .then_some(())
        });
        assert_eq!(app.films(&pair.live.access).status, 503);
    }
    // Of both: the Sentinels of a busy machine may go on to the other.
    for replica in &trio.servers[1..] {
        replica.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    }
    pair.recover();
    pair.assert_truth();
}

/// Nobody can know then that the primary has not been replaced.
#[test]
fn without_a_majority_of_the_sentinels_nobody_is_let_in() {
    let mut trio = Trio::start();
    let pair = Pair::start(by_sentinels(&trio));
    trio.kill_sentinel(0);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        pair.assert_truth();
    }
    trio.kill_sentinel(1);
    for app in &pair.apps {
        eventually("it is closed", PATIENCE, || {
            (app.films(&pair.live.access).status == 503).then_some(())
        });
        app.get("/readyz")
            .send()
            .expect_problem(503, "service-unavailable");
        assert!(app.log().contains("no majority of "), "{}", app.log());
    }
    trio.start_sentinel(0);
    pair.recover();
    pair.assert_truth();
}
