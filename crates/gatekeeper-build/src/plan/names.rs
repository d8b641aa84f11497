//! Names of the contract as Rust names.

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that the generated code uses for something else.
const TAKEN: &[&str] = &[
    "Body",
    "Box",
    "Content",
    "Err",
    "None",
    "Ok",
    "Option",
    "Result",
    "Security",
    "Self",
    "Some",
    "String",
    "Vec",
    "RequestContext",
];

/// The method that every implementation has besides those that the contract names.
const THROTTLE: &str = "throttle";

/// `IfNoneMatch`, `If-None-Match` and `ifNoneMatch` are `if_none_match`; a keyword gets a `_`.
pub(super) fn snake(name: &str) -> String {
    let mut out = words(name).join("_").to_lowercase();
    if out.starts_with(|first: char| first.is_ascii_digit()) {
        out.insert(0, 'n');
    }
    if KEYWORDS.contains(&out.as_str()) {
        out.push('_');
    }
    out
}

/// A header's words are parted by hyphens alone: `ETag` is `etag`.
pub(super) fn header(name: &str) -> String {
    snake(&name.to_ascii_lowercase())
}

/// `get_films` and `get-films` are `GetFilms`.
pub(super) fn pascal(name: &str) -> String {
    words(name)
        .iter()
        .map(|word| capital(&word.to_lowercase()))
        .collect()
}

/// Returns true if a schema's name can be the type's name unchanged.
pub(super) fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// Returns true if a type may have this name: generated code uses it for nothing else.
pub(super) fn is_free_type_name(name: &str) -> bool {
    is_type_name(name) && !TAKEN.contains(&name)
}

/// Returns whether a variant of an enum can have this name.
pub(super) fn is_variant_name(name: &str) -> bool {
    is_type_name(name) && !["ALL", "Self"].contains(&name)
}

/// Returns whether a name is dotted, like that of a function in a module: `auth.endpoints.decode_token`.
pub(super) fn is_dotted(name: &str) -> bool {
    name.split('.').all(|part| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
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

/// Returns true if an operation's id, or a hook's name, can be the method's name unchanged.
pub(super) fn is_method_name(name: &str) -> bool {
    !name.is_empty() && name == snake(name) && name != THROTTLE
}

/// The variant for an enum's value; `None` when nothing readable comes of it.
pub(super) fn variant(value: &str) -> Option<String> {
    let (sign, rest) = match (value.strip_prefix('-'), value.strip_prefix('+')) {
        (Some(rest), _) => ("Minus", rest),
        (_, Some(rest)) => ("Plus", rest),
        _ => ("", value),
    };
    if value.is_empty() {
        return Some("Empty".to_owned());
    }
    let name = format!("{sign}{}", pascal(rest));
    match name.chars().next() {
        None => None,
        Some(first) if first.is_ascii_digit() => Some(format!("Value{name}")),
        Some(_) if name == "Self" => Some("SelfValue".to_owned()),
        Some(_) => Some(name),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// Parts at anything but letters and digits, before a capital that follows a small letter or a
/// digit, and before the last of several capitals when a small letter follows.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let begins = letter.is_ascii_uppercase()
            && (before
                .is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit())
                || before.is_some_and(char::is_ascii_uppercase)
                    && after.is_some_and(char::is_ascii_lowercase));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
