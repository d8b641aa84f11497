//! A primary with two replicas, and three Sentinels that watch them.

use std::{fs, process::Command, time::Duration};

use super::{
    eventually,
    process::{Folder, Process, find_program, free_port},
    redis::{RedisServer, texts},
    tls::Authority,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// The name that the Sentinels know the primary by.
pub const MASTER: &str = "starwars";

pub struct Trio {
    /// The first is the primary, until it fails.
    pub servers: Vec<RedisServer>,
    sentinels: Vec<Sentinel>,
    _folder: Folder,
}

struct Sentinel {
    process: Option<Process>,
    port: u16,
    tls_port: Option<u16>,
    file: std::path::PathBuf,
}

impl Trio {
    pub fn start() -> Self {
        Self::with(&[], &[], "", None)
    }

    /// With options of all servers, options of the replicas, and lines of the Sentinels' configuration.
    pub fn with(
        options: &[&str],
        of_replicas: &[&str],
        of_sentinels: &str,
        authority: Option<&Authority>,
    ) -> Self {
        let options = [options, &["--repl-diskless-sync-delay", "0"]].concat();
        let primary = RedisServer::with_tls(&options, authority);
        let port = primary.client_port().to_string();
        let replica = [&options, of_replicas, &["--replicaof", "127.0.0.1", &port]].concat();
        let replicas = [0, 1].map(|_| RedisServer::with_tls(&replica, authority));
        let folder = Folder::new("sentinel");
        let sentinels = (0..3).map(|number| {
            let own = free_port();
            let tls = authority.map(|authority| (free_port(), authority));
            let of_tls = tls.map(|(port, authority)| {
                let [certificate, key, root] =
                    ["server.pem", "server.key", "ca.pem"].map(|name| authority.path(name));
                format!(
                    "tls-port {port}\ntls-cert-file {certificate}\ntls-key-file {key}\n\
                     tls-ca-cert-file {root}\ntls-auth-clients no\ntls-replication yes\n"
                )
            });
            let of_tls = of_tls.unwrap_or_default();
            let configuration = format!(
                "port {own}\nbind 127.0.0.1\nprotected-mode no\n{of_tls}\
                 sentinel monitor {MASTER} 127.0.0.1 {port} 2\n\
                 sentinel down-after-milliseconds {MASTER} 700\n\
                 sentinel failover-timeout {MASTER} 3000\n{of_sentinels}\n"
            );
            let file = folder.path().join(format!("{number}.conf"));
            fs::write(&file, configuration).expect("a file");
            let mut sentinel = Sentinel {
                process: None,
                port: own,
                tls_port: tls.map(|(port, _)| port),
                file,
            };
            sentinel.start();
            sentinel
        });
        let trio = Self {
            sentinels: sentinels.collect(),
            servers: [primary].into_iter().chain(replicas).collect(),
            _folder: folder,
        };
        trio.settle();
        trio
    }

    /// Waits until the Sentinels know each other and two replicas that have all.
    pub fn settle(&self) {
        for sentinel in &self.sentinels {
            eventually("the Sentinels know all", PATIENCE, || {
                let facts = texts(sentinel.port, &["SENTINEL", "MASTER", MASTER])?;
                let fact = |name: &str| {
                    let at = facts.iter().position(|fact| fact == name)?;
                    facts.get(at + 1).map(String::as_str)
                };
                let known = (fact("num-slaves")?, fact("num-other-sentinels")?);
                (known == ("2", "2")).then_some(())
            });
        }
        let primary = self.primary();
        eventually("both replicas have all", PATIENCE, || {
            let online = |number: usize| {
                self.servers[primary]
                    .info(&format!("slave{number}"))
                    .contains("online")
            };
            (online(0) && online(1)).then_some(())
        });
    }

    /// `redis.urls` for the Sentinels.
    pub fn urls(&self) -> String {
        let urls = self
            .sentinels
            .iter()
            .map(|sentinel| match sentinel.tls_port {
                Some(port) => format!("rediss://127.0.0.1:{port}"),
                None => format!("redis://127.0.0.1:{}", sentinel.port),
            });
        urls.collect::<Vec<_>>().join(",")
    }

    /// The number of the server that most Sentinels name.
    pub fn primary(&self) -> usize {
        eventually("the Sentinels agree", PATIENCE, || {
            let places = self.sentinels.iter().filter_map(|sentinel| {
                texts(
                    sentinel.port,
                    &["SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER],
                )?
                .pop()
            });
            let places: Vec<String> = places.collect();
            let servers = self.servers.iter();
            let ports = servers.map(|server| server.client_port().to_string());
            ports.enumerate().find_map(|(number, port)| {
                (places.iter().filter(|place| **place == port).count() >= 2).then_some(number)
            })
        })
    }

    /// Has the first Sentinel begin a fail-over, though the primary is well.
    pub fn fail_over(&self) {
        eventually("a Sentinel agrees to it", PATIENCE, || {
            let answer = texts(self.sentinels[0].port, &["SENTINEL", "FAILOVER", MASTER])?;
            (answer == ["OK"]).then_some(())
        });
    }

    /// True when a Sentinel names another server than this one.
    pub fn another_is_named_by_one(&self, than: usize) -> bool {
        let port = self.servers[than].client_port().to_string();
        self.sentinels.iter().any(|sentinel| {
            let words = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER];
            texts(sentinel.port, &words).is_some_and(|place| place.last() != Some(&port))
        })
    }

    /// Waits until most Sentinels name another server, which takes writes.
    pub fn wait_for_another(&self, than: usize) -> usize {
        eventually("another server is the primary", PATIENCE, || {
            let primary = self.primary();
            let answers = primary != than
                && self.servers[primary].try_command(&["SET", "starwars:test", "1", "PX", "1"])?
                    == "+OK";
            answers.then_some(primary)
        })
    }

    pub fn kill_sentinel(&mut self, number: usize) {
        self.sentinels[number].process = None;
    }

    pub fn start_sentinel(&mut self, number: usize) {
        self.sentinels[number].start();
    }
}

impl Sentinel {
    fn start(&mut self) {
        let mut command = Command::new(find_program("redis-server", &[]));
        command.arg(&self.file).arg("--sentinel");
        self.process = Some(Process::start(
            &mut command,
            &self.file.with_extension("log"),
        ));
    }
}
