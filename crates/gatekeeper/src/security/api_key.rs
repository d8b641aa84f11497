//! API keys in a header, the query or a cookie.

use actix_web::{
    HttpRequest,
    http::header::{AUTHORIZATION, COOKIE, HeaderName},
};
use std::borrow::Cow;

/// The header, query parameter or cookie that holds the key of a scheme.
#[derive(Clone, Debug)]
pub(super) enum KeySource {
    Header(HeaderName),
    Query(String),
    Cookie(String),
}

/// The key as found in the request.
pub(super) enum Key<'r> {
    Absent,
    /// Sent twice, empty, or not text.
    Malformed,
    Sent(Cow<'r, str>),
}

impl KeySource {
    pub(super) fn is_authorization(&self) -> bool {
        matches!(self, Self::Header(name) if *name == AUTHORIZATION)
    }

    pub(super) fn find<'r>(&self, request: &'r HttpRequest) -> Key<'r> {
        match self {
            Self::Header(name) => single(
                request
                    .headers()
                    .get_all(name)
                    .map(|value| value.to_str().ok().map(Cow::Borrowed)),
            ),
            Self::Query(name) => single(
                pairs(request.query_string(), '&')
                    .filter(|(key, _)| form_decoded(key).is_some_and(|key| key == name.as_str()))
                    .map(|(_, value)| form_decoded(value)),
            ),
            Self::Cookie(name) => single(
                request
                    .headers()
                    .get_all(COOKIE)
                    .filter_map(|line| line.to_str().ok())
                    .flat_map(|line| pairs(line, ';'))
                    .filter(|(key, _)| key == name)
                    .map(|(_, value)| Some(Cow::Borrowed(value))),
            ),
        }
    }
}

fn single<'r>(mut found: impl Iterator<Item = Option<Cow<'r, str>>>) -> Key<'r> {
    match (found.next(), found.next()) {
        (None, _) => Key::Absent,
        (Some(Some(value)), None) if !value.is_empty() => Key::Sent(value),
        _ => Key::Malformed,
    }
}

fn pairs(text: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    text.split(separator).filter_map(|pair| {
        let pair = pair.trim_matches(' ');
        (!pair.is_empty()).then(|| pair.split_once('=').unwrap_or((pair, "")))
    })
}

/// Text of a query string; none when an escape is broken or the bytes are no UTF-8.
fn form_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn found(location: &KeySource, request: TestRequest) -> Result<Option<String>, ()> {
        match location.find(&request.to_http_request()) {
            Key::Absent => Ok(None),
            Key::Sent(value) => Ok(Some(value.into_owned())),
            Key::Malformed => Err(()),
        }
    }

    #[test]
    fn a_key_in_the_query_is_decoded_once_and_may_stand_once() {
        let location = KeySource::Query("api key".to_owned());
        let query = |query: &str| found(&location, TestRequest::with_uri(&format!("/?{query}")));
        assert_eq!(query("a=1"), Ok(None));
        assert_eq!(query("a=1&api%20key=x%2Bz"), Ok(Some("x+z".to_owned())));
        assert_eq!(query("api+key=x+z"), Ok(Some("x z".to_owned())));
        assert_eq!(query("api+key=%2541"), Ok(Some("%41".to_owned())));
        for bad in [
            "api+key",
            "api+key=",
            "api+key=1&api%20key=1",
            "api+key=%f",
            "api+key=%ff",
        ] {
            assert_eq!(query(bad), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_key_in_a_header_may_stand_once() {
        let location = KeySource::Header(HeaderName::from_static("api-token"));
        let one = TestRequest::default().insert_header(("API-Token", "x"));
        assert_eq!(found(&location, one), Ok(Some("x".to_owned())));
        let two = TestRequest::default()
            .append_header(("api-token", "x"))
            .append_header(("api-token", "x"));
        assert_eq!(found(&location, two), Err(()));
        let empty = TestRequest::default().insert_header(("api-token", ""));
        assert_eq!(found(&location, empty), Err(()));
    }

    #[test]
    fn a_key_in_a_cookie_is_found_among_others() {
        let location = KeySource::Cookie("key".to_owned());
        let cookie = |line: &str| {
            found(
                &location,
                TestRequest::default().insert_header(("cookie", line)),
            )
        };
        assert_eq!(cookie("a=1; key=x=y; b=2"), Ok(Some("x=y".to_owned())));
        assert_eq!(cookie("Key=x; keys=y"), Ok(None));
        assert_eq!(cookie("key=x; key=y"), Err(()));
    }
}
