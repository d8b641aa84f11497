//! One PostgreSQL server for the whole test process, and a database of its own for each test.

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
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

static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start(&[]));

/// A server; a test that makes it hang starts one of its own.
struct Server {
    process: Process,
    files: Files,
}

/// The files of a server, and the port on which it listens.
struct Files {
    folder: Folder,
    /// PostgreSQL refuses to run as root.
    owner: Option<(u32, u32)>,
    port: u16,
    options: Vec<String>,
}

impl Files {
    fn new(options: &[&str]) -> Self {
        let folder = Folder::new("postgres");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("data folder");
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("chmod");
        let files = Self {
            owner: debian_user(&data, "postgres"),
            folder,
            port: free_port(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
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

    /// Writes a file that its owner alone may read.
    fn write(&self, name: &str, text: &[u8]) {
        let file = self.data().join(name);
        fs::write(&file, text).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("chmod");
        self.give(&file);
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program_path(program));
        command.current_dir("/");
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    /// Runs a program that fills the data folder.
    fn make(&self, program: &str, arguments: &[&str]) {
        let made = self
            .command(program)
            .args(arguments)
            .arg("-D")
            .arg(self.data())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{program}: {said}");
    }

    fn initialize(&self) {
        let arguments = ["--auth=trust", "--username=postgres", "--no-sync"];
        self.make(
            "initdb",
            &[&arguments[..], &["--encoding=UTF8", "--locale=C"]].concat(),
        );
    }

    fn serve(&self) -> Process {
        let port = self.port.to_string();
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args(["-p", &port]);
        let common =
            "listen_addresses=127.0.0.1 unix_socket_directories= fsync=off max_connections=200";
        // The last value of an option is the one that holds.
        for option in common
            .split(' ')
            .chain(self.options.iter().map(String::as_str))
        {
            command.args(["-c", option]);
        }
        Process::start(&mut command, &self.folder.path().join("postgres.log"))
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

impl Server {
    fn start(options: &[&str]) -> Self {
        let files = Files::new(options);
        files.initialize();
        Self::of(files)
    }

    fn of(files: Files) -> Self {
        let server = Self {
            process: files.serve(),
            files,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        eventually("PostgreSQL answers", Duration::from_secs(60), || {
            self.files.sql("postgres", "select 1").ok()
        });
    }
}

/// The only database of a server that only one test uses.
pub struct Alone {
    server: Server,
}

impl Alone {
    pub fn start() -> Self {
        Self {
            server: Server::start(&[]),
        }
    }

    /// On 127.0.0.1 and 127.0.0.2. The user `crew` must use TLS and a password, which is hashed as SCRAM-SHA-256.
    pub fn with_tls(authority: &Authority, password: &str) -> Self {
        let files = Files::new(&["listen_addresses=127.0.0.1,127.0.0.2", "ssl=on"]);
        files.initialize();
        for (name, source) in [("server.crt", "server.pem"), ("server.key", "server.key")] {
            files.write(name, &fs::read(authority.file(source)).expect("a file"));
        }
        let rules =
            "hostssl all crew 127.0.0.0/8 scram-sha-256\nhost all postgres 127.0.0.1/32 trust\n";
        files.write("pg_hba.conf", rules.as_bytes());
        let server = Server::of(files);
        let made = format!(
            "create role crew login password '{password}'; grant all on schema public to crew"
        );
        server.files.sql("postgres", &made).expect("role");
        Self { server }
    }

    /// On a disk of so many kilobytes, in namespaces that end with it. As a service manager does, a shell starts it again
    /// when it ends.
    pub fn on_a_disk(kilobytes: u32) -> Self {
        let files = Files::new(&[]);
        let script = format!(
            "mount -t tmpfs -o size={kilobytes}k,mode=0777 none \"$1\" && \
             as_owner() {{ unshare --user --map-user=1000 --map-group=1000 \"$@\"; }} && \
             as_owner \"$2/initdb\" -D \"$1/data\" --auth=trust --username=postgres --no-sync --wal-segsize=1 && \
             while :; do as_owner \"$2/postgres\" -D \"$1/data\" -p {} -c listen_addresses=127.0.0.1 \
             -c unix_socket_directories= -c min_wal_size=2MB -c max_wal_size=8MB; sleep 0.3; done",
            files.port
        );
        let programs = program_path("postgres");
        let mut command = Command::new("unshare");
        // Root of a namespace of its own may mount there, and PostgreSQL refuses to run as root.
        command
            .args([
                "--user",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
            ])
            .args(["sh", "-c", &script, "sh"])
            .args([
                files.data(),
                programs.parent().expect("a folder").to_owned(),
            ]);
        let process = Process::start(&mut command, &files.folder.path().join("postgres.log"));
        let server = Server { process, files };
        server.wait();
        Self { server }
    }

    /// The path of its disk from outside of its namespaces.
    pub fn disk(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.server.process.child()));
        root.join(
            self.server
                .files
                .data()
                .strip_prefix("/")
                .expect("an absolute path"),
        )
    }

    pub fn port(&self) -> u16 {
        self.server.files.port
    }

    /// Stops the server by a signal: `INT` ends connections, `QUIT` does not even write what is in memory.
    pub fn stop(&mut self, signal: &str) {
        self.server.process.signal(signal);
        self.server.process.wait(Duration::from_secs(30));
    }

    /// `kill -9` of all its processes.
    pub fn kill(&mut self) {
        self.server.process.signal_family("KILL");
        self.server.process.kill();
    }

    pub fn start_again(&mut self) {
        self.server.process = self.server.files.serve();
        self.server.wait();
    }

    /// A copy of it that follows, for whose answer each commit waits from now on.
    pub fn standby(&self) -> Self {
        let files = Files::new(&[]);
        let source = format!(
            "host=127.0.0.1 port={} user=postgres application_name=standby",
            self.port()
        );
        let arguments = [
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
            "-R",
            "-d",
            &source,
        ];
        files.make("pg_basebackup", &arguments);
        let standby = Self {
            server: Server::of(files),
        };
        self.sql("alter system set synchronous_standby_names = 'standby'");
        self.sql("select pg_reload_conf()");
        eventually("the standby follows", Duration::from_secs(30), || {
            (self.sql("select sync_state from pg_stat_replication") == "sync").then_some(())
        });
        standby
    }

    pub fn promote(&self) {
        self.sql("select pg_promote()");
    }
}

impl ServerDatabase for Alone {
    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port())
    }

    fn sql(&self, statements: &str) -> String {
        let rows = self.server.files.sql("postgres", statements);
        rows.expect(statements)
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
        let made = format!("create database {name}");
        SERVER.files.sql("postgres", &made).expect("database");
        Self { name }
    }
}

impl ServerDatabase for Database {
    fn url(&self) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{}",
            SERVER.files.port, self.name
        )
    }

    fn sql(&self, statements: &str) -> String {
        SERVER.files.sql(&self.name, statements).expect(statements)
    }
}

pub(super) fn program_path(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.sort();
    find_program(name, &folders)
}
