//! PgBouncer in front of a database of PostgreSQL.

use std::{fs, os::unix::fs::chown, process::Command, time::Duration};

use url::Url;

use super::{
    eventually,
    postgres::program_path,
    process::{Folder, Process, debian_user, find_program, free_port},
};

pub struct PgBouncer {
    process: Process,
    folder: Folder,
    mode: &'static str,
    url: Url,
    changes_user: bool,
}

impl PgBouncer {
    /// A connection of a client has one of the server for as long as it lasts.
    pub fn in_session_mode(url: &str) -> Self {
        Self::start(url, "session\ndefault_pool_size = 50")
    }

    /// A transaction of a client has a connection of the server for as long as it lasts. There are fewer of these than
    /// the service has connections.
    pub fn in_transaction_mode(url: &str) -> Self {
        Self::start(url, "transaction\ndefault_pool_size = 3")
    }

    fn start(url: &str, mode: &'static str) -> Self {
        let mut url = Url::parse(url).expect("URL");
        let folder = Folder::new("pgbouncer");
        let server = url.port().expect("port");
        url.set_port(Some(free_port())).expect("port");
        write_settings(&folder, mode, &url, server);
        // It refuses to run as root.
        let owner = debian_user(folder.path(), "postgres");
        if let Some((user, group)) = owner {
            for file in ["", "users", "settings.ini"] {
                chown(folder.path().join(file), Some(user), Some(group)).expect("chown");
            }
        }
        Self {
            process: run(&folder, &url, owner.is_some()),
            folder,
            mode,
            url,
            changes_user: owner.is_some(),
        }
    }

    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Ends it, and with it the connections on both sides, and starts it again.
    pub fn restart(&mut self) {
        self.process.signal("TERM");
        self.process.wait(Duration::from_secs(10));
        self.process = run(&self.folder, &self.url, self.changes_user);
    }

    /// Leads to another server from now on, as an operator does it after a fail-over.
    pub fn lead_to(&self, server: u16) {
        write_settings(&self.folder, self.mode, &self.url, server);
        self.process.signal("HUP");
    }

    /// Asks for something through it.
    pub fn sql(&self, question: &str) -> String {
        let output = Command::new(program_path("psql"))
            .args([self.url(), "-tAc", question])
            .output()
            .expect("psql runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

fn write_settings(folder: &Folder, mode: &str, url: &Url, server: u16) {
    let (users, settings) = (
        folder.path().join("users"),
        folder.path().join("settings.ini"),
    );
    fs::write(&users, "\"postgres\" \"\"\n").expect("users");
    let text = format!(
        "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\n\
         pool_mode = {mode}\nserver_login_retry = 1\n",
        url.port().expect("port"),
        users.display()
    );
    fs::write(&settings, text).expect("settings");
}

fn run(folder: &Folder, url: &Url, changes_user: bool) -> Process {
    let settings = folder.path().join("settings.ini");
    let mut command = Command::new(find_program("pgbouncer", &["/usr/sbin".into()]));
    if changes_user {
        command.arg("--user=postgres");
    }
    command.arg(&settings);
    let process = Process::start(&mut command, &folder.path().join("pgbouncer.log"));
    let port = url.port().expect("port");
    eventually("PgBouncer listens", Duration::from_secs(10), || {
        std::net::TcpStream::connect(("127.0.0.1", port)).ok()
    });
    process
}
