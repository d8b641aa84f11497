//! The address that the service listens on.

use std::cmp::Reverse;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _,
};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// An address or a host name, and a port; port 0 means any free one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Bind {
    /// An IP address.
    Address(SocketAddr),
    /// A host name, resolved by [`Bind::listen`].
    Name {
        /// Without the port.
        host: String,
        /// 0 means any.
        port: u16,
    },
}

impl Bind {
    /// Binds the address. A name is bound to the first of its addresses that is free, IPv4 before IPv6, so that `localhost`
    /// is the same on every machine.
    ///
    /// # Errors
    /// The name cannot be resolved, or none of its addresses can be bound.
    pub fn listen(&self) -> io::Result<TcpListener> {
        TcpListener::bind(self.resolve()?.as_slice())
    }

    /// Connects to the service that listens there, on this machine.
    ///
    /// # Errors
    /// The name cannot be resolved, or nothing listens on any of its addresses.
    pub fn connect(&self, patience: Duration) -> io::Result<TcpStream> {
        let mut outcome = Err(ErrorKind::AddrNotAvailable.into());
        for address in self.resolve()? {
            outcome = TcpStream::connect_timeout(&reachable(address), patience);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::Address(address) => Ok(vec![*address]),
            Self::Name { host, port } => {
                let mut addresses: Vec<_> = (host.as_str(), *port).to_socket_addrs()?.collect();
                addresses.sort_by_key(|address| Reverse(address.is_ipv4()));
                Ok(addresses)
            }
        }
    }

    /// Returns the base of URLs that lead here by `port`. An unspecified address becomes the loopback address, which works on
    /// this machine only.
    pub fn base_url(&self, port: u16) -> String {
        match self {
            Self::Address(address) => {
                format!("http://{}", reachable(SocketAddr::new(address.ip(), port)))
            }
            Self::Name { host, .. } => format!("http://{host}:{port}"),
        }
    }

    /// Returns whether the service listens on every address of the machine.
    pub(crate) fn is_unspecified(&self) -> bool {
        matches!(self, Self::Address(address) if address.ip().is_unspecified())
    }

    /// Returns the configured port, which may be 0.
    pub const fn port(&self) -> u16 {
        match self {
            Self::Address(address) => address.port(),
            Self::Name { port, .. } => *port,
        }
    }
}

/// Returns the address with the loopback address in place of an unspecified one, which nobody can call.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

impl FromStr for Bind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected an address or a name, and a port: 127.0.0.1:5003, [::1]:5003 or localhost:5003";
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let (host, port) = text.rsplit_once(':').ok_or(EXPECTED)?;
        let is_name = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        match port.parse() {
            Ok(port) if is_name => Ok(Self::Name {
                host: host.to_ascii_lowercase(),
                port,
            }),
            _ => Err(EXPECTED),
        }
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name { host, port } => write!(f, "{host}:{port}"),
        }
    }
}

impl<'de> Deserialize<'de> for Bind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Bind;

    #[test]
    fn urls_lead_to_what_is_listened_on() {
        for (text, url) in [
            ("127.0.0.1:5003", "http://127.0.0.1:80"),
            ("[::1]:5003", "http://[::1]:80"),
            ("LocalHost:5003", "http://localhost:80"),
            ("0.0.0.0:5003", "http://127.0.0.1:80"),
            ("[::]:0", "http://[::1]:80"),
        ] {
            let bind: Bind = text.parse().unwrap();
            assert_eq!(bind.base_url(80), url, "{text}");
            assert_eq!(bind.to_string(), text.to_ascii_lowercase());
        }
    }

    #[test]
    fn a_name_is_resolved_and_listened_on() {
        let bind: Bind = "localhost:0".parse().unwrap();
        let listener = bind.listen().unwrap();
        assert!(listener.local_addr().unwrap().ip().is_loopback());
        let nowhere: Bind = "nowhere.invalid:0".parse().unwrap();
        assert!(nowhere.listen().is_err());
    }

    #[test]
    fn what_is_no_host_and_port_is_refused() {
        for text in [
            "",
            "5003",
            ":5003",
            "localhost",
            "localhost:",
            "localhost:65536",
            "::1:5003",
            "http://localhost:5003",
            "local host:5003",
            "localhost:5003/",
        ] {
            assert!(text.parse::<Bind>().is_err(), "{text}");
        }
    }
}
