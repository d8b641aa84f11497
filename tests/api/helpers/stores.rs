//! The kinds of database and of revocation store that a case is run on.

use actix_web::rt::System;
use sea_orm::{ConnectOptions, ConnectionTrait as _};

use super::{app::TestApp, mariadb, postgres, redis::RedisServer};

/// A database of a server, which several instances can share.
pub trait ServerDatabase: Sync {
    /// For `database.url`.
    fn url(&self) -> String;

    /// Runs statements by the server's own client; returns the rows as lines.
    fn sql(&self, statements: &str) -> String;
}

/// Runs statements on the SQLite database of a service, which must not be running.
pub fn sqlite(app: &TestApp, statements: &str) {
    let file = app.folder().join("var/starwars.db");
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options.max_connections(1).sqlx_logging(false);
    System::new().block_on(async {
        let database = sea_orm::Database::connect(options).await.expect("the file");
        let done = database.execute_unprepared(statements).await;
        done.expect(statements);
        database.close().await.expect("the file");
    });
}

/// A database on a server that no other test uses, which can be made to hang: it keeps its connections and answers
/// nothing.
pub trait ServerAlone: ServerDatabase {
    fn hang(&self);

    fn resume(&self);
}

/// SQLite and the embedded store.
pub fn on_sqlite(case: fn(&TestApp)) {
    case(&TestApp::start());
}

/// SQLite and Redis.
pub fn on_redis(case: fn(&TestApp)) {
    let redis = RedisServer::start();
    case(&TestApp::with_redis(&redis));
}

/// SQLite and a copy in memory that Redis feeds.
pub fn on_redis_replica(case: fn(&TestApp)) {
    let redis = RedisServer::start();
    case(&TestApp::with_settings(|settings| {
        settings
            .set("revocation.backend", "redis-replica")
            .set("revocation.redis_url", &redis.url());
    }));
}

/// PostgreSQL and the embedded store.
pub fn on_postgres(case: fn(&TestApp)) {
    let database = postgres::Database::create();
    case(&TestApp::with_postgres(&database));
}

/// MariaDB and the embedded store.
pub fn on_mariadb(case: fn(&TestApp)) {
    let database = mariadb::Database::create();
    case(&TestApp::with_mariadb(&database));
}

/// SQLite, for a case that starts the service, and kills it.
pub fn unstarted_on_sqlite(case: fn(TestApp)) {
    case(TestApp::not_started(|_| {}));
}

/// PostgreSQL, for a case that starts the service, and kills it.
pub fn unstarted_on_postgres(case: fn(TestApp)) {
    case(unstarted(&postgres::Database::create()));
}

/// MariaDB, for a case that starts the service, and kills it.
pub fn unstarted_on_mariadb(case: fn(TestApp)) {
    case(unstarted(&mariadb::Database::create()));
}

fn unstarted(database: &dyn ServerDatabase) -> TestApp {
    TestApp::not_started(|settings| {
        settings.set("database.url", &database.url());
    })
}

/// An empty database of PostgreSQL.
pub fn on_a_postgres_database(case: fn(&dyn ServerDatabase)) {
    case(&postgres::Database::create());
}

/// An empty database of MariaDB.
pub fn on_a_mariadb_database(case: fn(&dyn ServerDatabase)) {
    case(&mariadb::Database::create());
}

/// A server of its own, PostgreSQL.
pub fn on_a_postgres_server(case: fn(&dyn ServerAlone)) {
    case(&postgres::Alone::start());
}

/// A server of its own, MariaDB.
pub fn on_a_mariadb_server(case: fn(&dyn ServerAlone)) {
    case(&mariadb::Alone::start());
}

/// Makes a test of each function named, in the module `cases` beside the call, for each store named before.
macro_rules! cases_on {
    ([$($store:ident),+] $cases:tt) => {
        $($crate::helpers::stores::cases_on! { @ $store $cases })+
    };
    (@ $store:ident { $($name:ident),+ $(,)? }) => {
        mod $store {
            $(
                #[test]
                fn $name() {
                    $crate::helpers::stores::$store(super::cases::$name);
                }
            )+
        }
    };
}
pub(crate) use cases_on;
