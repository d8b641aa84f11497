//! Child processes and folders that never outlive the tests, however those end.

use std::{
    fs::{self, Permissions},
    io::Write,
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicU16, AtomicU32, Ordering},
    },
    time::Duration,
};

use super::eventually;

/// Statics are not dropped and a killed process drops nothing, so a shell holds the other end
/// of a pipe: when that closes, it ends what is left. `scripts/test.sh` waits for it.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
pids=' '; folders=
while read -r what value; do
  case $what in
    add) pids="$pids$value ";;
    gone) case "$pids" in *" $value "*) pids="${pids%% $value *} ${pids#* $value }";; esac;;
    folder) folders="$folders $value";;
  esac
done
for pid in $pids; do kill -CONT "$pid"; kill -QUIT "$pid"; done
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  alive=
  for pid in $pids; do kill -0 "$pid" && alive=yes; done
  [ -z "$alive" ] && break
  sleep 0.2
done
for pid in $pids; do kill -KILL "$pid"; done
for folder in $folders; do rm -rf "$folder"; done
rm -f "$0.$$"
"#;

#[expect(
    clippy::zombie_processes,
    reason = "it ends after this process, so there is nobody to wait for it"
)]
fn start_watchdog() -> Mutex<ChildStdin> {
    let name = std::env::temp_dir().join("watchdog");
    let child = Command::new("sh")
        .arg("-c")
        .arg(WATCHDOG)
        .arg(&name)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh starts");
    fs::write(format!("{}.{}", name.display(), child.id()), "").expect("temporary folder");
    Mutex::new(child.stdin.expect("stdin is a pipe"))
}

static PIPE: LazyLock<Mutex<ChildStdin>> = LazyLock::new(start_watchdog);

fn tell_watchdog(what: &str, value: impl std::fmt::Display) {
    writeln!(PIPE.lock().expect("watchdog"), "{what} {value}").expect("watchdog listens");
}

/// A child process; killed when dropped.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` with both outputs appended to the file `log`.
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .expect("log file");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("file"))
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program()));
        tell_watchdog("add", child.id());
        Self {
            child,
            log: log.to_owned(),
        }
    }

    /// Returns the number of its open files and connections.
    pub fn open_files(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        files.expect("a process of ours").count()
    }

    /// Sends a signal by name, such as `STOP`.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()
            .expect("kill runs");
        assert!(done.success(), "kill -{name}");
    }

    /// The only child of it.
    pub fn child(&self) -> u32 {
        let id = self.child.id();
        eventually("it has a child", Duration::from_secs(10), || {
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            children.expect("the process runs").trim().parse().ok()
        })
    }

    /// Sends a signal to it and to its children.
    pub fn signal_family(&self, name: &str) {
        let id = self.child.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.expect("the process runs");
        let done = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(id.to_string())
            .args(children.split_whitespace())
            .status();
        // A child may have ended just now.
        done.expect("kill runs");
    }

    /// The number that the system knows it by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Memory that it holds now, in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:") * 1024
    }

    /// File descriptors that it holds now.
    pub fn descriptors(&self) -> usize {
        let folder = fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        folder.expect("the process runs").count()
    }

    /// Returns how many sockets it has.
    pub fn sockets(&self) -> usize {
        let folder = fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        let is_socket = |path: &PathBuf| {
            fs::read_link(path).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
        };
        let files = folder.expect("the process runs").flatten();
        files.map(|file| file.path()).filter(is_socket).count()
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for it to end by itself.
    pub fn wait(&mut self, patience: Duration) -> ExitStatus {
        eventually("the process ends", patience, || self.exited())
    }

    /// The exit status, when it has ended.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("child")
    }

    /// The most memory that it has held, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:") * 1024
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("the process runs");
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        number.expect("a number")
    }

    /// Returns its output so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        tell_watchdog("gone", self.child.id());
        if std::thread::panicking() {
            let log = self.log();
            let tail = log.len().saturating_sub(6000);
            let tail = log.char_indices().map(|(at, _)| at).find(|at| *at >= tail);
            eprintln!(
                "--- end of {}:\n{}",
                self.log.display(),
                &log[tail.unwrap_or(0)..]
            );
        }
    }
}

/// A folder of its own; removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(label: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let path = std::env::temp_dir().join(format!(
            "starwars-{}-{}-{label}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&path).expect("temporary folder");
        tell_watchdog("folder", path.display());
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A port nobody listens on, below those that the kernel gives to outgoing connections; never
/// given twice by one process.
pub fn free_port() -> u16 {
    static NEXT: LazyLock<AtomicU16> = LazyLock::new(|| {
        let spread = u16::try_from(std::process::id() % 200).expect("below 200");
        AtomicU16::new(11_000 + spread * 100)
    });
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < 32_700, "too many ports asked for");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The path of a program, looked up in `PATH` and in the folders given.
pub fn find_program(name: &str, folders: &[PathBuf]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed: run `make services`"))
}

/// Writes a script that can be run in place of a program, and returns its path.
pub fn program(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("program");
    fs::write(&path, text).expect("a script");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("a script of ours");
    path
}

/// The numbers of the user and the group that a Debian package made for its server, when `folder` is root's: a server
/// must not run as root.
pub fn debian_user(folder: &Path, name: &str) -> Option<(u32, u32)> {
    if fs::metadata(folder).expect("folder").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let line = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))
        .unwrap_or_else(|| panic!("there is no user `{name}`: run `make services`"));
    Some((line[2].parse().expect("uid"), line[3].parse().expect("gid")))
}
