//! The pages for people: one layout and one style, without script, and the policy that holds browsers to it.

pub(crate) mod account;
mod page;
mod refused;

use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use gatekeeper::{HeaderName, PreparedBody, PreserializedJson, ReplyBody, RequestContext};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub(crate) use page::Page;
pub(crate) use refused::{Draft, refused};

/// The header with the [`policy`].
pub(crate) const POLICY: HeaderName = HeaderName::from_static("content-security-policy");

const JSON: &str = "application/json";
const MEDIA_TYPE: &str = "text/html; charset=utf-8";
const LAYOUT: &str = include_str!("layout.html");
const STYLE: &str = include_str!("style.css");

/// The two forms of what one URL serves: JSON to programs, and a page to people.
pub(crate) struct Forms<T> {
    pub(crate) json: PreserializedJson<T>,
    html: PreparedBody,
}

impl<T: Serialize> Forms<T> {
    /// Renders both; the template extends `layout.html` and has the variables of `page`.
    ///
    /// # Errors
    /// The template is wrong; it is part of the binary.
    pub(crate) fn prepare(json: &T, template: &str, page: minijinja::Value) -> Result<Self> {
        Ok(Self {
            json: PreserializedJson::new(json)?,
            html: PreparedBody::new(render(template, page)?),
        })
    }
}

impl<T> Forms<T> {
    /// Returns the page.
    pub(crate) fn html(&self) -> ReplyBody {
        body(self.html.clone())
    }
}

/// Returns true if the caller prefers HTML, as browsers do, to JSON.
pub(crate) fn is_preferred(context: RequestContext<'_>) -> bool {
    context.prefers(&[JSON, MEDIA_TYPE]) == MEDIA_TYPE
}

/// Returns the `Content-Security-Policy` of the pages: nothing but their style, and forms of this service.
pub(crate) fn policy() -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn body(page: impl Into<ReplyBody>) -> ReplyBody {
    page.into().media_type(MEDIA_TYPE)
}

/// Renders a template; what it inserts is escaped.
fn render(template: &str, page: minijinja::Value) -> Result<String> {
    render_in(&environment(template)?, page)
}

/// Reads a template, so that it can be rendered.
fn environment(template: &str) -> Result<Environment<'_>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template("layout.html", LAYOUT)?;
    environment.add_template("page.html", template)?;
    Ok(environment)
}

fn render_in(environment: &Environment<'_>, page: minijinja::Value) -> Result<String> {
    let page = context! { style => STYLE, ..page };
    Ok(environment.get_template("page.html")?.render(page)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_markup_as_text() {
        let template = include_str!("../errors/error.html");
        let page = context! {
            title => "<script>",
            base => "https://api.example.org/<script>",
            page => context! { code => "<script>", status => 400, meaning => "", cause => "", cure => "" },
        };
        let html = render(template, page).unwrap();
        assert!(
            html.contains("&lt;script&gt;") && !html.contains("<script"),
            "{html}"
        );
    }
}
