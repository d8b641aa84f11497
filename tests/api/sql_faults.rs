//! Servers of SQL that are restarted, killed and replaced in the middle of traffic.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    at_once, eventually,
    http::{Request, Response},
    mariadb,
    pgbouncer::PgBouncer,
    postgres,
    proxy::Proxy,
    redis::RedisServer,
    stores::{ServerAlone, ServerDatabase},
    users::{PASSWORD, User, new_email},
};

/// How long traffic goes on before a fault, and after it when all is well again.
const WHILE: Duration = Duration::from_secs(1);

/// How long a server may take to be well again.
const PATIENCE: Duration = Duration::from_secs(90);

/// The changes that were acknowledged.
#[derive(Default)]
struct Acknowledged {
    created: BTreeSet<String>,
    subscribed: BTreeSet<String>,
    /// Access tokens of sessions that were logged out.
    ended: Vec<String>,
}

/// Sends a request that may be refused by 503, and by nothing else.
fn try_for(request: Request, status: u16) -> Option<Response> {
    let answer = request.send();
    assert!(
        answer.status == status || answer.status == 503,
        "{}: {}",
        answer.status,
        answer.text()
    );
    assert!(answer.status != 503 || answer.header("retry-after").is_some());
    (answer.status == status).then_some(answer)
}

/// Creates accounts and subscribers, and logs a user in and out, until it is over.
fn write(app: &TestApp, admin: &User, email: &str, over: &AtomicBool) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    while !over.load(Ordering::Relaxed) {
        let address = new_email();
        let user = json!({ "email": address, "password": PASSWORD, "access_role": "basic" });
        let create = app.post("/users/v1/").bearer(&admin.access).json(&user);
        if try_for(create, 201).is_some() {
            acknowledged.created.insert(address);
        }
        let address = new_email();
        let fields = json!({ "full_name": "Biggs", "email": address });
        let subscribe = app
            .post("/subscribers/v1/")
            .bearer(&admin.access)
            .json(&fields);
        if try_for(subscribe, 201).is_some() {
            acknowledged.subscribed.insert(address);
        }
        let pair = json!({ "email": email, "password": PASSWORD, "replace_session": true });
        let Some(session) = try_for(app.post("/users/v1/login").json(&pair), 200) else {
            continue;
        };
        let access = session.json()["token"].as_str().expect("token").to_owned();
        let logout = app.post("/users/v1/logout").bearer(&access);
        if try_for(logout, 200).is_some() {
            acknowledged.ended.push(access);
        }
    }
    acknowledged
}

/// Ends the traffic when it is dropped.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Traffic, a fault in the middle of it, and traffic again as soon as the service is ready; then all that was
/// acknowledged is there, and nothing is half done. `database` is the one that is left.
fn survives<D: ServerDatabase>(app: &TestApp, fault: impl FnOnce() -> D) -> D {
    let admin = app.admin();
    let emails: Vec<_> = (0..4).map(|_| app.verified_user()).collect();
    let over = AtomicBool::new(false);
    let (acknowledged, database) = thread::scope(|scope| {
        let (admin, over) = (&admin, &over);
        // Also when the fault is not what it should be.
        let ending = Ending(over);
        let writers: Vec<_> = emails
            .iter()
            .map(|email| scope.spawn(move || write(app, admin, email, over)))
            .collect();
        thread::sleep(WHILE);
        let database = fault();
        eventually("the service is ready again", PATIENCE, || {
            (app.get("/readyz").send().status == 200).then_some(())
        });
        thread::sleep(WHILE);
        drop(ending);
        let acknowledged: Vec<_> = writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer"))
            .collect();
        (acknowledged, database)
    });
    // Work whose caller was told 503 ends by itself.
    thread::sleep(Duration::from_secs(1));
    let lines = |question: &str| -> BTreeSet<String> {
        database.sql(question).lines().map(str::to_owned).collect()
    };
    let users = lines("select email from users");
    let subscribers = lines("select email from subscribers");
    let mut ended = 0;
    for acknowledged in &acknowledged {
        let missing: Vec<_> = acknowledged.created.difference(&users).collect();
        assert!(missing.is_empty(), "accounts are lost: {missing:?}");
        let missing: Vec<_> = acknowledged.subscribed.difference(&subscribers).collect();
        assert!(missing.is_empty(), "subscribers are lost: {missing:?}");
        for token in &acknowledged.ended {
            app.films(token).expect_problem(401, "token-invalid");
        }
        ended += acknowledged.ended.len();
    }
    assert!(ended > 0, "nobody was logged out");
    // An account and its event, a session and its revocation are written together.
    for question in [
        "select count(*) from users where id not in \
         (select user_id from events where kind in ('user-created', 'signed-up'))",
        "select count(*) from events where kind = 'user-created' and user_id not in (select id from users)",
        "select count(*) from sessions where ended_at is not null and id not in (select id from revocations)",
        "select count(*) from sessions where id in (select id from revocations) and ended_at is null",
    ] {
        assert_eq!(database.sql(question), "0", "{question}");
    }
    let log = app.log();
    assert!(!log.contains("request failed"), "a 500: {}", failed(&log));
    assert!(!log.contains("panicked"), "{log}");
    for email in &emails {
        let user = app.session(email);
        app.refresh(&user.refresh).expect(200);
    }
    database
}

