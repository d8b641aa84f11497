//! The service as a process of its own: the real binary with variables, its files in a
//! temporary folder.

use std::{
    collections::BTreeMap,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use super::{
    eventually,
    http::{Client, OF_OTHER_RELEASES, Request},
    mariadb, postgres,
    process::{Folder, Process, free_port},
    redis::RedisServer,
    stores::ServerDatabase,
};

/// Known, so that tests can sign tokens by hand.
pub const ACCESS_SECRET: &str = "access-secret-of-the-tests-0123456789";
pub const REFRESH_SECRET: &str = "refresh-secret-of-the-tests-0123456789";
pub const EMAIL_SECRET: &str = "email-secret-of-the-tests-0123456789";
pub const PASSWORD_SECRET: &str = "password-secret-of-the-tests-0123456789";

/// A running service and how to start it again.
pub struct TestApp {
    process: Option<Process>,
    settings: Settings,
    folder: Folder,
    address: SocketAddr,
    program: PathBuf,
    /// The program's command.
    arguments: &'static [&'static str],
    /// Kilobytes of a disk of its own for `var/`.
    disk: Option<u32>,
}

/// Variables for a start.
#[derive(Clone)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The settings that all tests start from: cheap hashes, known secrets, responses validated against the contract.
    fn of_tests(address: SocketAddr) -> Self {
        let mut settings = Self(BTreeMap::new());
        settings
            .set("server.bind", &address.to_string())
            .set("server.workers", "2")
            .set("passwords.memory_kib", "64")
            .set("passwords.iterations", "1")
            .set("tokens.access.secrets", ACCESS_SECRET)
            .set("tokens.refresh.secrets", REFRESH_SECRET)
            .set("tokens.email.secrets", EMAIL_SECRET)
            .set("tokens.password.secrets", PASSWORD_SECRET)
            // Tests do in a second what a client does in a day; those of the limits switch them on.
            .set("limits.enabled", "false")
            .set("gatekeeper.validate_responses", "true")
            .set("log.format", "json")
            .set("log.filter", "info");
        settings
    }

    /// Sets a key as `config/default.toml` names it: `tokens.access.hours`.
    pub fn set(&mut self, key: &str, value: &str) -> &mut Self {
        let name = format!("STARWARS__{}", key.to_uppercase().replace('.', "__"));
        self.0.insert(name, value.to_owned());
        self
    }

    /// Leaves a key to the files.
    pub fn unset(&mut self, key: &str) -> &mut Self {
        let name = format!("STARWARS__{}", key.to_uppercase().replace('.', "__"));
        self.0.remove(&name);
        self
    }

    /// Sets a variable by its own name.
    pub fn variable(&mut self, name: &str, value: &str) -> &mut Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl TestApp {
    /// The embedded store and SQLite.
    pub fn start() -> Self {
        Self::with_settings(|_| {})
    }

    pub fn with_redis(redis: &RedisServer) -> Self {
        Self::with_settings(|settings| {
            settings
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url());
        })
    }

    pub fn with_postgres(database: &postgres::Database) -> Self {
        Self::with_database(database)
    }

    pub fn with_mariadb(database: &mariadb::Database) -> Self {
        Self::with_database(database)
    }

    pub fn with_database(database: &dyn ServerDatabase) -> Self {
        Self::with_settings(|settings| {
            settings.set("database.url", &database.url());
        })
    }

    pub fn with_settings(change: impl FnOnce(&mut Settings)) -> Self {
        let mut app = Self::not_started(change);
        app.start_again();
        app
    }

    /// Another command that serves.
    pub fn of_command(arguments: &'static [&'static str]) -> Self {
        let mut app = Self::not_started(|_| {});
        app.arguments = arguments;
        app.start_again();
        app
    }

    /// Everything prepared, nothing running; for the command line.
    pub fn not_started(change: impl FnOnce(&mut Settings)) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut settings = Settings::of_tests(address);
        change(&mut settings);
        Self {
            process: None,
            settings,
            folder: Folder::new("app"),
            address,
            program: env!("CARGO_BIN_EXE_starwars-api").into(),
            arguments: &["serve"],
            disk: None,
        }
    }

    /// Takes the program of another release.
    pub fn of_program(mut self, program: PathBuf) -> Self {
        self.program = program;
        let mut others = OF_OTHER_RELEASES.lock().expect("addresses");
        others.insert(self.address);
        drop(others);
        self
    }

    /// Lets requests go to an address where others answer; for a service that is not started itself.
    pub fn reached_at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Starts the service on the same port with the same files, and waits until it answers.
    pub fn start_again(&mut self) {
        self.spawn();
        eventually("the service answers", Duration::from_secs(20), || {
            if let Some(status) = self.process().exited() {
                panic!("the service ended ({status}):\n{}", self.log());
            }
            let answer = self.get("/healthz").try_send().ok()?;
            (answer.status == 200).then_some(())
        });
    }

    /// Starts the service and waits for nothing.
    pub fn spawn(&mut self) -> &mut Process {
        self.process = None;
        let mut command = self.command(self.arguments);
        let log = self.folder.path().join("service.log");
        self.process.insert(Process::start(&mut command, &log))
    }

    pub fn running(&self) -> &Process {
        self.process.as_ref().expect("the service runs")
    }

    /// Starts another command and waits for nothing.
    pub fn spawn_command(&mut self, arguments: &'static [&'static str]) -> &mut Process {
        self.arguments = arguments;
        self.spawn()
    }

    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("the service runs")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process().kill();
        self.process = None;
    }

    /// Runs a command of the command line to its end.
    pub fn run(&self, arguments: &[&str], input: &(impl AsRef<[u8]> + ?Sized)) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // It may end without reading.
        let _ = child
            .stdin
            .take()
            .expect("stdin is a pipe")
            .write_all(input.as_ref());
        child.wait_with_output().expect("the binary ends")
    }

    /// Gives it a disk of so many kilobytes for `var/`, in a mount namespace that ends with it.
    pub fn with_disk(mut self, kilobytes: u32) -> Self {
        self.disk = Some(kilobytes);
        self
    }

    /// Returns the path of the running service's `var/` from outside of its mount namespace.
    pub fn disk(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.running().id()));
        let folder = self.folder().strip_prefix("/").expect("an absolute path");
        root.join(folder).join("var")
    }

    /// A shell with the service's settings, in its folder.
    pub fn shell(&self) -> Command {
        let mut shell = Command::new("bash");
        shell
            .current_dir(self.folder.path())
            .env_clear()
            .envs(&self.settings.0);
        shell
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = &self.program;
        let mut command = match self.disk {
            None => Command::new(program),
            Some(kilobytes) => {
                let script = format!(
                    "mkdir -p var && mount -t tmpfs -o size={kilobytes}k none var && exec \"$0\" \"$@\""
                );
                let mut command = Command::new("unshare");
                // Root of a namespace of its own may mount there.
                command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
                command.arg(script).arg(program);
                command
            }
        };
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(&self.settings.0);
        command
    }

    pub fn client(&self) -> Client {
        Client(self.address)
    }

    pub fn get(&self, target: &str) -> Request {
        self.client().get(target)
    }

    pub fn post(&self, target: &str) -> Request {
        self.client().post(target)
    }

    pub fn put(&self, target: &str) -> Request {
        self.client().put(target)
    }

    pub fn patch(&self, target: &str) -> Request {
        self.request("PATCH", target)
    }

    pub fn delete(&self, target: &str) -> Request {
        self.request("DELETE", target)
    }

    pub fn request(&self, method: &str, target: &str) -> Request {
        self.client().request(method, target)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the prefix of absolute URLs when `server.public_url` is not set.
    pub fn public_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder that it runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn outbox(&self) -> PathBuf {
        let set = self.settings.0.get("STARWARS__MAIL__OUTBOX_DIR");
        self.folder().join(set.map_or("var/outbox", String::as_str))
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("service.log")).unwrap_or_default()
    }

    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }
}
