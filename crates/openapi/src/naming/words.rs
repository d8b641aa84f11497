//! The words that a text is made of.

use super::LONGEST;

/// The room left of the longest name for a number, an ending or a `_`.
const ROOM: usize = 20;

/// Signs that are read as words where a text has nothing else, or, before a digit, a sign of a number.
const SIGNS: &[(char, &str)] = &[
    ('!', "exclamation"),
    ('"', "double_quote"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "ampersand"),
    ('\'', "quote"),
    ('(', "left_parenthesis"),
    (')', "right_parenthesis"),
    ('*', "star"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "minus"),
    ('.', "period"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less_than"),
    ('=', "equal"),
    ('>', "greater_than"),
    ('?', "question_mark"),
    ('@', "at"),
    ('[', "left_square_bracket"),
    ('\\', "back_slash"),
    (']', "right_square_bracket"),
    ('^', "caret"),
    ('_', "underscore"),
    ('`', "backtick"),
    ('{', "left_curly_bracket"),
    ('|', "pipe"),
    ('}', "right_curly_bracket"),
    ('~', "tilde"),
];

/// Comparisons, which OpenAPI Generator reads as one sign each.
const COMPARISONS: &[(&str, &str)] = &[
    ("<=", "less_than_or_equal_to"),
    (">=", "greater_than_or_equal_to"),
    ("!=", "not_equal"),
    ("<>", "not_equal"),
    ("==", "equal"),
];

/// Returns the words of a text, of ASCII letters and digits only. Words part at anything but letters and digits, before a
/// capital that follows a small letter or a digit, and before the last of several capitals when a small letter follows.
/// Other letters are written in Latin ones, and a text of signs alone is read aloud.
pub(super) fn words(text: &str) -> Vec<String> {
    let latin = latin(text);
    let mut found = split(&latin);
    if found.is_empty() {
        found = split(&read_aloud(text));
    } else if let Some(sign) = sign_of_number(&latin) {
        found.insert(0, sign.to_owned());
    }
    found
}

/// Writes what is not ASCII in Latin letters.
fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().take(4 * LONGEST) {
        match letter {
            letter if letter.is_ascii() => out.push(letter),
            letter => match deunicode::deunicode_char(letter) {
                Some(latin) => out.push_str(latin),
                None => out.push(' '),
            },
        }
    }
    out
}

fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = text.chars().collect();
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

/// Returns the word for the sign of a number: `-1` is no `1`.
fn sign_of_number(text: &str) -> Option<&'static str> {
    let mut letters = text.chars();
    let sign = match letters.next()? {
        '-' => "minus",
        '+' => "plus",
        _ => return None,
    };
    letters.next().filter(char::is_ascii_digit).map(|_| sign)
}

/// Spells out a text that has no letters and no digits.
fn read_aloud(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next().filter(|_| words.len() < 8) {
        let known = COMPARISONS.iter().find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, word)) = known {
            words.push(*word);
            rest = &rest[sign.len()..];
            continue;
        }
        let known = SIGNS.iter().find(|(sign, _)| *sign == first);
        words.extend(known.map(|(_, word)| *word));
        rest = &rest[first.len_utf8()..];
    }
    words.join("_")
}

/// Leaves as many words as fit into a name, with room for a number behind them.
pub(super) fn shortened(mut words: Vec<String>) -> Vec<String> {
    let mut length = 0;
    let fit = words
        .iter()
        .take_while(|word| {
            length += word.len() + 1;
            length <= LONGEST - ROOM
        })
        .count();
    words.truncate(fit.max(1));
    if let Some(first) = words.first_mut() {
        first.truncate(LONGEST - ROOM);
    }
    words
}
