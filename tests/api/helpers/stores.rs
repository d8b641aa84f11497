//! The kinds of database and of revocation store that a case is run on.

use super::{app::TestApp, postgres::Database, redis::RedisServer};

/// SQLite and the embedded store.
pub fn on_sqlite(case: fn(&TestApp)) {
    case(&TestApp::start());
}

/// SQLite and Redis.
pub fn on_redis(case: fn(&TestApp)) {
    let redis = RedisServer::start();
    case(&TestApp::with_redis(&redis));
}

/// PostgreSQL and the embedded store.
pub fn on_postgres(case: fn(&TestApp)) {
    let database = Database::create();
    case(&TestApp::with_postgres(&database));
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
