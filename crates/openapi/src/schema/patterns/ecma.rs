//! From the syntax of ECMA-262 to that of the engines here.
//!
//! Without the flag `u` a pattern may have much that other engines refuse or read otherwise (ECMA-262, annex B.1.2): `-`
//! beside a class, braces that count nothing, a backslash before what needs none. `\A`, `\z`, `\Z` and the classes of
//! POSIX, which ECMA-262 does not know, are taken for what everybody means by them.

use std::{iter::Peekable, str::Chars};

const DIGITS: &str = "0-9";
const WORDS: &str = "A-Za-z0-9_";
const BLANKS: &str =
    r"\t\n\x0B\f\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";

/// The classes of POSIX, as Java (`\p{Alpha}`) and others (`[:alpha:]`) name them.
const POSIX: [(&str, &str); 13] = [
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", r"\x00-\x7F"),
    ("blank", r" \t"),
    ("cntrl", r"\x00-\x1F\x7F"),
    ("digit", DIGITS),
    ("graph", r"\x21-\x7E"),
    ("lower", "a-z"),
    ("print", r"\x20-\x7E"),
    ("punct", r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E"),
    ("space", r" \t\n\x0B\f\r"),
    ("upper", "A-Z"),
    ("xdigit", "0-9A-Fa-f"),
];

/// Writes a pattern for the engines; what is no pattern stays none.
pub(super) fn translate(pattern: &str) -> String {
    let mut writer = Writer {
        out: String::with_capacity(pattern.len() + 8),
        letters: pattern.chars().peekable(),
    };
    while let Some(letter) = writer.letters.next() {
        match letter {
            '\\' => {
                let escape = writer.escape(false);
                writer.out.push_str(&match escape {
                    Escape::Class(set) => format!("[{set}]"),
                    Escape::Letter(text) | Escape::Other(text) => text,
                });
            }
            '[' => writer.set(),
            '{' => writer.braces(),
            '}' => writer.out.push_str("\\}"),
            other => writer.out.push(other),
        }
    }
    writer.out
}

/// The meaning of a backslash and the letters behind it.
enum Escape {
    /// One letter.
    Letter(String),
    /// The letters of a set.
    Class(String),
    /// Anything else.
    Other(String),
}

struct Writer<'p> {
    out: String,
    letters: Peekable<Chars<'p>>,
}

