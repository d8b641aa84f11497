//! Clients, told apart by their addresses.

use std::net::IpAddr;

/// Returns the network that identifies a client: an address of IPv4 in the form mapped to IPv6, or the first 64 bits of
/// one of IPv6, since whoever has one has all that begin alike.
pub fn network(client: IpAddr) -> u128 {
    match client.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}
