//! Patterns as they are spelt for JavaScript, and as the engines here want them.

use std::borrow::Cow;

/// Returns the pattern of `/^...$/flags`. Without an anchor or a flag the slashes may be meant.
pub(super) fn literal(written: &str) -> Option<String> {
    let (pattern, flags) = written.strip_prefix('/')?.rsplit_once('/')?;
    let is_flags = flags.chars().all(|flag| "dgimsuvy".contains(flag));
    let is_anchored = pattern.starts_with('^') || pattern.ends_with('$');
    if pattern.is_empty() || !is_flags || (flags.is_empty() && !is_anchored) {
        return None;
    }
    let flags: String = flags.chars().filter(|flag| "ims".contains(*flag)).collect();
    Some(if flags.is_empty() {
        pattern.to_owned()
    } else {
        format!("(?{flags}){pattern}")
    })
}

/// Writes surrogate pairs, which are how JavaScript without the flag `u` writes letters beyond 16 bits, as one letter.
pub(super) fn pairs(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains("\\u") {
        return Cow::Borrowed(pattern);
    }
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = rest.find('\\') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let low = rest.get(6..).and_then(unit);
        match (unit(rest), low) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                let letter = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                out.push_str(&format!("\\u{{{letter:X}}}"));
                rest = &rest[12..];
            }
            _ => {
                let escape: String = rest.chars().take(2).collect();
                rest = &rest[escape.len()..];
                out.push_str(&escape);
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes `\d`, `\w`, `\s` as ECMA-262 has them: ASCII, but for blanks.
pub(super) fn classes(pattern: &str) -> String {
    const BLANKS: &str = r"\t\n\x0B\f\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    let mut is_set = false;
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            is_set = match letter {
                '[' => true,
                ']' => false,
                _ => is_set,
            };
            out.push(letter);
            continue;
        }
        let escaped = letters.next();
        let set = match escaped.map(|letter| letter.to_ascii_lowercase()) {
            Some('d') => "0-9",
            Some('w') => "A-Za-z0-9_",
            Some('s') => BLANKS,
            _ => "",
        };
        match escaped {
            Some('d' | 'w' | 's') if is_set => out.push_str(set),
            Some('d' | 'w' | 's') => out.push_str(&format!("[{set}]")),
            Some('D' | 'W' | 'S') => out.push_str(&format!("[^{set}]")),
            // Fancy engines know other letters than ECMA-262, where this one stands for itself.
            Some('/') => out.push('/'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// Returns `^X*$` and the counts of `^X{least,most}$`, where X matches one character: they are those of its lengths.
pub(super) fn repeated(pattern: &str) -> Option<(String, u64, Option<u64>)> {
    let inner = pattern.strip_prefix('^')?.strip_suffix("}$")?;
    let (atom, counts) = inner.rsplit_once('{')?;
    let (least, most) = match counts.split_once(',') {
        None => {
            let count = counts.parse().ok()?;
            (count, Some(count))
        }
        Some((least, "")) => (least.parse().ok()?, None),
        Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
    };
    let is_set = atom.starts_with('[')
        && atom.ends_with(']')
        && !atom[1..atom.len() - 1].contains(['[', ']']);
    let is_escape = atom.len() == 2 && atom.starts_with('\\');
    let is_one = atom == "." || is_set || is_escape;
    is_one.then(|| (format!("^{atom}*$"), least, most))
}

/// Returns the pattern with `{least,most}` loosened where a count is larger.
pub(super) fn without_counts(pattern: &str, largest: u64) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let counts = rest.find('}').map(|end| &rest[1..end]);
        let loosened = counts.and_then(|counts| {
            let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
            let least: u64 = least.parse().ok()?;
            let is_large = most.parse().is_ok_and(|most: u64| most > largest);
            is_large.then(|| (counts.len() + 2, format!("{{{},}}", least.min(largest))))
        });
        let (length, text) = loosened.unwrap_or((1, "{".to_owned()));
        out.push_str(&text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}
