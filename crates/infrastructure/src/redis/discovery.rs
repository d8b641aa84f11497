//! The search for the primary: Sentinels or nodes of a cluster are asked again and again, and a majority decides.
//!
//! One that was cut off from the others may go on naming a primary that was replaced long ago; a majority can not, since
//! without one there is no new primary either.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Client, Value, cmd};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::clients::{Nodes, connection_config};
use super::fault::Unavailable;
use super::keys::SLOT;
use super::primary::Primary;
use crate::clock::Moment;
use crate::settings;

/// Time between two questions to one Sentinel or node.
const PERIOD: Duration = Duration::from_millis(250);

/// The primary, or why there is none.
pub(super) type Finding = Result<Arc<Primary>, Unavailable>;

/// Host and port.
type Place = (String, u16);

/// The question to each Sentinel or node.
#[derive(Clone)]
enum Question {
    /// The place of the primary of this name.
    Master(String),
    /// The place of our slot.
    Slot,
}

/// The latest answer of one Sentinel or node, and when it was asked.
type Opinion = Option<(Moment, Result<Place, Unavailable>)>;

/// The search, shared by one task for each Sentinel or node.
pub(super) struct Discovery {
    nodes: Nodes,
    question: Question,
    timeout: Duration,
    state: Mutex<State>,
    found: watch::Sender<Option<Finding>>,
}

struct State {
    opinions: Vec<Opinion>,
    /// The primary that was named last.
    primary: Option<(Place, Arc<Primary>)>,
}

impl Discovery {
    pub(super) fn new(settings: &settings::Redis) -> anyhow::Result<Self> {
        let nodes = Nodes::new(settings)?;
        let question = match settings.mode {
            settings::RedisMode::Sentinel => Question::Master(settings.sentinel.master.clone()),
            _ => Question::Slot,
        };
        let state = State {
            opinions: vec![None; nodes.clients.len()],
            primary: None,
        };
        Ok(Self {
            nodes,
            question,
            timeout: Duration::from_millis(settings.timeout_ms),
            state: Mutex::new(state),
            found: watch::Sender::new(None),
        })
    }

    /// Describes whom it asks; shows no password.
    pub(super) fn describe(&self, database: u16) -> String {
        let clients = self.nodes.clients.iter();
        let places: Vec<_> = clients
            .map(|client| client.get_connection_info().addr().to_string())
            .collect();
        let places = places.join(", ");
        match &self.question {
            Question::Master(name) => {
                format!("{name}, as the Sentinels at {places} know it, database {database}")
            }
            Question::Slot => format!("the cluster of {places}"),
        }
    }

    /// Begins to ask, by a task for each.
    pub(super) fn spawn(self, tasks: &mut JoinSet<()>) -> watch::Sender<Option<Finding>> {
        let found = self.found.clone();
        let discovery = Arc::new(self);
        for number in 0..discovery.nodes.clients.len() {
            tasks.spawn(Arc::clone(&discovery).follow(number));
        }
        found
    }

    /// Asks one of them again and again; never returns.
    async fn follow(self: Arc<Self>, number: usize) {
        let mut connection = None;
        loop {
            let asked = Moment::now();
            let answer = self.ask(&self.nodes.clients[number], &mut connection).await;
            if answer.is_err() {
                connection = None;
            }
            self.report(number, asked, answer);
            tokio::time::sleep(PERIOD.saturating_sub(Moment::now().since(asked))).await;
        }
    }

    async fn ask(
        &self,
        client: &Client,
        connection: &mut Option<MultiplexedConnection>,
    ) -> Result<Place, Unavailable> {
        let connection = match connection {
            Some(connection) => connection,
            None => {
                let config = connection_config(self.timeout);
                let made = client.get_multiplexed_async_connection_with_config(&config);
                connection.insert(made.await?)
            }
        };
        match &self.question {
            Question::Master(name) => {
                let place: Option<Place> = cmd("SENTINEL")
                    .arg("GET-MASTER-ADDR-BY-NAME")
                    .arg(name)
                    .query_async(connection)
                    .await?;
                place.ok_or_else(|| {
                    Unavailable::new(format!(
                        "a Sentinel knows no primary of the name {name} (redis.sentinel.master)"
                    ))
                })
            }
            Question::Slot => {
                let slots: Vec<Vec<Value>> =
                    cmd("CLUSTER").arg("SLOTS").query_async(connection).await?;
                let place = slots.iter().find_map(|range| owner_of_slot(range));
                let (host, port) = place.ok_or_else(|| {
                    Unavailable::new("a node of the cluster knows no primary of our slot")
                })?;
                // A node that does not know its own name is where it was asked.
                let host = match host.as_str() {
                    "" => host_of(client),
                    _ => host,
                };
                Ok((host, port))
            }
        }
    }

