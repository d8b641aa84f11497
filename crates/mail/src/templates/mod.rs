//! The templates of mails, compiled in, each of which a file of the operator's may replace.
//!
//! A mail is a text, whose first line is its subject, and a page of HTML that says the same. Both are rendered once at
//! start, with the variables that they will have, so that a mistake is found then and not when somebody waits for the mail.

mod folder;
mod letter;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::anyhow;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, context};

pub use letter::{Letter, built_in};

use infrastructure::settings::{MailLinks, Settings};

/// The page that proves an address.
const VERIFICATION: &str = "/users/v1/email_verification";
/// The page where a password is chosen.
const PASSWORD: &str = "/pages/v1/password";

/// A mail's subject and its two bodies, which say the same.
#[derive(Debug)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// The body as text.
    pub plain: String,
    /// The body as HTML.
    pub html: String,
}

/// Renders mails.
pub struct Templates {
    environment: Environment<'static>,
    /// The sources, by the name of the file.
    sources: BTreeMap<&'static str, Cow<'static, str>>,
    public_url: String,
    links: MailLinks,
    email_hours: u32,
    password_hours: u32,
}

impl Templates {
    /// Loads the built-in templates, replaced by those of `mail.templates_dir`, and renders each once.
    ///
    /// # Errors
    /// Names the file, and the line where there is one, and what is wrong.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let mut environment = Environment::new();
        // A misspelt variable is an error, and leaves no gap in a mail.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_keep_trailing_newline(true);
        let mut templates = Self {
            environment,
            sources: built_in()
                .map(|(file, content)| (file, Cow::Borrowed(content)))
                .collect(),
            public_url: settings.server.public_url.clone(),
            links: settings.mail.links.clone(),
            email_hours: settings.tokens.email.hours,
            password_hours: settings.tokens.password.hours,
        };
        let folder = &settings.mail.templates_dir;
        if !folder.as_os_str().is_empty() {
            templates.sources.extend(folder::read(folder)?);
        }
        templates.try_out(folder)?;
        Ok(templates)
    }

    /// Renders a mail.
    ///
    /// # Errors
    /// None that [`load`](Self::load) has not found.
    pub fn write(&self, letter: Letter<'_>) -> anyhow::Result<Text> {
        Ok(self.render(letter)?)
    }

    fn try_out(&self, folder: &Path) -> anyhow::Result<()> {
        // In the form of a token, so that a filter that would change one is found.
        for letter in Letter::all("eyJhbGciOiJIUzI1NiJ9.e30.Sample_of-a-token") {
            self.render(letter).map_err(|flaw| {
                let detail = flaw.detail.as_deref().unwrap_or_default();
                let folder = folder.join("");
                anyhow!("mail.templates_dir: {}{flaw}{detail}", folder.display())
            })?;
        }
        Ok(())
    }

    fn render(&self, letter: Letter<'_>) -> Result<Text, Flaw> {
        let words = self.words(letter);
        let [(text, _), (page, _)] = letter.files();
        let (subject, plain) = subject(text, &self.fill(text, &words)?)?;
        let html = self.fill(page, &words)?;
        if let Some(token) = letter.token() {
            for (file, body) in [(text, &plain), (page, &html)] {
                if !body.contains(token) {
                    return Err(Flaw::new(file, "`{{ link }}` is missing"));
                }
            }
        }
        Ok(Text {
            subject,
            plain,
            html,
        })
    }

    fn words(&self, letter: Letter<'_>) -> Value {
        let public_url = self.public_url.as_str();
        let pages = format!("{public_url}/pages/v1");
        let link = |of: &str, page: &str, token: &str| {
            let own = || format!("{public_url}{page}?token={token}");
            let elsewhere = Some(of.replace(MailLinks::TOKEN, token));
            elsewhere
                .filter(|link| !link.is_empty())
                .unwrap_or_else(own)
        };
        let links = &self.links;
        match letter {
            Letter::Verification(token) => context! {
                public_url, pages,
                hours => self.email_hours,
                link => link(&links.verification, VERIFICATION, token),
            },
            Letter::EmailChange(token) => context! {
                public_url, pages,
                hours => self.email_hours,
                link => link(&links.email_change, VERIFICATION, token),
            },
            Letter::ChoosePassword(token) | Letter::PasswordForgotten(token) => context! {
                public_url, pages, token,
                hours => self.password_hours,
                link => link(&links.password, PASSWORD, token),
            },
            Letter::AlreadyRegistered
            | Letter::PasswordChanged
            | Letter::AddressTaken
            | Letter::EmailChangeRequested
            | Letter::EmailChanged => context! { public_url, pages },
        }
    }

    fn fill(&self, file: &'static str, words: &Value) -> Result<String, Flaw> {
        let source = self
            .sources
            .get(file)
            .ok_or_else(|| Flaw::new(file, "there is no such template"))?;
        self.environment
            .render_named_str(file, source, words)
            .map_err(|error| Flaw {
                file,
                line: error.line(),
                what: error.kind().to_string(),
                detail: match error.kind() {
                    ErrorKind::UndefinedError => Some(known(words)),
                    _ => error.detail().map(|detail| format!(": {detail}")),
                },
            })
    }
}

/// Lists the variables that there are, for a misspelt one.
fn known(words: &Value) -> String {
    let names = words.try_iter().into_iter().flatten();
    let names: Vec<_> = names.map(|name| name.to_string()).collect();
    format!(": this mail has {}", names.join(", "))
}

/// Splits a text into the subject, which is one line whatever was put into it, and the body.
fn subject(file: &'static str, text: &str) -> Result<(String, String), Flaw> {
    let flaw = |line, what| Flaw {
        line: Some(line),
        ..Flaw::new(file, what)
    };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let subject = first.strip_prefix("Subject:").map(str::trim);
    match (subject, rest.strip_prefix('\n')) {
        (Some(subject), Some(body))
            if !subject.is_empty() && !subject.contains(char::is_control) =>
        {
            Ok((subject.to_owned(), body.to_owned()))
        }
        (Some(subject), None) if !subject.is_empty() => {
            Err(flaw(2, "must be empty, after the subject"))
        }
        _ => Err(flaw(1, "must be the subject, like `Subject: Hello`")),
    }
}

/// A mistake in a template.
#[derive(Debug)]
struct Flaw {
    file: &'static str,
    line: Option<usize>,
    what: String,
    /// The detail, which may quote what was put into the template: not for mails that hold a token.
    detail: Option<String>,
}

impl Flaw {
    fn new(file: &'static str, what: impl Into<String>) -> Self {
        Self {
            file,
            line: None,
            what: what.into(),
            detail: None,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for Flaw {}
