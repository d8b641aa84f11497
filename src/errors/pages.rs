//! The pages to which the `type` of a problem leads, for programs and for people.

use std::collections::HashMap;

use anyhow::Result;
use gatekeeper::RequestContext;
use generated::apis::service::{GetErrorResponse, GetErrorsResponse};
use generated::models::{ProblemCode, ProblemPage, ProblemPageList};
use minijinja::context;

use super::catalogue;
use crate::html::{self, Forms};

const PATH: &str = "/errors/v1/";

/// All pages in both forms, rendered once.
pub(crate) struct Pages {
    all: Forms<ProblemPageList>,
    each: HashMap<ProblemCode, Forms<ProblemPage>>,
    policy: String,
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
        let mut each = HashMap::with_capacity(pages.len());
        for page in &pages {
            let variables = context! { title => page.title, base, page };
            let forms = Forms::prepare(page, include_str!("error.html"), variables)?;
            each.insert(page.code, forms);
        }
        let variables = context! { title => "Errors", pages };
        let list = ProblemPageList {
            count: i64::try_from(pages.len())?,
            results: pages,
            next: None,
            previous: None,
        };
        Ok(Self {
            all: Forms::prepare(&list, include_str!("errors.html"), variables)?,
            each,
            policy: html::policy(),
        })
    }

    /// Returns the page that lists the others.
    pub(crate) fn all(&self, context: RequestContext<'_>) -> GetErrorsResponse {
        let content_security_policy = self.policy.clone().into();
        if html::is_preferred(context) {
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
        Some(if html::is_preferred(context) {
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
