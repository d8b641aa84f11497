//! The client's address behind trusted proxies.

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use ipnet::{IpNet, Ipv4Net};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The networks whose word on the client's address is taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub(crate) fn new(networks: Vec<IpNet>) -> Self {
        Self(networks.into_iter().map(canonical).collect())
    }

    /// The client behind `peer`.
    ///
    /// Each proxy adds the address that it was called from at the right, so the entries are true
    /// from the right up to the first that no trusted proxy wrote.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut entries = headers
            .get_all(X_FORWARDED_FOR)
            .rev()
            .flat_map(|line| line.as_bytes().rsplit(|&byte| byte == b','));
        while self.trusts(client) {
            match entries.next().and_then(address) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// A network of IPv4-mapped addresses is one of IPv4, as the addresses in it are.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(wide) = network else {
        return network;
    };
    wide.addr()
        .to_ipv4_mapped()
        .zip(wide.prefix_len().checked_sub(96))
        .and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok())
        .map_or(network, IpNet::V4)
}

/// An address with or without a port, one of IPv6 with or without brackets.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(entry.trim_ascii()).ok()?;
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
        .or_else(|| bracketed().map(|address: Ipv6Addr| address.into()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    /// The client of a peer that sent these lines, with 10.0.0.0/8 and 2001:db8::/32 trusted.
    fn client(peer: &str, lines: &[&str]) -> String {
        of(&["10.0.0.0/8", "2001:db8::/32"], peer, lines)
    }

    fn of(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let trusted = trusted.iter().map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                X_FORWARDED_FOR,
                HeaderValue::from_bytes(line.as_bytes()).unwrap(),
            );
        }
        TrustedProxies::new(trusted.collect())
            .client(peer.parse().unwrap(), &headers)
            .to_string()
    }

    #[test]
    fn a_peer_that_is_not_trusted_is_the_client_whatever_it_says() {
        assert_eq!(client("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(
            client("192.0.2.1", &["198.51.100.1, 10.0.0.1"]),
            "192.0.2.1"
        );
        assert_eq!(client("2001:db9::1", &["198.51.100.1"]), "2001:db9::1");
        assert_eq!(of(&[], "127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
    }

    #[test]
    fn a_trusted_peer_that_says_nothing_is_the_client() {
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_address_that_no_trusted_proxy_has_is_the_clients() {
        let forged = "203.0.113.9, 198.51.100.1";
        assert_eq!(client("10.0.0.1", &[forged]), "198.51.100.1");
        let forged = "203.0.113.9 ,198.51.100.1\t, 10.1.1.1,2001:db8::2";
        assert_eq!(client("10.0.0.1", &[forged]), "198.51.100.1");
        assert_eq!(client("2001:db8::1", &[forged]), "198.51.100.1");
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = ["203.0.113.9", "198.51.100.1, 10.0.0.3", "10.0.0.2"];
        assert_eq!(client("10.0.0.1", &lines), "198.51.100.1");
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_walk() {
        for bad in [
            "unknown",
            "_hidden",
            "",
            " ",
            "198.51.100",
            "198.51.100.1:",
            "198.51.100.1:65536",
            "198.51.100.1 198.51.100.2",
            "[198.51.100.1]",
            "[2001:db9::1",
            "2001:db9::1]",
            "[]",
            "\"198.51.100.1\"",
            "for=198.51.100.1",
            "198.51.100.ä",
        ] {
            let line = format!("198.51.100.7, {bad}, 10.0.0.2");
            assert_eq!(client("10.0.0.1", &[&line]), "10.0.0.2", "{bad:?}");
            assert_eq!(
                client("10.0.0.1", &["198.51.100.7", bad]),
                "10.0.0.1",
                "{bad:?}"
            );
        }
    }

    #[test]
    fn of_trusted_addresses_alone_the_leftmost_is_the_client() {
        assert_eq!(
            client("10.0.0.1", &["10.0.0.4, 10.0.0.3", "10.0.0.2"]),
            "10.0.0.4"
        );
    }

    #[test]
    fn ports_and_brackets_are_no_part_of_an_address() {
        for (entry, address) in [
            ("198.51.100.1:4000", "198.51.100.1"),
            ("2001:DB9::1", "2001:db9::1"),
            ("[2001:db9::1]", "2001:db9::1"),
            ("[2001:db9::1]:4000", "2001:db9::1"),
        ] {
            assert_eq!(client("10.0.0.1", &[entry]), address, "{entry}");
        }
    }

    #[test]
    fn ipv4_mapped_addresses_are_ipv4() {
        assert_eq!(client("::ffff:192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        let line = "::ffff:198.51.100.1, [::ffff:a00:2]:80";
        assert_eq!(client("10.0.0.1", &[line]), "198.51.100.1");
        let mapped = of(&["::ffff:10.0.0.0/104"], "10.0.0.1", &["198.51.100.1"]);
        assert_eq!(mapped, "198.51.100.1");
        let beyond = of(&["::ffff:10.0.0.0/104"], "11.0.0.1", &["198.51.100.1"]);
        assert_eq!(beyond, "11.0.0.1");
    }

    #[test]
    fn a_network_of_all_of_ipv6_holds_no_ipv4() {
        assert_eq!(of(&["::/0"], "192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
    }
}
