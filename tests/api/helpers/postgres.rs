//! One PostgreSQL server for the whole test process, and a database of its own for each test.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::PathBuf,
    process::Command,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use super::{
    eventually,
    process::{Folder, Process, debian_user, find_program, free_port},
    stores::{ServerAlone, ServerDatabase},
};

static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

/// A server; a test that makes it hang starts one of its own.
struct Server {
    process: Process,
    _folder: Folder,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let folder = Folder::new("postgres");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("data folder");
        // PostgreSQL refuses to run as root.
        let owner = debian_user(&data, "postgres");
        if let Some((user, group)) = owner {
            chown(&data, Some(user), Some(group)).expect("chown");
        }
        let as_owner = |program: &str| {
            let mut command = Command::new(program_path(program));
            command.current_dir("/");
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };
        let made = as_owner("initdb")
            .args([
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--encoding=UTF8",
            ])
            .arg("--locale=C")
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = free_port();
        let mut command = as_owner("postgres");
        command.arg("-D").arg(&data).args([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=200",
        ]);
        let process = Process::start(&mut command, &folder.path().join("postgres.log"));
        let server = Self {
            process,
            _folder: folder,
            port,
        };
        eventually("PostgreSQL answers", Duration::from_secs(30), || {
            server.sql("postgres", "select 1").ok()
        });
        server
    }

    fn sql(&self, database: &str, statement: &str) -> Result<String, String> {
        let output = Command::new(program_path("psql"))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "postgres", "-d", database, "-tAc", statement])
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// The only database of a server that only one test uses.
pub struct Alone {
    server: Server,
}

impl Alone {
    pub fn start() -> Self {
        Self {
            server: Server::start(),
        }
    }
}

impl ServerDatabase for Alone {
    fn url(&self) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/postgres",
            self.server.port
        )
    }

    fn sql(&self, statements: &str) -> String {
        self.server.sql("postgres", statements).expect(statements)
    }
}

impl ServerAlone for Alone {
    // Each connection has a process of its own.
    fn hang(&self) {
        self.server.process.signal_family("STOP");
    }

    fn resume(&self) {
        self.server.process.signal_family("CONT");
    }
}

/// A database that only one test uses.
pub struct Database {
    name: String,
}

impl Database {
    pub fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        SERVER
            .sql("postgres", &format!("create database {name}"))
            .expect("database");
        Self { name }
    }
}

impl ServerDatabase for Database {
    fn url(&self) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{}",
            SERVER.port, self.name
        )
    }

    fn sql(&self, statements: &str) -> String {
        SERVER.sql(&self.name, statements).expect(statements)
    }
}

fn program_path(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.sort();
    find_program(name, &folders)
}
