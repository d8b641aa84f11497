//! A certificate authority of a test's own, and servers that prove themselves by it.

use std::{
    fs,
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::process::{Folder, find_program};

/// The time for which one side is read before the other.
const TURN: Duration = Duration::from_millis(5);

/// An authority that nobody knows, with a certificate for `localhost` and 127.0.0.1.
pub struct Authority {
    folder: Folder,
}

impl Authority {
    pub fn new() -> Self {
        let authority = Self {
            folder: Folder::new("authority"),
        };
        // A stranger of the same name would be told from it by its signature only.
        let name = authority
            .file("")
            .file_name()
            .expect("a name")
            .display()
            .to_string();
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
        fs::write(authority.file("names"), names).expect("a file");
        for arguments in [
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=NAME \
             -keyout ca.key -out ca.pem",
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key \
             -out server.csr",
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
             -out server.pem",
        ] {
            let made = Command::new(find_program("openssl", &[]))
                .args(arguments.replace("NAME", &name).split_whitespace())
                .current_dir(authority.folder.path())
                .output()
                .expect("openssl runs");
            let said = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{said}");
        }
        authority
    }

    /// `ca.pem`, `server.pem` or `server.key`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text, for a setting.
    pub fn path(&self, name: &str) -> String {
        self.file(name).to_str().expect("UTF-8").to_owned()
    }

    /// A server that speaks TLS and hands on to `backend` what it is sent.
    pub fn front(&self, backend: SocketAddr) -> SocketAddr {
        let chain = CertificateDer::pem_file_iter(self.file("server.pem"))
            .expect("a chain")
            .collect::<Result<_, _>>()
            .expect("certificates");
        let key = PrivateKeyDer::from_pem_file(self.file("server.key")).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a certificate and its key");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("address");
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                // Clients that do not trust it hang up.
                thread::spawn(move || hand_on(client, backend, config).ok());
            }
        });
        address
    }
}

fn hand_on(client: TcpStream, backend: SocketAddr, config: Arc<ServerConfig>) -> io::Result<()> {
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut client = StreamOwned::new(connection, client);
    while client.conn.is_handshaking() {
        client.conn.complete_io(&mut client.sock)?;
    }
    let mut server = TcpStream::connect(backend)?;
    client.sock.set_read_timeout(Some(TURN))?;
    server.set_read_timeout(Some(TURN))?;
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(read) = read(&mut client, &mut buffer)? {
            server.write_all(&buffer[..read])?;
        }
        if let Some(read) = read(&mut server, &mut buffer)? {
            client.write_all(&buffer[..read])?;
            client.flush()?;
        }
    }
}

/// `None`: nothing for now.
fn read(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<Option<usize>> {
    match from.read(buffer) {
        Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(read) => Ok(Some(read)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
