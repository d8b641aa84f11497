//! A Redis server of a test's own, with its faults.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    time::Duration,
};

use super::{
    eventually,
    process::{Folder, Process, find_program, free_port},
    tls::Authority,
};

/// An account for the service in Redis, named `crew`, that may do what `docs/operating.md` says and no more.
pub fn account() -> Vec<&'static str> {
    let documentation = include_str!("../../../docs/operating.md");
    let rules = documentation
        .lines()
        .find_map(|line| {
            line.trim()
                .strip_prefix("ACL SETUSER starwars on >PASSWORD ")
        })
        .expect("the rules of the account");
    let beginning = ["--user", "crew", "on", ">x-wing"];
    beginning.into_iter().chain(rules.split(' ')).collect()
}

pub struct RedisServer {
    process: Option<Process>,
    folder: Folder,
    port: u16,
    tls_port: Option<u16>,
    options: Vec<String>,
}

impl RedisServer {
    pub fn start() -> Self {
        Self::with_options(&[])
    }

    /// A free address where nobody answers yet.
    pub fn not_started() -> Self {
        Self {
            process: None,
            folder: Folder::new("redis"),
            port: free_port(),
            tls_port: None,
            options: Vec::new(),
        }
    }

    pub fn with_options(options: &[&str]) -> Self {
        let mut server = Self::not_started();
        server.options = options.iter().map(|&option| option.to_owned()).collect();
        server.restart();
        server
    }

    /// On a port for TLS besides its own, if there is an authority; replication and the bus of a cluster use it, too.
    pub fn with_tls(options: &[&str], authority: Option<&Authority>) -> Self {
        let Some(authority) = authority else {
            return Self::with_options(options);
        };
        let port = free_port();
        let files = ["server.pem", "server.key", "ca.pem"].map(|name| authority.path(name));
        let tls = [
            "--tls-port",
            &port.to_string(),
            "--tls-cert-file",
            &files[0],
            "--tls-key-file",
            &files[1],
            "--tls-ca-cert-file",
            &files[2],
            "--tls-auth-clients",
            "no",
            "--tls-replication",
            "yes",
        ];
        let mut server = Self::with_options(&[options, &tls].concat());
        server.tls_port = Some(port);
        server
    }

    /// The port that clients use: that of TLS, if there is one.
    pub fn client_port(&self) -> u16 {
        self.tls_port.unwrap_or(self.port)
    }

    /// Its address as for `redis.urls`.
    pub fn node_url(&self) -> String {
        let scheme = if self.tls_port.is_some() {
            "rediss"
        } else {
            "redis"
        };
        format!("{scheme}://127.0.0.1:{}", self.client_port())
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Ends it like a power cut.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts it again at the same port: empty, unless `SAVE` was called.
    pub fn restart(&mut self) {
        self.spawn(&[]);
        let pong = if self.options.iter().any(|option| option == "--requirepass") {
            "-NOAUTH Authentication required."
        } else {
            "+PONG"
        };
        eventually("Redis answers", Duration::from_secs(10), || {
            (self.try_command(&["PING"])? == pong).then_some(())
        });
    }

    /// Starts it again, and has it take seconds to load what `SAVE` left.
    pub fn restart_loading(&mut self) {
        self.spawn(&[
            "--key-load-delay",
            "1500",
            "--loading-process-events-interval-bytes",
            "1024",
        ]);
        eventually("Redis loads", Duration::from_secs(10), || {
            self.try_command(&["PING"])?
                .starts_with("-LOADING")
                .then_some(())
        });
    }

    fn spawn(&mut self, more: &[&str]) {
        self.kill();
        let mut command = Command::new(find_program("redis-server", &[]));
        command
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .arg("--dir")
            .arg(self.folder.path())
            .args(&self.options)
            .args(more);
        let log = self.folder.path().join("redis.log");
        self.process = Some(Process::start(&mut command, &log));
    }

    /// It keeps its connections and answers nothing.
    pub fn hang(&self) {
        self.process.as_ref().expect("Redis runs").signal("STOP");
    }

    pub fn resume(&self) {
        self.process.as_ref().expect("Redis runs").signal("CONT");
    }

    /// Has a replica refused by its primary from now on.
    pub fn stop_replication(&self) {
        for words in [
            &["CONFIG", "SET", "masterauth", "wrong"][..],
            &["CONFIG", "SET", "masteruser", "nobody"],
            &["CLIENT", "KILL", "TYPE", "master"],
        ] {
            self.command(words);
        }
        eventually("replication is cut off", Duration::from_secs(60), || {
            (self.info("master_link_status") == "down").then_some(())
        });
    }

    /// Sends a command; answers the first line of the reply.
    pub fn command(&self, words: &[&str]) -> String {
        self.try_command(words).expect("Redis answers")
    }

    /// Sends a command; answers every text of the reply, however deep it lies.
    pub fn texts(&self, words: &[&str]) -> Vec<String> {
        texts(self.port, words).expect("Redis answers")
    }

    /// A line of `INFO`, without its name.
    pub fn info(&self, name: &str) -> String {
        let info = self.texts(&["INFO"]).concat();
        let line = info.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim_start_matches(':').to_owned()
    }

    /// Everything that it holds: each key with what stands under it.
    pub fn dump(&self) -> Vec<(String, String)> {
        let keys = self.texts(&["KEYS", "*"]);
        keys.into_iter()
            .map(|key| {
                let reading = match self.texts(&["TYPE", &key])[0].as_str() {
                    "string" => vec!["GET", &key],
                    "hash" => vec!["HGETALL", &key],
                    "set" => vec!["SMEMBERS", &key],
                    "zset" => vec!["ZRANGE", &key, "0", "-1"],
                    "stream" => vec!["XRANGE", &key, "-", "+"],
                    "list" => vec!["LRANGE", &key, "0", "-1"],
                    "none" => return (key, String::new()),
                    other => panic!("teach the tests to read a {other}"),
                };
                let value = self.texts(&reading).join("\n");
                (key, value)
            })
            .collect()
    }

    pub fn try_command(&self, words: &[&str]) -> Option<String> {
        let mut line = String::new();
        ask(self.port, words)?.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    }
}

/// Sends a command to a server at this port; answers every text of the reply, if there is one.
pub fn texts(port: u16, words: &[&str]) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    read_texts(&mut ask(port, words)?, &mut texts)?;
    Some(texts)
}

fn ask(port: u16, words: &[&str]) -> Option<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    stream.write_all(request.as_bytes()).ok()?;
    Some(BufReader::new(stream))
}

/// RESP, version 2.
fn read_texts(reply: &mut impl BufRead, texts: &mut Vec<String>) -> Option<()> {
    let mut line = String::new();
    reply.read_line(&mut line).ok()?;
    let (kind, rest) = line.trim_end().split_at_checked(1)?;
    match kind {
        "*" => (0..rest.parse::<usize>().ok()?).try_for_each(|_| read_texts(reply, texts)),
        "$" => {
            let Ok(length) = rest.parse::<usize>() else {
                return Some(());
            };
            let mut text = vec![0; length + 2];
            reply.read_exact(&mut text).ok()?;
            texts.push(String::from_utf8_lossy(&text[..length]).into_owned());
            Some(())
        }
        _ => {
            texts.push(rest.to_owned());
            Some(())
        }
    }
}
