//! Connections to PostgreSQL, direct or through a pooler.

use std::io;
use std::time::Duration;

use anyhow::ensure;
use sea_orm::sqlx;
use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgPool, Postgres, Row as _,
};
use tokio::time::timeout;

use super::handle::TIMEOUT;

/// Fails if two connections at the same time are one at the server, as behind PgBouncer in transaction mode.
///
/// There, a statement that was prepared on one may meet another one of the same name, and limits set on one hold for
/// others.
pub(super) async fn refuse_shared_connections(pool: PgPool) -> anyhow::Result<()> {
    let question = "SELECT pg_backend_pid()::text || ' ' || pg_postmaster_start_time()::text";
    let mut first = pool.acquire().await?;
    let mut second = pool.connect_options().connect().await?;
    let mut server = Vec::new();
    for connection in [&mut *first, &mut second] {
        let row = connection.fetch_one(question).await?;
        server.push(row.try_get::<String, _>(0)?);
    }
    second.close().await?;
    ensure!(
        server[0] != server[1],
        "the database is behind a pooler that shares connections between transactions: set database.transaction_pooling \
         to true, or let the pooler work in session mode"
    );
    Ok(())
}

/// Returns the statements that set the time limits of a session or, with `SET LOCAL`, of a transaction.
pub(super) fn limits(set: &str, time_limit: Duration) -> String {
    let millis = time_limit.as_millis();
    format!(
        "{set} statement_timeout = {millis}; {set} idle_in_transaction_session_timeout = {millis}"
    )
}

/// Sets time limits that the server enforces, and checks each connection that comes back.
///
/// The limits are set by statements, since PgBouncer takes no `options` when a connection begins.
pub(super) fn pool(pool: PoolOptions<Postgres>, limits: Option<String>) -> PoolOptions<Postgres> {
    let pool = match limits {
        None => pool,
        Some(limits) => pool.after_connect(move |connection, _| {
            let limits = AssertSqlSafe(limits.clone());
            Box::pin(async move { connection.execute(limits).await.map(drop) })
        }),
    };
    // No connection that is inside a transaction is used again, whatever the driver believes of it. The two times differ
    // inside of one; in one that has failed the query is refused, and the connection closed as well. Nor is one to a
    // server that has become read-only: a new one may lead to the server that took over.
    pool.after_release(|connection, _| {
        Box::pin(async move {
            let unusable = "SELECT 1 WHERE now() <> statement_timestamp() \
                            OR current_setting('transaction_read_only')::boolean";
            let row = in_time(connection.fetch_optional(unusable)).await?;
            Ok(row.is_none())
        })
    })
}

/// Waits for the answer of a connection that comes back. A dead one is an error, not a wait.
pub(super) async fn in_time<T>(answer: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(TIMEOUT, answer)
        .await
        .unwrap_or_else(|_elapsed| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())))
}
