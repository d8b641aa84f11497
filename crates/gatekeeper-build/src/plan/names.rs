//! Names of the contract as Rust names.

use openapi::naming::is_type_name;
pub(super) use openapi::naming::{module, pascal, snake};
use std::collections::{BTreeSet, HashMap};

/// A header's words are parted by hyphens alone: `ETag` is `etag`.
pub(super) fn header(name: &str) -> String {
    snake(&name.to_ascii_lowercase())
}

/// Returns a name for each text, by the name that was made of it: one that is the text itself stays, and of others that
/// would be one each gets a number.
pub(super) fn distinct<'n>(made: impl IntoIterator<Item = (&'n str, String)>) -> Vec<String> {
    let made: Vec<(&str, String)> = made.into_iter().collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let is_kept: Vec<bool> = made
        .iter()
        .map(|(text, name)| text == name && taken.insert(name.clone()))
        .collect();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(made.len());
    for ((_, wanted), is_kept) in made.into_iter().zip(is_kept) {
        let wanted = if wanted.is_empty() {
            "unnamed".to_owned()
        } else {
            wanted
        };
        let mut name = wanted.clone();
        while !is_kept && !taken.insert(name.clone()) {
            let number = numbers.entry(wanted.clone()).or_insert(1);
            *number += 1;
            name = format!("{}_{number}", wanted.trim_end_matches('_'));
        }
        names.push(name);
    }
    names
}

/// Returns a name for the variant of each value of an enum: the one that is chosen, where it can be, else one made of the
/// value. Of names that would be one, others than the first get a number.
pub(super) fn variants<'n>(
    values: impl IntoIterator<Item = (String, Option<&'n str>)>,
) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::new();
    for (value, chosen) in values {
        let chosen = chosen.map(|chosen| {
            if is_variant_name(chosen) {
                chosen.to_owned()
            } else {
                pascal(chosen)
            }
        });
        let wanted = chosen.filter(|chosen| is_variant_name(chosen));
        let wanted = wanted.unwrap_or_else(|| variant(&value));
        let mut name = wanted.clone();
        while !taken.insert(name.clone()) {
            let number = numbers.entry(wanted.clone()).or_insert(1);
            *number += 1;
            name = if wanted.ends_with(|last: char| last.is_ascii_digit()) {
                format!("{wanted}No{number}")
            } else {
                format!("{wanted}{number}")
            };
        }
        names.push(name);
    }
    names
}

/// Returns whether a variant of an enum can have this name.
pub(super) fn is_variant_name(name: &str) -> bool {
    is_type_name(name) && !["ALL", "Self"].contains(&name)
}

/// Returns whether a name can be that of a header: a token (RFC 9110, 5.1 and 5.6.2).
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter))
}

/// Returns the text as a literal of Rust.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Returns the variant for a value of an enum.
fn variant(value: &str) -> String {
    if value.is_empty() {
        return "Empty".to_owned();
    }
    let (sign, rest) = match (value.strip_prefix('-'), value.strip_prefix('+')) {
        (Some(rest), _) => ("Minus", rest),
        (_, Some(rest)) => ("Plus", rest),
        _ => ("", value),
    };
    let name = if rest.is_empty() {
        sign.to_owned()
    } else {
        format!("{sign}{}", pascal(rest))
    };
    match name.as_str() {
        name if name.starts_with(|first: char| first.is_ascii_digit()) => format!("Value{name}"),
        "" | "Self" => format!("{name}Value"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{distinct, snake, variants};

    #[test]
    fn fields_that_would_be_one_get_numbers() {
        let names = [
            "$id", "id", "ID", "type", "@type", "+1", "-1", "", "😀", "self",
        ];
        let made = distinct(names.map(|name| (name, snake(name))));
        let wanted = [
            "id_2", "id", "id_3", "type_", "type_2", "plus_1", "minus_1", "unnamed", "grinning",
            "self_",
        ];
        assert_eq!(made, wanted);
    }

    #[test]
    fn each_value_of_an_enum_has_a_variant() {
        let values = [
            (">=", None),
            ("", None),
            ("1.5", None),
            ("15", None),
            ("-name", None),
            ("name", None),
            ("Name", None),
            ("a\nb", None),
            ("Self", None),
            ("ALL", None),
            ("\u{200b}", None),
            ("a", Some("Chosen")),
            ("b", Some("is chosen")),
            ("c", Some("!")),
        ];
        let made = variants(values.map(|(value, chosen)| (value.to_owned(), chosen)));
        let wanted = [
            "GreaterThanOrEqualTo",
            "Empty",
            "Value15",
            "Value15No2",
            "MinusName",
            "Name",
            "Name2",
            "AB",
            "SelfValue",
            "All",
            "Value",
            "Chosen",
            "IsChosen",
            "Exclamation",
        ];
        assert_eq!(made, wanted);
    }
}
