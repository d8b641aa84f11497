//! A new operation, from the edit of the contract to the first reply.

use crate::copy::{Copy, Generator};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const OPERATION: &str = "
  /droids/v1/{droid_id}:
    get:
      tags: [Films]
      operationId: get_droid
      summary: One droid
      description: A droid of the films.
      security:
        - jwt_refresh: []
      x-access-role: basic
      parameters:
        - name: droid_id
          in: path
          required: true
          description: The droid's id.
          schema: { type: integer, format: int32, minimum: 1 }
          example: 7
      responses:
        '200':
          description: The droid.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Droid' }
        '400': { $ref: '#/components/responses/ValidationFailed' }
        '401': { $ref: '#/components/responses/TokenRefused' }
        '500': { $ref: '#/components/responses/InternalError' }
        '503': { $ref: '#/components/responses/ServiceUnavailable' }
";

const SCHEMA: &str = "
    Droid:
      description: A droid.
      type: object
      additionalProperties: false
      required: [id, name]
      properties:
        id: { description: The droid's id., type: integer, format: int32 }
        name: { description: Its name., type: string, maxLength: 64 }
      example: { id: 1, name: R2-D2 }
";

const METHOD: &str = "
    async fn get_droid(
        &self,
        _context: gatekeeper::RequestContext<'_>,
        _caller: Caller,
        params: generated::apis::films::GetDroidParams,
    ) -> Result<generated::apis::films::GetDroidResponse, ApiError> {
        if params.droid_id == 8 {
            return Err(gatekeeper::Rejection::NotImplemented.into());
        }
        let droid = generated::models::Droid { id: params.droid_id, name: \"R2-D2\".to_owned() };
        Ok(generated::apis::films::GetDroidResponse::Status200(droid.into()))
    }
";

#[test]
fn an_added_operation_stops_the_build_at_the_missing_method_and_is_served_once_it_is_there() {
    let copy = Copy::new("edit");
    copy.replace(
        "openapi.yaml",
        "\n  /healthz:\n",
        &format!("{OPERATION}\n  /healthz:\n"),
    );
    copy.replace(
        "openapi.yaml",
        "\n  schemas:\n",
        &format!("\n  schemas:{SCHEMA}"),
    );
    let build = ["build", "--package", "starwars-api"];
    let outcome = copy.cargo(Generator::Installed, &build);
    assert!(!outcome.success);
    assert!(
        outcome
            .said
            .contains("not all trait items implemented, missing: `get_droid`"),
        "{}",
        outcome.said
    );

    let implementation = "impl Films for App {\n";
    copy.replace(
        "src/endpoints/films.rs",
        implementation,
        &format!("{implementation}{METHOD}"),
    );
    let outcome = copy.cargo(Generator::Missing, &build);
    assert!(outcome.success, "{}", outcome.said);

    let program = copy.out().join("debug/starwars-api");
    let server = Server::start(&program, &["serve"]);
    let tokens = server.log_in();
    let get = |path: &str, token: &str| server.send("GET", path, Some(token), None);
    let (status, droid) = get("/droids/v1/7", &tokens.refresh);
    assert_eq!((status, droid), (200, json!({ "id": 7, "name": "R2-D2" })));
    assert_eq!(get("/droids/v1/7", &tokens.access).0, 401);
    assert_eq!(get("/droids/v1/0", &tokens.refresh).0, 400);
    assert_eq!(server.send("GET", "/droids/v1/7", None, None).0, 401);
    let (status, unwritten) = get("/droids/v1/8", &tokens.refresh);
    assert_eq!(
        (status, &unwritten["code"]),
        (501, &json!("not-implemented"))
    );
    drop(server);

    let server = Server::start(&program, &["mock", "--unimplemented"]);
    let tokens = server.log_in();
    let get = |path: &str, token: &str| server.send("GET", path, Some(token), None);
    let example = json!({ "id": 1, "name": "R2-D2" });
    assert_eq!(get("/droids/v1/8", &tokens.refresh), (200, example));
    assert_eq!(get("/droids/v1/7", &tokens.refresh).1["id"], 7);
    assert_eq!(get("/droids/v1/8", &tokens.access).0, 401);
    assert_eq!(get("/droids/v1/0", &tokens.refresh).0, 400);
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
        let (status, reply) = self.send("POST", "/users/v1/login", None, Some(&body));
        assert_eq!(status, 200, "{reply}");
        let token = |name: &str| reply[name].as_str().unwrap().to_owned();
        Tokens {
            access: token("token"),
            refresh: token("refresh_token"),
        }
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        if let Some(token) = token {
            request += &format!("authorization: Bearer {token}\r\n");
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
