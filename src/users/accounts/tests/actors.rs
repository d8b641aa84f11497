//! Callers who may not do any more what they could when their requests began.

use super::*;

/// A change of the caller's account while the request is under way.
#[derive(Clone, Copy, Debug)]
enum End {
    Suspended,
    Demoted,
    LoggedOut,
    Deleted,
}

impl End {
    async fn befall(self, database: &TestDatabase, user: &User) {
        let done = match self {
            Self::Suspended => suspend(database, user.id, &operator()).await,
            Self::Demoted => set_role(database, user.id, Role::Basic, &operator()).await,
            Self::LoggedOut => end_sessions(database, user.id, &operator()).await,
            Self::Deleted => delete(database, user.id, &operator()).await,
        };
        done.unwrap();
    }
}

const ENDS: [End; 4] = [End::Suspended, End::Demoted, End::LoggedOut, End::Deleted];

/// Operations of admins on accounts.
#[derive(Clone, Copy, Debug)]
enum Write {
    Create,
    Role,
    Address,
    Suspend,
    Restore,
    Delete,
    EndSessions,
}

const WRITES: [Write; 7] = [
    Write::Create,
    Write::Role,
    Write::Address,
    Write::Suspend,
    Write::Restore,
    Write::Delete,
    Write::EndSessions,
];

impl Write {
    async fn make(
        self,
        database: &TestDatabase,
        victim: &User,
        actor: &Actor,
    ) -> Result<(), ApiError> {
        let id = victim.id;
        match self {
            Self::Create => {
                let passwords = passwords();
                let new = NewUser {
                    email: &address("new"),
                    password: "tauntaun smells within".into(),
                    role: Role::Admin,
                    verified: false,
                };
                let made = create(database, &passwords, new, actor, Key::default()).await;
                made.map(drop)
            }
            Self::Role => set_role(database, id, Role::Admin, actor).await.map(drop),
            Self::Address => {
                let wanted = Change::Update {
                    email: Some(address("other")),
                    role: None,
                };
                change(database, id, wanted, actor).await.map(drop)
            }
            Self::Suspend => suspend(database, id, actor).await.map(drop),
            Self::Restore => restore(database, id, actor).await.map(drop),
            Self::Delete => delete(database, id, actor).await.map(drop),
            Self::EndSessions => end_sessions(database, id, actor).await.map(drop),
        }
    }
}

/// All that a change could leave behind.
async fn traces(database: &TestDatabase) -> (Vec<User>, Vec<Session>, u64) {
    let connection = database.pool();
    let mut users = user::Entity::find().all(connection).await.unwrap();
    users.sort_by_key(|user| user.id);
    let mut live = Vec::new();
    for user in &users {
        live.extend(sessions::list::live(database, user.id).await.unwrap());
    }
    let events = audit::entity::Entity::find().count(connection).await;
    (users, live, events.unwrap())
}

#[tokio::test]
async fn who_was_an_admin_when_the_request_began_does_nothing_with_others() {
    let database = TestDatabase::open().await;
    let _last = admin(&database).await;
    let victim = verified(&database).await;
    let gone = verified(&database).await;
    suspend(&database, gone.id, &operator()).await.unwrap();
    logged_in(&database, &victim).await;
    for end in ENDS {
        let actor = admin(&database).await;
        let calling = calling(&database, &actor).await;
        end.befall(&database, &actor).await;
        let before = traces(&database).await;
        for write in WRITES {
            let victim = match write {
                Write::Restore => &gone,
                _ => &victim,
            };
            let made = write.make(&database, victim, &calling).await;
            assert_eq!(refusal(made), token_invalid(), "{write:?}, {end:?}");
        }
        assert_eq!(traces(&database).await, before, "{end:?}");
    }
}

#[tokio::test]
async fn an_owner_whose_session_has_ended_changes_nothing() {
    let database = TestDatabase::open().await;
    for end in [End::Suspended, End::LoggedOut, End::Deleted] {
        let owner = verified(&database).await;
        let calling = calling(&database, &owner).await;
        end.befall(&database, &owner).await;
        // Another one, by which the old token is not good again.
        if matches!(end, End::LoggedOut) {
            logged_in(&database, &now(&database, &owner).await).await;
        }
        let before = traces(&database).await;
        for write in [Write::Address, Write::EndSessions] {
            let made = write.make(&database, &owner, &calling).await;
            assert_eq!(refusal(made), token_invalid(), "{write:?}, {end:?}");
        }
        assert_eq!(traces(&database).await, before, "{end:?}");
    }
}

#[tokio::test]
async fn who_still_may_does_it_and_an_owner_does_no_more_than_that() {
    let database = TestDatabase::open().await;
    let _last = admin(&database).await;
    let owner = verified(&database).await;
    let calls = calling(&database, &owner).await;
    Write::Address
        .make(&database, &owner, &calls)
        .await
        .unwrap();
    for write in [Write::Create, Write::Role, Write::Restore] {
        let made = write.make(&database, &owner, &calls).await;
        assert_eq!(refusal(made), token_invalid(), "{write:?}");
    }
    Write::EndSessions
        .make(&database, &owner, &calls)
        .await
        .unwrap();

    let boss = admin(&database).await;
    let calls = calling(&database, &boss).await;
    for write in WRITES {
        let victim = verified(&database).await;
        let made = write.make(&database, &victim, &calls).await;
        made.unwrap_or_else(|error| panic!("{write:?}: {error:?}"));
    }
    // Nothing stops admins from giving their own role away while another one stays.
    set_role(&database, boss.id, Role::Basic, &calls)
        .await
        .unwrap();
}
