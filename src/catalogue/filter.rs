//! Filters: `field:op:value` to a test of one field.

use super::{field::Key, query::Query, resource::Resource};
use crate::errors::ApiError;

/// A test of one field, passed when one of its values agrees with one of those wanted.
#[derive(Debug)]
pub(super) struct Filter {
    /// Index in [`Resource::FIELDS`].
    pub(super) field: usize,
    agree: fn(&Key, &Key) -> bool,
    wanted: Vec<Key>,
    /// Inverts the test, for `ne`: the unknown passes, and a list when none of its entries is equal.
    negated: bool,
}

impl Filter {
    /// Reads the filters of a request; `search` is one, too.
    ///
    /// # Errors
    /// 400 with each filter that its field does not take.
    pub(super) fn read<R: Resource>(query: &Query<'_>) -> Result<Vec<Self>, ApiError> {
        let mut read = Vec::with_capacity(query.filters.len() + 1);
        let mut violations = Vec::new();
        if let Some((text, (field, _))) = query.search.zip(R::field(R::TITLE)) {
            read.push(Self {
                field,
                agree: Key::contains,
                wanted: vec![Key::text(text)],
                negated: false,
            });
        }
        for (index, filter) in query.filters.iter().enumerate() {
            match Self::parse::<R>(filter) {
                Ok(filter) => read.push(filter),
                Err(message) => violations.push((format!("/filters/{index}"), message)),
            }
        }
        if violations.is_empty() {
            Ok(read)
        } else {
            Err(ApiError::invalid_query(violations))
        }
    }

    /// Parses one filter. The error names the field and what it takes; the contract's pattern has let through only
    /// fields and ops that there are.
    fn parse<R: Resource>(filter: &str) -> Result<Self, String> {
        let mut parts = filter.splitn(3, ':');
        let (Some(name), Some(op), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("must be like field:op:value".to_owned());
        };
        let Some((field, kind)) = R::field(name) else {
            let names: Vec<_> = R::FIELDS.iter().map(|(name, _)| *name).collect();
            return Err(format!("the field must be one of {}", names.join(", ")));
        };
        let agree: fn(&Key, &Key) -> bool = match op {
            "eq" | "ne" | "in" => |key, wanted| key == wanted,
            "lt" => |key, wanted| key < wanted,
            "lte" => |key, wanted| key <= wanted,
            "gt" => |key, wanted| key > wanted,
            "gte" => |key, wanted| key >= wanted,
            "contains" if kind.is_number() => {
                return Err(format!(
                    "`{name}` takes numbers, which contain nothing; compare with another op"
                ));
            }
            "contains" => Key::contains,
            _ => {
                return Err(
                    "the op must be one of eq, ne, lt, lte, gt, gte, in, contains".to_owned(),
                );
            }
        };
        let wanted: Option<Vec<Key>> = match (op, kind.is_number()) {
            ("in", true) => value.split('|').map(number).collect(),
            ("in", false) => Some(value.split('|').map(Key::text).collect()),
            (_, true) => number(value).map(|key| vec![key]),
            (_, false) => Some(vec![Key::text(value)]),
        };
        Ok(Self {
            field,
            agree,
            wanted: wanted.ok_or_else(|| match op {
                "in" => format!("`{name}` takes numbers, parted by `|`"),
                _ => format!("`{name}` takes numbers"),
            })?,
            negated: op == "ne",
        })
    }

    /// Returns true when an entity with these values of the field passes.
    pub(super) fn passes(&self, keys: &[Key]) -> bool {
        let agrees = |key| self.wanted.iter().any(|wanted| (self.agree)(key, wanted));
        keys.iter().any(agrees) != self.negated
    }
}

fn number(text: &str) -> Option<Key> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.map(Key::Number)
}

#[cfg(test)]
mod tests {
    use gatekeeper::Failure;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::catalogue::{
        field::Field,
        resource::{Relation, RelationSet},
    };

    #[derive(Clone, Deserialize, Serialize)]
    struct Thing(Option<f64>, Option<String>, Option<Vec<String>>);

    impl Resource for Thing {
        type List = ();
        type Options = ();

