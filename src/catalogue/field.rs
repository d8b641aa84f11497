//! A field: its accessor, and the form in which its values are compared.

use std::cmp::Ordering;

use generated::models::SortOrder;
use time::Date;
use unicode_normalization::UnicodeNormalization as _;

/// The accessor of a field, by its type; `None` is unknown.
pub(crate) enum Field<R> {
    Integer(fn(&R) -> Option<i64>),
    Number(fn(&R) -> Option<f64>),
    Text(fn(&R) -> Option<&str>),
    Date(fn(&R) -> Date),
    List(fn(&R) -> Option<&[String]>),
}

/// A value in the form in which it is compared; texts are folded.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Key {
    Number(f64),
    Text(String),
}

impl Key {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(fold(text))
    }

    pub(super) fn contains(&self, part: &Self) -> bool {
        matches!((self, part), (Self::Text(text), Self::Text(part)) if text.contains(part.as_str()))
    }
}

impl<R> Field<R> {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Number(_))
    }

    /// Returns the values of the field: none if unknown, else one, or as many as a list has entries.
    pub(super) fn keys(&self, record: &R) -> Vec<Key> {
        let list = |entries: &[String]| entries.iter().map(|entry| Key::text(entry)).collect();
        let key = match self {
            // Exact: the contract has no integer above 2^53 - 1.
            Self::Integer(read) => read(record).map(|integer| Key::Number(integer as f64)),
            Self::Number(read) => read(record).map(Key::Number),
            Self::Text(read) => read(record).map(Key::text),
            Self::Date(read) => Some(Key::Text(read(record).to_string())),
            Self::List(read) => return read(record).map(list).unwrap_or_default(),
        };
        key.into_iter().collect()
    }
}

/// Compares two entities by the values of a field; those without come last in either order.
pub(super) fn compare(a: &[Key], b: &[Key], order: SortOrder) -> Ordering {
    let ordering = a.partial_cmp(b).unwrap_or(Ordering::Equal);
    a.is_empty().cmp(&b.is_empty()).then(match order {
        SortOrder::Asc => ordering,
        SortOrder::Desc => ordering.reverse(),
    })
}

/// Returns the form in which texts are compared: small letters, each composed with its marks (Normalization Form C).
fn fold(text: &str) -> String {
    text.to_lowercase().nfc().collect()
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

    /// Returns the indices in both orders.
    fn sorted<T>(values: &[Option<T>], key: impl Fn(&T) -> Key) -> [Vec<usize>; 2] {
        let keys: Vec<_> = values
            .iter()
            .map(|value| value.iter().map(&key).collect::<Vec<_>>())
            .collect();
        [SortOrder::Asc, SortOrder::Desc].map(|order| {
            let mut indices: Vec<usize> = (0..keys.len()).collect();
            indices.sort_by(|a, b| compare(&keys[*a], &keys[*b], order));
            indices
        })
    }

    #[test]
    fn numbers_are_ordered_as_numbers_unknown_last_and_equals_by_id() {
        let values = [Some(1000.0), None, Some(96.0), Some(-8.0), None, Some(96.0)];
        assert_eq!(
            sorted(&values, |number| Key::Number(*number)),
            [vec![3, 2, 5, 0, 1, 4], vec![0, 2, 5, 3, 1, 4]]
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
        assert_eq!(
            sorted(&texts, |text| Key::text(text)),
            [vec![2, 0, 3, 4, 1], vec![4, 0, 3, 2, 1]]
        );
    }
}
