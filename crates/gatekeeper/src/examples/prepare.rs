//! Prepares the answers that the examples of an operation give.

use super::{Answer, Edit, Examples, Form, PROBLEM, Sample};
use crate::{Defects, HeaderText};
use actix_web::http::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};
use openapi::{Content, Document, Header, Operation, Response, Schema, Status};
use serde_json::Value;

/// The settings with which the examples of one operation are prepared.
pub(crate) struct Preparation<'a> {
    pub(crate) document: &'a Document,
    pub(crate) edit: &'a Edit<'a>,
    /// Values are made where there is no good example.
    pub(crate) makes: bool,
    /// The prefix of a problem's `type`.
    pub(crate) problem_types: Option<&'a str>,
    pub(crate) defects: &'a mut Defects,
}

impl Preparation<'_> {
    /// Returns the answers that the contract's examples give for the operation, one for each response with a whole
    /// example. An example that breaks its schema once it is edited is a defect.
    pub(crate) fn examples(&mut self, operation: &Operation) -> Examples {
        let responses = operation.json.get("responses").and_then(Value::as_object);
        let is_success = |response: &Response| response.status.is_success();
        let has_success = (operation.responses.iter())
            .any(|response| response.status != Status::Default && is_success(response));
        let answers = operation.responses.iter().filter_map(|response| {
            let location = format!("{}.responses.{}", operation.location, response.status);
            let declared = responses?.get(&response.key)?;
            let status = match response.status {
                // What comes before the reply is the server's to send.
                Status::Exact(..200) | Status::Class(1) => return None,
                Status::Exact(status) => status,
                Status::Class(class) => u16::from(class) * 100,
                Status::Default if has_success => 500,
                Status::Default => 200,
            };
            self.answer(status, response, declared, &location)
        });
        let mut answers: Vec<Answer> = answers.collect();
        if self.makes && !operation.responses.iter().any(is_success) {
            // A success of which the contract says nothing.
            answers.push(Answer::empty(StatusCode::OK));
        }
        // A class or the default may be the success, and is read last.
        answers.sort_by_key(|answer| answer.status);
        Examples { answers }
    }

    fn answer(
        &mut self,
        status: u16,
        response: &Response,
        declared: &Value,
        location: &str,
    ) -> Option<Answer> {
        let status = StatusCode::from_u16(status).ok()?;
        let mut headers = Vec::new();
        for header in response.headers.iter().filter(|header| header.required) {
            let declared = declared.get("headers")?.get(&header.name)?;
            headers.push(self.header(header, declared)?);
        }
        let mut forms = Vec::new();
        for content in &response.content {
            let location = format!("{location}.content.{}", content.name);
            let media_type = declared.get("content")?.get(&content.name)?;
            let name = sent_as(content);
            forms.extend(self.form(name, content.schema.as_ref(), media_type, &location));
        }
        if self.makes {
            // What is made is right as JSON, and a stand-in elsewhere.
            forms.sort_by_key(|form| !openapi::is_json(&form.media_type));
        }
        (response.content.is_empty() || !forms.is_empty()).then_some(Answer {
            status,
            headers,
            forms,
        })
    }

    fn header(&self, header: &Header, declared: &Value) -> Option<(HeaderName, HeaderValue)> {
        let schema = header.text.as_ref().map(|text| &text.schema);
        let content = declared.get("content").and_then(Value::as_object);
        let by_content = content.and_then(|content| content.values().next());
        let declared = by_content.unwrap_or(declared);
        let mut value = self.samples(declared, schema).into_iter().next()?.1;
        (self.edit)(&mut value);
        let is_json = (header.text.as_ref()).is_some_and(|text| text.shape.is_none());
        let text = if is_json {
            value.to_string().into()
        } else {
            HeaderText::simple(&value, header.explode)?
        };
        Some((HeaderName::try_from(&header.name).ok()?, text.value()?))
    }

    fn form(
        &mut self,
        name: &str,
        schema: Option<&Schema>,
        media_type: &Value,
        location: &str,
    ) -> Option<Form> {
        let mut samples = Vec::new();
        for (example, value) in self.samples(media_type, schema) {
            samples.push((example, self.sample(name, schema, value, location)?));
        }
        (!samples.is_empty()).then(|| Form {
            media_type: name.to_owned(),
            samples,
        })
    }

    /// Returns the examples of a media type or header, with their names.
    fn samples(&self, owner: &Value, schema: Option<&Schema>) -> Vec<(String, Value)> {
        if self.makes {
            let values = self.document.values(owner, schema);
            let nearest = || self.document.nearest_value(owner);
            match values.is_empty() {
                true => nearest()
                    .map(|value| (String::new(), value))
                    .into_iter()
                    .collect(),
                false => values,
            }
        } else {
            self.document.samples(owner)
        }
    }

    fn sample(
        &mut self,
        name: &str,
        schema: Option<&Schema>,
        mut value: Value,
        location: &str,
    ) -> Option<Sample> {
        (self.edit)(&mut value);
        let Some(schema) = schema else {
            let text = value.as_str().map(str::to_owned);
            return text
                .or_else(|| self.makes.then(|| value.to_string()))
                .map(Sample::Text);
        };
        if let (PROBLEM, Some(base), Some(members)) =
            (name, self.problem_types, value.as_object_mut())
        {
            let code = members.get("code").and_then(Value::as_str);
            if let Some(kind) = code.map(|code| format!("{base}{code}")) {
                members.insert("type".to_owned(), kind.into());
            }
        }
        if !self.makes {
            schema.check_example(&value, location, self.defects);
        }
        Some(Sample::Json(value))
    }
}

/// Returns the media type of an answer; of a range, one that the value can be sent as.
fn sent_as(content: &Content) -> &str {
    match content.essence.as_str() {
        "*/*" | "application/*" if content.schema.is_some() => "application/json",
        "*/*" | "text/*" => "text/plain",
        "image/*" => "image/png",
        _ if content.is_range() => "application/octet-stream",
        _ => &content.name,
    }
}
