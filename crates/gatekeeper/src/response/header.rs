//! Headers of replies.

use actix_web::{
    http::header::{
        Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderValue,
    },
    web::Bytes,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The text of a header. What many replies have in common is made once; clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText(
    /// None of text that cannot stand in a header, which is found out when it is sent.
    pub(super) Option<HeaderValue>,
);

impl HeaderText {
    /// The text; empty when it holds anything but visible ASCII, spaces and tabs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.0.as_ref().and_then(|value| value.to_str().ok());
        text.unwrap_or_default()
    }

    /// Returns the value of the header; `None` when the text cannot stand in one.
    pub(crate) fn value(self) -> Option<HeaderValue> {
        self.0
    }

    /// Makes `Content-Disposition` for a file that the caller is to save under this name (RFC 6266). Of a path the last
    /// part counts.
    #[must_use]
    pub fn attachment(file_name: &str) -> Self {
        disposition(DispositionType::Attachment, file_name)
    }

    /// Makes `Content-Disposition` for a file that is to be shown, and saved under this name if it is.
    #[must_use]
    pub fn inline(file_name: &str) -> Self {
        disposition(DispositionType::Inline, file_name)
    }

    /// Writes a value in style `simple` (OpenAPI 3.0, Style Values): `a,b` for an array, and for an object `a,1,b,2`, or
    /// `a=1,b=2` when it is exploded. `None` for null, and for what has no such form.
    pub(crate) fn simple<T: Serialize>(value: &T, explode: bool) -> Option<Self> {
        let text = match serde_json::to_value(value).ok()? {
            Value::Null => return None,
            Value::Array(items) => joined(items.iter().map(plain)),
            Value::Object(members) => joined(members.iter().map(|(name, value)| {
                let parting = if explode { '=' } else { ',' };
                format!("{name}{parting}{}", plain(value))
            })),
            scalar => plain(&scalar),
        };
        Some(text.into())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

/// RFC 6266 section 4.3: a name that is more than ASCII is written twice, for those who do not know the second form.
/// Appendix D: the first one has neither quotes nor escapes, which are read in several ways.
fn disposition(disposition: DispositionType, file_name: &str) -> HeaderText {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    let is_safe =
        |letter: char| letter == ' ' || letter.is_ascii_graphic() && !"\"%".contains(letter);
    let ascii = name
        .chars()
        .map(|letter| if is_safe(letter) { letter } else { '_' });
    let ascii: String = ascii.collect();
    let mut parameters = Vec::with_capacity(2);
    let is_ascii = ascii == name;
    if !name.is_empty() {
        parameters.push(DispositionParam::Filename(ascii));
    }
    if !is_ascii {
        parameters.push(DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: name.into_bytes(),
        }));
    }
    let header = ContentDisposition {
        disposition,
        parameters,
    };
    header.to_string().into()
}

impl From<&'static str> for HeaderText {
    fn from(text: &'static str) -> Self {
        let text = Bytes::from_static(text.as_bytes());
        Self(HeaderValue::from_maybe_shared(text).ok())
    }
}

impl From<String> for HeaderText {
    fn from(text: String) -> Self {
        Self(HeaderValue::try_from(text).ok())
    }
}

/// A value that can be sent as a header. `None` sends nothing.
pub trait IntoHeader {
    /// The header's text, if it is to be sent at all.
    fn into_header(self) -> Option<HeaderText>;
}

impl IntoHeader for HeaderText {
    fn into_header(self) -> Option<HeaderText> {
        Some(self)
    }
}

impl<T: IntoHeader> IntoHeader for Option<T> {
    fn into_header(self) -> Option<HeaderText> {
        self.and_then(IntoHeader::into_header)
    }
}

macro_rules! plain_text {
    ($($of:ty),*) => {$(
        impl IntoHeader for $of {
            fn into_header(self) -> Option<HeaderText> {
                Some(self.to_string().into())
            }
        }
    )*};
}

plain_text!(
    &str, String, Uuid, bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, f32, f64
);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_name_reaches_every_client_and_breaks_no_header() {
        let attachment = |name: &str| HeaderText::attachment(name).as_str().to_owned();
        for (name, header) in [
            ("a b.pdf", r#"attachment; filename="a b.pdf""#),
            (
                "na\u{ef}ve.txt",
                r#"attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt"#,
            ),
            (
                "\u{20ac} 5%.txt",
                r#"attachment; filename="_ 5_.txt"; filename*=UTF-8''%E2%82%AC%205%25.txt"#,
            ),
            ("../../etc/passwd", r#"attachment; filename="passwd""#),
            ("C:\\a.txt", r#"attachment; filename="a.txt""#),
            (
                "a\r\nSet-Cookie: b",
                r#"attachment; filename="aSet-Cookie: b""#,
            ),
            (
                "a\"b",
                r#"attachment; filename="a_b"; filename*=UTF-8''a%22b"#,
            ),
            ("", "attachment"),
        ] {
            assert_eq!(attachment(name), header, "{name:?}");
        }
        assert_eq!(HeaderText::inline("a").as_str(), r#"inline; filename="a""#);
    }

    #[test]
    fn values_are_written_in_style_simple() {
        let simple = |value: Value, explode| {
            HeaderText::simple(&value, explode).map(|text| text.as_str().to_owned())
        };
        assert_eq!(simple(json!(1.5), false).as_deref(), Some("1.5"));
        assert_eq!(
            simple(json!(["a", 2, true]), false).as_deref(),
            Some("a,2,true")
        );
        assert_eq!(
            simple(json!({"a": 1, "b": "c"}), false).as_deref(),
            Some("a,1,b,c")
        );
        assert_eq!(
            simple(json!({"a": 1, "b": "c"}), true).as_deref(),
            Some("a=1,b=c")
        );
        assert_eq!(simple(json!(null), false), None);
    }
}
