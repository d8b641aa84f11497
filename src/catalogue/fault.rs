//! Why a file of entities cannot be read, by entity and field, where the parser tells lines only.

use anyhow::anyhow;
use serde::{
    Deserializer,
    de::{DeserializeOwned, Error, IntoDeserializer, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// The first entity of `text` that is no `T`; `error` itself when all are, or when the text is not JSON.
pub(super) fn explain<T: DeserializeOwned>(text: &str, error: serde_json::Error) -> anyhow::Error {
    let Ok(entities) = serde_json::from_str::<Vec<Map<String, Value>>>(text) else {
        return error.into();
    };
    for (place, entity) in entities.iter().enumerate() {
        let members = entity
            .iter()
            .map(|(name, value)| (name.as_str(), Member { name, value }));
        if let Err(error) = T::deserialize(MapDeserializer::new(members)) {
            return match entity.get("id") {
                Some(id @ Value::Number(_)) => anyhow!("entity {id}: {error}"),
                _ => anyhow!("entity at place {}: {error}", place + 1),
            };
        }
    }
    error.into()
}

/// A member of an object, which puts its name in front of whatever is wrong with its value.
struct Member<'a> {
    name: &'a str,
    value: &'a Value,
}

impl Member<'_> {
    fn named(name: &str) -> impl FnOnce(serde_json::Error) -> serde_json::Error {
        move |error| Error::custom(format!("`{name}`: {error}"))
    }
}

impl<'de> Deserializer<'de> for Member<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.value
            .deserialize_any(visitor)
            .map_err(Self::named(self.name))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.value
            .deserialize_option(visitor)
            .map_err(Self::named(self.name))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for Member<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
