//! `gatekeeper mock`, over HTTP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

const CONTRACT: &str = r##"
openapi: 3.0.3
info: { title: T, version: "1" }
servers: [{ url: https://example.org/v1 }]
paths:
  /droids/{id}:
    get:
      operationId: get_droid
      security: [{ jwt: [] }]
      x-access-role: admin
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        "200":
          description: A droid
          content:
            application/json:
              schema:
                type: object
                required: [name, code]
                properties:
                  name: { type: string, example: R2-D2 }
                  code: { type: string, pattern: "^[A-Z]{2}-[0-9]{4}$" }
        "404": { description: None, content: { application/json: { schema: { type: string } } } }
components:
  securitySchemes: { jwt: { type: http, scheme: bearer } }
"##;

/// A mock that ends with the test.
struct Mock {
    child: Child,
    address: String,
}

impl Mock {
    fn start(name: &str, arguments: &[&str]) -> Self {
        let contract = format!("{}/{name}.yaml", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&contract, CONTRACT).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gatekeeper"))
            .args(["mock", &contract, "--address", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim_end().rsplit_once("//").expect("an address").1;
        let address = address.to_owned();
        Self { child, address }
    }

    /// Returns status and body.
    fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_contract_is_served_behind_its_gate_by_values_of_its_schemas() {
    let mock = Mock::start("mock-values", &["--quiet", "--roles", "basic,admin"]);
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let (status, body) = mock.get("/v1/droids/1", &bearer("x"));
    assert_eq!(
        (status, body.as_str()),
        (200, r#"{"name":"R2-D2","code":"AA-0000"}"#)
    );
    assert_eq!(mock.get("/v1/droids/one", &bearer("x")).0, 400);
    assert_eq!(mock.get("/v1/droids/1", "").0, 401);
    assert_eq!(mock.get("/v1/droids/1", &bearer("deny")).0, 401);
    assert_eq!(mock.get("/v1/droids/1", &bearer("role.admin")).0, 200);
    let (status, _) = mock.get("/v1/droids/1", &bearer("role.basic"));
    assert!([401, 403].contains(&status), "{status}");
    let preferring = bearer("x") + "Prefer: code=404\r\n";
    assert_eq!(
        mock.get("/v1/droids/1", &preferring),
        (404, "\"text\"".to_owned())
    );
}

#[test]
fn a_mock_that_denies_lets_nobody_in() {
    let mock = Mock::start("mock-denies", &["--quiet", "--deny"]);
    assert_eq!(
        mock.get("/v1/droids/1", "Authorization: Bearer x\r\n").0,
        401
    );
}
