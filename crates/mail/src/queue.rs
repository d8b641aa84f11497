//! The queue of mails in SQL, which survives the end of this process and a mail server that is away.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use strum::{Display, EnumString};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::entity::{self as mail, Model as Mail};
use database::Database;

/// The number of mails that may wait. Beyond it, no answer says that a mail is on its way.
const CAPACITY: u64 = 10_000;

/// The time for which a mail is claimed by an instance; longer than sending may take.
const CLAIM: Duration = Duration::seconds(30);

/// The age at which a mail that could not be sent is given up.
const LIFE: Duration = Duration::days(3);

/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: i64 = 15 * 60;

/// The reason why a mail is sent.
#[derive(Clone, Copy, Debug, Display, EnumString, PartialEq, Eq)]
#[strum(serialize_all = "kebab-case")]
pub enum MailKind {
    /// Somebody signed up with this address.
    Signup,
    /// Somebody asked for the verification link again.
    Resend,
    /// Somebody forgot the password of this address.
    Forgotten,
    /// To the owner: the password was changed.
    PasswordChanged,
    /// To the address that an account is to have: the link that proves it.
    EmailChange,
    /// To the address that an account has: another is to replace it.
    EmailChangeRequested,
    /// To the address that an account had: another has replaced it.
    EmailChanged,
}

impl MailKind {
    /// Returns the kind of a queued mail; none of one that a newer version has queued.
    pub fn of(mail: &Mail) -> Option<Self> {
        mail.kind.parse().ok()
    }
}

/// Returns true if no further mail should be queued.
pub async fn is_full(database: &Database) -> Result<bool, DbErr> {
    Ok(count(database).await? >= CAPACITY)
}

/// Returns the number of mails in the queue.
pub(super) async fn count(database: &Database) -> Result<u64, DbErr> {
    database
        .run(|database| async move { mail::Entity::find().count(&database).await })
        .await
}

/// Queues a mail that belongs to no change of an account.
pub async fn push_alone(
    database: &Database,
    kind: MailKind,
    address: String,
    user_id: Option<Uuid>,
) -> Result<(), DbErr> {
    database
        .run(move |database| async move { push(&database, kind, address, user_id).await })
        .await
}

/// Queues a mail as a part of the caller's transaction.
pub async fn push(
    connection: &impl ConnectionTrait,
    kind: MailKind,
    address: String,
    user_id: Option<Uuid>,
) -> Result<(), DbErr> {
    let now = database::now();
    let mail = Mail {
        id: Uuid::new_v4(),
        kind: kind.to_string(),
        address,
        user_id,
        created_at: now,
        next_attempt_at: now,
        attempts: 0,
        claimed_until: None,
    };
    database::insert(connection, mail).await
}

/// Assigns a mail that was queued for an address to its account, as a part of `transaction`. Returns true the first time,
/// by which the caller does once per mail what must not be repeated when the mail is tried again.
pub async fn assign(
    transaction: &impl ConnectionTrait,
    mail_id: Uuid,
    user_id: Uuid,
) -> Result<bool, DbErr> {
    let unassigned = Condition::any()
        .add(mail::Column::UserId.is_null())
        .add(mail::Column::UserId.ne(user_id));
    let assigned = mail::Entity::update_many()
        .col_expr(mail::Column::UserId, Expr::value(user_id))
        .filter(mail::Column::Id.eq(mail_id))
        .filter(unassigned)
        .exec(transaction)
        .await?;
    Ok(assigned.rows_affected > 0)
}

/// Claims the next mail that is due; no other instance gets it until the claim ends.
pub async fn claim(database: &Database) -> Result<Option<Mail>, DbErr> {
    database
        .run(|database| async move { claim_within(&database).await })
        .await
}

