//! One MariaDB server for the whole test process, and a database of its own for each test.
//!
//! The databases take latin1 unless a table says otherwise: many installations do, and what holds there holds elsewhere.

use std::{
    fs,
    os::unix::fs::chown,
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

static SHARED: LazyLock<Server> = LazyLock::new(Server::start);

/// A server; a test that makes it hang starts one of its own.
struct Server {
    process: Process,
    _folder: Folder,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let folder = Folder::new("mariadb");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("data folder");
        let owner = debian_user(&data, "mysql");
        if let Some((user, group)) = owner {
            chown(&data, Some(user), Some(group)).expect("chown");
        }
        let program = |name: &str| {
            let mut command = Command::new(find_program(name, &["/usr/sbin".into()]));
            command.arg("--no-defaults").current_dir("/");
            if owner.is_some() {
                command.arg("--user=mysql");
            }
            command
                .arg(format!("--datadir={}", data.display()))
                // The folder of the tests is not for everybody to write to.
                .arg(format!("--tmpdir={}", data.display()))
                .args(["--innodb-log-file-size=16M", "--innodb-flush-method=nosync"])
                .args(["--skip-innodb-doublewrite", "--skip-name-resolve"]);
            command
        };
        let made = program("mariadb-install-db")
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .output()
            .expect("mariadb-install-db runs");
        assert!(
            made.status.success(),
            "mariadb-install-db: {}{}",
            String::from_utf8_lossy(&made.stdout),
            String::from_utf8_lossy(&made.stderr)
        );
        let port = free_port();
        let mut command = program("mariadbd");
        command
            .arg("--bind-address=127.0.0.1")
            .arg(format!("--port={port}"))
            // Relative to the data folder.
            .args(["--socket=server.sock", "--pid-file=server.pid"])
            .args(["--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"])
            .args(["--character-set-server=latin1", "--max-connections=400"]);
        let process = Process::start(&mut command, &folder.path().join("mariadb.log"));
        let server = Self {
            process,
            _folder: folder,
            port,
        };
        eventually("MariaDB answers", Duration::from_secs(30), || {
            server.sql("mysql", "select 1").ok()
        });
        server
    }

    /// A new database's URL.
    fn database(&self) -> (String, String) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql("mysql", &format!("create database {name}"))
            .expect("database");
        let url = format!("mysql://root@127.0.0.1:{}/{name}", self.port);
        (name, url)
    }

    /// Runs statements; returns their rows as lines, with tabs between the values.
    fn sql(&self, database: &str, statements: &str) -> Result<String, String> {
        let output = Command::new(find_program("mariadb", &[]))
            .args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1"])
            .arg(format!("--port={}", self.port))
            .args(["--user=root", "--default-character-set=utf8mb4"])
            .args(["--batch", "--skip-column-names", "--raw", "--execute"])
            .args([statements, database])
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// A database of a server that only one test uses.
pub struct Alone {
    server: Server,
    name: String,
    url: String,
}

impl Alone {
    pub fn start() -> Self {
        let server = Server::start();
        let (name, url) = server.database();
        Self { server, name, url }
    }
}

impl ServerDatabase for Alone {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn sql(&self, statements: &str) -> String {
        self.server.sql(&self.name, statements).expect(statements)
    }
}

impl ServerAlone for Alone {
    fn hang(&self) {
        self.server.process.signal("STOP");
    }

    fn resume(&self) {
        self.server.process.signal("CONT");
    }
}

/// A database that only one test uses.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    pub fn create() -> Self {
        let (name, url) = SHARED.database();
        Self { name, url }
    }
}

impl ServerDatabase for Database {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn sql(&self, statements: &str) -> String {
        SHARED.sql(&self.name, statements).expect(statements)
    }
}
