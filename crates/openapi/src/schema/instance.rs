//! A value together with the schema that it is checked against.
//!
//! All schemas of a contract are compiled at once, as the properties of one schema: each by itself would compile
//! everything that it refers to again. A value is checked against one of them in the form of an object with that one
//! property, which is not built: the validator reads values through the traits that are implemented here.

use jsonschema::{
    JsonType,
    json::{Array, Json, Node, NodeIdentity, Object, SerdeJson},
};
use serde_json::{Map, Number, Value, map};
use std::{borrow::Cow, iter::Once};

/// The form in which the validator reads.
pub(super) struct Instances;

/// A JSON value, or an object with one property that is not built.
#[derive(Clone, Copy)]
pub(super) enum Instance<'a> {
    Only(&'a str, &'a Value),
    Value(&'a Value),
}

#[derive(Clone, Copy)]
pub(super) enum Members<'a> {
    Only(&'a str, &'a Value),
    All(&'a Map<String, Value>),
}

#[derive(Clone, Copy)]
pub(super) struct Items<'a>(&'a [Value]);

/// Iterates over the members of an object.
pub(super) enum EachMember<'a> {
    Only(Once<(&'a str, &'a Value)>),
    All(map::Iter<'a>),
}

pub(super) struct EachItem<'a>(std::slice::Iter<'a, Value>);

impl<'a> Instance<'a> {
    fn value(self) -> Option<&'a Value> {
        match self {
            Self::Only(..) => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl Json for Instances {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    type StringBuffer = Value;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut Value,
        string: &str,
        f: impl FnOnce(Instance<'_>) -> T,
    ) -> T {
        SerdeJson::with_string_node(buffer, string, |value| f(Instance::Value(value)))
    }
}

impl<'a> Node<'a, Instances> for Instance<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        match *self {
            Self::Only(name, value) => Some(Members::Only(name, value)),
            Self::Value(value) => Value::as_object(value).map(Members::All),
        }
    }

    fn as_array(&self) -> Option<Items<'a>> {
        let items = Value::as_array(self.value()?)?;
        Some(Items(items))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.value()?.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<&'a Number> {
        Value::as_number(self.value()?)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.value()?.as_bool()
    }

    fn is_null(&self) -> bool {
        self.value().is_some_and(Value::is_null)
    }

    fn json_type(&self) -> JsonType {
        match self {
            Self::Only(..) => JsonType::Object,
            Self::Value(value) => Node::<SerdeJson>::json_type(value),
        }
    }

    fn string_length(&self) -> Option<u64> {
        Node::<SerdeJson>::string_length(&self.value()?)
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match self {
            Self::Only(..) => self.to_value().as_ref() == expected,
            Self::Value(value) => Node::<SerdeJson>::equals_value(value, expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        match *self {
            Self::Only(name, value) => {
                let mut members = Map::new();
                members.insert(name.to_owned(), value.clone());
                Cow::Owned(Value::Object(members))
            }
            Self::Value(value) => Cow::Borrowed(value),
        }
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Node::<SerdeJson>::identity(&self.value()?)
    }
}

impl<'a> Object<'a, Instances> for Members<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = EachMember<'a>;

    fn len(&self) -> usize {
        match self {
            Self::Only(..) => 1,
            Self::All(members) => members.len(),
        }
    }

    fn get(&self, key: &String) -> Option<Instance<'a>> {
        match *self {
            Self::Only(name, value) => (name == key).then_some(Instance::Value(value)),
            Self::All(members) => members.get(key).map(Instance::Value),
        }
    }

    fn members(&self) -> EachMember<'a> {
        match *self {
            Self::Only(name, value) => EachMember::Only(std::iter::once((name, value))),
            Self::All(members) => EachMember::All(members.iter()),
        }
    }
}

impl<'a> Array<'a, Instances> for Items<'a> {
    type Node = Instance<'a>;
    type ElementsIter = EachItem<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> EachItem<'a> {
        EachItem(self.0.iter())
    }

    fn is_unique(&self) -> bool {
        Array::<SerdeJson>::is_unique(&self.0)
    }
}

impl<'a> Iterator for EachMember<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = match self {
            Self::Only(member) => member.next()?,
            Self::All(members) => members.next().map(|(name, value)| (name.as_str(), value))?,
        };
        Some((name, Instance::Value(value)))
    }
}

impl<'a> Iterator for EachItem<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Instance<'a>> {
        self.0.next().map(Instance::Value)
    }
}
