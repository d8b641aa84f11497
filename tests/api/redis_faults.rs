//! Changes that operators make to one Redis while the service uses it: it is demoted, evicts, or is exchanged for another.

use std::{
    cell::Cell,
    thread,
    time::{Duration, Instant},
};

use crate::helpers::{
    app::Settings, eventually, link::Link, postgres, redis::RedisServer, redis_pair::Pair,
    stores::ServerAlone,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// Replication begins at once, and not after the five seconds in which others may join.
const AT_ONCE: [&str; 2] = ["--repl-diskless-sync-delay", "0"];

fn at(redis: &RedisServer) -> impl Fn(&mut Settings) {
    let url = redis.url();
    move |settings| {
        settings.set("redis.urls", &url);
    }
}

fn follow(replica: &RedisServer, primary: &RedisServer) {
    let port = primary.address().port().to_string();
    assert_eq!(replica.command(&["REPLICAOF", "127.0.0.1", &port]), "+OK");
}

fn wait_for_all(replica: &RedisServer) {
    eventually("the replica has everything", PATIENCE, || {
        (replica.info("master_link_status") == "up").then_some(())
    });
}

/// Nobody who logged out is let in by either instance, for a while.
#[track_caller]
fn assert_closed_to(pair: &Pair, token: &str, duration: Duration) {
    let began = Instant::now();
    while began.elapsed() < duration {
        for app in &pair.apps {
            let status = app.films(token).status;
            assert_ne!(
                status,
                200,
                "revoked, {:?} after the fault",
                began.elapsed()
            );
        }
    }
}

/// By hand, as without Sentinels: the replica is promoted, and the old primary follows it, before any instance has been told.
/// It has lost all that it acknowledged between the two.
#[test]
fn a_primary_that_is_made_a_replica_is_not_believed() {
    let primary = RedisServer::with_options(&AT_ONCE);
    let replica = RedisServer::with_options(&AT_ONCE);
    let pair = Pair::start(at(&primary));
    follow(&replica, &primary);
    wait_for_all(&replica);
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    assert!(pair.log_out());
    let token = pair.last_revoked();
    follow(&primary, &replica);
    assert_closed_to(&pair, &token, Duration::from_secs(3));
    primary.command(&["REPLICAOF", "NO", "ONE"]);
    pair.recover();
    pair.assert_truth();
}

/// The name of the primary leads to another server from now on, and the old one still answers on the connections that it has.
#[test]
fn instances_leave_a_primary_that_became_a_replica_for_the_one_that_its_name_leads_to() {
    let primary = RedisServer::with_options(&AT_ONCE);
    let replica = RedisServer::with_options(&AT_ONCE);
    let link = Link::to(primary.address());
    let url = format!("redis://127.0.0.1:{}", link.port());
    let pair = Pair::start(|settings| {
        settings
            .set("redis.urls", &url)
            .set("limits.enabled", "true");
    });
    follow(&replica, &primary);
    wait_for_all(&replica);
    let change = |from: &RedisServer, to: &RedisServer| {
        to.command(&["REPLICAOF", "NO", "ONE"]);
        link.lead_new_ones_to(to.address());
        follow(from, to);
        wait_for_all(from);
    };
    pair.while_it_breaks(|| change(&primary, &replica));
    pair.assert_truth();
    pair.assert_filled();
    // And back, while nobody asks anything.
    change(&replica, &primary);
    thread::sleep(Duration::from_secs(3));
    pair.recover();
    pair.assert_truth();
}

/// All keys of revocations have an end, so each of the policies may take them and leave the epoch.
#[test]
fn a_redis_that_begins_to_evict_in_the_middle_of_traffic_is_not_believed() {
    let redis = RedisServer::start();
    let pair = Pair::start(at(&redis));
    let set = |name: &str, value: &str| {
        assert_eq!(redis.command(&["CONFIG", "SET", name, value]), "+OK");
    };
    for policy in [
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-random",
        "volatile-lru",
        "volatile-lfu",
        "volatile-random",
        "volatile-ttl",
    ] {
        set("maxmemory-policy", policy);
        // Nothing is evicted for lack of memory yet.
        set("maxmemory", "100mb");
        for app in &pair.apps {
            eventually("it is closed", PATIENCE, || {
                (app.films(&pair.live.access).status == 503).then_some(())
            });
        }
        set("maxmemory", "1");
        assert_closed_to(&pair, &pair.last_revoked(), Duration::from_millis(300));
        set("maxmemory", "0");
        pair.recover();
        pair.assert_truth();
    }
    pair.assert_filled();
}

/// Between two looks of an instance at the server.
#[test]
fn what_a_redis_evicted_in_a_moment_is_back_within_seconds() {
    let redis = RedisServer::start();
    let pair = Pair::start(at(&redis));
    let set = |name: &str, value: &str| {
        assert_eq!(redis.command(&["CONFIG", "SET", name, value]), "+OK");
    };
    for _ in 0..3 {
        set("maxmemory-policy", "volatile-lru");
        set("maxmemory", "1");
        redis.command(&["SET", "starwars:test", "1"]);
        set("maxmemory", "0");
        thread::sleep(Duration::from_secs(3));
        pair.recover();
        pair.assert_truth();
    }
}

/// Everything is moved to another Redis, and back to the first, which ran on untouched.
#[test]
fn a_redis_that_was_out_of_use_knows_what_was_revoked_meanwhile() {
    let (first, second) = (RedisServer::start(), RedisServer::start());
    let link = Link::to(first.address());
    let url = format!("redis://127.0.0.1:{}", link.port());
    let pair = Pair::start(|settings| {
        settings.set("redis.urls", &url);
    });
    pair.while_it_breaks(|| link.lead_to(second.address()));
    for _ in 0..3 {
        assert!(pair.log_out());
    }
    // Until SQL says that Redis has them.
    thread::sleep(Duration::from_secs(3));
    let token = pair.last_revoked();
    link.lead_to(first.address());
    assert_closed_to(&pair, &token, Duration::from_secs(2));
    pair.recover();
    pair.assert_truth();
}

/// The feed of an instance that keeps its connection leads to a server that nobody publishes to any more.
#[test]
fn a_copy_in_memory_follows_the_others_to_another_redis() {
    let (first, second) = (RedisServer::start(), RedisServer::start());
    let link = Link::to(first.address());
    let url = format!("redis://127.0.0.1:{}", link.port());
    let mut pair = Pair::with("redis-replica", Duration::from_millis(250), |settings| {
        settings.set("redis.urls", &url);
    });
    link.lead_new_ones_to(second.address());
    pair.apps[0].kill();
    pair.apps[0].start_again();
    thread::sleep(Duration::from_secs(3));
    pair.recover();
    for _ in 0..3 {
        assert!(pair.log_out());
    }
    assert_closed_to(&pair, &pair.last_revoked(), Duration::from_millis(500));
    pair.assert_truth();
}

/// So it is while `redis.urls` is changed on one after the other.
#[test]
fn instances_that_use_different_servers_learn_of_logouts_from_the_database() {
    let servers = [RedisServer::start(), RedisServer::start()];
    let next = Cell::new(0);
    // Each finds out within a second that the other has filled its own.
    let pair = Pair::with("redis", Duration::from_secs(5), |settings| {
        let number = next.replace(next.get() + 1);
        settings.set("redis.urls", &servers[number].url());
    });
    assert!(pair.log_out());
    assert_closed_to(&pair, &pair.last_revoked(), Duration::from_secs(3));
    pair.assert_said("All instances must have the same redis.urls");
}

/// There is nothing to fill it from.
#[test]
fn a_redis_that_is_emptied_while_the_database_is_away_lets_nobody_in() {
    let database = postgres::Alone::start();
    let redis = RedisServer::start();
    for backend in ["redis", "redis-replica"] {
        let pair = Pair::on(&database, backend, Duration::from_millis(250), at(&redis));
        database.hang();
        assert_eq!(redis.command(&["FLUSHALL"]), "+OK");
        let token = pair.last_revoked();
        assert_closed_to(&pair, &token, Duration::from_millis(500));
        for app in &pair.apps {
            eventually("it is closed", PATIENCE, || {
                (app.films(&pair.live.access).status == 503).then_some(())
            });
        }
        assert_closed_to(&pair, &token, Duration::from_secs(1));
        database.resume();
        pair.recover();
        pair.assert_truth();
    }
}
