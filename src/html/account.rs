//! The pages of accounts: signing up, proving an address, choosing a new password.
//!
//! Each is served two folders below the front page, at `/pages/v1/…` or `/users/v1/…`, so the same relative links lead on
//! from all of them.

use gatekeeper::RefusalKind;
use generated::models::{PageSignup, UserCreate};
use uuid::Uuid;

use super::page::{Button, Field, Form, Hidden, Page};

const HOME: &str = "../../";
const SIGNUP: &str = "../../pages/v1/signup";
const MAIL: &str = "../../pages/v1/mail";
const PASSWORD: &str = "../../pages/v1/password";
const VERIFICATION: &str = "../../users/v1/email_verification";

/// A link that can be mailed.
#[derive(Clone, Copy)]
pub(super) enum MailedLink {
    /// Proves an address.
    Verification,
    /// Leads to the form with which a password is chosen.
    Password,
}

/// Returns the form to sign up, with the address that was filled in before, and the key by which it is known when it is sent
/// again: the one that it had, since a form that was refused for want of an answer may have been taken all the same.
pub(crate) fn signup(email: &str, key: Option<Uuid>) -> Page {
    let text =
        "You get a mail with a link that proves your address. Once it is proved you can log in.";
    Page::new("Sign up", [text.to_owned()])
        .form(Form {
            action: SIGNUP,
            hidden: vec![hidden("key", &key.unwrap_or_else(Uuid::new_v4).to_string())],
            fields: vec![
                address("username", email),
                password("password", "Password", Some(at_least())),
            ],
            buttons: vec![submit("Sign up")],
            ..Form::default()
        })
        .link("I have an account and cannot get in", MAIL)
        .link("Star Wars API", HOME)
}

/// Returns the form to ask for a mail, with the address that was filled in before.
pub(crate) fn mail_request(email: &str) -> Page {
    let text = "Tell us the address of your account, and what you need. The mail comes only if the address has an \
                account; older links of the same kind stop working.";
    Page::new("Get a link by mail", [text.to_owned()])
        .form(Form {
            action: MAIL,
            fields: vec![address("email", email)],
            buttons: vec![
                wanted("I forgot my password", MailedLink::Password),
                wanted("Verify my address", MailedLink::Verification),
            ],
            ..Form::default()
        })
        .link("Sign up", SIGNUP)
        .link("Star Wars API", HOME)
}

/// Returns the page after a mail was asked for. It is the same for every address (OWASP ASVS 5.0, 6.3.8).
pub(crate) fn mail_sent(email: &str) -> Page {
    let sent = format!(
        "If {} can have this mail, it is on its way. Open the link in it.",
        email.trim()
    );
    let absent =
        "Nothing there after some minutes? Look among the unwanted mails, and check the address.";
    Page::new("Look into your mailbox", [sent, absent.to_owned()]).link("Ask again", MAIL)
}

/// Returns the page that a link to prove an address opens. It is sent back by its button only, since filters of mails open
/// links.
pub(crate) fn verify(token: &str, email: &str) -> Page {
    let ask = format!("Is {email} your address, and did you ask for this mail?");
    let otherwise = "If not, close this page: nothing was changed.";
    Page::new("Verify your address", [ask, otherwise.to_owned()]).form(Form {
        action: VERIFICATION,
        hidden: vec![hidden("token", token)],
        buttons: vec![submit("Verify this address")],
        ..Form::default()
    })
}

/// Returns the page after an address was proved.
pub(crate) fn verified(email: &str) -> Page {
    let text = format!("From now on you can log in with {email}.");
    Page::new("Your address is verified", [text])
        .link("I forgot my password", MAIL)
        .link("Star Wars API", HOME)
}

/// Returns the form to choose a new password for the account of `email`.
pub(crate) fn choose_password(token: &str, email: &str) -> Page {
    let text = format!(
        "For the account of {email}. It logs you out everywhere and ends all your API tokens."
    );
    Page::new("Choose a new password", [text]).form(Form {
        action: PASSWORD,
        hidden: vec![hidden("token", token)],
        account: Some(email.to_owned()),
        fields: vec![
            password("password", "New password", Some(at_least())),
            password("again", "The same again", None),
        ],
        buttons: vec![submit("Change the password")],
    })
}

