//! The context of a request for hooks and operations: its id, its client, its start.

use crate::{
    accept,
    proxies::TrustedProxies,
    trace_context::{self, TraceParent},
};
use actix_web::{
    HttpMessage, HttpRequest,
    dev::Extensions,
    http::{Method, header::USER_AGENT},
};
use std::{
    cell::{Cell, Ref, RefMut},
    fmt,
    net::{IpAddr, Ipv4Addr},
    time::Instant,
};
use uuid::Uuid;

/// The origin of a request, for rate limits, records of sessions and the log. Everything is
/// worked out when asked for.
#[derive(Clone, Copy)]
pub struct RequestContext<'r> {
    pub(crate) request: &'r HttpRequest,
    pub(crate) proxies: &'r TrustedProxies,
    pub(crate) metadata: &'r RequestMetadata,
}

impl<'r> RequestContext<'r> {
    /// Returns the id of the request, as sent in `X-Request-Id`.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.metadata.id
    }

    /// Returns the client's address; unspecified (`0.0.0.0`) when the connection has none. It is never an
    /// IPv4-mapped address of IPv6.
    ///
    /// The peer's, unless it is a trusted proxy's (see
    /// [`trusted_proxies`](crate::ContractBuilder::trusted_proxies)). Then `X-Forwarded-For` is
    /// read from the right, and the first address that is not a trusted proxy's is the client's.
    /// An entry that is no address ends the reading, and the address to the right of it counts.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        match self.request.peer_addr() {
            Some(peer) => self.proxies.client(peer.ip(), self.request.headers()),
            None => Ipv4Addr::UNSPECIFIED.into(),
        }
    }

    /// Returns `User-Agent`; `None` when it is absent, was sent twice or holds anything but visible ASCII,
    /// spaces and tabs.
    #[must_use]
    pub fn user_agent(&self) -> Option<&'r str> {
        let mut lines = self.request.headers().get_all(USER_AGENT);
        match (lines.next(), lines.next()) {
            (Some(line), None) => line.to_str().ok(),
            _ => None,
        }
    }

    /// Returns the caller's span by `traceparent`; `None` if there is none or it is not as W3C Trace Context has it.
    #[must_use]
    pub fn trace_parent(&self) -> Option<TraceParent> {
        TraceParent::of(self.request.headers())
    }

    /// Returns `tracestate`, which belongs to [`trace_parent`](Self::trace_parent), as it was sent: it is the caller's word,
    /// to be parsed before it is used.
    #[must_use]
    pub fn trace_state(&self) -> Option<String> {
        trace_context::state(self.request.headers())
    }

    /// Returns the offered media type that the caller prefers by `Accept`; a parameter, such as a charset, is part of the
    /// type. Of equals the first, which is also the answer when there is no `Accept`, when it is malformed and when it
    /// holds none of them. The reply carries `Vary: Accept`.
    #[must_use]
    pub fn prefers<'o>(&self, offered: &[&'o str]) -> &'o str {
        self.metadata.negotiated.set(true);
        accept::preferred(self.request.headers(), offered)
    }

    /// Returns true for `HEAD`, which reaches the operation of `GET`, and may change nothing whatever that does (RFC 9110,
    /// section 9.3.2).
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.request.method() == Method::HEAD
    }

    /// Returns what middleware and hooks have put beside the request, by type.
    #[must_use]
    pub fn extensions(&self) -> Ref<'r, Extensions> {
        self.request.extensions()
    }

    /// Returns the same to put something in. The borrow must end before anybody is waited for.
    #[must_use]
    pub fn extensions_mut(&self) -> RefMut<'r, Extensions> {
        self.request.extensions_mut()
    }

    /// Returns true if the path ends in a slash. A collection is served without it, too, and relative links of a page lead
    /// elsewhere then.
    #[must_use]
    pub fn ends_in_slash(&self) -> bool {
        self.request.uri().path().ends_with('/')
    }
}

impl fmt::Debug for RequestContext<'_> {
    /// The id alone: the request's headers hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestContext({})", self.id())
    }
}

/// The id and the start of a request, set when it arrives.
pub(crate) struct RequestMetadata {
    pub(crate) id: Uuid,
    pub(crate) started: Instant,
    /// True once the reply depends on `Accept`.
    pub(crate) negotiated: Cell<bool>,
}

impl RequestMetadata {
    /// Creates the metadata of a request that arrives now.
    pub(crate) fn now() -> Self {
        Self {
            id: Uuid::new_v4(),
            started: Instant::now(),
            negotiated: Cell::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()])
    }

    fn seen<T>(request: TestRequest, look: impl Fn(RequestContext<'_>) -> T) -> T {
        look(RequestContext {
            request: &request.to_http_request(),
            proxies: &proxies(),
            metadata: &RequestMetadata::now(),
        })
    }

    fn user_agent(request: TestRequest) -> Option<String> {
        seen(request, |context| context.user_agent().map(str::to_owned))
    }

    fn address(request: TestRequest) -> String {
        seen(request, |context| context.address().to_string())
    }

    #[test]
    fn debug_output_is_the_id() {
        seen(TestRequest::default(), |context| {
            assert_eq!(context.id(), context.metadata.id);
            assert_eq!(
                format!("{context:?}"),
                format!("RequestContext({})", context.id())
            );
        });
    }

    #[test]
    fn without_a_peer_the_address_is_unspecified_whatever_is_forwarded() {
        let request = || TestRequest::default().insert_header(("x-forwarded-for", "198.51.100.1"));
        assert_eq!(address(request()), "0.0.0.0");
        let proxied = request().peer_addr("10.0.0.1:4000".parse().unwrap());
        assert_eq!(address(proxied), "198.51.100.1");
    }

    #[test]
    fn a_user_agent_is_one_line_of_text() {
        let request = || TestRequest::default();
        assert_eq!(user_agent(request()), None);
        let one = request().insert_header(("user-agent", "curl/8.5.0"));
        assert_eq!(user_agent(one), Some("curl/8.5.0".to_owned()));
        let two = request()
            .append_header(("user-agent", "a"))
            .append_header(("user-agent", "a"));
        assert_eq!(user_agent(two), None);
        let bytes = request().insert_header(("user-agent", &b"a\xff"[..]));
        assert_eq!(user_agent(bytes), None);
    }
}
