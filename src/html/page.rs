//! A page with text, a form perhaps, and links that lead on.

use std::borrow::Cow;
use std::sync::LazyLock;

use anyhow::{Result, anyhow};
use gatekeeper::{In, ReplyBody, Violation};
use minijinja::{Environment, Value, context};
use serde::Serialize;

/// Read once: anybody may ask for pages, of addresses that lead nowhere, too.
static ENVIRONMENT: LazyLock<Result<Environment<'static>>> =
    LazyLock::new(|| super::environment(include_str!("page.html")));

/// A page, as its template shows it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Page {
    title: &'static str,
    /// The reason why a form was not accepted, where it is about no field of its own.
    alert: Option<String>,
    text: Vec<String>,
    form: Option<Form>,
    links: Vec<Link>,
}

/// A form, which works without script.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Form {
    /// The URL that it is sent to, relative to that of the page, since only the browser knows which path a proxy put in
    /// front.
    pub(super) action: &'static str,
    pub(super) hidden: Vec<Hidden>,
    /// The address of the account, so that browsers which keep the new password know whose it is. It is not sent.
    pub(super) account: Option<String>,
    pub(super) fields: Vec<Field>,
    pub(super) buttons: Vec<Button>,
}

/// A value that the form sends along.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Hidden {
    pub(super) name: &'static str,
    pub(super) value: String,
}

/// A field to fill in.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) value: String,
    pub(super) longest: usize,
    pub(super) hint: Option<String>,
    pub(super) error: Option<String>,
    /// Set at the first field with an error, to which a browser moves the reader.
    pub(super) has_focus: bool,
}

/// A button, which sends `name` and `value` if it has them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Button {
    pub(super) label: &'static str,
    pub(super) name: Option<&'static str>,
    pub(super) value: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Link {
    label: &'static str,
    href: Cow<'static, str>,
}

impl Page {
    /// Creates a page of these paragraphs.
    pub(super) fn new<const N: usize>(title: &'static str, text: [String; N]) -> Self {
        Self {
            title,
            text: text.into(),
            ..Self::default()
        }
    }

    /// Adds the form.
    pub(super) fn form(self, form: Form) -> Self {
        Self {
            form: Some(form),
            ..self
        }
    }

    /// Adds a link.
    pub(super) fn link(mut self, label: &'static str, href: impl Into<Cow<'static, str>>) -> Self {
        let href = href.into();
        self.links.push(Link { label, href });
        self
    }

    /// Returns the page once more, with the reason why its form was not accepted: beside the fields that it is about, or
    /// else above them.
    pub(super) fn refused(mut self, detail: &str, violations: &[Violation]) -> Self {
        let fields = self.form.iter_mut().flat_map(|form| &mut form.fields);
        let mut is_first = true;
        for field in fields {
            let is_about = |violation: &&Violation| {
                violation.location == In::Body
                    && violation.pointer.strip_prefix('/') == Some(field.name)
            };
            let Some(violation) = violations.iter().find(is_about) else {
                continue;
            };
            field.error = Some(format!("{}: {}", field.label, violation.message));
            field.has_focus = std::mem::take(&mut is_first);
        }
        if is_first {
            self.alert = Some(detail.to_owned());
        }
        self
    }

    /// Renders the page.
    ///
    /// # Errors
    /// The template is wrong; it is part of the binary.
    pub(crate) fn render(&self) -> Result<String> {
        let has_field_errors = self.form.iter().any(Form::has_errors);
        let page = context! { has_field_errors, ..Value::from_serialize(self) };
        let environment = ENVIRONMENT.as_ref().map_err(|error| anyhow!("{error:#}"))?;
        super::render_in(environment, page)
    }

    /// Renders the page as the body of a reply.
    ///
    /// # Errors
    /// Those of [`render`](Self::render).
    pub(crate) fn body(&self) -> Result<ReplyBody> {
        Ok(super::body(self.render()?))
    }
}

impl Form {
    fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }
}
