//! JSON bodies of replies.

use super::coding::KeptForms;
use actix_web::web::Bytes;
use serde::Serialize;
use std::{fmt, marker::PhantomData};

/// A JSON body: a value, or the bytes of one that was serialised earlier.
#[derive(Clone, Debug)]
pub enum Body<T> {
    /// Serialised for this reply.
    Value(T),
    /// Serialised before.
    PreserializedJson(PreserializedJson<T>),
}

impl<T> From<T> for Body<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<PreserializedJson<T>> for Body<T> {
    fn from(prepared: PreserializedJson<T>) -> Self {
        Self::PreserializedJson(prepared)
    }
}

/// The bytes of a `T` that was serialised once, for responses that are the same for everybody.
/// Clones share the bytes.
pub struct PreserializedJson<T> {
    bytes: Bytes,
    kept: Option<KeptForms>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> PreserializedJson<T> {
    /// Serialises `value`.
    ///
    /// # Errors
    /// A value that has no form in JSON, e.g. a map whose keys are no strings.
    pub fn new(value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::from_json(serde_json::to_vec(value)?).kept())
    }
}

impl<T> PreserializedJson<T> {
    /// Takes JSON that was put together by hand, e.g. from parts that were serialised earlier. That it is
    /// the JSON of a `T` is the caller's promise; it is held to the contract where replies are.
    #[must_use]
    pub fn from_json(json: impl Into<Bytes>) -> Self {
        Self {
            bytes: json.into(),
            kept: None,
            of: PhantomData,
        }
    }

    /// Keeps the compressed forms, too, once they are asked for: for JSON that is sent many times.
    #[must_use]
    pub fn kept(self) -> Self {
        Self {
            kept: KeptForms::of(&self.bytes),
            ..self
        }
    }

    /// The JSON text.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl<T> Clone for PreserializedJson<T> {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            kept: self.kept.clone(),
            of: PhantomData,
        }
    }
}

impl<T> fmt::Debug for PreserializedJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreserializedJson({} bytes)", self.bytes.len())
    }
}

impl<T: Serialize> Body<T> {
    /// Returns its text, and where the compressed forms of that are kept.
    pub(super) fn into_bytes(self) -> serde_json::Result<(Bytes, Option<KeptForms>)> {
        Ok(match self {
            Self::PreserializedJson(prepared) => (prepared.bytes, prepared.kept),
            Self::Value(value) => (serde_json::to_vec(&value)?.into(), None),
        })
    }
}
