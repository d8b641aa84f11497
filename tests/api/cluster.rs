//! Redis as a cluster: all keys of the service are in one slot, which one node has at a time.

use std::time::{Duration, Instant};

use crate::helpers::{
    app::Settings, eventually, redis, redis_cluster::Cluster, redis_pair::Pair, tls::Authority,
};

const PATIENCE: Duration = Duration::from_secs(60);

fn in_cluster(cluster: &Cluster) -> impl Fn(&mut Settings) {
    |settings| {
        settings
            .set("redis.mode", "cluster")
            .set("redis.urls", &cluster.urls())
            .set("limits.enabled", "true");
    }
}

#[test]
fn a_node_that_is_killed_under_load_is_replaced_and_nobody_slips_in() {
    let mut cluster = Cluster::start();
    let pair = Pair::start(in_cluster(&cluster));
    let owner = cluster.owner();
    let mut switched = None;
    let closed = pair.while_it_breaks(|| {
        cluster.nodes[owner].kill();
        assert_ne!(cluster.owner(), owner);
        switched = Some(Instant::now());
    });
    let after = switched.expect("a fail-over").elapsed();
    eprintln!(
        "the node of the keys was killed: a good token was refused for {closed:?}; all was well {after:?} after another had them"
    );
    assert!(after < Duration::from_secs(20), "closed for {after:?}");
    pair.while_it_breaks(|| {
        cluster.nodes[owner].restart();
        cluster.settle();
    });
    pair.assert_truth();

    // Another node, which takes the whole cluster down until it is replaced.
    let other = (0..3).find(|node| *node != owner).expect("a node");
    let replica = cluster.replica_of(other);
    let closed = pair.while_it_breaks(|| {
        cluster.nodes[other].kill();
        eventually("the node is replaced", PATIENCE, || {
            (cluster.nodes[replica].info("role") == "master").then_some(())
        });
    });
    eprintln!("another node was killed: a good token was refused for {closed:?}");
    pair.assert_truth();
}

/// Replication is cut off, so the replica that takes over never heard of the logout.
#[test]
fn a_logout_that_replication_lost_is_back_before_anything_is_answered() {
    let mut cluster = Cluster::start();
    let pair = Pair::start(in_cluster(&cluster));
    let owner = cluster.owner();
    let replica = cluster.replica_of(owner);
    cluster.nodes[replica].stop_replication();
    assert!(pair.log_out(), "a logout while replication is cut off");
    let token = pair.last_revoked();
    cluster.nodes[owner].kill();
    eventually("the replica has the keys", PATIENCE, || {
        for app in &pair.apps {
            assert_ne!(app.films(&token).status, 200, "an acknowledged logout");
        }
        (cluster.nodes[replica].info("role") == "master").then_some(())
    });
    pair.recover();
    pair.assert_truth();
    pair.assert_filled();
}

#[test]
fn keys_that_move_to_another_node_take_nobody_in() {
    let cluster = Cluster::start();
    let pair = Pair::start(in_cluster(&cluster));
    let from = cluster.owner();
    let to = (0..3).find(|node| *node != from).expect("a node");
    let closed = pair.while_it_breaks(|| {
        cluster.move_keys(from, to);
        assert_eq!(cluster.owner(), to);
    });
    eprintln!("the keys moved: a good token was refused for {closed:?}");
    pair.assert_truth();
    assert_eq!(cluster.owner(), to);

    // As one node, so it loses all that there is.
    pair.while_it_breaks(|| assert_eq!(cluster.nodes[to].command(&["FLUSHALL"]), "+OK"));
    pair.assert_truth();
    pair.assert_filled();
}

#[test]
fn tls_and_an_account_reach_the_nodes_and_what_is_counted_is_counted_by_all() {
    let authority = Authority::new();
    let account = [redis::account(), vec!["+cluster|slots"]].concat();
    let cluster = Cluster::with(&account, Some(&authority));
    let pair = Pair::start(|settings| {
        in_cluster(&cluster)(settings);
        settings
            .set("redis.user", "crew")
            .set("redis.password", "x-wing")
            .set("tls.ca_file", &authority.path("ca.pem"))
            .set("limits.passwords.account_and_address", "4");
    });
    let statuses = (0..5).map(|number| {
        let app = &pair.apps[number % 2];
        app.log_in(&pair.live.email, "a-wrong-password").status
    });
    assert_eq!(statuses.collect::<Vec<_>>(), [401, 401, 401, 401, 429]);
    let nodes = cluster.nodes.iter();
    let with_keys = nodes
        .filter(|node| node.command(&["DBSIZE"]) != ":0")
        .count();
    assert_eq!(with_keys, 2, "one node and its replica");
    for app in &pair.apps {
        assert!(!app.log().contains("NOPERM"), "{}", app.log());
    }
}
