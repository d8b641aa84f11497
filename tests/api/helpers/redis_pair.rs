//! Two instances on one database and one Redis, and people who read and log out while something breaks.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    app::{Settings, TestApp},
    eventually,
    postgres::Database,
    process::Folder,
    stores::ServerDatabase,
    users::User,
};

/// Users who are left for the logouts of a test itself.
const SPARE: usize = 20;

/// Longer than any recovery may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Pair {
    pub apps: Vec<TestApp>,
    /// Stays logged in.
    pub live: User,
    /// Log out one after the other.
    leaving: Mutex<Vec<User>>,
    /// The time after which the other instance knows of a logout.
    grace: Duration,
    /// Tokens of those who were told that they are logged out.
    revoked: Mutex<Vec<String>>,
    _outbox: Folder,
}

impl Pair {
    /// Two instances, for which `redis` says where Redis is.
    pub fn start(redis: impl Fn(&mut Settings)) -> Self {
        Self::with("redis", Duration::ZERO, redis)
    }

    /// With another kind of store, on which the other instance may know of a logout after `grace` only.
    pub fn with(backend: &str, grace: Duration, redis: impl Fn(&mut Settings)) -> Self {
        Self::on(&Database::create(), backend, grace, redis)
    }

    /// On a database of the test.
    pub fn on(
        database: &dyn ServerDatabase,
        backend: &str,
        grace: Duration,
        redis: impl Fn(&mut Settings),
    ) -> Self {
        let outbox = Folder::new("outbox");
        let start = |_| {
            TestApp::with_settings(|settings| {
                settings
                    .set("database.url", &database.url())
                    .set("revocation.backend", backend)
                    .set("mail.outbox_dir", outbox.path().to_str().expect("UTF-8"));
                redis(settings);
            })
        };
        let apps: Vec<TestApp> = (0..2).map(start).collect();
        for app in &apps {
            eventually("Redis is filled", PATIENCE, || {
                (app.get("/readyz").send().status == 200).then_some(())
            });
        }
        let admin = apps[0].admin();
        let made = || apps[0].made(&admin, "basic");
        let leaving = Mutex::new((0..60).map(|_| made()).collect());
        let pair = Self {
            live: made(),
            leaving,
            grace,
            revoked: Mutex::default(),
            apps,
            _outbox: outbox,
        };
        pair.log_out_at_last();
        pair.assert_truth();
        pair
    }

    /// Logs the next user out at the first instance; an acknowledged logout holds at the other at once.
    pub fn log_out(&self) -> bool {
        let done = self.log_out_at_the_first();
        if done {
            let token = self.last_revoked();
            for app in self.apps.iter().rev() {
                let status = app.films(&token).status;
                assert_ne!(status, 200, "a token that was just revoked");
            }
        }
        done
    }

    /// Logs the next user out at the first instance, and asks the other nothing.
    pub fn log_out_at_the_first(&self) -> bool {
        let user = self.leaving.lock().expect("users").last().cloned();
        let Some(user) = user else {
            return false;
        };
        let status = self.apps[0].log_out(&user.access).status;
        // 401: it was committed before, though not acknowledged.
        assert!(matches!(status, 200 | 401 | 503), "{status}");
        if status == 503 {
            return false;
        }
        self.leaving.lock().expect("users").pop();
        thread::sleep(self.grace);
        self.revoked.lock().expect("tokens").push(user.access);
        true
    }

    /// Every answer while something breaks is the truth or 503, and the truth comes back by itself. Returns how long a
    /// good token was refused for, at most.
    pub fn while_it_breaks(&self, fault: impl FnOnce()) -> Duration {
        let over = &AtomicBool::new(false);
        thread::scope(|scope| {
            let end = End(over);
            let readers: Vec<_> = self
                .apps
                .iter()
                .map(|app| scope.spawn(|| self.read(app, over)))
                .collect();
            let leaver = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    if self.leaving.lock().expect("users").len() > SPARE {
                        self.log_out();
                    }
                    thread::sleep(Duration::from_millis(200));
                }
            });
            thread::sleep(Duration::from_millis(300));
            fault();
            self.recover();
            drop(end);
            leaver.join().expect("whoever logs out");
            let closed = readers
                .into_iter()
                .map(|reader| reader.join().expect("a reader"));
            closed.max().expect("readers")
        })
    }

    fn read(&self, app: &TestApp, over: &AtomicBool) -> Duration {
        let (mut closed, mut longest) = (None, Duration::ZERO);
        while !over.load(Ordering::Relaxed) {
            self.assert_no_revoked_token_is_let_in(app);
            let status = app.films(&self.live.access).status;
            match status {
                200 => closed = None,
                503 => {
                    let since: &mut Instant = closed.get_or_insert_with(Instant::now);
                    longest = longest.max(since.elapsed());
                }
                other => panic!("a good token is answered {other}"),
            }
            thread::sleep(Duration::from_millis(5));
        }
        longest
    }

    fn assert_no_revoked_token_is_let_in(&self, app: &TestApp) {
        let revoked = self.revoked.lock().expect("tokens").clone();
        for token in revoked.iter().rev().take(3).chain(revoked.first()) {
            let status = app.films(token).status;
            assert!(matches!(status, 401 | 503), "a revoked token: {status}");
        }
    }

    /// Waits until both instances answer again, and take logouts.
    pub fn recover(&self) {
        for app in &self.apps {
            eventually("the store works again", PATIENCE, || {
                self.assert_no_revoked_token_is_let_in(app);
                let ready = app.get("/readyz").send().status == 200;
                (ready && app.films(&self.live.access).status == 200).then_some(())
            });
        }
        self.log_out_at_last();
    }

    fn log_out_at_last(&self) {
        eventually("a logout is acknowledged", PATIENCE, || {
            self.log_out().then_some(())
        });
    }

    /// All who logged out are refused, and who did not is let in. A 503 is asked again: each worker of an instance
    /// finds the new primary by itself, one later than the other.
    #[track_caller]
    pub fn assert_truth(&self) {
        let told = |app: &TestApp, token: &str| {
            eventually("an answer that is not 503", PATIENCE, || {
                let response = app.films(token);
                (response.status != 503).then_some(response)
            })
        };
        for app in &self.apps {
            for token in self.revoked.lock().expect("tokens").iter() {
                told(app, token).expect_problem(401, "token-invalid");
            }
            told(app, &self.live.access).expect(200);
        }
    }

    /// The token of who logged out last.
    pub fn last_revoked(&self) -> String {
        self.revoked
            .lock()
            .expect("tokens")
            .last()
            .expect("somebody")
            .clone()
    }

    /// One of the instances loaded what Redis had lost.
    #[track_caller]
    pub fn assert_filled(&self) {
        let mut logs = self.apps.iter().map(TestApp::log);
        assert!(logs.any(|log| log.contains("loaded the revocations into Redis")));
    }

    /// Both instances said this in their logs.
    #[track_caller]
    pub fn assert_said(&self, words: &str) {
        for app in &self.apps {
            assert!(app.log().contains(words), "{words}: {}", app.log());
        }
    }
}

/// Ends the threads that watch, also when the test fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