/// Returns the page after a password was changed.
pub(crate) fn password_changed(email: &str) -> Page {
    let text = format!(
        "Log in with {email} and the new password. Nobody is logged in with the old one any more."
    );
    Page::new("Your password is changed", [text]).link("Star Wars API", HOME)
}

/// Returns the page of a link that is past its time, with a button that asks for another. `before` has its token and the
/// address that it was mailed to, where they are known.
pub(super) fn expired(link: MailedLink, before: Option<(&str, &str)>) -> Page {
    let text = "Links work for some time only. Ask for a new one.";
    another(
        Page::new("This link has expired", [text.to_owned()]),
        link,
        before,
    )
}

/// Returns the page of a link that is not good: never was, or is no longer.
pub(super) fn unusable(link: MailedLink, before: Option<(&str, &str)>) -> Page {
    let text = match link {
        MailedLink::Verification => {
            "It was replaced by a newer one, or it is not complete. Open the link in the newest mail, \
             or ask for another."
        }
        MailedLink::Password => {
            "It was used, or replaced by a newer one, or it is not complete. If you have just changed your \
             password, it is changed: log in with it. Else open the link in the newest mail, or ask for another."
        }
    };
    another(
        Page::new("This link does not work", [text.to_owned()]),
        link,
        before,
    )
}

/// Returns the page of an address that leads nowhere, or not by a browser.
pub(super) fn astray(kind: RefusalKind, home: &str) -> Page {
    let (title, text) = match kind {
        RefusalKind::MethodNotAllowed => (
            "This is no page",
            "Programs call this address, in another way than a browser opens it. The front page leads to what can be opened.",
        ),
        RefusalKind::NotFound => (
            "There is nothing here",
            "The address is wrong or not complete. If it is that of a link in a mail, open it there, or copy the whole of it.",
        ),
        _ => (
            "This did not work",
            "The address or what the browser sent with it is too long. Copy the address once more.",
        ),
    };
    Page::new(title, [text.to_owned()]).link("Star Wars API", format!("{home}/"))
}

/// Returns the page that says why nothing was done, and leads back.
pub(super) fn failed(title: &'static str, detail: String) -> Page {
    Page::new(title, [detail])
        .link("Get a link by mail", MAIL)
        .link("Sign up", SIGNUP)
        .link("Star Wars API", HOME)
}

/// Adds the form that asks for another link in place of the one before.
fn another(page: Page, link: MailedLink, before: Option<(&str, &str)>) -> Page {
    let (token, email) = before.unzip();
    page.form(Form {
        action: MAIL,
        hidden: token
            .map(|token| hidden("token", token))
            .into_iter()
            .collect(),
        fields: vec![address("email", email.unwrap_or_default())],
        buttons: vec![wanted("Send me a new link", link)],
        ..Form::default()
    })
    .link("Star Wars API", HOME)
}

fn address(autocomplete: &'static str, value: &str) -> Field {
    Field {
        name: "email",
        label: "Mail address",
        // Browsers rewrite internationalised domains in fields of this kind themselves.
        kind: "email",
        autocomplete,
        value: value.to_owned(),
        longest: PageSignup::EMAIL_MAX_LENGTH,
        ..Field::default()
    }
}

/// Returns a field that is always empty at first: no page repeats a password.
fn password(name: &'static str, label: &'static str, hint: Option<String>) -> Field {
    Field {
        name,
        label,
        kind: "password",
        autocomplete: "new-password",
        longest: PageSignup::PASSWORD_MAX_LENGTH,
        hint,
        ..Field::default()
    }
}

fn at_least() -> String {
    format!("At least {} characters.", UserCreate::PASSWORD_MIN_LENGTH)
}

fn hidden(name: &'static str, value: &str) -> Hidden {
    Hidden {
        name,
        value: value.to_owned(),
    }
}

fn submit(label: &'static str) -> Button {
    Button {
        label,
        name: None,
        value: "",
    }
}

fn wanted(label: &'static str, link: MailedLink) -> Button {
    Button {
        label,
        name: Some("wanted"),
        value: match link {
            MailedLink::Verification => "verification",
            MailedLink::Password => "password",
        },
    }
}
