//! The context of an event: who did something, by which request, from where.

use std::net::IpAddr;

use gatekeeper::{IpNet, RequestContext};
use generated::models::Session;
use uuid::Uuid;

use crate::settings::ClientAddress;

/// The longest stored `User-Agent`, in characters.
const USER_AGENT_LENGTH: usize = Session::USER_AGENT_MAX_LENGTH;

/// The actor and the request of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditContext {
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) request_id: Option<Uuid>,
    /// The client's address or network, as `audit.client_address` says.
    pub(crate) client_address: Option<String>,
    /// `User-Agent`, truncated.
    pub(crate) user_agent: Option<String>,
}

impl AuditContext {
    /// Returns the context of the operator at the command line.
    pub(crate) fn command_line() -> Self {
        Self::default()
    }

    /// Returns the context of a request, without an actor until [`by`](Self::by) names one.
    pub(super) fn of(context: RequestContext<'_>, keep: ClientAddress) -> Self {
        Self {
            actor_id: None,
            request_id: Some(context.id()),
            client_address: kept(context.address(), keep),
            user_agent: context
                .user_agent()
                .map(|text| text.chars().take(USER_AGENT_LENGTH).collect()),
        }
    }

    /// Returns the context with this account as the actor.
    #[must_use]
    pub(crate) fn by(self, user_id: Uuid) -> Self {
        Self {
            actor_id: Some(user_id),
            ..self
        }
    }
}

/// Returns the part of an address that is stored: a network of IPv4 has 24 bits, one of IPv6 48, so that it names a
/// provider's customer at most.
fn kept(address: IpAddr, keep: ClientAddress) -> Option<String> {
    let bits = match (keep, address) {
        (ClientAddress::None, _) => return None,
        (ClientAddress::Full, _) => return Some(address.to_string()),
        (ClientAddress::Network, IpAddr::V4(_)) => 24,
        (ClientAddress::Network, IpAddr::V6(_)) => 48,
    };
    let network = IpNet::new(address, bits).ok()?.trunc();
    Some(network.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_the_operator_wants() {
        for (address, network) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ] {
            let address: IpAddr = address.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]));
            assert_eq!(kept(address, ClientAddress::None), None);
            assert_eq!(
                kept(address, ClientAddress::Network).as_deref(),
                Some(network)
            );
            assert_eq!(
                kept(address, ClientAddress::Full),
                Some(address.to_string())
            );
        }
    }
}
