//! A TCP link to a server, with the faults of a network, which can be changed at any time.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

/// The fault that bytes meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Connections are closed, and new ones at once.
    Cut,
    /// So are those that send this word.
    CutOf(&'static str),
    /// Answers come so much later.
    Late(Duration),
    /// Of connections that send this word.
    LateOf(&'static str, Duration),
    /// Connections stay, and nothing passes.
    Silent,
}

/// It ends with the test process.
pub struct Link {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    server: SocketAddr,
    fault: Fault,
    open: Vec<TcpStream>,
}

impl Link {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let address = listener.local_addr().expect("address");
        let shared = Arc::new(Mutex::new(Shared {
            server,
            fault: Fault::None,
            open: Vec::new(),
        }));
        let link = Self {
            address,
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut state = lock(&shared);
                if state.fault == Fault::Cut {
                    continue;
                }
                let Ok(server) = TcpStream::connect(state.server) else {
                    continue;
                };
                let clones = [client.try_clone(), server.try_clone()];
                state.open.extend(clones.into_iter().flatten());
                drop(state);
                carry(client, server, &shared);
            }
        });
        link
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn set(&self, fault: Fault) {
        let mut state = lock(&self.shared);
        state.fault = fault;
        if fault == Fault::Cut {
            state.close();
        }
    }

    /// Leads to another server from now on, as after a fail-over.
    pub fn lead_to(&self, server: SocketAddr) {
        let mut state = lock(&self.shared);
        state.server = server;
        state.close();
    }

    /// Leads new connections to another server, as a name does; those that are open stay.
    pub fn lead_new_ones_to(&self, server: SocketAddr) {
        lock(&self.shared).server = server;
    }
}

impl Shared {
    fn close(&mut self) {
        for stream in self.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().expect("link")
}

fn carry(client: TcpStream, server: TcpStream, shared: &Arc<Mutex<Shared>>) {
    let (Ok(from_client), Ok(to_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    // The words that this connection has sent.
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (words, state) = (Arc::clone(&sent), Arc::clone(shared));
    thread::spawn(move || {
        copy(from_client, to_server, |bytes| {
            words.lock().expect("words").extend_from_slice(bytes);
            pass(&state, &words, Way::ToServer)
        });
    });
    let state = Arc::clone(shared);
    thread::spawn(move || copy(server, client, |_| pass(&state, &sent, Way::ToClient)));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    ToServer,
    ToClient,
}

/// Waits for as long as bytes are held back; returns false when the connection is to be closed.
fn pass(shared: &Mutex<Shared>, sent: &Mutex<Vec<u8>>, way: Way) -> bool {
    let has_sent = |word: &str| {
        let sent = sent.lock().expect("words");
        sent.windows(word.len()).any(|some| some == word.as_bytes())
    };
    let began = Instant::now();
    loop {
        let fault = lock(shared).fault;
        match fault {
            Fault::Cut => return false,
            Fault::CutOf(word) if has_sent(word) => return false,
            Fault::Silent => {}
            Fault::Late(pause) if way == Way::ToClient && began.elapsed() < pause => {}
            Fault::LateOf(word, pause)
                if way == Way::ToClient && began.elapsed() < pause && has_sent(word) => {}
            _ => break,
        }
        thread::sleep(Duration::from_millis(5));
    }
    // Only the latest words matter, and a connection may live long.
    let mut sent = sent.lock().expect("words");
    let old = sent.len().saturating_sub(4096);
    sent.drain(..old);
    true
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut pass: impl FnMut(&[u8]) -> bool) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(count) = from.read(&mut bytes) {
        if count == 0 || !pass(&bytes[..count]) || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