fn failed(log: &str) -> &str {
    log.lines()
        .find(|line| line.contains("request failed"))
        .unwrap_or_default()
}

#[test]
fn a_postgres_that_is_restarted_loses_nothing_and_is_found_again() {
    let mut server = Some(postgres::Alone::start());
    let app = TestApp::with_database(server.as_ref().expect("a server"));
    for signal in ["INT", "QUIT"] {
        server = Some(survives(&app, || {
            let mut server = server.take().expect("a server");
            server.stop(signal);
            app.get("/readyz")
                .send()
                .expect_problem(503, "service-unavailable");
            server.start_again();
            server
        }));
    }
}

/// PostgreSQL then ends all its other processes, and recovers.
#[test]
fn a_postgres_process_that_is_killed_takes_no_acknowledged_write_along() {
    let server = postgres::Alone::start();
    let app = TestApp::with_database(&server);
    survives(&app, || {
        let backend = server.sql(
            "select pid from pg_stat_activity where application_name = 'starwars-api' \
             order by state_change desc limit 1",
        );
        let killed = std::process::Command::new("kill")
            .args(["-9", &backend])
            .status();
        assert!(killed.expect("kill runs").success());
        server
    });
}

/// The address of the primary moves: connections to the old one end, new ones reach the new one.
#[test]
fn a_killed_primary_loses_no_acknowledged_write() {
    let mut primary = postgres::Alone::start();
    let proxy = Proxy::in_front_of(&primary.url());
    let app = TestApp::with_settings(|settings| {
        settings.set("database.url", proxy.url());
    });
    let standby = primary.standby();
    survives(&app, || {
        primary.kill();
        proxy.lead_to(standby.port());
        // A standby reads, and that is all.
        eventually("the log says so", PATIENCE, || {
            let answer = app.get("/readyz").send();
            answer.text().contains("takes no changes").then_some(())
        });
        standby.promote();
        standby
    });
}

/// The machine of the primary is gone: nothing tells the connections to it. Redis has the revocations, as it has where
/// there are several instances.
#[test]
fn a_primary_that_vanishes_loses_no_acknowledged_write() {
    let mut primary = postgres::Alone::start();
    let proxy = Proxy::in_front_of(&primary.url());
    let redis = RedisServer::start();
    let app = TestApp::with_settings(|settings| {
        settings
            .set("database.url", proxy.url())
            // Fewer than writers, so that each of them is on a dead connection.
            .set("database.max_connections", "3")
            .set("revocation.backend", "redis")
            .set("revocation.redis_url", &redis.url());
    });
    let standby = primary.standby();
    survives(&app, || {
        proxy.fall_silent();
        primary.kill();
        standby.promote();
        proxy.lead_to(standby.port());
        standby
    });
}

