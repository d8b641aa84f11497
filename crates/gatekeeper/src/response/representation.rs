//! The representation that a caller gets: in the coding that it likes best, or none because it has it already.

use super::coding::{self, KeptForms};
use crate::{Authenticator, Exchange};
use actix_web::{
    HttpResponse,
    body::{BoxBody, MessageBody as _},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};

const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");

/// RFC 9110 section 15.4.5: what a 304 has of the response in whose place it is sent.
const KEPT_BY_304: [HeaderName; 5] = [
    header::CACHE_CONTROL,
    header::CONTENT_LOCATION,
    header::ETAG,
    header::EXPIRES,
    header::VARY,
];

impl<A: Authenticator> Exchange<'_, A> {
    /// Returns the representation of a success that the caller asks for: compressed where the operation has
    /// `x-compressible`, and 304 where the operation declares that and the caller has the representation.
    ///
    /// Section 13.1.2: `If-None-Match` is compared with the tag of the representation that would be sent. The tag of another coding
    /// names another one (section 8.8.3.3), and is no match.
    pub(super) fn represent(
        &self,
        response: HttpResponse,
        kept: Option<&KeptForms>,
    ) -> HttpResponse {
        let Some(entry) = self.entry.filter(|_| response.status() == StatusCode::OK) else {
            return response;
        };
        let asked = self.request.headers();
        let is_conditional = asked.contains_key(header::IF_NONE_MATCH)
            && matches!(*self.request.method(), Method::GET | Method::HEAD)
            && entry.replies.declares(StatusCode::NOT_MODIFIED.as_u16());
        if !is_conditional && !entry.compressible {
            return response;
        }
        let is_current = |headers: &HeaderMap| {
            let tag = headers.get(header::ETAG).filter(|_| is_conditional);
            tag.is_some_and(|tag| has(asked, tag))
        };
        let (mut head, body) = response.into_parts();
        let headers = head.headers_mut();
        let plain = match body.try_into_bytes() {
            Ok(bytes) => bytes,
            Err(_) if is_current(headers) => return not_modified(head),
            // Compressed, a stream would wait for more before its pieces are sent.
            Err(stream) => return head.set_body(stream),
        };
        if entry.compressible
            && coding::is_long(&plain)
            && !headers.contains_key(header::CONTENT_ENCODING)
        {
            headers.append(header::VARY, ACCEPT_ENCODING);
            if let Some(coding) = coding::choose(asked, &plain, kept.is_some()) {
                let plain_tag = headers.get(header::ETAG).cloned();
                let tag = plain_tag.as_ref().and_then(|tag| coding.tag(tag));
                if let Some(tag) = tag {
                    headers.insert(header::ETAG, tag);
                }
                if is_current(headers) {
                    return not_modified(head);
                }
                if let Some(coded) = coding::compressed(coding, &plain, kept) {
                    headers.insert(header::CONTENT_ENCODING, coding.header());
                    return head.set_body(BoxBody::new(coded));
                }
                if let Some(tag) = plain_tag {
                    headers.insert(header::ETAG, tag);
                }
            }
        }
        if is_current(headers) {
            return not_modified(head);
        }
        head.set_body(BoxBody::new(plain))
    }
}

fn not_modified(mut head: HttpResponse<()>) -> HttpResponse {
    *head.status_mut() = StatusCode::NOT_MODIFIED;
    head.headers_mut()
        .retain(|name, _| KEPT_BY_304.contains(name));
    head.set_body(BoxBody::new(()))
}

/// Returns true if the caller has a representation with this tag; section 13.1.2 compares weakly.
fn has(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let mut lines = asked.get_all(header::IF_NONE_MATCH);
    lines.any(|line| lists_tag(line.as_bytes(), tag.as_bytes()))
}

/// Returns true if a list of entity tags, or `*`, matches a tag by the weak comparison of RFC 9110, section 8.8.3.2, by which
/// `If-None-Match` is compared.
#[must_use]
pub fn lists_tag(list: &[u8], tag: &[u8]) -> bool {
    // Section 8.8.3: a tag has no quotes but those around it, so every two of a list hold one.
    let mut parts = list.split(|&byte| byte == b'"').skip(1);
    let mut held = std::iter::from_fn(|| parts.next().zip(parts.next()));
    let opaque = tag.split(|&byte| byte == b'"').nth(1);
    list.trim_ascii() == b"*" || held.any(|(held, _)| Some(held) == opaque)
}

#[cfg(test)]
mod tests {
    use super::lists_tag;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong() {
        for tag in ["\"1f\"", "W/\"1f\""] {
            for held in [
                "\"1f\"",
                "W/\"1f\"",
                "\"0\", \"1f\"",
                "\"a,b\",W/\"1f\"",
                "*",
                " \"1f\" ",
            ] {
                assert!(lists_tag(held.as_bytes(), tag.as_bytes()), "{held}");
            }
            for held in [
                "",
                "\"1\"",
                "1f",
                "\"1f",
                "\"0\",\"2\"",
                "\"1f-gzip\"",
                "\"*\"",
            ] {
                assert!(!lists_tag(held.as_bytes(), tag.as_bytes()), "{held}");
            }
        }
    }
}