async fn claim_within(connection: &impl ConnectionTrait) -> Result<Option<Mail>, DbErr> {
    loop {
        let now = database::now();
        let due = Condition::all()
            .add(mail::Column::NextAttemptAt.lte(now))
            .add(
                Condition::any()
                    .add(mail::Column::ClaimedUntil.is_null())
                    .add(mail::Column::ClaimedUntil.lt(now)),
            );
        let Some(mut next) = mail::Entity::find()
            .filter(due.clone())
            .order_by_asc(mail::Column::NextAttemptAt)
            .one(connection)
            .await?
        else {
            return Ok(None);
        };
        let until = now + CLAIM;
        next.attempts = next.attempts.saturating_add(1);
        let taken = mail::Entity::update_many()
            .col_expr(mail::Column::ClaimedUntil, Expr::value(until))
            .col_expr(mail::Column::Attempts, Expr::value(next.attempts))
            .filter(mail::Column::Id.eq(next.id))
            .filter(due)
            .exec(connection)
            .await?;
        if taken.rows_affected > 0 {
            next.claimed_until = Some(until);
            return Ok(Some(next));
        }
    }
}

/// Deletes a mail that was sent or is not wanted any more.
pub async fn remove(database: &Database, mail: &Mail) -> Result<(), DbErr> {
    let deletion = mail::Entity::delete_many().filter(mail::Column::Id.eq(mail.id));
    database.delete(deletion).await.map(drop)
}

/// Puts back a mail that could not be sent and returns the pause, or `None` if it is too old and was given up.
pub(super) async fn postpone(database: &Database, mail: &Mail) -> Result<Option<Duration>, DbErr> {
    let now = database::now();
    if now - mail.created_at >= LIFE {
        remove(database, mail).await?;
        return Ok(None);
    }
    let pause = pause(mail.attempts);
    let change = mail::Entity::update_many()
        .col_expr(mail::Column::NextAttemptAt, Expr::value(now + pause))
        .col_expr(
            mail::Column::ClaimedUntil,
            Expr::value(Option::<OffsetDateTime>::None),
        )
        .filter(mail::Column::Id.eq(mail.id))
        .filter(mail::Column::ClaimedUntil.eq(mail.claimed_until));
    database.update(change).await?;
    Ok(Some(pause))
}

/// Returns the pause before the next attempt: one second after the first, then twice as long each time.
fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default();
    let seconds = 1_i64.checked_shl(doublings).filter(|&seconds| seconds > 0);
    Duration::seconds(seconds.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use tokio::task::JoinSet;

    use super::*;
    use database::testing::TestDatabase;

    #[tokio::test]
    async fn no_mail_is_taken_twice() {
        let database = TestDatabase::open().await;
        let mut pushed = HashSet::new();
        for _ in 0..12 {
            let user = Uuid::new_v4();
            push(
                database.pool(),
                MailKind::Resend,
                "luke@rebels.example".to_owned(),
                Some(user),
            )
            .await
            .unwrap();
            pushed.insert(user);
        }
        let mut instances = JoinSet::new();
        for _ in 0..6 {
            let database = database.clone();
            instances.spawn(async move {
                let mut taken = Vec::new();
                while let Some(mail) = claim(&database).await.unwrap() {
                    taken.push(mail.user_id.unwrap());
                }
                taken
            });
        }
        let taken: Vec<Uuid> = instances.join_all().await.concat();
        let ours: Vec<_> = taken.iter().filter(|user| pushed.contains(user)).collect();
        assert_eq!(ours.len(), pushed.len());
    }

    #[tokio::test]
    async fn a_mail_that_was_not_sent_is_due_again_and_one_too_old_is_given_up() {
        let database = TestDatabase::open().await;
        push(
            database.pool(),
            MailKind::Resend,
            "luke@rebels.example".to_owned(),
            None,
        )
        .await
        .unwrap();
        let mut mail = claim(&database).await.unwrap().unwrap();
        assert_eq!(
            postpone(&database, &mail).await.unwrap(),
            Some(Duration::SECOND)
        );
        assert_eq!(claim(&database).await.unwrap(), None);
        mail.created_at = database::now() - LIFE;
        assert_eq!(postpone(&database, &mail).await.unwrap(), None);
        assert_eq!(
            mail::Entity::find_by_id(mail.id)
                .one(database.pool())
                .await
                .unwrap(),
            None
        );
    }

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<_> = [0, 1, 2, 5, 10, 11, 63, 64, 65, i32::MAX]
            .map(|attempts| pause(attempts).whole_seconds())
            .into();
        assert_eq!(pauses, [1, 1, 2, 16, 512, 900, 900, 900, 900, 900]);
    }
}
