//! An admitted request: decoded and validated.

use crate::{
    BodyStream, In, Rejection, UploadedFile, Violation,
    body::{Content, Form, Received},
    parameters::Values,
};
use actix_web::web::Bytes;
use openapi::{pointer, shortened};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use std::borrow::Cow;

/// The parameters of an operation as one struct. Generated code implements it beside each such struct.
pub trait FromParameters: Sized {
    /// Takes each parameter out of the request, into its field.
    ///
    /// # Errors
    /// See [`ValidatedRequest::query`].
    fn from_parameters<I>(validated: &mut ValidatedRequest<'_, I>) -> Result<Self, Rejection>;
}

/// A body that is no one value: bytes, a stream, or one of several media types. Generated code implements it for the
/// latter.
pub trait FromBody: Sized {
    /// Takes the body out of the request.
    ///
    /// # Errors
    /// See [`ValidatedRequest::body`].
    fn from_body<I>(validated: &mut ValidatedRequest<'_, I>) -> Result<Self, Rejection>;
}

/// A request that may proceed. Every part is taken once, into the type that the generated
/// signature has for it.
pub struct ValidatedRequest<'c, I> {
    pub(crate) identity: Option<I>,
    pub(crate) values: Values<'c>,
    pub(crate) body: Option<Received>,
}

impl<I> ValidatedRequest<'_, I> {
    /// Takes the caller's identity, for operations that always have one.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when there is none: the operation is open, or it was taken before.
    pub fn identity(&mut self) -> Result<I, Rejection> {
        self.identity
            .take()
            .ok_or_else(|| Rejection::Internal("the call has no identity to give".to_owned()))
    }

    /// Takes the caller's identity, for operations with `{}` among their alternatives.
    pub fn optional_identity(&mut self) -> Option<I> {
        self.identity.take()
    }

    /// Takes a path parameter.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when the value cannot be a `T`; see [`body`](Self::body).
    pub fn path<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Rejection> {
        self.parameter(In::Path, name)
    }

    /// Takes a query parameter; `T` is an `Option` when it is neither required nor has a default.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when the value cannot be a `T`; see [`body`](Self::body).
    pub fn query<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Rejection> {
        self.parameter(In::Query, name)
    }

    /// Takes a header parameter; `T` is an `Option` when it is neither required nor has a default.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when the value cannot be a `T`; see [`body`](Self::body).
    pub fn header<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Rejection> {
        self.parameter(In::Header, name)
    }

    /// Takes a cookie parameter; `T` is an `Option` when it is neither required nor has a default.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when the value cannot be a `T`; see [`body`](Self::body).
    pub fn cookie<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Rejection> {
        self.parameter(In::Cookie, name)
    }

    /// Takes all parameters of the operation at once.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when a value cannot have the type of its field; see [`body`](Self::body).
    pub fn params<P: FromParameters>(&mut self) -> Result<P, Rejection> {
        P::from_parameters(self)
    }

