//! Media types (RFC 9110 section 8.3.1).

/// The type without parameters, and its charset, both in lower case; `None` when malformed.
pub(crate) fn parse(text: &str) -> Option<(String, Option<String>)> {
    let mut parts = text.split(';');
    let essence = parts.next()?.trim().to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/')?;
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let mut charset = None;
    for parameter in parts
        .map(str::trim)
        .filter(|parameter| !parameter.is_empty())
    {
        let (name, value) = parameter.split_once('=')?;
        let bare = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        if name.eq_ignore_ascii_case("charset")
            && charset.replace(bare.to_ascii_lowercase()).is_some()
        {
            return None;
        }
    }
    Some((essence, charset))
}

/// Whether a media type is JSON: `application/json` or any with the suffix `+json` (RFC 6839).
pub(crate) fn is_json(media_type: &str) -> bool {
    parse(media_type)
        .is_some_and(|(essence, _)| essence == "application/json" || essence.ends_with("+json"))
}

/// Section 5.6.2, without `*`, which would be a wildcard here.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'^_`|~+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_case_do_not_change_the_type() {
        let parsed =
            |text| parse(text).map(|(essence, charset)| (essence, charset.unwrap_or_default()));
        assert_eq!(
            parsed("Application/JSON"),
            Some(("application/json".into(), String::new()))
        );
        assert_eq!(
            parsed("application/json; Charset=\"UTF-8\""),
            Some(("application/json".into(), "utf-8".into()))
        );
        for broken in [
            "",
            "json",
            "*/*",
            "a/b/c",
            "application/",
            "a/b; charset",
            "a/b;charset=utf-8;charset=utf-7",
        ] {
            assert_eq!(parsed(broken), None, "{broken:?}");
        }
        assert!(is_json("application/problem+json") && !is_json("text/json-like"));
    }
}
