//! The words of our mails.

/// A mail's subject and its two bodies, which say the same.
pub(super) struct Text {
    pub(super) subject: &'static str,
    pub(super) plain: String,
    pub(super) html: String,
}

/// To the owner of a new account: the link that proves the address.
pub(super) fn verification(public_url: &str, token: &str, hours: u32) -> Text {
    let link = format!("{public_url}/users/v1/email_verification?token={token}");
    let life = if hours == 1 {
        "1 hour".to_owned()
    } else {
        format!("{hours} hours")
    };
    Text {
        subject: "Verify your address for the Star Wars API",
        plain: format!(
            "Welcome to the Star Wars API.\n\n\
             Open this link to verify your address; it works for {life}:\n\n\
             {link}\n\n\
             After that you can log in. If you did not sign up, ignore this mail: without the\n\
             link nobody can use the account.\n"
        ),
        html: page(&format!(
            "<p>Welcome to the Star Wars API.</p>\
             <p><a href=\"{link}\">Verify your address</a>; the link works for {life}.</p>\
             <p>After that you can log in. If you did not sign up, ignore this mail: \
             without the link nobody can use the account.</p>",
            link = escaped(&link)
        )),
    }
}

/// To the owner of an account, when somebody signs up with its address again.
pub(super) fn already_registered(public_url: &str) -> Text {
    Text {
        subject: "You already have an account with the Star Wars API",
        plain: format!(
            "Somebody, perhaps you, signed up to the Star Wars API with this address.\n\
             It has an account already, and nothing was changed.\n\n\
             If it was you, log in with the password that you chose then. If you never opened\n\
             the link of the first mail, ask for a new one:\n\n\
             PUT {public_url}/users/v1/resend_email_verification\n\n\
             If it was not you, there is nothing to do.\n"
        ),
        html: page(&format!(
            "<p>Somebody, perhaps you, signed up to the Star Wars API with this address. \
             It has an account already, and nothing was changed.</p>\
             <p>If it was you, log in with the password that you chose then. If you never opened \
             the link of the first mail, ask for a new one: \
             <code>PUT {}/users/v1/resend_email_verification</code></p>\
             <p>If it was not you, there is nothing to do.</p>",
            escaped(public_url)
        )),
    }
}

fn page(body: &str) -> String {
    format!("<!doctype html><html lang=\"en\"><body>{body}</body></html>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bodies_hold_the_link() {
        let text = verification("https://api.example", "a.b-c_d.e", 1);
        let link = "https://api.example/users/v1/email_verification?token=a.b-c_d.e";
        assert!(
            text.plain.contains(&format!("\n{link}\n")),
            "{}",
            text.plain
        );
        assert!(
            text.html.contains(&format!("href=\"{link}\"")),
            "{}",
            text.html
        );
    }

    #[test]
    fn html_is_escaped() {
        assert_eq!(escaped("\"><&"), "&quot;&gt;&lt;&amp;");
    }
}