    /// Takes an answer, and decides anew.
    fn report(&self, number: usize, asked: Moment, answer: Result<Place, Unavailable>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.opinions[number] = Some((asked, answer));
        let finding = match elect(&state.opinions) {
            Some((place, confirmed)) => self.primary(&mut state, place, confirmed).map(Some),
            None => match &state.primary {
                Some((_, primary)) if primary.is_current() => Ok(None),
                // Some have not answered yet, after a start.
                _ if state.opinions.iter().any(Option::is_none) => Ok(None),
                _ => Err(self.reason(&state.opinions)),
            },
        };
        // Under the lock, so that an older finding does not follow a newer one.
        match finding {
            Ok(Some(primary)) => drop(self.found.send_replace(Some(Ok(primary)))),
            Ok(None) => {}
            Err(fault) => drop(self.found.send_replace(Some(Err(fault)))),
        }
    }

    /// Returns the primary at the place, which most name since `confirmed`.
    fn primary(&self, state: &mut State, place: Place, confirmed: Moment) -> Finding {
        if let Some((known, primary)) = &state.primary {
            // One that nobody confirmed for a while may have been replaced, and become the primary again.
            if *known == place && primary.is_current() {
                primary.confirm(confirmed);
                return Ok(Arc::clone(primary));
            }
            primary.retire();
            if *known != place {
                tracing::warn!(
                    before = format!("{}:{}", known.0, known.1),
                    now = format!("{}:{}", place.0, place.1),
                    "another Redis is the primary"
                );
            }
        }
        let client = self.nodes.primary(&place.0, place.1);
        let primary = client.and_then(|client| Primary::found(client, self.timeout));
        let primary = primary.map_err(|error| Unavailable::new(error.to_string()))?;
        let primary = Arc::new(primary);
        primary.confirm(confirmed);
        state.primary = Some((place, Arc::clone(&primary)));
        Ok(primary)
    }

    /// Says why there is no primary.
    fn reason(&self, opinions: &[Opinion]) -> Unavailable {
        let whom = match self.question {
            Question::Master(_) => "Sentinels",
            Question::Slot => "nodes of the cluster",
        };
        let fault = opinions
            .iter()
            .flatten()
            .find_map(|(_, answer)| answer.as_ref().err());
        let fault = fault.map_or("they differ", |fault| &fault.0);
        Unavailable::new(format!(
            "no majority of the {} {whom} in redis.urls names a primary: {fault}",
            opinions.len()
        ))
    }
}

/// Returns the place that most name, and the time since which most of all have named it.
fn elect(opinions: &[Opinion]) -> Option<(Place, Moment)> {
    let majority = opinions.len() / 2 + 1;
    let named = |place: &Place| {
        let mut times: Vec<Moment> = opinions
            .iter()
            .flatten()
            .filter(|(_, answer)| answer.as_ref() == Ok(place))
            .map(|(asked, _)| *asked)
            .collect();
        times.sort_unstable_by(|one, other| other.cmp(one));
        times.get(majority - 1).copied()
    };
    opinions.iter().flatten().find_map(|(_, answer)| {
        let place = answer.as_ref().ok()?;
        Some((place.clone(), named(place)?))
    })
}

/// Returns where the primary of a range of `CLUSTER SLOTS` is, if our slot is in the range.
fn owner_of_slot(range: &[Value]) -> Option<Place> {
    let [
        Value::Int(first),
        Value::Int(last),
        Value::Array(primary),
        ..,
    ] = range
    else {
        return None;
    };
    if !(*first..=*last).contains(&i64::from(SLOT)) {
        return None;
    }
    let [host, Value::Int(port), ..] = primary.as_slice() else {
        return None;
    };
    let host = match host {
        Value::BulkString(host) => String::from_utf8_lossy(host).into_owned(),
        _ => String::new(),
    };
    // A name that is configured, but not known.
    (host != "?").then_some((host, u16::try_from(*port).ok()?))
}

fn host_of(client: &Client) -> String {
    use deadpool_redis::redis::ConnectionAddr::{Tcp, TcpTls};
    match client.get_connection_info().addr() {
        Tcp(host, _) | TcpTls { host, .. } => host.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(asked: u64, host: &str) -> Opinion {
        Some((Moment(asked), Ok((host.to_owned(), 6379))))
    }

    fn elected(opinions: &[Opinion]) -> Option<(String, u64)> {
        elect(opinions).map(|((host, _), since)| (host, since.0))
    }

    #[test]
    fn a_primary_is_what_most_of_all_name_and_since_most_of_them_do() {
        let silent = Some((Moment(9), Err(Unavailable::new("silent"))));
        let (old, new) = (opinion(5, "old"), opinion(7, "new"));
        let of = |host: &str, since| Some((host.to_owned(), since));
        assert_eq!(elected(std::slice::from_ref(&new)), of("new", 7));
        assert_eq!(
            elected(&[opinion(3, "new"), new.clone(), old.clone()]),
            of("new", 3)
        );
        assert_eq!(
            elected(&[opinion(3, "new"), new.clone(), opinion(5, "new")]),
            of("new", 5)
        );
        assert_eq!(elected(&[new.clone(), old.clone(), silent.clone()]), None);
        assert_eq!(elected(&[new.clone(), None, None]), None);
        assert_eq!(elected(&[new, old]), None);
    }
}