    /// Takes the body; `T` is an `Option` when it is not required.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when the value is good by its schema, but `T` cannot hold it, e.g.
    /// a time with a leap second; [`Rejection::Internal`] when there is no body and `T` is no
    /// `Option`.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<T, Rejection> {
        let value = match self.body.take().map(|body| body.content) {
            None => None,
            Some(Content::Value(value)) => Some(Cow::Owned(value)),
            Some(_) => return Err(Rejection::Internal("the body is no value".to_owned())),
        };
        convert(value, In::Body, "")
    }

    /// Takes a body that is no one value; see [`body`](Self::body).
    ///
    /// # Errors
    /// Those of [`body`](Self::body).
    pub fn content<T: FromBody>(&mut self) -> Result<T, Rejection> {
        T::from_body(self)
    }

    /// Takes such a body, if there is one.
    ///
    /// # Errors
    /// Those of [`body`](Self::body).
    pub fn optional_content<T: FromBody>(&mut self) -> Result<Option<T>, Rejection> {
        self.body.is_some().then(|| T::from_body(self)).transpose()
    }

    /// Takes a value of a form with files; `T` is an `Option` when it is not required.
    ///
    /// # Errors
    /// Those of [`body`](Self::body).
    pub fn part<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Rejection> {
        let value = self.form()?.values.remove(name).map(Cow::Owned);
        convert(value, In::Body, name)
    }

    /// Takes the files of a field of a form.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when the body is no form with files.
    pub fn files(&mut self, name: &str) -> Result<Vec<UploadedFile>, Rejection> {
        let form = self.form()?;
        let files = std::mem::take(&mut form.files);
        let (taken, left) = files.into_iter().partition(|file| file.field() == name);
        form.files = left;
        Ok(taken)
    }

    /// Takes the only file of a field, if there is one.
    ///
    /// # Errors
    /// Those of [`files`](Self::files).
    pub fn optional_file(&mut self, name: &str) -> Result<Option<UploadedFile>, Rejection> {
        Ok(self.files(name)?.pop())
    }

    /// Takes the only file of a field that is required.
    ///
    /// # Errors
    /// [`Rejection::Internal`] when there is none; and those of [`files`](Self::files).
    pub fn file(&mut self, name: &str) -> Result<UploadedFile, Rejection> {
        let file = self.optional_file(name)?;
        file.ok_or_else(|| Rejection::Internal(format!("the file {name} is absent")))
    }

    /// Takes the values of a form that were not taken by their names.
    ///
    /// # Errors
    /// Those of [`files`](Self::files).
    pub fn other_parts(&mut self) -> Result<serde_json::Map<String, Value>, Rejection> {
        Ok(std::mem::take(&mut self.form()?.values))
    }

    /// Takes the files of a form that were not taken by their names.
    ///
    /// # Errors
    /// Those of [`files`](Self::files).
    pub fn other_files(&mut self) -> Result<Vec<UploadedFile>, Rejection> {
        Ok(std::mem::take(&mut self.form()?.files))
    }

    fn form(&mut self) -> Result<&mut Form, Rejection> {
        match self.body.as_mut().map(|body| &mut body.content) {
            Some(Content::Form(form)) => Ok(form),
            _ => Err(Rejection::Internal(
                "the body is no form with files".to_owned(),
            )),
        }
    }

    /// Returns the media type of the contract that the body is of.
    #[must_use]
    pub fn body_type(&self) -> Option<&str> {
        self.body.as_ref().map(|body| body.name.as_str())
    }

    /// Returns the rejection of a body of a type that the generated code does not know.
    #[must_use]
    pub fn no_such_body(&self) -> Rejection {
        let name = self.body_type().unwrap_or("none");
        Rejection::Internal(format!("the generated code takes no body of type {name}"))
    }

    fn parameter<T: DeserializeOwned>(
        &mut self,
        location: In,
        name: &'static str,
    ) -> Result<T, Rejection> {
        let value = self.values.take(location, name);
        convert(value, location, name)
    }
}

impl FromBody for Bytes {
    fn from_body<I>(validated: &mut ValidatedRequest<'_, I>) -> Result<Self, Rejection> {
        match validated.body.take().map(|body| body.content) {
            Some(Content::Bytes(bytes)) => Ok(bytes),
            _ => Err(Rejection::Internal("the body is no bytes".to_owned())),
        }
    }
}

impl FromBody for BodyStream {
    fn from_body<I>(validated: &mut ValidatedRequest<'_, I>) -> Result<Self, Rejection> {
        match validated.body.take().map(|body| body.content) {
            Some(Content::Stream(stream)) => Ok(stream),
            _ => Err(Rejection::Internal("the body is no stream".to_owned())),
        }
    }
}