#[test]
fn a_start_on_a_standby_says_what_it_is() {
    let primary = postgres::Alone::start();
    let standby = primary.standby();
    let app = TestApp::not_started(|settings| {
        settings.set("database.url", &standby.url());
    });
    let output = app.run(&["serve"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("the server takes no changes"), "{said}");
}

#[test]
fn a_url_of_several_hosts_is_told_to_name_one() {
    let app = TestApp::not_started(|settings| {
        settings.set(
            "database.url",
            "postgres://crew:x-wing@a:5432,b:5432/starwars",
        );
    });
    let output = app.run(&["config", "check"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("database.url must name one host") && !said.contains("x-wing"),
        "{said}"
    );
}

/// The same where PgBouncer is the address, and is told where the primary is.
#[test]
fn a_killed_primary_behind_pgbouncer_loses_no_acknowledged_write() {
    let mut primary = postgres::Alone::start();
    let pooler = PgBouncer::in_transaction_mode(&primary.url());
    let app = TestApp::with_settings(|settings| {
        settings
            .set("database.url", pooler.url())
            .set("database.transaction_pooling", "true");
    });
    let standby = primary.standby();
    survives(&app, || {
        primary.kill();
        standby.promote();
        pooler.lead_to(standby.port());
        standby
    });
}

/// A commit that waits for the standby is not acknowledged, whatever the time limits.
#[test]
fn what_no_standby_has_is_not_acknowledged() {
    let primary = postgres::Alone::start();
    let app = TestApp::with_database(&primary);
    let admin = app.admin();
    let standby = primary.standby();
    let add = || {
        let fields = json!({ "full_name": "Biggs", "email": new_email() });
        app.post("/subscribers/v1/")
            .bearer(&admin.access)
            .json(&fields)
            .send()
    };
    add().expect(201);
    standby.hang();
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..3).map(|_| scope.spawn(add)).collect();
        for answer in waiting {
            answer
                .join()
                .expect("thread")
                .expect_problem(503, "service-unavailable");
        }
    });
    standby.resume();
    eventually("it is well again", PATIENCE, || {
        (add().status == 201).then_some(())
    });
}

/// An account that may not write where nobody may.
const CREW: &str = "create user crew@'127.0.0.1' identified by 'x-wing'; grant all on *.* to crew@'127.0.0.1'; \
                    revoke read_only admin, super on *.* from crew@'127.0.0.1'";

fn by_crew(url: &str) -> String {
    url.replace("root@", "crew:x-wing@")
}

/// Connections that were open before lead to a server that became read-only; new ones lead to the one that took over.
fn read_only_connections_are_given_up(
    old: &dyn ServerDatabase,
    new: &dyn ServerDatabase,
    read_only: &[&str],
) {
    let url = by_crew(&new.url());
    drop(TestApp::with_settings(|settings| {
        settings.set("database.url", &url);
    }));
    let port = url::Url::parse(&url)
        .expect("a URL")
        .port()
        .expect("a port");
    // The URL leads to a database of the same name on either server.
    let old_url = by_crew(&old.url());
    let name = |url: &str| url.rsplit('/').next().expect("a name").to_owned();
    assert_eq!(name(&old_url), name(&url));
    let proxy = Proxy::in_front_of(&old_url);
    let app = TestApp::with_settings(|settings| {
        settings.set("database.url", proxy.url());
    });
    at_once(8, |_| app.sign_up(&new_email()).expect(202));
    proxy.lead_to(port);
    for statement in read_only {
        old.sql(statement);
    }
    for _ in 0..20 {
        eventually("a sign-up", Duration::from_secs(20), || {
            (app.sign_up(&new_email()).status == 202).then_some(())
        });
    }
    assert_eq!(new.sql("select count(*) from users"), "20");
    assert_eq!(old.sql("select count(*) from users"), "8");
}

