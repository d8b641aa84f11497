//! Mails as a reader sees them, and a mail server to take them.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{app::TestApp, eventually};

/// A mail that a killed process had taken on is left alone for half a minute.
const PATIENCE: Duration = Duration::from_secs(45);

/// A mail of the outbox or of the test's mail server, decoded.
#[derive(Debug, Clone)]
pub struct Mail {
    pub head: String,
    pub text: String,
}

impl Mail {
    pub fn parse(source: &str) -> Option<Self> {
        let source = source.replace("\r\n", "\n");
        let (head, body) = source.split_once("\n\n")?;
        let boundary = head
            .split_once("boundary=")
            .map(|(_, rest)| rest.trim_start_matches('"'))
            .and_then(|rest| rest.split(['"', '\n', ';']).next());
        let text = match boundary {
            Some(boundary) => body
                .split(&format!("--{boundary}"))
                .filter_map(|part| part.trim_start().split_once("\n\n"))
                .map(|(head, body)| decode(head, body))
                .collect::<Vec<_>>()
                .join("\n"),
            None => decode(head, body),
        };
        Some(Self {
            head: head.to_owned(),
            text,
        })
    }

    pub fn is_to(&self, email: &str) -> bool {
        self.head
            .lines()
            .any(|line| line.to_lowercase().starts_with("to:") && line.contains(email))
    }

    /// The link, when the mail has one with a token.
    pub fn link(&self) -> Option<String> {
        let start = self.text.find("http")?;
        let link: String = self.text[start..]
            .chars()
            .take_while(|letter| !letter.is_whitespace() && !"<>\"'".contains(*letter))
            .collect();
        link.contains("token=").then_some(link)
    }

    pub fn token(&self) -> Option<String> {
        let link = self.link()?;
        Some(link.split_once("token=")?.1.to_owned())
    }

    /// The first word that looks like a token, in a link or not.
    pub fn any_token(&self) -> Option<String> {
        self.text
            .split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter))
            .find(|word| word.starts_with("eyJ") && word.split('.').count() == 3)
            .map(str::to_owned)
    }
}

fn decode(head: &str, body: &str) -> String {
    let head = head.to_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        let compact: String = body.split_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(compact).expect("base64");
        String::from_utf8(bytes).expect("UTF-8")
    } else if head.contains("content-transfer-encoding: quoted-printable") {
        quoted_printable(body)
    } else {
        body.to_owned()
    }
}

/// RFC 2045, section 6.7.
fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'=' && tail.len() >= 2 {
            let code = std::str::from_utf8(&tail[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(code, 16).expect("two hexadecimal digits"));
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The mails of a folder, oldest first.
pub fn mails_in(folder: &Path) -> Vec<Mail> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    files.sort();
    files
        .iter()
        .filter_map(|(_, path)| Mail::parse(&fs::read_to_string(path).ok()?))
        .collect()
}

impl TestApp {
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = mails_in(&self.outbox());
        mails.retain(|mail| mail.is_to(email));
        mails
    }

    /// Waits until `count` mails have gone to this address, and answers the last.
    pub fn mail_number(&self, count: usize, email: &str) -> Mail {
        eventually("a mail arrives in the outbox", PATIENCE, || {
            let mails = self.mails_to(email);
            (mails.len() >= count).then(|| mails[count - 1].clone())
        })
    }
}

/// A mail server that takes everything, or answers `MAIL` with a refusal (RFC 5321, section 4.2.3).
#[derive(Clone)]
pub struct MailServer {
    state: Arc<Mutex<MailServerState>>,
    pub address: SocketAddr,
}

#[derive(Default)]
struct MailServerState {
    mails: Vec<Mail>,
    refusals: usize,
    refusal: Option<&'static str>,
    closed: Option<&'static str>,
}

impl MailServer {
    pub fn start(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let server = Self {
            state: Arc::default(),
            address: listener.local_addr().expect("address"),
        };
        let shared = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = shared.clone();
                // A client that hangs up is no concern of the test's.
                thread::spawn(move || server.converse(&stream).ok());
            }
        });
        server
    }

    /// Puts senders off until further notice.
    pub fn refuse(&self, refuses: bool) {
        self.refuse_with(refuses.then_some("451 try again later"));
    }

    pub fn refuse_with(&self, refusal: Option<&'static str>) {
        self.state.lock().expect("state").refusal = refusal;
    }

    /// Sends everybody away who connects.
    pub fn close_with(&self, greeting: Option<&'static str>) {
        self.state.lock().expect("state").closed = greeting;
    }

    pub fn refusals(&self) -> usize {
        self.state.lock().expect("state").refusals
    }

    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = self.state.lock().expect("state").mails.clone();
        mails.retain(|mail| mail.is_to(email));
        mails
    }

    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut answers = stream;
        let mut lines = BufReader::new(stream).lines();
        if let Some(greeting) = self.turned_away() {
            return write!(answers, "{greeting}\r\n");
        }
        answers.write_all(b"220 mail.rebels.example\r\n")?;
        while let Some(line) = lines.next() {
            let verb = line?.to_uppercase();
            let refusal = verb.starts_with("MAIL").then(|| self.refusal()).flatten();
            let answer = if let Some(refusal) = refusal {
                refusal
            } else if verb.starts_with("DATA") {
                answers.write_all(b"354 go on\r\n")?;
                let mut source = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    source.push_str(line.strip_prefix('.').unwrap_or(&line));
                    source.push('\n');
                }
                let mail = Mail::parse(&source).expect("a mail has a head and a body");
                self.state.lock().expect("state").mails.push(mail);
                "250 taken"
            } else if verb.starts_with("QUIT") {
                answers.write_all(b"221 bye\r\n")?;
                return Ok(());
            } else {
                "250 mail.rebels.example"
            };
            write!(answers, "{answer}\r\n")?;
        }
        Ok(())
    }

    fn turned_away(&self) -> Option<&'static str> {
        let mut state = self.state.lock().expect("state");
        state.refusals += usize::from(state.closed.is_some());
        state.closed
    }

    fn refusal(&self) -> Option<&'static str> {
        let mut state = self.state.lock().expect("state");
        state.refusals += usize::from(state.refusal.is_some());
        state.refusal
    }
}
