//! A listener that takes no more connections, and keeps those that it has.
//!
//! A connection that the kernel has accepted for a listener, and the process has not, is reset when the listener closes: its client has
//! sent a request, and cannot know that nobody read it. So first the kernel ignores those who ask for a connection, and
//! the process accepts the rest. They ask again after a second, and are told that nobody listens; nothing of theirs was
//! sent.

use std::{io, net::TcpListener};

/// Lets nobody begin a connection any more. Elsewhere than on Linux it does nothing, and some kernels ask for CAP_NET_ADMIN.
///
/// # Errors
///
/// Those of the operating system.
#[cfg(target_os = "linux")]
pub(super) fn refuse_connections(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    /// The flags of a TCP header (RFC 9293, section 3.1), and among them SYN and ACK.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;

    // Instructions of the classic Berkeley packet filter, and how much of a packet is kept.
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const SKIP_UNLESS_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const NOTHING: u32 = 0;
    const EVERYTHING: u32 = u32::MAX;

    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(SKIP_UNLESS_EQUAL, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, NOTHING),
        SockFilter::new(RETURN, 0, 0, EVERYTHING),
    ])
}

#[cfg(not(target_os = "linux"))]
pub(super) fn refuse_connections(_: &TcpListener) -> io::Result<()> {
    Ok(())
}
