use super::*;

fn settings() -> settings::Passwords {
    settings::Passwords {
        memory_kib: 64,
        iterations: 1,
        parallelism: 1,
        threads: 1,
        queue: 2,
    }
}

fn secret(text: &str) -> SecretString {
    text.into()
}

/// Verifies as a login does.
async fn verify(
    passwords: &Passwords,
    password: &str,
    stored: Option<&str>,
) -> Result<Verdict, PasswordFault> {
    let admitted = passwords.admit([192, 0, 2, 0].into())?;
    passwords.verify(&admitted, secret(password), stored).await
}

fn email() -> String {
    "luke@rebels.example".to_owned()
}

/// ASVS 5.0, 11.4.2.
#[tokio::test]
async fn a_hash_names_argon2id_and_its_parameters_and_has_its_own_salt() {
    let passwords = Passwords::new(&settings()).unwrap();
    let one = passwords
        .hash(secret("sand people"), email())
        .await
        .unwrap();
    let two = passwords
        .hash(secret("sand people"), email())
        .await
        .unwrap();
    assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
    assert_ne!(one, two);
}

#[tokio::test]
async fn only_the_right_password_is_right() {
    let passwords = Passwords::new(&settings()).unwrap();
    let stored = passwords
        .hash(secret("sand people"), email())
        .await
        .unwrap();
    let stored = Some(stored.as_str());
    assert_eq!(
        verify(&passwords, "sand people", stored).await,
        Ok(Verdict::Right { renewed: None })
    );
    assert_eq!(
        verify(&passwords, "Sand people", stored).await,
        Ok(Verdict::Wrong)
    );
    assert_eq!(verify(&passwords, "", stored).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn an_unknown_user_is_never_right() {
    let mut passwords = Passwords::new(&settings()).unwrap();
    let dummy = passwords
        .hash(secret("sand people"), email())
        .await
        .unwrap();
    passwords.dummy = Arc::from(dummy);
    assert_eq!(
        verify(&passwords, "sand people", None).await,
        Ok(Verdict::Wrong)
    );
}

#[tokio::test]
async fn a_hash_made_with_other_parameters_stays_good_and_is_renewed() {
    let old = Passwords::new(&settings()).unwrap();
    let stored = old.hash(secret("sand people"), email()).await.unwrap();
    for (memory_kib, iterations, parallelism) in [(128, 1, 1), (64, 2, 1), (64, 1, 2)] {
        let new = Passwords::new(&settings::Passwords {
            memory_kib,
            iterations,
            parallelism,
            ..settings()
        })
        .unwrap();
        assert_eq!(
            verify(&new, "Sand people", Some(&stored)).await,
            Ok(Verdict::Wrong)
        );
        let verdict = verify(&new, "sand people", Some(&stored)).await;
        let Ok(Verdict::Right {
            renewed: Some(renewed),
        }) = verdict
        else {
            panic!("{verdict:?}");
        };
        let cost = format!("$m={memory_kib},t={iterations},p={parallelism}$");
        assert!(renewed.contains(&cost), "{renewed}");
        assert_eq!(
            verify(&new, "sand people", Some(&renewed)).await,
            Ok(Verdict::Right { renewed: None })
        );
    }
}

/// ASVS 5.0, 6.2.4.
#[tokio::test]
async fn a_common_password_is_refused_instead_of_hashed() {
    let passwords = Passwords::new(&settings()).unwrap();
    let outcome = passwords.hash(secret("password1"), email()).await;
    assert!(
        matches!(outcome, Err(PasswordFault::Refused(_))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_broken_hash_is_a_fault_and_not_a_wrong_password() {
    let passwords = Passwords::new(&settings()).unwrap();
    let outcome = verify(&passwords, "x", Some("plain text")).await;
    assert!(
        matches!(outcome, Err(PasswordFault::Failed(_))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn cancelled_requests_leave_the_pool_usable() {
    let passwords = Passwords::new(&settings()).unwrap();
    for _ in 0..50 {
        let mut asked = Box::pin(passwords.hash(secret("sand people"), email()));
        // Polled once, so that it is queued, then dropped.
        let poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(asked.as_mut().poll(context).is_ready())
        });
        poll.await;
    }
    assert!(passwords.hash(secret("sand people"), email()).await.is_ok());
}

#[tokio::test]
async fn as_many_are_admitted_as_may_wait_or_run() {
    let passwords = Passwords::new(&settings()).unwrap();
    let held: Vec<_> = (0..=u8::MAX)
        .map_while(|last| passwords.admit([192, 0, 2, last].into()).ok())
        .collect();
    assert_eq!(held.len(), 3);
    let overflow = passwords.hash(secret("sand people"), email()).await;
    assert_eq!(overflow, Err(PasswordFault::Busy));
    drop(held);
    assert!(passwords.admit([192, 0, 2, 0].into()).is_ok());
}

#[tokio::test]
async fn no_more_run_at_a_time_than_there_are_threads() {
    let passwords = Passwords::new(&settings()).unwrap();
    let turn = Arc::clone(&passwords.running)
        .acquire_owned()
        .await
        .unwrap();
    let mut asked = Box::pin(passwords.hash(secret("sand people"), email()));
    let waited = tokio::time::timeout(std::time::Duration::from_millis(100), &mut asked).await;
    assert!(waited.is_err());
    drop(turn);
    assert!(asked.await.is_ok());
    assert_eq!(passwords.hashers.idle.lock().unwrap().len(), 1);
}

#[test]
fn without_a_number_of_threads_there_is_at_least_one() {
    assert!(
        threads(&settings::Passwords {
            threads: 0,
            ..settings()
        }) >= 1
    );
    assert_eq!(
        threads(&settings::Passwords {
            threads: 3,
            ..settings()
        }),
        3
    );
}

#[test]
fn impossible_parameters_are_refused_by_name() {
    for (settings, name) in [
        (
            settings::Passwords {
                memory_kib: 1,
                ..settings()
            },
            "passwords.memory_kib",
        ),
        (
            settings::Passwords {
                queue: 0,
                ..settings()
            },
            "passwords.queue",
        ),
    ] {
        let message = Passwords::new(&settings).unwrap_err().to_string();
        assert!(message.starts_with(name), "{message}");
    }
}
