//! Text of the contract as rustdoc: whatever it holds, it stays a comment, and no test comes of it.

/// The lines of a description, made safe for rustdoc. The fallback stands in for a missing one.
pub(super) fn lines(description: Option<&str>, fallback: &str) -> Vec<String> {
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    let mut fenced = false;
    let mut lines: Vec<String> = Vec::new();
    let text = description.unwrap_or(fallback).replace("\r\n", "\n");
    for line in text.split(breaks_line) {
        let line = line.trim_end();
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fenced = !fenced;
            // A fence without a language would be compiled as a test.
            lines.push(if fenced {
                "```text".to_owned()
            } else {
                "```".to_owned()
            });
        } else if fenced {
            lines.push(visible(&line.replace('\t', "    ")));
        } else {
            // Four spaces would begin a code block, and a code block is a test.
            let line = if line.len() - bare.len() >= 4 {
                bare
            } else {
                line
            };
            lines.push(escape(&visible(&single_spaced(line))));
        }
    }
    if fenced {
        lines.push("```".to_owned());
    }
    lines
}

/// Returns a name or value of the contract as a code span on one line.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", visible(text).replace('`', "'"))
}

/// Spells out the control characters of a text, and those that change the direction of what
/// follows: rustc refuses both in comments, and a reader would be shown another text than it reads.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || breaks_line(letter) || turns_text(letter) {
            out.push_str(&format!("U+{:04X}", u32::from(letter)));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Characters that end a line for Rust, for Unicode, or for a viewer of the source.
fn breaks_line(letter: char) -> bool {
    matches!(
        letter,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Unicode's explicit directional formatting characters (UAX #9, 2).
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Leaves one space of each run of blanks behind its first word: five after the mark of a list
/// or a quotation would begin a code block, too.
fn single_spaced(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let words: Vec<&str> = line.split_whitespace().collect();
    format!("{}{}", " ".repeat(indent.min(3)), words.join(" "))
}

/// Escapes what rustdoc would read as a link or as HTML, outside of code spans.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    // An odd backtick is no code span, and three are a fence wherever a list or a quotation begins;
    // escaping everything is the safe reading then.
    let fence = line.contains("```") || line.contains("~~~");
    let spans = line.matches('`').count().is_multiple_of(2) && !fence;
    let mut code = false;
    for word in line.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if !code && (bare.starts_with("https://") || bare.starts_with("http://")) && is_url(bare) {
            let end = bare
                .trim_end_matches(['.', ',', ';', ':', '!', '?', ')'])
                .len();
            let (url, rest) = word.split_at(end);
            out.push_str(&format!("<{url}>{rest}"));
            continue;
        }
        for letter in word.chars() {
            if letter == '`' && spans {
                code = !code;
            }
            if !code && matches!(letter, '[' | ']' | '<' | '>')
                || letter == '`' && !spans
                || letter == '~' && fence
            {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

/// Returns whether nothing in the word ends a link early.
fn is_url(word: &str) -> bool {
    word.chars()
        .all(|letter| letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '`' | '\\'))
}