fn convert<T: DeserializeOwned>(
    value: Option<Cow<'_, Value>>,
    location: In,
    name: &'static str,
) -> Result<T, Rejection> {
    let Some(value) = value else {
        return T::deserialize(Value::Null)
            .map_err(|error| Rejection::Internal(format!("{location} {name} is absent: {error}")));
    };
    let base = || match name {
        "" => String::new(),
        name => pointer("", name),
    };
    match value {
        // Moved, not copied; arrays and objects are kept to be read again for the pointer. Few requests send one, and they
        // are small.
        Cow::Owned(value) if !value.is_array() && !value.is_object() => {
            T::deserialize(value).map_err(|_| refused(location, base()))
        }
        value => T::deserialize(&*value)
            .map_err(|_| refused(location, pointer_to_error::<T>(&value, base()))),
    }
}

/// Returns the JSON Pointer, below `base`, of the member that `T` cannot hold.
fn pointer_to_error<T: DeserializeOwned>(value: &Value, base: String) -> String {
    let Err(error) = serde_path_to_error::deserialize::<_, T>(value) else {
        return base;
    };
    let steps = error.path().iter();
    steps.fold(base, |path, step| match step {
        Segment::Seq { index } => pointer(&path, &index.to_string()),
        Segment::Map { key } => pointer(&path, &shortened(key)),
        // A variant is part of no pointer, and the path of what is below it is not known.
        Segment::Enum { .. } | Segment::Unknown => path,
    })
}

/// Leaves serde's message out, since it quotes the value.
fn refused(location: In, pointer: String) -> Rejection {
    let cause = Some(format!("{location} {pointer} does not fit its type"));
    let message = "cannot be represented by the server";
    Rejection::Invalid {
        violations: vec![Violation::new(location, pointer, message)],
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(body: Option<Value>) -> ValidatedRequest<'static, u8> {
        ValidatedRequest {
            identity: Some(1),
            values: Values::default(),
            body: body.map(|value| Received {
                name: "application/json".to_owned(),
                content: Content::Value(value),
            }),
        }
    }

    #[test]
    fn a_value_that_its_type_cannot_hold_is_the_callers_fault_and_not_repeated() {
        // Good by its schema (RFC 3339 section 5.7), but of another type.
        let refused = call(Some(json!("2016-12-31T23:59:60Z"))).body::<i32>();
        assert!(
            matches!(&refused, Err(Rejection::Invalid { violations, .. }) if violations.len() == 1)
        );
        assert!(!format!("{refused:?}").contains("2016"), "{refused:?}");
    }

    #[test]
    fn a_member_of_another_type_is_reported_by_its_pointer() {
        #[derive(Debug, serde::Deserialize)]
        struct Crew {
            _members: Vec<std::collections::BTreeMap<String, u8>>,
        }
        let body = json!({"_members": [{"a": 1}, {"b": 2, "c/d": "secret"}]});
        let refused = call(Some(body)).body::<Crew>();
        assert!(
            matches!(&refused, Err(Rejection::Invalid { violations, .. })
                if violations.len() == 1 && violations[0].pointer == "/_members/1/c~1d"),
            "{refused:?}"
        );
        assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
    }

    #[test]
    fn an_absent_value_fits_an_option_and_nothing_else() {
        assert!(matches!(call(None).body::<Option<i32>>(), Ok(None)));
        assert!(matches!(
            call(None).body::<i32>(),
            Err(Rejection::Internal(_))
        ));
        assert!(matches!(call(None).query::<Option<i32>>("page"), Ok(None)));
        assert!(matches!(
            call(None).query::<i32>("page"),
            Err(Rejection::Internal(_))
        ));
    }

    #[test]
    fn an_identity_is_given_once() {
        let mut validated = call(None);
        assert!(matches!(validated.identity(), Ok(1)));
        assert!(matches!(validated.identity(), Err(Rejection::Internal(_))));
        assert_eq!(validated.optional_identity(), None);
    }
}