        const NAME: &'static str = "things";
        const SINGULAR: &'static str = "thing";
        const FIELDS: &'static [(&'static str, Field<Self>)] = &[
            ("size", Field::Number(|thing| thing.0)),
            ("name", Field::Text(|thing| thing.1.as_deref())),
            ("colors", Field::List(|thing| thing.2.as_deref())),
        ];
        const RELATIONS: &'static [Relation<Self, ()>] = &[];
    }

    /// Returns the indices of the things that pass, or what is wrong.
    fn passing(filter: &str) -> Result<Vec<usize>, String> {
        let text = |text: &str| Some(text.to_owned());
        let colors = |colors: &[&str]| Some(colors.iter().map(ToString::to_string).collect());
        let things = [
            Thing(Some(9.0), text("Alpha"), colors(&["Red", "green"])),
            Thing(Some(100.0), text("beta: two"), colors(&[])),
            Thing(None, None, None),
            Thing(Some(-1.5), text("émile"), colors(&["red"])),
        ];
        let filter = Filter::parse::<Thing>(filter)?;
        let (_, field) = &Thing::FIELDS[filter.field];
        Ok((0..4)
            .filter(|index| filter.passes(&field.keys(&things[*index])))
            .collect())
    }

    #[test]
    fn each_op_picks_what_it_says() {
        for (filter, indices) in [
            ("size:eq:9", &[0][..]),
            ("size:eq:9.0", &[0]),
            ("size:ne:9", &[1, 2, 3]),
            ("size:lt:9", &[3]),
            ("size:lte:9", &[0, 3]),
            ("size:gt:9", &[1]),
            ("size:gte:9", &[0, 1]),
            ("size:gte:-1e1", &[0, 1, 3]),
            ("size:in:9|100|7", &[0, 1]),
            ("name:eq:ALPHA", &[0]),
            ("name:eq:alph", &[]),
            ("name:ne:alpha", &[1, 2, 3]),
            ("name:lt:b", &[0]),
            ("name:gte:b", &[1, 3]),
            ("name:eq:Beta: Two", &[1]),
            ("name:contains:A", &[0, 1]),
            ("name:contains:É", &[3]),
            ("name:in:alpha|ÉMILE", &[0, 3]),
            ("colors:eq:RED", &[0, 3]),
            ("colors:ne:green", &[1, 2, 3]),
            ("colors:in:green|blue", &[0]),
            ("colors:contains:re", &[0, 3]),
            ("colors:lt:h", &[0]),
        ] {
            assert_eq!(passing(filter).as_deref(), Ok(indices), "{filter}");
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused_and_never_repeated() {
        for (filter, message) in [
            ("size:eq:secret", "`size` takes numbers"),
            ("size:eq:NaN", "`size` takes numbers"),
            ("size:lt:inf", "`size` takes numbers"),
            ("size:lt:1e999", "`size` takes numbers"),
            ("size:in:1||2", "`size` takes numbers, parted by `|`"),
            (
                "size:contains:1",
                "`size` takes numbers, which contain nothing; compare with another op",
            ),
            ("age:eq:1", "the field must be one of size, name, colors"),
            (
                "name:like:x",
                "the op must be one of eq, ne, lt, lte, gt, gte, in, contains",
            ),
            ("size", "must be like field:op:value"),
        ] {
            assert_eq!(passing(filter), Err(message.to_owned()), "{filter}");
        }
    }

    #[test]
    fn every_filter_that_does_not_fit_is_told() {
        let filters = ["size:eq:x", "name:eq:x", "size:contains:1"].map(str::to_owned);
        let query = Query {
            filters: &filters,
            ..Query::first(RelationSet::all::<Thing>())
        };
        let problem = Filter::read::<Thing>(&query).map_or_else(Failure::into_problem, |_| {
            gatekeeper::Problem::internal("nothing was wrong")
        });
        assert_eq!(problem.status, 400);
        let indices: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.location, error.pointer.as_str()))
            .collect();
        let query = gatekeeper::In::Query;
        assert_eq!(indices, [(query, "/filters/0"), (query, "/filters/2")]);
    }
}
