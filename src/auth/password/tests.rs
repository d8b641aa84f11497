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
        passwords.verify(secret("sand people"), stored).await,
        Ok(Verdict::Right { renewed: None })
    );
    assert_eq!(
        passwords.verify(secret("Sand people"), stored).await,
        Ok(Verdict::Wrong)
    );
    assert_eq!(
        passwords.verify(secret(""), stored).await,
        Ok(Verdict::Wrong)
    );
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
        passwords.verify(secret("sand people"), None).await,
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
            new.verify(secret("Sand people"), Some(&stored)).await,
            Ok(Verdict::Wrong)
        );
        let verdict = new.verify(secret("sand people"), Some(&stored)).await;
        let Ok(Verdict::Right {
            renewed: Some(renewed),
        }) = verdict
        else {
            panic!("{verdict:?}");
        };
        let cost = format!("$m={memory_kib},t={iterations},p={parallelism}$");
        assert!(renewed.contains(&cost), "{renewed}");
        assert_eq!(
            new.verify(secret("sand people"), Some(&renewed)).await,
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
    let outcome = passwords.verify(secret("x"), Some("plain text")).await;
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
async fn there_are_places_for_those_who_wait_and_those_who_are_served() {
    let passwords = Passwords::new(&settings()).unwrap();
    let held: Vec<_> = (0..=u8::MAX)
        .map_while(|last| passwords.place([192, 0, 2, last].into()).ok())
        .collect();
    assert_eq!(held.len(), 3);
    drop(held);
    assert!(passwords.place([192, 0, 2, 0].into()).is_ok());
}

#[test]
fn the_threads_end_with_the_value() {
    let passwords = Passwords::new(&settings()).unwrap();
    let queue = Arc::clone(&passwords.queue);
    drop(passwords);
    while Arc::strong_count(&queue) > 1 {
        std::thread::yield_now();
    }
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
