//! One MariaDB server for the whole test process, and a database of its own for each test.
//!
//! The databases take latin1 unless a table says otherwise: many installations do, and what holds there holds elsewhere.

use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
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
    tls::Authority,
};

static SHARED: LazyLock<Server> = LazyLock::new(|| Server::start(Files::new()));

/// A server; a test that makes it hang starts one of its own.
struct Server {
    process: Process,
    files: Files,
}

/// The files of a server, and the port on which it listens.
struct Files {
    folder: Folder,
    owner: Option<(u32, u32)>,
    port: u16,
    options: Vec<String>,
}

impl Files {
    fn new() -> Self {
        let folder = Folder::new("mariadb");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("data folder");
        let files = Self {
            owner: debian_user(&data, "mysql"),
            folder,
            port: free_port(),
            options: Vec::new(),
        };
        files.give(&data);
        files
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn give(&self, file: &Path) {
        if let Some((user, group)) = self.owner {
            chown(file, Some(user), Some(group)).expect("chown");
        }
    }

    fn program(&self, name: &str) -> Command {
        let data = self.data();
        let mut command = Command::new(find_program(name, &["/usr/sbin".into()]));
        command.arg("--no-defaults").current_dir("/");
        if self.owner.is_some() {
            command.arg("--user=mysql");
        }
        command
            .arg(format!("--datadir={}", data.display()))
            // The folder of the tests is not for everybody to write to.
            .arg(format!("--tmpdir={}", data.display()))
            .args(["--innodb-log-file-size=16M", "--innodb-flush-method=nosync"])
            .args(["--skip-innodb-doublewrite", "--skip-name-resolve"]);
        command
    }

    fn initialize(&self) {
        let made = self
            .program("mariadb-install-db")
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .output()
            .expect("mariadb-install-db runs");
        assert!(
            made.status.success(),
            "mariadb-install-db: {}{}",
            String::from_utf8_lossy(&made.stdout),
            String::from_utf8_lossy(&made.stderr)
        );
    }

    fn serve(&self) -> Process {
        let mut command = self.program("mariadbd");
        command
            .arg("--bind-address=127.0.0.1")
            .arg(format!("--port={}", self.port))
            // Relative to the data folder.
            .args(["--socket=server.sock", "--pid-file=server.pid"])
            .args(["--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"])
            .args(["--character-set-server=latin1", "--max-connections=400"])
            // The last value of an option is the one that holds.
            .args(&self.options);
        Process::start(&mut command, &self.folder.path().join("mariadb.log"))
    }
}

impl Server {
    fn start(files: Files) -> Self {
        files.initialize();
        let server = Self {
            process: files.serve(),
            files,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        eventually("MariaDB answers", Duration::from_secs(60), || {
            self.sql("mysql", "select 1").ok()
        });
    }

    /// A new database's URL.
    fn database(&self) -> (String, String) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql("mysql", &format!("create database {name}"))
            .expect("database");
        let url = format!("mysql://root@127.0.0.1:{}/{name}", self.files.port);
        (name, url)
    }

    /// Runs statements; returns their rows as lines, with tabs between the values.
    fn sql(&self, database: &str, statements: &str) -> Result<String, String> {
        let output = Command::new(find_program("mariadb", &[]))
            .args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1"])
            .arg(format!("--port={}", self.files.port))
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
        Self::of(Files::new())
    }

    /// Commits are written at once, so that they survive `kill -9`.
    pub fn that_survives_a_kill() -> Self {
        let mut files = Files::new();
        files.options = vec!["--innodb-flush-log-at-trx-commit=1".to_owned()];
        Self::of(files)
    }

    /// On 127.0.0.1 and 127.0.0.2. The user `crew` must use TLS and a password.
    pub fn with_tls(authority: &Authority, password: &str) -> Self {
        let mut files = Files::new();
        for (option, name) in [("cert", "server.pem"), ("key", "server.key")] {
            let file = files.folder.path().join(name);
            fs::copy(authority.file(name), &file).expect("a file");
            files.give(&file);
            files
                .options
                .push(format!("--ssl-{option}={}", file.display()));
        }
        files
            .options
            .push("--bind-address=127.0.0.1,127.0.0.2".to_owned());
        let alone = Self::of(files);
        alone.sql(&format!(
            "create user crew@'127.%' identified by '{password}' require ssl; \
             grant all on {}.* to crew@'127.%'",
            alone.name
        ));
        alone
    }

    fn of(files: Files) -> Self {
        let server = Server::start(files);
        let (name, url) = server.database();
        Self { server, name, url }
    }

    /// Another database of the server, of this name.
    pub fn with_database(mut self, name: &str) -> Self {
        self.sql(&format!("create database {name}"));
        self.url = self
            .url
            .replace(&format!("/{}", self.name), &format!("/{name}"));
        name.clone_into(&mut self.name);
        self
    }

    /// Stops the server by a signal, `TERM` or `KILL`.
    pub fn stop(&mut self, signal: &str) {
        self.server.process.signal(signal);
        self.server.process.wait(Duration::from_secs(30));
    }

    pub fn start_again(&mut self) {
        self.server.process = self.server.files.serve();
        self.server.wait();
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
