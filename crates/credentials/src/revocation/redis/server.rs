//! The server's description of itself, and the check that it can be trusted with revocations.

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{InfoDict, RedisError, Value, cmd};

use super::keys::EPOCH;
use crate::revocation::backend::StoreUnavailable;

/// Asks the server for its identity: its process, and the history of its data, which begins anew whenever a server
/// becomes a primary. A process that was replaced, took over another's data and is the primary again is another one; so is
/// one that has evicted keys.
///
/// # Errors
/// The server does not answer, or cannot be trusted.
pub(super) async fn identity(
    connection: &mut MultiplexedConnection,
) -> Result<String, ServerFault> {
    let info: InfoDict = cmd("INFO")
        .query_async(connection)
        .await
        .map_err(ServerFault::Silent)?;
    let fact = |name: &str| info.get::<String>(name).unwrap_or_default();
    let verdict = judge(&fact);
    if matches!(verdict, Err(ServerFault::Evicts(_))) {
        // What has been evicted by then nobody knows: everything is to be loaded again afterwards.
        let _: () = cmd("DEL")
            .arg(EPOCH)
            .query_async(connection)
            .await
            .map_err(ServerFault::Silent)?;
    }
    verdict
}

/// Returns whether the answer to `ROLE` is that of a primary.
pub(super) fn is_primary(role: &[Value]) -> bool {
    matches!(role.first(), Some(Value::BulkString(role)) if role == b"master")
}

/// The reason why a server is not asked.
#[derive(Debug)]
pub(super) enum ServerFault {
    /// It does not answer, or refuses to.
    Silent(RedisError),
    /// It answers, but for the moment has no data or only a copy of another's.
    NotNow(&'static str),
    /// It may drop keys on its own.
    Evicts(String),
}

impl From<ServerFault> for StoreUnavailable {
    fn from(fault: ServerFault) -> Self {
        match fault {
            ServerFault::Silent(error) => error.into(),
            ServerFault::NotNow(reason) => Self::new(reason),
            ServerFault::Evicts(policy) => Self::new(format!(
                "Redis may evict keys (maxmemory-policy is {policy}): set it to noeviction, \
                 or give revocations a Redis of their own"
            )),
        }
    }
}

fn judge(fact: &impl Fn(&str) -> String) -> Result<String, ServerFault> {
    if fact("loading") == "1" {
        return Err(ServerFault::NotNow("Redis is loading its data"));
    }
    if fact("role") == "slave" {
        return Err(ServerFault::NotNow(
            "Redis is a replica, and may be behind: give the address of the primary",
        ));
    }
    let policy = fact("maxmemory_policy");
    let limited = fact("maxmemory") != "0" && !fact("maxmemory").is_empty();
    if limited && policy != "noeviction" {
        return Err(ServerFault::Evicts(policy));
    }
    let run_id = fact("run_id");
    if run_id.is_empty() {
        return Err(ServerFault::NotNow(
            "the server does not tell its run_id (INFO server)",
        ));
    }
    let history = format!("{run_id}.{}", fact("master_replid"));
    // It may have been set to evict for a moment; what is gone since, nobody knows.
    Ok(match fact("evicted_keys").as_str() {
        "" | "0" => history,
        evicted => format!("{history}.{evicted}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "run_id:abc\nmaster_replid:def\nrole:master\nloading:0\nmaxmemory:0\nmaxmemory_policy:allkeys-lru\n";

    fn judged(text: &str) -> Result<String, ServerFault> {
        let info = InfoDict::new(text);
        judge(&|name: &str| info.get::<String>(name).unwrap_or_default())
    }

    #[test]
    fn a_primary_without_limit_is_trusted() {
        assert!(matches!(judged(GOOD), Ok(identity) if identity == "abc.def"));
    }

    #[test]
    fn a_limit_is_trusted_only_without_eviction() {
        let limited = GOOD.replace("maxmemory:0", "maxmemory:1000");
        assert!(
            matches!(judged(&limited), Err(ServerFault::Evicts(policy)) if policy == "allkeys-lru")
        );
        assert!(judged(&limited.replace("allkeys-lru", "noeviction")).is_ok());
    }

    #[test]
    fn a_replica_a_loading_server_and_a_nameless_one_are_not_trusted() {
        for (from, to) in [
            ("master", "slave"),
            ("loading:0", "loading:1"),
            ("run_id:abc", "run_id:"),
        ] {
            assert!(
                matches!(judged(&GOOD.replace(from, to)), Err(ServerFault::NotNow(_))),
                "{to}"
            );
        }
    }
}
