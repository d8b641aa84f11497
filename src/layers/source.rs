//! Reads a source file as far as its imports need: names, `::` and punctuation.

/// A token of the source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    /// `::`
    Path,
    Mark(char),
}

impl Token {
    pub(super) fn is(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Path | Self::Mark(_) => None,
        }
    }
}

/// Returns the tokens of a file without comments, literals and the items of its unit tests.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    without_tests(&all_tokens(text))
}

fn all_tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let mut index = 0;
    while index < chars.len() {
        match (at(index), at(index + 1)) {
            ('/', '/') => index = position(&chars, index, '\n'),
            ('"', _) => index = end_of_string(&chars, index + 1),
            ('r', '"' | '#') if raw_hashes(&chars, index + 1).is_some() => {
                index = end_of_raw_string(&chars, index + 1);
            }
            // A lifetime has no second quote; its name is no path, and does no harm.
            ('\'', '\\') => index = position(&chars, index + 3, '\'') + 1,
            ('\'', _) if at(index + 2) == '\'' => index += 3,
            (':', ':') => {
                tokens.push(Token::Path);
                index += 2;
            }
            (first, _) if first.is_alphanumeric() || first == '_' => {
                let start = index;
                while at(index).is_alphanumeric() || at(index) == '_' {
                    index += 1;
                }
                tokens.push(Token::Name(chars[start..index].iter().collect()));
            }
            (other, _) => {
                if !other.is_whitespace() {
                    tokens.push(Token::Mark(other));
                }
                index += 1;
            }
        }
    }
    tokens
}

fn position(chars: &[char], from: usize, wanted: char) -> usize {
    let found = chars.iter().skip(from).position(|&char| char == wanted);
    found.map_or(chars.len(), |offset| from + offset)
}

fn end_of_string(chars: &[char], mut index: usize) -> usize {
    while index < chars.len() {
        match chars[index] {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    index
}

fn raw_hashes(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars.iter().skip(from).take_while(|&&char| char == '#');
    let hashes = hashes.count();
    (chars.get(from + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_raw_string(chars: &[char], from: usize) -> usize {
    let hashes = raw_hashes(chars, from).unwrap_or_default();
    let mut index = from + hashes + 1;
    loop {
        index = position(chars, index, '"') + 1;
        let closing = chars.iter().skip(index).take_while(|&&char| char == '#');
        if index >= chars.len() || closing.take(hashes).count() == hashes {
            return index + hashes;
        }
    }
}

/// Leaves out what `#[cfg(test)]` and `#[test]` stand before.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if tokens[index].is('#') && tokens.get(index + 1).is_some_and(|next| next.is('[')) {
            let end = end_of_group(tokens, index + 1);
            if is_test_attribute(&tokens[index + 2..end - 1]) {
                index = end_of_item(tokens, end);
                continue;
            }
        }
        kept.push(tokens[index].clone());
        index += 1;
    }
    kept
}

fn is_test_attribute(attribute: &[Token]) -> bool {
    let names: Vec<_> = attribute.iter().filter_map(Token::name).collect();
    names == ["cfg", "test"]
}

/// Returns the index behind the bracket that closes the one at `index`.
fn end_of_group(tokens: &[Token], index: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens.iter().enumerate().skip(index) {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return offset + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Returns the index behind an item, a statement or a field.
fn end_of_item(tokens: &[Token], mut index: usize) -> usize {
    let is_use = |index: usize| {
        let names = tokens[index..].iter().filter_map(Token::name);
        names.take(3).any(|name| name == "use")
    };
    let is_import = is_use(index);
    while index < tokens.len() {
        match tokens[index] {
            Token::Mark(';' | ',') => return index + 1,
            Token::Mark('{') if !is_import => return end_of_group(tokens, index),
            Token::Mark('(' | '[' | '{') => index = end_of_group(tokens, index),
            Token::Mark('}' | ')') => return index,
            _ => index += 1,
        }
    }
    index
}
