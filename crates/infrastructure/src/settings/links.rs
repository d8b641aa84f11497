//! Checks of the links that mails have instead of those to the pages of this service.

use anyhow::{Result, ensure};
use url::Url;

use super::MailLinks;

/// Checks `mail.links.NAME`.
///
/// # Errors
/// Names the key and the rule that the link breaks.
pub(super) fn check(name: &str, link: &str, is_production: bool) -> Result<()> {
    let key = format!("mail.links.{name}");
    let form = "such as https://app.example.org/page?token={token}";
    ensure!(
        link.bytes().all(|byte| byte.is_ascii_graphic())
            && !link.contains(['"', '\'', '<', '>', '\\']),
        "{key} must be a URL in ASCII, without spaces and quotes, {form}"
    );
    ensure!(
        link.matches(MailLinks::TOKEN).count() == 1,
        "{key} must hold {{token}} once, where the token is to stand, {form}"
    );
    // The parser takes `https:host`, too, of which a reader of mails makes no link.
    let parsed = Url::parse(link).ok().filter(|_| link.contains("://"));
    let Some(url) = parsed.filter(Url::has_host) else {
        anyhow::bail!("{key} must be a whole URL, {form}");
    };
    ensure!(
        url.scheme() == "https" || url.scheme() == "http" && !is_production,
        "{key} must begin with https://{}",
        if is_production {
            " in production"
        } else {
            ", or with http:// for development"
        }
    );
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "{key} must not have a user or a password in it"
    );
    // In a path, servers log it, and pages that they load are told.
    let behind = link.find(['?', '#']).map_or("", |start| &link[start..]);
    ensure!(
        behind.contains(MailLinks::TOKEN),
        "{key} must have {{token}} behind `?` or `#`, {form}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(link: &str, is_production: bool) -> String {
        check("password", link, is_production)
            .map_or_else(|error| format!("{error:#}"), |()| String::new())
    }

    #[test]
    fn a_link_to_a_front_end_is_taken() {
        for link in [
            "https://app.example/verify?token={token}",
            "https://app.example:8443/#/reset/{token}",
            "https://app.example/a?b=c&t={token}#top",
            "https://app.example?{token}",
        ] {
            assert_eq!(said(link, true), "", "{link}");
        }
        assert_eq!(said("http://localhost:3000/reset#{token}", false), "");
    }

    #[test]
    fn a_link_that_leads_nowhere_or_gives_the_token_away_is_refused_by_its_key() {
        for (link, word) in [
            ("https://app.example/verify", "{token} once"),
            ("https://app.example/?a={token}&b={token}", "{token} once"),
            ("https://app.example/{token}", "behind"),
            ("https://{token}.example/?x", "behind"),
            ("https://luke:t16@app.example/?{token}", "user"),
            ("https://luke@app.example/?{token}", "user"),
            ("http://app.example/?{token}", "https"),
            ("javascript:alert(1)//?{token}", "URL"),
            ("ftp://app.example/?{token}", "https"),
            ("https:app.example/?{token}", "whole URL"),
            ("/verify?token={token}", "whole URL"),
            ("https://app.example/ver ify?{token}", "spaces"),
            ("https://app.example/?\"{token}", "quotes"),
            ("https://b\u{fc}cher.example/?{token}", "ASCII"),
        ] {
            let said = said(link, true);
            assert!(
                said.starts_with("mail.links.password must"),
                "{link}: {said}"
            );
            assert!(said.contains(word), "{link}: {said}");
        }
    }
}
