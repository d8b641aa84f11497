//! Three instances on one PostgreSQL and one Redis, behind nginx.

use std::time::Duration;

use super::{
    app::{Settings, TestApp},
    eventually,
    nginx::{Front, Nginx},
    postgres,
    process::Folder,
    redis::RedisServer,
    stores::ServerDatabase,
};

/// The number of instances, as in `deploy/nginx.conf`.
pub const SIZE: usize = 3;

/// Longer than nginx keeps an idle connection.
pub const DRAIN_SECONDS: u64 = 6;

pub struct Fleet {
    /// The service as clients see it: through nginx, and with a command line.
    pub front: TestApp,
    pub instances: Vec<TestApp>,
    pub nginx: Nginx,
    _redis: RedisServer,
    _outbox: Folder,
}

impl Fleet {
    pub fn start() -> Self {
        Self::with_settings(|_, _| {})
    }

    /// Starts it with settings of a test for the instance of each number.
    pub fn with_settings(change: impl Fn(usize, &mut Settings)) -> Self {
        let (database, redis) = (postgres::Database::create(), RedisServer::start());
        let outbox = Folder::new("outbox");
        let address = Front::reserve();
        let shared = |settings: &mut Settings| {
            settings
                .set("database.url", &database.url())
                .set("revocation.backend", "redis")
                .set("revocation.redis_url", &redis.url())
                .set("mail.outbox_dir", &outbox.path().display().to_string())
                .set(
                    "server.public_url",
                    &format!("http://{}", address.address()),
                )
                .set("server.drain_seconds", &DRAIN_SECONDS.to_string())
                .set("limits.trusted_proxies", "127.0.0.1")
                // On a busy machine an answer may take longer than the quarter of a second that it has by default.
                .set("redis.timeout_ms", "5000");
        };
        let instances: Vec<_> = (0..SIZE)
            .map(|number| {
                TestApp::with_settings(|settings| {
                    shared(settings);
                    change(number, settings);
                })
            })
            .collect();
        let addresses: Vec<_> = instances.iter().map(TestApp::address).collect();
        let nginx = address.start(&addresses);
        let front = TestApp::not_started(shared).reached_at(address.address());
        Self {
            front,
            instances,
            nginx,
            _redis: redis,
            _outbox: outbox,
        }
    }

    /// Stops the instance of this number as an operator's script does, and starts it again.
    pub fn restart(&mut self, number: usize) {
        let instance = &mut self.instances[number];
        instance.process().signal("TERM");
        let status = instance.process().wait(Duration::from_secs(60));
        assert!(status.success(), "{status}");
        instance.start_again();
        eventually("the instance is ready", Duration::from_secs(20), || {
            (instance.get("/readyz").try_send().ok()?.status == 200).then_some(())
        });
    }
}
