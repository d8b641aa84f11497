//! Values of `oneOf` and `anyOf` in generated types: the contract's own schemas say which part a value is.

use openapi::{Defects, Mode, Options};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::Value;
use std::sync::OnceLock;

/// The unions of a contract. They are read from its text once, when the first of their values is.
#[derive(Debug)]
pub struct Unions {
    spec: &'static str,
    mode: Mode,
    known: OnceLock<Option<openapi::Unions>>,
}

impl Unions {
    /// Returns the unions of a contract.
    #[must_use]
    pub const fn new(spec: &'static str) -> Self {
        Self {
            spec,
            mode: Mode::Open,
            known: OnceLock::new(),
        }
    }

    /// Returns the unions of a contract in strict mode.
    #[must_use]
    pub const fn strict(spec: &'static str) -> Self {
        Self {
            spec,
            mode: Mode::Strict,
            known: OnceLock::new(),
        }
    }

    /// Reads a value of the named union: `convert` makes it of the value and the index of the part that it belongs to.
    ///
    /// # Errors
    /// The value belongs to no part, or its part cannot hold it.
    pub fn read<'de, T, D: Deserializer<'de>>(
        &self,
        union: &str,
        deserializer: D,
        convert: impl FnOnce(usize, Value) -> Option<Result<T, serde_json::Error>>,
    ) -> Result<T, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let known = self.known.get_or_init(|| self.load()).as_ref();
        known
            .and_then(|known| known.part(union, &value))
            .and_then(|part| convert(part, value))
            .unwrap_or_else(|| {
                Err(serde_json::Error::custom(format_args!(
                    "is no part of {union}"
                )))
            })
            .map_err(D::Error::custom)
    }

    fn load(&self) -> Option<openapi::Unions> {
        let document = openapi::load(self.spec).ok()?;
        let options = Options {
            mode: self.mode,
            ..Options::default()
        };
        // Whatever is wrong with the contract is told at the start.
        let document = openapi::read(&document, &options, &mut Defects::default())?;
        Some(openapi::Unions::new(&document))
    }
}

/// Reads a member that is there, null included: `#[serde(deserialize_with = "gatekeeper::present")]` tells null from
/// absent.
///
/// # Errors
/// The value is no `T`.
pub fn present<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    const SPEC: &str = r##"
openapi: 3.0.3
info: { title: Unions, version: "1" }
paths: {}
components:
  schemas:
    Size:
      oneOf: [{ type: integer }, { type: string }]
    Length:
      anyOf: [{ type: integer }, { type: number }]
    Animal:
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }]
    Cat: { type: object, required: [meows], properties: { meows: { type: boolean } } }
    Dog: { type: object, required: [barks], properties: { barks: { type: boolean } } }
    Told:
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }]
      discriminator: { propertyName: kind, mapping: { "1": "#/components/schemas/Cat", "2": Dog } }
"##;

    static UNIONS: Unions = Unions::new(SPEC);

    fn part(union: &str, value: &Value) -> Option<usize> {
        UNIONS.read(union, value, |part, _| Some(Ok(part))).ok()
    }

    #[test]
    fn the_schemas_of_the_contract_say_which_part_a_value_is() {
        assert_eq!(part("Size", &json!(1)), Some(0));
        assert_eq!(part("Size", &json!("1")), Some(1));
        assert_eq!(part("Size", &json!(true)), None);
        assert_eq!(part("Length", &json!(1)), Some(0));
        assert_eq!(part("Length", &json!(1.5)), Some(1));
        assert_eq!(
            part("Animal", &json!({ "barks": true, "meows": 1 })),
            Some(1)
        );
        assert_eq!(part("Animal", &json!({})), None);
        assert_eq!(part("Other", &json!({})), None);
    }

    #[test]
    fn a_discriminator_of_any_type_names_the_part() {
        assert_eq!(part("Told", &json!({ "kind": 2, "meows": true })), Some(1));
        assert_eq!(part("Told", &json!({ "kind": "1" })), Some(0));
        assert_eq!(part("Told", &json!({ "meows": true })), None);
    }

    #[test]
    fn null_is_present() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Patch {
            #[serde(default, deserialize_with = "present")]
            name: Option<Option<String>>,
        }
        let read = |value: Value| serde_json::from_value::<Patch>(value).unwrap().name;
        assert_eq!(read(json!({})), None);
        assert_eq!(read(json!({ "name": null })), Some(None));
        assert_eq!(read(json!({ "name": "x" })), Some(Some("x".to_owned())));
    }
}
