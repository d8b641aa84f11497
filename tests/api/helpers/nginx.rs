//! nginx in front of instances, with the configuration that `deploy/` ships.

use std::{fs, net::SocketAddr, process::Command, time::Duration};

use super::{
    eventually,
    process::{Folder, Process, find_program, free_port},
};

const CONFIGURATION: &str = include_str!("../../../deploy/nginx.conf");

/// A port for nginx, which public URLs name before it runs.
pub struct Front(SocketAddr);

impl Front {
    pub fn reserve() -> Self {
        Self(SocketAddr::from(([127, 0, 0, 1], free_port())))
    }

    pub fn address(&self) -> SocketAddr {
        self.0
    }

    /// Starts it in front of these instances.
    pub fn start(&self, instances: &[SocketAddr]) -> Nginx {
        self.start_with("", instances)
    }

    /// Starts it with more directives.
    pub fn start_with(&self, directives: &str, instances: &[SocketAddr]) -> Nginx {
        let folder = Folder::new("nginx");
        let place = format!("{}/", folder.path().display());
        let mut text = CONFIGURATION.replace("/tmp/", &place);
        let mut replace = |from: &str, to: &str| {
            assert_eq!(text.matches(from).count(), 1, "{from} in deploy/nginx.conf");
            text = text.replace(from, to);
        };
        replace("listen 8080;", &format!("listen {};\n{directives}", self.0));
        for (number, instance) in instances.iter().enumerate() {
            let shipped = format!("server app{}:5003 ", number + 1);
            replace(&shipped, &format!("server {instance} "));
        }
        let file = folder.path().join("nginx.conf");
        fs::write(&file, text).expect("configuration");
        let mut command = Command::new(find_program("nginx", &["/usr/sbin".into()]));
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        // One process: it is ended by SIGKILL, and workers of a master would live on.
        command.args(["-e", "stderr", "-g", "daemon off; master_process off;"]);
        let process = Process::start(&mut command, &folder.path().join("nginx.log"));
        eventually("nginx listens", Duration::from_secs(10), || {
            std::net::TcpStream::connect(self.0).ok()
        });
        Nginx {
            process,
            _folder: folder,
        }
    }
}

pub struct Nginx {
    process: Process,
    _folder: Folder,
}

impl Nginx {
    pub fn log(&self) -> String {
        self.process.log()
    }
}
