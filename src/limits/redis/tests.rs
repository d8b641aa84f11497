//! Against a server of each test's own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::gcra;
use super::super::policy::Policy;
use super::*;
use crate::redis;
use crate::settings::{Rate, Settings};

/// Ends with the test.
struct Server {
    process: Option<Child>,
    port: u16,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut server = Self {
            process: None,
            port,
        };
        server.resume().await;
        server
    }

    async fn resume(&mut self) {
        let port = self.port.to_string();
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.unwrap());
        let redis = self.redis();
        let began = Instant::now();
        while redis.refund(&[]).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn redis(&self) -> Redis {
        let mut settings = Settings::default().redis;
        settings.urls = vec![format!("redis://127.0.0.1:{}/0", self.port).into()];
        settings.timeout_ms = 500;
        Redis::new(Arc::new(redis::Server::open(&settings).unwrap()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn raw(redis: &Redis, words: &[&str]) -> Vec<String> {
    let mut connection = redis
        .server
        .primary()
        .await
        .unwrap()
        .pooled()
        .await
        .unwrap();
    let mut command = cmd(words[0]);
    command.arg(&words[1..]);
    command.query_async(&mut connection).await.unwrap()
}

fn bucket(policy: Policy, requests: u32, key: u64) -> Bucket {
    let rate = Rate {
        requests,
        seconds: 900,
    };
    Bucket { policy, rate, key }
}

#[tokio::test]
async fn instances_count_together_and_a_try_is_paid_for_in_all_cells_or_in_none() {
    let server = Server::start().await;
    let instances = [server.redis(), server.redis()];
    let narrow = bucket(Policy::PasswordAccount, 2, 1);
    let wide = bucket(Policy::PasswordAddress, 3, 1);
    for redis in &instances {
        let taken = redis.acquire(&[narrow, wide]).await.unwrap().unwrap();
        assert_eq!(taken, [narrow.interval(), wide.interval()]);
    }
    for redis in &instances {
        let refused = redis.acquire(&[wide, narrow]).await.unwrap().unwrap_err();
        assert_eq!(refused.bucket, narrow);
        let expected = narrow.interval() - 2_000_000..=narrow.interval();
        assert!(expected.contains(&refused.wait), "{refused:?}");
    }
    instances[0].acquire(&[wide]).await.unwrap().unwrap();
    instances[1].acquire(&[wide]).await.unwrap().unwrap_err();
}

#[tokio::test]
async fn the_script_judges_as_memory_does() {
    let server = Server::start().await;
    let redis = server.redis();
    let buckets = [
        bucket(Policy::PasswordAccount, 4, 1),
        bucket(Policy::PasswordEverywhere, 2, 1),
        bucket(Policy::PasswordFailed, 1, 1),
    ];
    let now = 1_000_000_000;
    let mut tat = [0; 3];
    for _ in 0..6 {
        let known: Vec<_> = buckets.iter().copied().zip(tat).collect();
        let expected = gcra::decide(&known, now);
        let answer = redis.acquire(&buckets).await.unwrap();
        match (&expected, &answer) {
            (Ok(changes), Ok(taken)) => {
                // The server's clock moves on between tries, ours does not.
                for (change, taken) in changes.iter().zip(taken) {
                    assert!(change.taken().abs_diff(*taken) < 5_000_000, "{taken}");
                }
                for (tat, change) in tat.iter_mut().zip(changes) {
                    *tat = change.to;
                }
            }
            (Err(ours), Err(theirs)) => {
                assert_eq!(ours.bucket, theirs.bucket);
                assert!(ours.wait.abs_diff(theirs.wait) < 5_000_000, "{theirs:?}");
            }
            _ => assert_eq!(expected.is_ok(), answer.is_ok()),
        }
    }
}

#[tokio::test]
async fn a_try_that_is_given_back_leaves_nothing() {
    let server = Server::start().await;
    let redis = server.redis();
    let bucket = bucket(Policy::PasswordAccount, 1, 1);
    for _ in 0..3 {
        let taken = redis.acquire(&[bucket]).await.unwrap().unwrap();
        redis.refund(&[(bucket, taken[0])]).await.unwrap();
        assert!(raw(&redis, &["KEYS", "*"]).await.is_empty());
    }
}

#[tokio::test]
async fn cells_are_few_nameless_and_expire() {
    let server = Server::start().await;
    let redis = server.redis();
    let first = bucket(Policy::MailRecipient, 5, 0xabc_def0_1234_5678);
    let same = bucket(Policy::MailRecipient, 5, 0x4_5678);
    for bucket in [first, same] {
        redis.acquire(&[bucket]).await.unwrap().unwrap();
    }
    let keys = raw(&redis, &["KEYS", "*"]).await;
    assert_eq!(keys, ["starwars:{api}:limit:mail-recipient:45678"]);
    let mut connection = redis
        .server
        .primary()
        .await
        .unwrap()
        .pooled()
        .await
        .unwrap();
    let mut life = cmd("PTTL");
    let life: u64 = life
        .arg(&keys[0])
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!((300_000..=360_000).contains(&life), "{life}");
}

#[tokio::test]
async fn no_more_are_let_through_at_once_than_the_limit_says() {
    let server = Server::start().await;
    let redis = Arc::new(server.redis());
    let bucket = bucket(Policy::PasswordAccount, 10, 1);
    let tries: Vec<_> = (0..100)
        .map(|_| {
            let redis = Arc::clone(&redis);
            tokio::spawn(async move { redis.acquire(&[bucket]).await.unwrap().is_ok() })
        })
        .collect();
    let mut passed = 0;
    for tried in tries {
        passed += usize::from(tried.await.unwrap());
    }
    assert_eq!(passed, 10);
}

#[tokio::test]
async fn a_server_that_forgot_the_script_is_given_it_again() {
    let server = Server::start().await;
    let redis = server.redis();
    let bucket = bucket(Policy::Operation, 10, 1);
    redis.acquire(&[bucket]).await.unwrap().unwrap();
    let mut connection = redis
        .server
        .primary()
        .await
        .unwrap()
        .pooled()
        .await
        .unwrap();
    let mut flush = cmd("SCRIPT");
    let _: () = flush
        .arg("FLUSH")
        .query_async(&mut connection)
        .await
        .unwrap();
    drop(connection);
    redis.acquire(&[bucket]).await.unwrap().unwrap();
}

#[tokio::test]
async fn without_redis_nothing_passes_in_time_and_it_recovers_by_itself() {
    let mut server = Server::start().await;
    let redis = server.redis();
    let bucket = bucket(Policy::Operation, 10, 1);
    redis.acquire(&[bucket]).await.unwrap().unwrap();
    server.stop();
    for _ in 0..3 {
        let began = Instant::now();
        redis.acquire(&[bucket]).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_millis(700));
    }
    server.resume().await;
    redis.acquire(&[bucket]).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_silent_server_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server {
        process: None,
        port: listener.local_addr().unwrap().port(),
    };
    let began = Instant::now();
    server
        .redis()
        .acquire(&[bucket(Policy::Operation, 1, 1)])
        .await
        .unwrap_err();
    assert!(began.elapsed() < Duration::from_millis(700));
}
