//! Filters: `field:op:value` to a test of one field.

use super::column::{Column, Values, fold};
use crate::errors::ApiError;

/// A filter that fits its field.
#[derive(Debug)]
pub(super) struct Filter {
    column: usize,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Number(Comparison, f64),
    OneOfNumbers(Vec<f64>),
    Text(Comparison, String),
    OneOfTexts(Vec<String>),
    Contains(String),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn of(op: &str) -> Option<Self> {
        Some(match op {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "lt" => Self::Less,
            "lte" => Self::LessOrEqual,
            "gt" => Self::Greater,
            "gte" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds<T: PartialOrd + ?Sized>(self, value: &T, wanted: &T) -> bool {
        match self {
            Self::Equal => value == wanted,
            Self::NotEqual => value != wanted,
            Self::Less => value < wanted,
            Self::LessOrEqual => value <= wanted,
            Self::Greater => value > wanted,
            Self::GreaterOrEqual => value >= wanted,
        }
    }
}

impl Filter {
    /// Reads all filters of a request.
    ///
    /// # Errors
    ///
    /// 400 with each filter that does not fit its field.
    pub(super) fn read(columns: &[Column], filters: &[String]) -> Result<Vec<Self>, ApiError> {
        let mut read = Vec::with_capacity(filters.len());
        let mut violations = Vec::new();
        for (place, filter) in filters.iter().enumerate() {
            match Self::parse(columns, filter) {
                Ok(filter) => read.push(filter),
                Err(message) => violations.push((format!("/filters/{place}"), message)),
            }
        }
        if violations.is_empty() {
            Ok(read)
        } else {
            Err(ApiError::invalid_query(violations))
        }
    }

    /// The error names the field and what it takes; the contract's pattern has let through only fields and
    /// ops that there are.
    fn parse(columns: &[Column], filter: &str) -> Result<Self, String> {
        let mut parts = filter.splitn(3, ':');
        let (Some(name), Some(op), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("must be like field:op:value".to_owned());
        };
        let Some((place, column)) = columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.name == name)
        else {
            let names: Vec<_> = columns.iter().map(|column| column.name).collect();
            return Err(format!("the field must be one of {}", names.join(", ")));
        };
        let test = match column.values {
            Values::Numbers(_) => Test::of_number(name, op, value),
            Values::Texts(_) | Values::Lists(_) => Test::of_text(op, value),
        }?;
        Ok(Self {
            column: place,
            test,
        })
    }

    /// Whether the entity at `place` passes.
    pub(super) fn passes(&self, columns: &[Column], place: usize) -> bool {
        let Some(column) = columns.get(self.column) else {
            return false;
        };
        match &column.values {
            Values::Numbers(values) => {
                let known = values.get(place).copied().flatten();
                known.map_or(self.test.is_not_equal(), |value| self.test.number(value))
            }
            Values::Texts(values) => {
                let known = values.get(place).and_then(Option::as_ref);
                known.map_or(self.test.is_not_equal(), |value| self.test.text(value))
            }
            Values::Lists(values) => match values.get(place).and_then(Option::as_ref) {
                None => self.test.is_not_equal(),
                Some(entries) if self.test.is_not_equal() => {
                    entries.iter().all(|entry| self.test.text(entry))
                }
                Some(entries) => entries.iter().any(|entry| self.test.text(entry)),
            },
        }
    }
}

impl Test {
    fn of_number(name: &str, op: &str, value: &str) -> Result<Self, String> {
        let number = |text: &str| {
            text.parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .ok_or_else(|| format!("`{name}` takes numbers"))
        };
        match (Comparison::of(op), op) {
            (Some(comparison), _) => Ok(Self::Number(comparison, number(value)?)),
            (None, "in") => value
                .split('|')
                .map(number)
                .collect::<Result<_, _>>()
                .map(Self::OneOfNumbers)
                .map_err(|message| format!("{message}, parted by `|`")),
            (None, "contains") => Err(format!(
                "`{name}` takes numbers, which contain nothing; compare with another op"
            )),
            _ => Err(unknown_op()),
        }
    }

    fn of_text(op: &str, value: &str) -> Result<Self, String> {
        match (Comparison::of(op), op) {
            (Some(comparison), _) => Ok(Self::Text(comparison, fold(value))),
            (None, "in") => Ok(Self::OneOfTexts(value.split('|').map(fold).collect())),
            (None, "contains") => Ok(Self::Contains(fold(value))),
            _ => Err(unknown_op()),
        }
    }

    /// The only op that the unknown passes, and that asks something of every entry of a list.
    fn is_not_equal(&self) -> bool {
        matches!(
            self,
            Self::Number(Comparison::NotEqual, _) | Self::Text(Comparison::NotEqual, _)
        )
    }

    fn number(&self, value: f64) -> bool {
        match self {
            Self::Number(comparison, wanted) => comparison.holds(&value, wanted),
            Self::OneOfNumbers(wanted) => wanted.contains(&value),
            _ => false,
        }
    }

    fn text(&self, value: &str) -> bool {
        match self {
            Self::Text(comparison, wanted) => comparison.holds(value, wanted.as_str()),
            Self::OneOfTexts(wanted) => wanted.iter().any(|wanted| wanted == value),
            Self::Contains(part) => value.contains(part),
            _ => false,
        }
    }
}

fn unknown_op() -> String {
    "the op must be one of eq, ne, lt, lte, gt, gte, in, contains".to_owned()
}

#[cfg(test)]
mod tests {
    use gatekeeper::Failure;

    use super::*;
    use crate::catalogue::kind::Field;

    struct Thing(Option<f64>, Option<&'static str>, Option<Vec<String>>);

    const FIELDS: [Field<Thing>; 3] = [
        Field::number("size", |thing: &Thing| thing.0),
        Field::text("name", |thing: &Thing| thing.1),
        Field::list("colors", |thing: &Thing| thing.2.as_deref()),
    ];

    fn columns() -> Vec<Column> {
        let colors = |colors: &[&str]| Some(colors.iter().map(ToString::to_string).collect());
        let things = [
            Thing(Some(9.0), Some("Alpha"), colors(&["Red", "green"])),
            Thing(Some(100.0), Some("beta: two"), colors(&[])),
            Thing(None, None, None),
            Thing(Some(-1.5), Some("émile"), colors(&["red"])),
        ];
        FIELDS
            .iter()
            .map(|field| Column::new(field, &things))
            .collect()
    }

    /// The places that pass, or what is wrong.
    fn passing(filter: &str) -> Result<Vec<usize>, String> {
        let columns = columns();
        let filter = Filter::parse(&columns, filter)?;
        Ok((0..4)
            .filter(|place| filter.passes(&columns, *place))
            .collect())
    }

    #[test]
    fn each_op_picks_what_it_says() {
        for (filter, places) in [
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
            assert_eq!(passing(filter).as_deref(), Ok(places), "{filter}");
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
        let problem = Filter::read(&columns(), &filters).map_or_else(Failure::into_problem, |_| {
            gatekeeper::Problem::internal("nothing was wrong")
        });
        assert_eq!(problem.status, 400);
        let places: Vec<_> = problem
            .errors
            .iter()
            .map(|error| (error.location, error.pointer.as_str()))
            .collect();
        let query = gatekeeper::In::Query;
        assert_eq!(places, [(query, "/filters/0"), (query, "/filters/2")]);
    }
}
