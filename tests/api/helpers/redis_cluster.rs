//! A cluster of three primaries, each with a replica.

use std::time::Duration;

use super::{eventually, process::free_port, redis::RedisServer, tls::Authority};

const PATIENCE: Duration = Duration::from_secs(60);

/// A key of the service; all are in the slot of this one.
const KEY: &str = "starwars:{api}:epoch";

pub struct Cluster {
    /// Three that have slots at first, then the replica of each.
    pub nodes: Vec<RedisServer>,
}

impl Cluster {
    pub fn start() -> Self {
        Self::with(&[], None)
    }

    /// With options of all nodes.
    pub fn with(options: &[&str], authority: Option<&Authority>) -> Self {
        let buses: Vec<u16> = (0..6).map(|_| free_port()).collect();
        let node = |bus: &u16| {
            let bus = bus.to_string();
            let own = [
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "1000",
                "--cluster-port",
                &bus,
            ];
            let cluster_tls = ["--tls-cluster", "yes"];
            let of_tls: &[&str] = if authority.is_some() {
                &cluster_tls
            } else {
                &[]
            };
            let options = [&own, options, of_tls, &["--repl-diskless-sync-delay", "0"]].concat();
            RedisServer::with_tls(&options, authority)
        };
        let nodes: Vec<RedisServer> = buses.iter().map(node).collect();
        for (number, node) in nodes.iter().enumerate() {
            let epoch = (number + 1).to_string();
            assert_eq!(
                node.command(&["CLUSTER", "SET-CONFIG-EPOCH", &epoch]),
                "+OK"
            );
        }
        for (node, range) in
            nodes
                .iter()
                .zip([("0", "5460"), ("5461", "10922"), ("10923", "16383")])
        {
            assert_eq!(
                node.command(&["CLUSTER", "ADDSLOTSRANGE", range.0, range.1]),
                "+OK"
            );
        }
        for (node, bus) in nodes.iter().zip(&buses).skip(1) {
            let port = node.address().port().to_string();
            let words = ["CLUSTER", "MEET", "127.0.0.1", &port, &bus.to_string()];
            assert_eq!(nodes[0].command(&words), "+OK");
        }
        let cluster = Self { nodes };
        for (number, replica) in cluster.nodes.iter().enumerate().skip(3) {
            let id = cluster.id(number - 3);
            eventually("a node is known to another", PATIENCE, || {
                (replica.command(&["CLUSTER", "REPLICATE", &id]) == "+OK").then_some(())
            });
        }
        cluster.settle();
        cluster
    }

    /// Waits until each node says that all is well.
    pub fn settle(&self) {
        for node in &self.nodes {
            eventually("the cluster is well", PATIENCE, || {
                let info = node.texts(&["CLUSTER", "INFO"]).concat();
                let all =
                    info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:6");
                let role = node.info("role");
                let linked = role == "master" || node.info("master_link_status") == "up";
                (all && linked).then_some(())
            });
        }
    }

    /// `redis.urls` for all nodes.
    pub fn urls(&self) -> String {
        let urls = self.nodes.iter().map(RedisServer::node_url);
        urls.collect::<Vec<_>>().join(",")
    }

    /// The number of the node that has the keys of the service.
    pub fn owner(&self) -> usize {
        eventually("a node has our keys", PATIENCE, || {
            self.nodes.iter().position(|node| {
                let answer = node.try_command(&["GET", KEY]);
                answer.is_some_and(|answer| answer.starts_with('$'))
            })
        })
    }

    /// The number of the replica of a primary.
    pub fn replica_of(&self, primary: usize) -> usize {
        let port = self.nodes[primary].address().port().to_string();
        let replica = self.nodes.iter().position(|node| {
            let answers = node.try_command(&["PING"]).is_some();
            answers && node.info("master_port") == port
        });
        replica.expect("a replica")
    }

    /// Moves the slot of the service from one node to another, key by key, as `redis-cli --cluster reshard` does.
    pub fn move_keys(&self, from: usize, to: usize) {
        let slot = self.nodes[from].command(&["CLUSTER", "KEYSLOT", KEY]);
        let slot = slot.trim_start_matches(':');
        let (source, target) = (&self.nodes[from], &self.nodes[to]);
        let (source_id, target_id) = (self.id(from), self.id(to));
        let set = |node: &RedisServer, state: &str, id: &str| {
            assert_eq!(
                node.command(&["CLUSTER", "SETSLOT", slot, state, id]),
                "+OK"
            );
        };
        set(target, "IMPORTING", &source_id);
        set(source, "MIGRATING", &target_id);
        let port = target.address().port().to_string();
        loop {
            let keys = source.texts(&["CLUSTER", "GETKEYSINSLOT", slot, "1"]);
            let Some(key) = keys.first() else {
                break;
            };
            let words = ["MIGRATE", "127.0.0.1", &port, key, "0", "5000"];
            let moved = source.command(&words);
            assert!(matches!(moved.as_str(), "+OK" | "+NOKEY"), "{moved}");
        }
        for node in [target, source] {
            set(node, "NODE", &target_id);
        }
    }

    /// The name of a node in the cluster.
    fn id(&self, number: usize) -> String {
        self.nodes[number].texts(&["CLUSTER", "MYID"]).concat()
    }
}
