use gatekeeper::Failure as _;

use super::*;
use crate::mail::MailKind;

const HOME: &str = "192.0.2.1";
const LUKE: &str = "luke@rebels.example";

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.tokens.refresh.secrets = vec!["a secret of a test, and of nothing else".into()];
    settings.limits.passwords = PasswordLimits {
        account_and_address: 3,
        address: 6,
        account: 5,
        seconds: 900,
    };
    settings
}

fn limits() -> Limits {
    Limits::open(&settings(), None).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

async fn fail(limits: &Limits, account: &str, client: &str) {
    drop(limits.password(account, ip(client)).await.unwrap());
}

async fn refused(limits: &Limits, account: &str, client: &str) -> String {
    let refusal = limits.password(account, ip(client)).await.err().unwrap();
    let problem = refusal.into_problem();
    assert_eq!((problem.status, &*problem.code), (429, "too-many-requests"));
    problem.cause.unwrap()
}

#[tokio::test]
async fn failures_are_limited_by_account_and_client_and_by_client() {
    let limits = limits();
    for _ in 0..3 {
        fail(&limits, LUKE, HOME).await;
    }
    assert_eq!(refused(&limits, LUKE, HOME).await, "password-account");
    for account in ["leia", "han", "not an address"] {
        fail(&limits, account, HOME).await;
    }
    assert_eq!(refused(&limits, "lando", HOME).await, "password-address");
    fail(&limits, LUKE, "192.0.2.2").await;
}

#[tokio::test]
async fn an_attacked_account_is_open_to_its_owner_and_once_to_each_new_address() {
    let limits = limits();
    for number in 10..15 {
        fail(&limits, LUKE, &format!("198.51.100.{number}")).await;
    }
    for number in 15..30 {
        let attacker = format!("198.51.100.{number}");
        fail(&limits, LUKE, &attacker).await;
        assert_eq!(
            refused(&limits, LUKE, &attacker).await,
            "password-everywhere"
        );
    }
    // A right password leaves no mark, so the owner may come again.
    for _ in 0..3 {
        let counted = limits.password(LUKE, ip(HOME)).await.unwrap();
        limits.refund(counted).await;
    }
    fail(&limits, "leia@rebels.example", "198.51.100.10").await;
}

#[tokio::test]
async fn right_passwords_are_not_counted() {
    let limits = limits();
    for _ in 0..50 {
        let counted = limits.password(LUKE, ip(HOME)).await.unwrap();
        limits.refund(counted).await;
    }
}

#[tokio::test]
async fn mails_are_limited_by_recipient_and_by_client() {
    let mut settings = settings();
    settings.limits.mails = MailLimits {
        recipient: 1,
        address: 2,
        seconds: 60,
    };
    let limits = Limits::open(&settings, None).unwrap();
    limits
        .mail(MailKind::Forgotten, "a@rebels.example", ip(HOME))
        .await
        .unwrap();
    limits
        .mail(MailKind::Forgotten, "a@rebels.example", ip(HOME))
        .await
        .unwrap_err();
    limits
        .mail(MailKind::Forgotten, "b@rebels.example", ip(HOME))
        .await
        .unwrap();
    limits
        .mail(MailKind::Forgotten, "c@rebels.example", ip(HOME))
        .await
        .unwrap_err();
    limits
        .mail(MailKind::Forgotten, "c@rebels.example", ip("192.0.2.2"))
        .await
        .unwrap();
    // Somebody who had other mails sent, perhaps in vain, does not keep the owner from this one.
    let other = ip("192.0.2.3");
    limits
        .mail(MailKind::Resend, "a@rebels.example", other)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_operation_is_limited_by_client_and_one_that_is_not_named_is_free() {
    let mut settings = settings();
    let rate = Rate {
        requests: 1,
        seconds: 60,
    };
    settings.limits.operations = BTreeMap::from([("get_me".to_owned(), rate)]);
    let limits = Limits::open(&settings, None).unwrap();
    limits.operation("get_me", ip(HOME)).await.unwrap();
    limits.operation("get_me", ip(HOME)).await.unwrap_err();
    limits.operation("get_me", ip("192.0.2.2")).await.unwrap();
    for _ in 0..5 {
        limits.operation("login", ip(HOME)).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_counted_when_limits_are_off() {
    let mut settings = settings();
    settings.limits.enabled = false;
    let limits = Limits::open(&settings, None).unwrap();
    for _ in 0..50 {
        fail(&limits, LUKE, HOME).await;
    }
}

#[test]
fn a_refusal_says_when_to_come_back_and_which_limit_it_was() {
    let exceeded = RateLimitExceeded {
        policy: "password-account",
        rate: Rate {
            requests: 10,
            seconds: 900,
        },
        wait: 90,
    };
    let problem = ApiError::from(exceeded).into_problem();
    assert_eq!(problem.detail, "Too many tries; try again in 90 s.");
    let header = |name: &str| {
        let mut found = problem.headers.iter().filter(|(known, _)| known == name);
        found.next().unwrap().1.to_str().unwrap()
    };
    assert_eq!(header(RETRY_AFTER.as_str()), "90");
    assert_eq!(header("ratelimit"), r#""password-account";r=0;t=90"#);
    assert_eq!(
        header("ratelimit-policy"),
        r#""password-account";q=10;w=900"#
    );
}

#[test]
fn a_wait_is_told_in_whole_seconds_of_a_day_at_most() {
    let rate = Rate {
        requests: 1,
        seconds: 1,
    };
    let bucket = limits().bucket(Policy::Operation, rate, None, "");
    for (wait, told) in [
        (1, 1),
        (1_000_000, 1),
        (1_000_001, 2),
        (u64::MAX / 2, 86_400),
    ] {
        assert_eq!(
            RateLimitExceeded::from(BucketFull { bucket, wait }).wait,
            told
        );
    }
}

#[test]
fn a_limit_on_what_is_not_limited_is_refused_by_name() {
    let mut settings = Settings::default();
    let contract = crate::startup::contract(&settings).unwrap();
    check(&settings.limits, &contract).unwrap();
    for name in ["get_films", "no_such_operation"] {
        let rate = Rate {
            requests: 1,
            seconds: 1,
        };
        settings.limits.operations = BTreeMap::from([(name.to_owned(), rate)]);
        let error = check(&settings.limits, &contract).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("login"), "{error}");
    }
}
