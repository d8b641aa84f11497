//! Lists of accounts, and accounts that are opened for somebody.

use super::*;

async fn found(database: &TestDatabase, filter: &Filter) -> Vec<String> {
    let (users, count) = list(database, filter, Page::new(1, 100)).await.unwrap();
    assert_eq!(users.len() as u64, count);
    users.into_iter().map(|user| user.email).collect()
}

fn search(text: &str) -> Filter {
    Filter {
        search: Some(text.to_owned()),
        ..Filter::default()
    }
}

#[tokio::test]
async fn a_search_takes_no_character_for_another_and_no_capital_for_a_difference() {
    let database = TestDatabase::open().await;
    for email in ["a_b@x.example", "acb@x.example", "50%!@x.example"] {
        signed_up(&database, email).await;
    }
    for (text, expected) in [
        ("A_B@X", vec!["a_b@x.example"]),
        ("%", vec!["50%!@x.example"]),
        ("%!@", vec!["50%!@x.example"]),
        ("!", vec!["50%!@x.example"]),
        ("\\", vec![]),
        ("a b", vec![]),
        ("a\0b", vec![]),
        ("b@", vec!["a_b@x.example", "acb@x.example"]),
    ] {
        let mut addresses = found(&database, &search(text)).await;
        addresses.sort();
        assert_eq!(addresses, expected, "{text}");
    }
}

#[tokio::test]
async fn filters_narrow_a_list_down_together() {
    let database = TestDatabase::open().await;
    let boss = admin(&database).await;
    let user = verified(&database).await;
    let gone = verified(&database).await;
    suspend(&database, gone.id, &operator()).await.unwrap();
    let filter = |role, disabled| Filter {
        search: Some("luke".to_owned()),
        role,
        disabled,
    };
    assert_eq!(found(&database, &filter(None, None)).await.len(), 3);
    for (role, disabled, expected) in [
        (Some(Role::Admin), None, &boss),
        (None, Some(true), &gone),
        (Some(Role::Basic), Some(false), &user),
    ] {
        let addresses = found(&database, &filter(role, disabled)).await;
        assert_eq!(addresses, std::slice::from_ref(&expected.email));
    }
}

#[tokio::test]
async fn pages_show_each_account_once_in_one_order() {
    let database = TestDatabase::open().await;
    for _ in 0..7 {
        signed_up(&database, &address("luke")).await;
    }
    let whole = found(&database, &Filter::default()).await;
    let mut parts = Vec::new();
    for number in 1..=4 {
        let (users, count) = list(&database, &Filter::default(), Page::new(number, 3))
            .await
            .unwrap();
        assert_eq!(count, 7);
        parts.extend(users.into_iter().map(|user| user.email));
    }
    assert_eq!(parts, whole);
}

#[tokio::test]
async fn an_admin_is_told_that_an_address_is_taken_or_a_password_too_common() {
    let database = TestDatabase::open().await;
    let passwords = passwords();
    let new = |email: &'static str, password: &str| NewUser {
        email,
        password: password.into(),
        role: Role::Admin,
        verified: true,
    };
    let create = |new| {
        let (database, passwords) = (&database, &passwords);
        async move { create(database, passwords, new, &operator(), Key::default()).await }
    };
    let user = create(new(" Leia@Rebels.Example", "tauntaun smells within"))
        .await
        .unwrap();
    let kept = user::Entity::find_by_id(user.user_id).one(database.pool());
    assert_eq!(user, kept.await.unwrap().unwrap().into());
    assert_eq!(user.email, "leia@rebels.example");
    let created = AuditEventKind::UserCreated;
    assert_eq!(events(&database, user.user_id, created).await, 1);

    let taken = create(new("leia@rebels.example", "tauntaun smells within")).await;
    assert_eq!(refusal(taken), (409, "user-already-exists".to_owned()));
    let common = create(new("han@rebels.example", "password")).await;
    assert_eq!(refusal(common), (400, "validation-failed".to_owned()));
    let form = create(new("han", "tauntaun smells within")).await;
    assert_eq!(refusal(form), (400, "validation-failed".to_owned()));
}
