//! The pages to which the `type` of a problem leads, for programs and for people.

use std::collections::HashMap;

use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use gatekeeper::{Bytes, Content, RequestContext};
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
    all: Forms,
    each: HashMap<ProblemCode, Forms>,
    policy: String,
}

/// A page as JSON and as HTML.
pub(crate) struct Forms {
    json: Bytes,
    pub(super) html: Bytes,
}

impl Forms {
    /// Returns HTML if the caller prefers it, as browsers do, and JSON otherwise.
    pub(crate) fn preferred(&self, context: RequestContext<'_>) -> Content {
        let media_type = context.prefers(&[JSON, HTML]);
        let bytes = if media_type == HTML {
            &self.html
        } else {
            &self.json
        };
        Content {
            media_type,
            bytes: bytes.clone(),
        }
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
    pub(crate) fn all(&self) -> &Forms {
        &self.all
    }

    /// Returns the page of a code.
    pub(crate) fn of(&self, code: ProblemCode) -> Option<&Forms> {
        self.each.get(&code)
    }

    /// Returns the `Content-Security-Policy` of all pages: no script, nothing loaded, one style.
    pub(crate) fn policy(&self) -> &str {
        &self.policy
    }
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

fn forms(json: &impl serde::Serialize, html: String) -> Result<Forms> {
    Ok(Forms {
        json: serde_json::to_vec(json)?.into(),
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