impl Writer<'_> {
    /// Takes the letters up to `end`, if it comes and they are all of a kind.
    fn until(&mut self, end: char, is_inner: impl Fn(char) -> bool) -> Option<String> {
        let mut ahead = self.letters.clone();
        let inner: String = ahead
            .by_ref()
            .take_while(|letter| is_inner(*letter))
            .collect();
        // The one that ended it is taken, too.
        let rest = self.letters.clone().nth(inner.chars().count());
        if rest == Some(end) {
            self.letters = ahead;
            return Some(inner);
        }
        None
    }

    /// Counts, or braces that stand for themselves.
    fn braces(&mut self) {
        let counts = self.until('}', |letter| letter.is_ascii_digit() || letter == ',');
        match counts {
            Some(counts) if is_counts(&counts) => self.out.push_str(&format!("{{{counts}}}")),
            Some(text) => self.out.push_str(&format!("\\{{{text}\\}}")),
            None => self.out.push_str("\\{"),
        }
    }

    fn escape(&mut self, is_in_set: bool) -> Escape {
        let Some(letter) = self.letters.next() else {
            return Escape::Other("\\".to_owned());
        };
        let class = |set: &str| Escape::Class(set.to_owned());
        let one = |text: &str| Escape::Letter(text.to_owned());
        match letter {
            'd' => class(DIGITS),
            'w' => class(WORDS),
            's' => class(BLANKS),
            'D' | 'W' | 'S' => Escape::Other(format!("\\{letter}")),
            'p' if self.letters.peek() == Some(&'{') => self.property(),
            'u' => self.unicode(),
            'b' if is_in_set => one(r"\x08"),
            'Z' if !is_in_set => Escape::Other(r"\z".to_owned()),
            '0' if !self.letters.peek().is_some_and(char::is_ascii_digit) => one(r"\x00"),
            'x' => {
                let digits: String = self.letters.by_ref().take(2).collect();
                Escape::Letter(format!("\\x{digits}"))
            }
            'c' => match self.letters.next() {
                // A control letter is the remainder by 32 (ECMA-262, "CharacterEscape").
                Some(control) if control.is_ascii_alphabetic() => {
                    Escape::Letter(format!("\\x{:02X}", u32::from(control) % 32))
                }
                other => Escape::Other(format!(
                    "\\c{}",
                    other.map(String::from).unwrap_or_default()
                )),
            },
            't' | 'n' | 'r' | 'f' | 'v' => Escape::Letter(format!("\\{letter}")),
            letter if letter.is_ascii_alphanumeric() => Escape::Other(format!("\\{letter}")),
            // Engines give some of the others a meaning behind a backslash, such as `<`.
            letter => Escape::Letter(plain(letter)),
        }
    }

    /// `\p{...}`
    fn property(&mut self) -> Escape {
        let name: String = self
            .letters
            .by_ref()
            .take_while(|letter| *letter != '}')
            .collect();
        let name = name.trim_start_matches('{');
        match posix(&name.to_ascii_lowercase()) {
            // Names of Unicode are written with a capital, too, and differ from these, but for `ASCII` and `Space`.
            Some(set) => Escape::Class(set.to_owned()),
            None => Escape::Other(format!("\\p{{{name}}}")),
        }
    }

    /// `\uFFFF`, a pair of them for a letter beyond 16 bits, or `\u{FFFFF}`.
    fn unicode(&mut self) -> Escape {
        if self.letters.peek() == Some(&'{') {
            self.letters.next();
            let digits: String = self
                .letters
                .by_ref()
                .take_while(|letter| *letter != '}')
                .collect();
            return Escape::Letter(format!("\\u{{{digits}}}"));
        }
        let Some(high) = unit(&mut self.letters) else {
            return Escape::Other("\\u".to_owned());
        };
        let mut ahead = self.letters.clone();
        let is_escape = ahead.next() == Some('\\') && ahead.next() == Some('u');
        let low = if is_escape { unit(&mut ahead) } else { None };
        match (high, low) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                self.letters = ahead;
                let letter = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                Escape::Letter(format!("\\u{{{letter:X}}}"))
            }
            _ => Escape::Letter(format!("\\u{{{high:X}}}")),
        }
    }

    /// The letters in brackets, the first of which is taken.
    fn set(&mut self) {
        let is_negated = self.letters.next_if_eq(&'^').is_some();
        if self.letters.next_if_eq(&']').is_some() {
            // Any letter, or none.
            let set = if is_negated {
                "(?s:.)"
            } else {
                r"[^\x00-\u{10FFFF}]"
            };
            return self.out.push_str(set);
        }
        self.out.push_str(if is_negated { "[^" } else { "[" });
        // A range can begin after one letter which ended none.
        let (mut may_begin, mut is_end) = (false, false);
        while let Some(letter) = self.letters.next() {
            let text = match letter {
                ']' => return self.out.push(']'),
                '\\' => match self.escape(true) {
                    Escape::Letter(text) => text,
                    Escape::Class(text) | Escape::Other(text) => {
                        self.out.push_str(&text);
                        (may_begin, is_end) = (false, false);
                        continue;
                    }
                },
                '-' if may_begin && self.is_end_of_range() => {
                    self.out.push('-');
                    (may_begin, is_end) = (false, true);
                    continue;
                }
                '[' if self.letters.peek() == Some(&':') => match self.posix_class() {
                    Some(set) => {
                        self.out.push_str(set);
                        (may_begin, is_end) = (false, false);
                        continue;
                    }
                    None => plain('['),
                },
                other => plain(other),
            };
            self.out.push_str(&text);
            (may_begin, is_end) = (!is_end, false);
        }
    }

    /// Returns whether a letter comes next that a range can end with.
    fn is_end_of_range(&self) -> bool {
        let mut ahead = self.letters.clone();
        match ahead.next() {
            None | Some(']') => false,
            Some('\\') => !matches!(
                ahead.next(),
                Some('d' | 'w' | 's' | 'D' | 'W' | 'S' | 'p' | 'P')
            ),
            Some(_) => true,
        }
    }

    /// `[:alpha:]`, of which the bracket is taken.
    fn posix_class(&mut self) -> Option<&'static str> {
        let mut ahead = self.letters.clone();
        ahead.next();
        let name: String = ahead.by_ref().take_while(|letter| *letter != ':').collect();
        let set = posix(&name)?;
        (ahead.next() == Some(']')).then(|| {
            self.letters = ahead;
            set
        })
    }
}

fn posix(name: &str) -> Option<&'static str> {
    let mut classes = POSIX.iter();
    classes
        .find(|(known, _)| *known == name)
        .map(|(_, set)| *set)
}

fn is_counts(text: &str) -> bool {
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    !least.is_empty() && !most.contains(',')
}

/// Reads four digits.
fn unit(letters: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let digits: String = letters.clone().take(4).collect();
    let is_whole = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u32::from_str_radix(&digits, 16).ok().filter(|_| is_whole)?;
    letters.by_ref().take(4).for_each(drop);
    Some(unit)
}

/// Writes a letter that stands for itself, in a set or not.
fn plain(letter: char) -> String {
    if r"\^$.|?*+()[]{}-&~#".contains(letter) {
        format!("\\{letter}")
    } else {
        letter.to_string()
    }
}
