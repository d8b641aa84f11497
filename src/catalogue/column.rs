//! One field of all entities, in a form to compare, and the orders that it gives them.

use std::cmp::Ordering;

use generated::models::SortOrder;
use unicode_normalization::UnicodeNormalization as _;

use super::kind::{Field, Read};

/// A field's values by place, and the places by value.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) values: Values,
    ascending: Vec<usize>,
    descending: Vec<usize>,
}

/// The values of a field; texts are folded, `None` is unknown.
pub(super) enum Values {
    Numbers(Vec<Option<f64>>),
    Texts(Vec<Option<String>>),
    Lists(Vec<Option<Vec<String>>>),
}

/// The form in which texts are compared: small letters, each composed with its marks (Normalization Form C).
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

impl Column {
    /// Reads `field` of the records, which are in the order of their ids.
    pub(super) fn new<K>(field: &Field<K>, records: &[K]) -> Self {
        let values = Values::read(field, records);
        Self {
            name: field.name,
            ascending: values.order(|ordering| ordering),
            descending: values.order(Ordering::reverse),
            values,
        }
    }

    /// Places in this order: the unknown last, equals by id.
    pub(super) fn order(&self, order: SortOrder) -> &[usize] {
        match order {
            SortOrder::Asc => &self.ascending,
            SortOrder::Desc => &self.descending,
        }
    }
}

impl Values {
    fn read<K>(field: &Field<K>, records: &[K]) -> Self {
        let records = records.iter();
        match field.read {
            // Exact, since the source lets no greater number in.
            Read::Whole(read) => Self::Numbers(
                records
                    .map(|record| read(record).map(|number| number as f64))
                    .collect(),
            ),
            Read::Number(read) | Read::Signed(read) => Self::Numbers(records.map(read).collect()),
            Read::Text(read) => Self::Texts(records.map(|record| read(record).map(fold)).collect()),
            Read::Date(read) => Self::Texts(
                records
                    .map(|record| Some(read(record).to_string()))
                    .collect(),
            ),
            Read::List(read) => {
                let folded = |entries: &[String]| entries.iter().map(|entry| fold(entry)).collect();
                Self::Lists(records.map(|record| read(record).map(folded)).collect())
            }
        }
    }

    fn order(&self, direction: fn(Ordering) -> Ordering) -> Vec<usize> {
        match self {
            Self::Numbers(values) => order(values, |a, b| direction(a.total_cmp(b))),
            Self::Texts(values) => order(values, |a, b| direction(a.cmp(b))),
            // The contract offers no order by these.
            Self::Lists(values) => order(values, |_, _| Ordering::Equal),
        }
    }
}

fn order<T>(values: &[Option<T>], compare: impl Fn(&T, &T) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<(usize, &Option<T>)> = values.iter().enumerate().collect();
    // Stable, and the places begin in the order of ids.
    sorted.sort_by(|(_, a), (_, b)| match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    sorted.into_iter().map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_part_of_its_letter_however_it_is_sent() {
        assert_eq!(fold("PADME\u{301}"), "padm\u{e9}");
        assert_eq!(fold("Padm\u{e9}"), "padm\u{e9}");
        assert_ne!(fold("Padme"), "padm\u{e9}");
    }

    fn both(values: &Values) -> (Vec<usize>, Vec<usize>) {
        (
            values.order(|ordering| ordering),
            values.order(Ordering::reverse),
        )
    }

    #[test]
    fn numbers_are_ordered_as_numbers_unknown_last_and_equals_by_id() {
        let values = Values::Numbers(vec![
            Some(1000.0),
            None,
            Some(96.0),
            Some(-8.0),
            None,
            Some(96.0),
        ]);
        assert_eq!(
            both(&values),
            (vec![3, 2, 5, 0, 1, 4], vec![0, 2, 5, 3, 1, 4])
        );
    }

    #[test]
    fn texts_are_ordered_as_they_are_folded() {
        let texts = [
            Some("beta"),
            None,
            Some("Alpha"),
            Some("BETA"),
            Some("émile"),
        ];
        let values = Values::Texts(texts.map(|text| text.map(fold)).into());
        assert_eq!(both(&values), (vec![2, 0, 3, 4, 1], vec![4, 0, 3, 2, 1]));
    }
}
