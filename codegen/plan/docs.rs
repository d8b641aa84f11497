//! Descriptions of the contract as rustdoc.

/// The lines of a description, made safe for rustdoc. The fallback stands in for a missing one.
pub(super) fn lines(description: Option<&str>, fallback: &str) -> Vec<String> {
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    let mut fenced = false;
    let mut lines: Vec<String> = Vec::new();
    for line in description.unwrap_or(fallback).lines() {
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
            lines.push(line.to_owned());
        } else {
            // Four spaces would begin a code block, and a code block is a test.
            let line = if line.len() - bare.len() >= 4 {
                bare
            } else {
                line
            };
            lines.push(escape(line));
        }
    }
    if fenced {
        lines.push("```".to_owned());
    }
    lines
}

/// Escapes what rustdoc would read as a link or as HTML, outside of code spans.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    // An odd backtick is no code span; escaping everything is the safe reading then.
    let spans = line.matches('`').count().is_multiple_of(2);
    let mut code = false;
    for word in line.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if !code && (bare.starts_with("https://") || bare.starts_with("http://")) {
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
            if !code && matches!(letter, '[' | ']' | '<' | '>') || letter == '`' && !spans {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}
