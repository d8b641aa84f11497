//! A signal stops the service: what is under way is finished, and nothing is lost.

use std::{
    collections::BTreeSet,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    eventually,
    http::{Request, Response, connect, read_response},
    postgres,
    process::program,
    stores::{ServerDatabase as _, cases_on},
    users::{PASSWORD, new_email},
};

cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
    requests_under_way_are_finished_at_sigint,
    requests_under_way_are_finished_at_sigterm,
} }

mod cases {
    use super::*;

    pub(super) fn requests_under_way_are_finished_at_sigint(app: TestApp) {
        finishes_at("INT", app);
    }

    pub(super) fn requests_under_way_are_finished_at_sigterm(app: TestApp) {
        finishes_at("TERM", app);
    }
}

fn finishes_at(signal: &str, mut app: TestApp) {
    app.start_again();
    let admin = app.admin();
    let email = app.verified_user();
    let stopped = AtomicBool::new(false);
    let address = app.client();
    let acknowledged = thread::scope(|scope| {
        let writers: Vec<_> = (0..6)
            .map(|number| {
                let (admin, email, stopped) = (&admin, &email, &stopped);
                scope.spawn(move || {
                    let mut added = BTreeSet::new();
                    loop {
                        let name = new_email();
                        let request: Request = if number % 2 == 0 {
                            address
                                .post("/subscribers/v1/")
                                .bearer(&admin.access)
                                .json(&json!({ "full_name": "Biggs", "email": name }))
                        } else {
                            address.post("/users/v1/login").json(&json!({
                                "email": email, "password": PASSWORD, "replace_session": true,
                            }))
                        };
                        match request.try_send() {
                            Ok(answer) if answer.status == 201 => added.insert(name),
                            Ok(answer) => {
                                assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
                                false
                            }
                            // Nobody listens any more. Whoever was connected is answered.
                            Err(error)
                                if error.kind() == ErrorKind::ConnectionRefused
                                    && stopped.load(Ordering::Relaxed) =>
                            {
                                return added;
                            }
                            Err(error) => panic!("{error}"),
                        };
                    }
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(1));
        stopped.store(true, Ordering::Relaxed);
        app.process().signal(signal);
        let status = app.process().wait(Duration::from_secs(25));
        assert!(status.success(), "{status}");
        let added = writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer"));
        added.flatten().collect::<BTreeSet<_>>()
    });
    let log = app.log();
    assert!(!log.contains("panicked"), "{log}");
    assert!(!acknowledged.is_empty());
    let export = app.run(&["subscribers", "export"], "");
    let stored = String::from_utf8(export.stdout).expect("UTF-8");
    for email in &acknowledged {
        assert!(stored.contains(email.as_str()), "{email} is lost");
    }
}

/// A connection that is kept after a response, as those of proxies are.
struct Kept(TcpStream);

impl Kept {
    fn to(app: &TestApp) -> Self {
        Self(connect(app.address()).expect("somebody listens"))
    }

    fn write(&mut self, target: &str) {
        let head = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.0
            .write_all(head.as_bytes())
            .expect("the connection is kept");
    }

    fn read(&mut self) -> Response {
        read_response(&mut self.0, false).expect("an answer")
    }

    fn get(&mut self, target: &str) -> Response {
        self.write(target);
        self.read()
    }

    #[track_caller]
    fn assert_closed(&mut self) {
        assert_eq!(self.0.read(&mut [0]).ok(), Some(0), "it is kept");
    }
}

/// RFC 9112, section 9.6: a server that will close a connection says so in its last response on it.
#[test]
fn an_instance_that_stops_is_not_ready_and_serves_until_the_drain_is_over() {
    let mut app = TestApp::with_settings(|settings| {
        settings.set("server.drain_seconds", "6");
    });
    let user = app.user();
    let mut kept = [Kept::to(&app), Kept::to(&app), Kept::to(&app)];
    for connection in &mut kept {
        let ready = connection.get("/readyz").expect(200);
        assert_eq!(ready.header("connection"), None);
    }
    app.process().signal("TERM");
    eventually("it is not ready", Duration::from_secs(5), || {
        let answer = app.get("/readyz").send();
        (answer.status == 503 && answer.text().contains("stopping")).then_some(())
    });
    let [first, second, _unused] = &mut kept;
    for (connection, target, status) in [(first, "/healthz", 200), (second, "/readyz", 503)] {
        let answer = connection.get(target).expect(status);
        assert_eq!(answer.header("connection"), Some("close"));
        connection.assert_closed();
    }
    // On new connections, too.
    app.films(&user.access).expect(200);
    app.log_out(&user.access).expect(200);
    let status = app.process().wait(Duration::from_secs(25));
    assert!(status.success(), "{status}");
}

#[test]
fn a_second_signal_ends_the_process_in_the_drain() {
    let mut app = TestApp::with_settings(|settings| {
        settings.set("server.drain_seconds", "600");
    });
    app.process().signal("TERM");
    eventually("it is not ready", Duration::from_secs(5), || {
        (app.get("/readyz").send().status == 503).then_some(())
    });
    app.process().signal("TERM");
    let status = app.process().wait(Duration::from_secs(10));
    assert_eq!(status.code(), Some(1));
}

/// The kernel ends no process 1 by a signal that it does not handle: pid_namespaces(7).
#[test]
fn a_signal_ends_process_1_of_a_container_while_it_waits_to_migrate() {
    let database = postgres::Database::create();
    let app = TestApp::not_started(|settings| {
        settings.set("database.url", &database.url());
    });
    let script = format!(
        "#!/bin/sh\nexec unshare --user --map-root-user --pid --fork --kill-child {} \"$@\"\n",
        env!("CARGO_BIN_EXE_starwars-api")
    );
    let program = program(app.folder(), &script);
    let mut app = app.of_program(program);
    let signal = |app: &mut TestApp, name: &str| {
        let id = app.process().child().to_string();
        let done = Command::new("kill").args([format!("-{name}"), id]).status();
        assert!(done.expect("kill runs").success());
    };
    let locks = |granted: &str, number: &str| {
        let question = format!(
            "select count(*) from pg_locks join pg_database on pg_database.oid = database \
             where datname = current_database() and locktype = 'advisory' and {granted}"
        );
        eventually("the lock is asked for", Duration::from_secs(20), || {
            (database.sql(&question).trim() == number).then_some(())
        });
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            database.sql(
                "do $$ begin perform pg_advisory_lock(91634223040817); \
                 for turn in 1..600 loop exit when exists (select from pg_class where relname = 'enough'); \
                 perform pg_sleep(0.1); end loop; end $$",
            )
        });
        locks("granted", "1");
        let cases: [(&'static [&str], _, _, _); 3] = [
            (&["serve"], "TERM", 143, "1"),
            (&["migrate"], "TERM", 143, "2"),
            (&["serve"], "INT", 130, "3"),
        ];
        for (arguments, name, code, number) in cases {
            app.spawn_command(arguments);
            locks("not granted", number);
            signal(&mut app, name);
            let status = app.process().wait(Duration::from_secs(10));
            assert_eq!(status.code(), Some(code), "{arguments:?} at {name}");
        }
        database.sql("create table enough ()");
    });
    // Once it serves, a signal means a stop in good order.
    app.start_again();
    signal(&mut app, "TERM");
    let status = app.process().wait(Duration::from_secs(20));
    assert!(status.success(), "{status}: {}", app.log());
    assert!(app.log().contains("stopping: "), "{}", app.log());
}

#[test]
fn a_request_that_arrived_before_the_signal_is_answered() {
    let mut app = TestApp::start();
    for _ in 0..8 {
        let connections = || (0..40).map(|_| Kept::to(&app)).collect::<Vec<_>>();
        let (mut kept, mut new) = (connections(), connections());
        for connection in &mut kept {
            connection.get("/healthz").expect(200);
        }
        for connection in kept.iter_mut().chain(&mut new) {
            connection.write("/healthz");
        }
        app.running().signal("TERM");
        for connection in kept.iter_mut().chain(&mut new) {
            connection.read().expect(200);
        }
        let status = app.process().wait(Duration::from_secs(25));
        assert!(status.success(), "{status}");
        app.start_again();
    }
}