#[test]
fn connections_to_a_postgres_that_became_read_only_are_given_up() {
    let (old, new) = (postgres::Alone::start(), postgres::Alone::start());
    let wait = "do $$ begin while current_setting('default_transaction_read_only') = 'off' loop \
                perform pg_sleep(0.1); end loop; end $$";
    let statements = [
        "alter system set default_transaction_read_only = on",
        "select pg_reload_conf()",
        wait,
        "select pg_sleep(1)",
    ];
    read_only_connections_are_given_up(&old, &new, &statements);
}

#[test]
fn connections_to_a_mariadb_that_became_read_only_are_given_up() {
    let (old, new) = (mariadb::Alone::start(), mariadb::Alone::start());
    for server in [&old, &new] {
        server.sql(CREW);
    }
    let (old, new) = (old.with_database("starwars"), new.with_database("starwars"));
    read_only_connections_are_given_up(&old, &new, &["set global read_only = 1"]);
}

#[test]
fn a_mariadb_that_is_restarted_or_killed_loses_nothing_and_is_found_again() {
    let mut server = Some(mariadb::Alone::that_survives_a_kill());
    let app = TestApp::with_database(server.as_ref().expect("a server"));
    for signal in ["TERM", "KILL"] {
        server = Some(survives(&app, || {
            let mut server = server.take().expect("a server");
            server.stop(signal);
            app.get("/readyz")
                .send()
                .expect_problem(503, "service-unavailable");
            server.start_again();
            server
        }));
    }
}

/// `KILL` ends a connection, `KILL QUERY` a statement.
#[test]
fn connections_of_mariadb_that_are_killed_take_no_acknowledged_write_along() {
    let server = mariadb::Alone::start();
    server.sql(CREW);
    let app = TestApp::with_settings(|settings| {
        settings.set("database.url", &by_crew(&server.url()));
    });
    survives(&app, || {
        for round in 0..10 {
            let kind = if round % 2 == 0 { "" } else { "query" };
            server.sql(&format!("kill {kind} user crew"));
            thread::sleep(Duration::from_millis(100));
        }
        server
    });
}

/// Writes to a file until there is no room left.
fn fill_up(path: &Path) {
    let mut file = File::create(path).expect("the disk");
    while file.write_all(&[0; 512]).is_ok() {}
}

/// There may be no room for data (53100), or none for the log, without which the server ends and recovers.
#[test]
fn a_full_disk_under_postgres_is_503_and_leaves_nothing_half_done() {
    let server = postgres::Alone::on_a_disk(48_000);
    let app = TestApp::with_database(&server);
    survives(&app, || {
        let fill = server.disk().join("fill");
        fill_up(&fill);
        eventually("there is no room", PATIENCE, || {
            let answer = app.get("/readyz").send();
            (answer.status == 503 && app.log().contains("No space left on device")).then_some(())
        });
        thread::sleep(WHILE);
        fs::remove_file(&fill).expect("the disk");
        server
    });
}

#[test]
fn a_mail_that_finds_the_disk_of_the_outbox_full_is_written_when_there_is_room() {
    let mut app = TestApp::not_started(|settings| {
        settings.set("database.url", &postgres::Database::create().url());
    })
    .with_disk(400);
    app.start_again();
    let (fill, outbox) = (app.disk().join("fill"), app.disk().join("outbox"));
    fill_up(&fill);
    let email = new_email();
    app.sign_up(&email).expect(202);
    eventually("the log says so", PATIENCE, || {
        let log = app.log();
        (log.contains("was not sent") && log.contains("No space left on device")).then_some(())
    });
    let files = || -> Vec<_> {
        let entries = fs::read_dir(&outbox).expect("the outbox");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    let whole = |files: &[PathBuf]| {
        files
            .iter()
            .any(|file| file.extension().is_some_and(|end| end == "eml"))
    };
    assert!(!whole(&files()), "half a mail");
    fs::remove_file(&fill).expect("the disk");
    eventually("the mail is written", Duration::from_secs(90), || {
        whole(&files()).then_some(())
    });
    let files = files();
    assert_eq!(files.len(), 1, "{files:?}");
    let mail = fs::read_to_string(&files[0]).expect("the mail");
    assert!(mail.contains(&email) && mail.contains("token="), "{mail}");
}
