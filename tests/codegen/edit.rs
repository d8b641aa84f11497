//! A new operation and a new security scheme by their pages in `docs/`, from the edit of the contract to the first reply.

use crate::copy::{Copy, Generator};
use crate::pages::Page;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const HOOKS: &str = "    type Identity = Caller;\n    type Error = ApiError;\n";

const ENDPOINTS: &str = "src/endpoints/films.rs";

/// The method of the page; of the last film it says that it is not written yet.
fn method(page: &Page) -> String {
    let unwritten = "        if params.film_id == 7 {\n            return Err(gatekeeper::Rejection::NotImplemented.into());\n        }\n";
    let method = page.block("rust", 0);
    let body = method
        .find("        let query")
        .expect("the body of the method");
    format!("{}{unwritten}{}\n", &method[..body], &method[body..])
}

#[test]
fn the_pages_lead_from_the_contract_over_the_errors_they_show_to_the_first_reply() {
    let copy = Copy::new("edit");
    let operation = Page::read(&copy, "docs/adding-an-operation.md");
    let scheme = Page::read(&copy, "docs/adding-a-security-scheme.md");
    copy.insert(
        "openapi.yaml",
        "\n  /characters/v1/:\n",
        operation.block("yaml", 0),
    );
    copy.insert(
        "openapi.yaml",
        "\n  parameters:\n    #",
        scheme.block("yaml", 0),
    );
    copy.replace(
        "openapi.yaml",
        "        - api_token: []\n",
        &format!("        - api_token: []\n{}", scheme.block("yaml", 1)),
    );
    let build = ["build", "--package", "starwars-api"];
    let outcome = copy.cargo(Generator::Installed, &build);
    assert!(!outcome.success);
    operation.assert_said(&outcome.said);
    scheme.assert_said(&outcome.said);
    for missing in [
        "impl Films for App",
        "impl Security for App",
        "impl Security for Mock",
    ] {
        assert!(
            outcome.said.contains(missing),
            "{missing}: {}",
            outcome.said
        );
    }

    copy.after(ENDPOINTS, "impl Films for App {\n", &method(&operation));
    copy.replace(
        ENDPOINTS,
        "use generated::models::Film;\n",
        operation.block("rust", 1),
    );
    copy.after("src/auth/endpoints.rs", HOOKS, scheme.block("rust", 0));
    copy.after("src/mock/security.rs", HOOKS, scheme.block("rust", 1));
    let outcome = copy.cargo(Generator::Missing, &build);
    assert!(outcome.success, "{}", outcome.said);

    let program = copy.out().join("debug/starwars-api");
    let server = Server::start(&program, &["serve"]);
    let tokens = server.log_in();
    let get = |path: &str, token: &str| server.get(path, &[bearer(token)]);
    let (status, list) = get("/films/v1/1/characters?page_size=2", &tokens.access);
    assert_eq!((status, &list["count"]), (200, &json!(18)), "{list}");
    assert_eq!(list["results"][0]["name"], "Luke Skywalker");
    assert_eq!(get("/films/v1/1/characters", &tokens.refresh).0, 401);
    assert_eq!(get("/films/v1/0/characters", &tokens.access).0, 400);
    assert_eq!(get("/films/v1/99/characters", &tokens.access).0, 404);
    assert_eq!(server.get("/films/v1/1/characters", &[]).0, 401);
    let (status, unwritten) = get("/films/v1/7/characters", &tokens.access);
    assert_eq!(
        (status, &unwritten["code"]),
        (501, &json!("not-implemented"))
    );

    let body = json!({ "name": "a browser" });
    let headers = [bearer(&tokens.access)];
    let (status, made) = server.send("POST", "/auth/v1/api_tokens", &headers, Some(&body));
    assert_eq!(status, 201, "{made}");
    let cookie =
        |value: &str| server.get("/users/v1/me", &[("cookie", format!("api_token={value}"))]);
    let (status, me) = cookie(made["value"].as_str().unwrap());
    assert_eq!((status, &me["email"]), (200, &json!(EMAIL)));
    assert_eq!(cookie("starwars_x").0, 401);
    // The other scheme's header is not the new one's.
    assert_eq!(
        server
            .get("/users/v1/me", &[("cookie", "api_token=".to_owned())])
            .0,
        401
    );
    drop(server);

    let server = Server::start(&program, &["mock", "--unimplemented"]);
    let tokens = server.log_in();
    let get = |path: &str, token: &str| server.get(path, &[bearer(token)]);
    let (status, example) = get("/films/v1/7/characters", &tokens.access);
    assert_eq!(
        (status, &example["results"][0]["id"]),
        (200, &json!(1)),
        "{example}"
    );
    assert_eq!(get("/films/v1/1/characters", &tokens.access).1["count"], 18);
    assert_eq!(get("/films/v1/7/characters", &tokens.refresh).0, 401);
    assert_eq!(get("/films/v1/0/characters", &tokens.access).0, 400);
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// The built program, in a folder of its own.
struct Server {
    child: Child,
    address: SocketAddr,
}

struct Tokens {
    access: String,
    refresh: String,
}

const EMAIL: &str = "luke@rebels.example";
const PASSWORD: &str = "womp-rats-in-my-T16";

impl Server {
    /// Files and accounts are new.
    fn start(program: &Path, arguments: &[&str]) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("codegen-edit");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut create = Command::new(program)
            .args(["users", "create", "--verified", "--password-stdin", EMAIL])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(create.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(create.wait().unwrap().success());

        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(&folder)
            .env("STARWARS__SERVER__BIND", address.to_string())
            .env("STARWARS__GATEKEEPER__VALIDATE_RESPONSES", "true")
            .spawn()
            .unwrap();
        let mut server = Self { child, address };
        for _ in 0..300 {
            if TcpStream::connect(address).is_ok() {
                return server;
            }
            assert!(
                server.child.try_wait().unwrap().is_none(),
                "the service ended at start"
            );
            sleep(Duration::from_millis(100));
        }
        panic!("the service does not listen");
    }

    fn log_in(&self) -> Tokens {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let (status, reply) = self.send("POST", "/users/v1/login", &[], Some(&body));
        assert_eq!(status, 200, "{reply}");
        let token = |name: &str| reply[name].as_str().unwrap().to_owned();
        Tokens {
            access: token("token"),
            refresh: token("refresh_token"),
        }
    }

    fn get(&self, path: &str, headers: &[(&str, String)]) -> (u16, Value) {
        self.send("GET", path, headers, None)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Option<&Value>,
    ) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request += &format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            );
        }
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream
            .write_all(format!("{request}\r\n{body}").as_bytes())
            .unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
