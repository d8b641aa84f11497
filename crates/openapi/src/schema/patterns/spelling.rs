//! Patterns as they are spelt for JavaScript, and as the engines here want them.

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
    let is_escape = atom.len() == 2 && atom.starts_with('\\');
    let is_one = atom == "." || atom == "(?s:.)" || is_set(atom) || is_escape;
    is_one.then(|| (format!("^{atom}*$"), least, most))
}

/// Returns true for brackets that end with the pattern.
fn is_set(atom: &str) -> bool {
    let Some(inner) = atom.strip_prefix('[') else {
        return false;
    };
    let mut is_escaped = false;
    let end = inner.find(|letter| {
        let is_end = letter == ']' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    });
    end.is_some_and(|end| end + 1 == inner.len())
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
            // Behind these letters, braces hold a letter or a property.
            let is_escape = [r"\u", r"\x", r"\p", r"\P"]
                .iter()
                .any(|escape| out.ends_with(escape));
            (is_large && !is_escape)
                .then(|| (counts.len() + 2, format!("{{{},}}", least.min(largest))))
        });
        let (length, text) = loosened.unwrap_or((1, "{".to_owned()));
        out.push_str(&text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}
