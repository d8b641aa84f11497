//! Answers made of the contract's examples, for what is in the contract and not written yet.
//!
//! An answer has the status, the required headers and the body that the contract's examples give:
//! `example` or `examples` of a media type, else the example of its schema, else one put together from
//! the examples of the schema's parts. The first success is the answer; `Prefer: code=404` (RFC 7240)
//! asks for another status, `Prefer: example=name` for one of several examples. Of several media types
//! the caller's favourite is taken. Each example is held to its schema at start.

mod prefer;
mod prepare;

use crate::{In, RequestContext, Violation};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    web::Bytes,
};
use prefer::Wish;
use serde_json::Value;
use uuid::Uuid;

pub(crate) use prepare::Preparation;

/// Changes an example before it is served, such as the host of a URL in it.
pub(crate) type Edit<'a> = dyn Fn(&mut Value) + 'a;

const PROBLEM: &str = "application/problem+json";
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The answers of one operation, by status, ascending.
#[derive(Debug)]
pub(crate) struct Examples {
    answers: Vec<Answer>,
}

/// The answer of one status.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// By media type; none where the status has no content.
    forms: Vec<Form>,
}

#[derive(Debug)]
struct Form {
    media_type: String,
    /// With their names; the first is the one that nobody has to ask for.
    samples: Vec<(String, Sample)>,
}

#[derive(Debug)]
enum Sample {
    Json(Value),
    Text(String),
}

impl Examples {
    /// Returns true without any answer.
    pub(crate) fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The answer to a request.
    ///
    /// # Errors
    /// Returns the violation in the caller's `Prefer`.
    pub(crate) fn answer(&self, context: RequestContext<'_>) -> Result<HttpResponse, Violation> {
        let wish = Wish::read(context.request.headers());
        let answer = self.pick(&wish)?;
        let mut response = HttpResponse::new(answer.status);
        let headers = response.headers_mut();
        for (name, value) in &answer.headers {
            headers.insert(name.clone(), value.clone());
        }
        let Some(form) = answer.form(context, wish.example.as_deref()) else {
            return Ok(response);
        };
        if let Ok(media_type) = HeaderValue::from_str(&form.media_type) {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        if form.media_type == PROBLEM {
            headers.insert(header::CACHE_CONTROL, NO_STORE);
        }
        let bytes = form.bytes(wish.example.as_deref(), context.id());
        Ok(response.set_body(bytes).map_into_boxed_body())
    }

    fn pick(&self, wish: &Wish) -> Result<&Answer, Violation> {
        let refused = |message: String| Err(Violation::new(In::Header, "/Prefer", message));
        let of_status: Vec<&Answer> = match &wish.code {
            Some(code) => self
                .answers
                .iter()
                .filter(|answer| answer.status.as_str() == code)
                .collect(),
            None => self.answers.iter().collect(),
        };
        if of_status.is_empty() {
            let statuses: Vec<&str> = self.answers.iter().map(|a| a.status.as_str()).collect();
            return refused(format!(
                "asks for a status without example; there are {}",
                statuses.join(", ")
            ));
        }
        let found = of_status.iter().find(|answer| match &wish.example {
            Some(name) => answer.forms.iter().any(|form| form.has(name)),
            None => true,
        });
        match found {
            Some(answer) => Ok(answer),
            None => refused(self.names()),
        }
    }

    fn names(&self) -> String {
        let forms = self.answers.iter().flat_map(|answer| &answer.forms);
        let names = forms.flat_map(|form| form.samples.iter().map(|(name, _)| name.as_str()));
        let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            "asks for an example by name; none of this operation's has one".to_owned()
        } else {
            format!(
                "asks for an example that is not there; there are {}",
                names.join(", ")
            )
        }
    }
}

impl Answer {
    fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            forms: Vec::new(),
        }
    }

    /// The form that the caller likes best, of those that have the example.
    fn form(&self, context: RequestContext<'_>, example: Option<&str>) -> Option<&Form> {
        let has = |form: &&Form| example.is_none_or(|name| form.has(name));
        let forms: Vec<&Form> = self.forms.iter().filter(has).collect();
        let best = match forms.as_slice() {
            [] => return None,
            [only] => return Some(only),
            several => {
                let offered: Vec<&str> = several
                    .iter()
                    .map(|form| form.media_type.as_str())
                    .collect();
                context.prefers(&offered)
            }
        };
        forms.into_iter().find(|form| form.media_type == best)
    }
}

impl Form {
    fn has(&self, name: &str) -> bool {
        self.samples.iter().any(|(known, _)| known == name)
    }

    fn bytes(&self, name: Option<&str>, id: Uuid) -> Bytes {
        let named = self
            .samples
            .iter()
            .find(|(known, _)| name == Some(known.as_str()));
        match named.or(self.samples.first()).map(|(_, sample)| sample) {
            // A problem is of this request.
            Some(Sample::Json(Value::Object(members))) if self.media_type == PROBLEM => {
                let mut members = members.clone();
                members.insert("instance".to_owned(), id.urn().to_string().into());
                Value::Object(members).to_string().into()
            }
            Some(Sample::Json(value)) => value.to_string().into(),
            Some(Sample::Text(text)) => text.clone().into(),
            None => Bytes::new(),
        }
    }
}
