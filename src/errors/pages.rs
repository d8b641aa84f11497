//! The pages to which the `type` of a problem leads, for programs and for people.

use std::collections::HashMap;

use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use gatekeeper::{Bytes, PreserializedJson, ReplyBody, RequestContext};
use generated::apis::service::{GetErrorResponse, GetErrorsResponse};
use generated::models::{ProblemCode, ProblemPage, ProblemPageList};
use minijinja::{Environment, UndefinedBehavior, context};
use sha2::{Digest as _, Sha256};

use super::catalogue;

const PATH: &str = "/errors/v1/";
const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "body{max-width:42em;margin:2em auto;padding:0 1em;font:1em/1.5 sans-serif;color-scheme:light dark}";

/// All pages in both forms, rendered once.
pub(crate) struct Pages {
    pub(super) all: Forms<ProblemPageList>,
    each: HashMap<ProblemCode, Forms<ProblemPage>>,
    policy: String,
}

/// A page as JSON and as HTML.
pub(super) struct Forms<T> {
    json: PreserializedJson<T>,
    pub(super) html: Bytes,
}

impl<T> Forms<T> {
    fn html(&self) -> ReplyBody {
        ReplyBody::from(self.html.clone()).media_type(HTML)
    }
}

/// Returns the base of the `type` of each problem.
pub(crate) fn base(public_url: &str) -> String {
    format!("{public_url}{PATH}")
}

impl Pages {
    /// Renders the page of each code that the contract lists.
    ///
    /// # Errors
    /// A template is wrong; it is part of the binary.
    pub(crate) fn prepare(public_url: &str) -> Result<Self> {
        let base = base(public_url);
        let mut pages: Vec<_> = ProblemCode::ALL
            .iter()
            .map(|&code| page(&base, code))
            .collect();
        pages.sort_by_key(|page| (page.status, page.code.as_str()));
        let templates = templates()?;
        let mut each = HashMap::with_capacity(pages.len());
        for page in &pages {
            let html = templates
                .get_template("page.html")?
                .render(context! { style => STYLE, base, page })?;
            each.insert(page.code, forms(page, html)?);
        }
        let html = templates
            .get_template("list.html")?
            .render(context! { style => STYLE, pages })?;
        let list = ProblemPageList {
            count: i64::try_from(pages.len())?,
            results: pages,
            next: None,
            previous: None,
        };
        Ok(Self {
            all: forms(&list, html)?,
            each,
            policy: policy(),
        })
    }

    /// Returns the page that lists the others.
    pub(crate) fn all(&self, context: RequestContext<'_>) -> GetErrorsResponse {
        let content_security_policy = self.policy.clone().into();
        if prefers_html(context) {
            GetErrorsResponse::Status200Html {
                body: self.all.html(),
                content_security_policy,
            }
        } else {
            GetErrorsResponse::Status200Json {
                body: self.all.json.clone().into(),
                content_security_policy,
            }
        }
    }

    /// Returns the page of a code.
    pub(crate) fn of(
        &self,
        code: ProblemCode,
        context: RequestContext<'_>,
    ) -> Option<GetErrorResponse> {
        let page = self.each.get(&code)?;
        let content_security_policy = self.policy.clone().into();
        Some(if prefers_html(context) {
            GetErrorResponse::Status200Html {
                body: page.html(),
                content_security_policy,
            }
        } else {
            GetErrorResponse::Status200Json {
                body: page.json.clone().into(),
                content_security_policy,
            }
        })
    }
}

/// Returns true if the caller prefers HTML, as browsers do, to JSON.
fn prefers_html(context: RequestContext<'_>) -> bool {
    context.prefers(&[JSON, HTML]) == HTML
}

fn page(base: &str, code: ProblemCode) -> ProblemPage {
    let entry = catalogue::entry(code);
    ProblemPage {
        type_: format!("{base}{}", code.as_str()),
        code,
        status: entry.status.into(),
        title: entry.title.to_owned(),
        meaning: entry.meaning.to_owned(),
        cause: entry.cause.to_owned(),
        cure: entry.cure.to_owned(),
    }
}

fn forms<T: serde::Serialize>(json: &T, html: String) -> Result<Forms<T>> {
    Ok(Forms {
        json: PreserializedJson::new(json)?,
        html: html.into(),
    })
}

/// Escapes templates whose name ends in `.html`.
fn templates() -> Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("list.html", include_str!("list.html"))?;
    Ok(environment)
}

fn policy() -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
