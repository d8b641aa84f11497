//! PgBouncer in front of a database of PostgreSQL.

use std::{fs, os::unix::fs::chown, process::Command, time::Duration};

use url::Url;

use super::{
    eventually,
    process::{Folder, Process, debian_user, find_program, free_port},
};

pub struct PgBouncer {
    _process: Process,
    _folder: Folder,
    url: Url,
}

impl PgBouncer {
    /// A connection of a client has one of the server for as long as it lasts.
    pub fn in_session_mode(url: &str) -> Self {
        let mut url = Url::parse(url).expect("URL");
        let folder = Folder::new("pgbouncer");
        let port = free_port();
        let users = folder.path().join("users");
        let settings = folder.path().join("pgbouncer.ini");
        fs::write(&users, "\"postgres\" \"\"\n").expect("users");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\n\
             pool_mode = session\n",
            url.port().expect("port"),
            users.display()
        );
        fs::write(&settings, text).expect("settings");
        let mut command = Command::new(find_program("pgbouncer", &["/usr/sbin".into()]));
        // It refuses to run as root.
        if let Some((user, group)) = debian_user(folder.path(), "postgres") {
            for file in [folder.path(), &users, &settings] {
                chown(file, Some(user), Some(group)).expect("chown");
            }
            command.arg("--user=postgres");
        }
        command.arg(&settings);
        let process = Process::start(&mut command, &folder.path().join("pgbouncer.log"));
        eventually("PgBouncer listens", Duration::from_secs(10), || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        url.set_port(Some(port)).expect("port");
        Self {
            _process: process,
            _folder: folder,
            url,
        }
    }

    pub fn url(&self) -> &str {
        self.url.as_str()
    }
}
