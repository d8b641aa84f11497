//! A TCP proxy in front of a SQL server, which can hold an answer back.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use url::Url;

/// It ends with the test process.
pub struct Proxy {
    url: Url,
    server: Arc<AtomicU16>,
    /// The times that it fell silent.
    silences: Arc<AtomicU32>,
    trap: Arc<Mutex<Option<Trap>>>,
}

/// The time for which the next answer is held back.
struct Trap {
    statement: &'static str,
    pause: Duration,
    sprung: mpsc::Sender<()>,
}

/// Tells when a statement has been passed on whose answer is held back.
pub struct Held(mpsc::Receiver<()>);

impl Held {
    #[track_caller]
    pub fn wait(self) {
        let told = self.0.recv_timeout(Duration::from_secs(20));
        told.expect("the statement is sent");
    }
}

impl Proxy {
    /// In front of the server that the URL of a database names.
    pub fn in_front_of(url: &str) -> Self {
        let mut url = Url::parse(url).expect("URL");
        let server = Arc::new(AtomicU16::new(url.port().expect("port")));
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let port = listener.local_addr().expect("address").port();
        url.set_port(Some(port)).expect("port");
        let trap = Arc::new(Mutex::new(None));
        let silences = Arc::new(AtomicU32::new(0));
        let (shared, leads_to) = (Arc::clone(&trap), Arc::clone(&server));
        let silent = Arc::clone(&silences);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let port = leads_to.load(Ordering::Relaxed);
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
                    continue;
                };
                carry(client, server, &shared, &silent);
            }
        });
        Self {
            url,
            server,
            silences,
            trap,
        }
    }

    /// Drops silently whatever is sent on the connections that there are, as a network does whose machine is gone.
    pub fn fall_silent(&self) {
        self.silences.fetch_add(1, Ordering::Relaxed);
    }

    /// Leads new connections to another server from now on, as an address does that moves.
    pub fn lead_to(&self, port: u16) {
        self.server.store(port, Ordering::Relaxed);
    }

    /// The URL that leads through it.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Passes the next statement that holds these words on, and its answer only after `pause`.
    pub fn hold_back(&self, statement: &'static str, pause: Duration) -> Held {
        let (sprung, held) = mpsc::channel();
        *self.trap.lock().expect("trap") = Some(Trap {
            statement,
            pause,
            sprung,
        });
        Held(held)
    }
}

fn carry(
    client: TcpStream,
    server: TcpStream,
    trap: &Arc<Mutex<Option<Trap>>>,
    silences: &Arc<AtomicU32>,
) {
    let born = silences.load(Ordering::Relaxed);
    let heard = move |silences: &AtomicU32| silences.load(Ordering::Relaxed) == born;

    let pause = Arc::new(Mutex::new(Duration::ZERO));
    let pairs = || Some((client.try_clone().ok()?, server.try_clone().ok()?));
    let (Some((from_client, to_server)), Some((to_client, from_server))) = (pairs(), pairs())
    else {
        return;
    };
    let (trap, held) = (Arc::clone(trap), Arc::clone(&pause));
    let (up, down) = (Arc::clone(silences), Arc::clone(silences));
    thread::spawn(move || {
        copy(
            from_client,
            to_server,
            || heard(&up),
            |bytes| {
                let mut trap = trap.lock().expect("trap");
                let found = |trap: &mut Trap| {
                    let words = trap.statement.as_bytes();
                    bytes.windows(words.len()).any(|window| window == words)
                };
                if let Some(trap) = trap.take_if(found) {
                    *held.lock().expect("pause") = trap.pause;
                    let _ = trap.sprung.send(());
                }
            },
        );
    });
    thread::spawn(move || {
        copy(
            from_server,
            to_client,
            || heard(&down),
            |_| {
                let held = std::mem::take(&mut *pause.lock().expect("pause"));
                thread::sleep(held);
            },
        );
    });
}

/// Copies until one side closes, and looks at what passes before it does. Once it is not heard any more, nothing passes,
/// and neither side is told.
fn copy(
    mut from: TcpStream,
    mut to: TcpStream,
    heard: impl Fn() -> bool,
    mut look: impl FnMut(&[u8]),
) {
    let mut bytes = [0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes);
        if !heard() {
            // The sockets stay open for as long as the tests take.
            loop {
                thread::park();
            }
        }
        let Ok(count @ 1..) = read else { break };
        look(&bytes[..count]);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
