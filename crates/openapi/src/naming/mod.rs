//! Names of a contract as names of Rust: any text has one, and one that is a good name already stays what it is.

mod hooks;
mod reserved;
mod types;
mod words;

pub(crate) use hooks::{decode_hook, hook_method};
pub use reserved::{is_free_method_name, is_free_type_name, is_keyword};
pub use types::{Types, operation_types};
use words::{shortened, words};

/// The most letters of a name that is made: a file is called by it, and file systems take 255 bytes.
const LONGEST: usize = 100;

/// Returns a text in snake_case: `IfNoneMatch`, `If-None-Match` and `ifNoneMatch` are `if_none_match`. A keyword gets a
/// `_`. Empty when the text has nothing that a name can be made of.
#[must_use]
pub fn snake(text: &str) -> String {
    let mut name = words(text).join("_").to_lowercase();
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, 'n');
    }
    if is_keyword(&name) {
        name.push('_');
    }
    name
}

/// Returns a text in PascalCase: `get_films` and `get-films` are `GetFilms`. May begin with a digit, and is empty when
/// the text has nothing that a name can be made of.
#[must_use]
pub fn pascal(text: &str) -> String {
    let words = words(text);
    words.iter().map(|word| capitalized(word)).collect()
}

/// Returns whether a text can be the name of a type, as it is.
#[must_use]
pub fn is_type_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.len() <= LONGEST
        && text.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// Returns the free type name that is nearest to a text: itself, where that is one.
#[must_use]
pub fn type_name(text: &str) -> String {
    if is_type_name(text) {
        free_type_name(text.to_owned(), "Model")
    } else {
        free_type_name(short_pascal(text), "Model")
    }
}

/// Returns the free trait name that is nearest to the text of a tag.
#[must_use]
pub fn trait_name(tag: &str) -> String {
    match free_type_name(short_pascal(tag), "Api").as_str() {
        // The trait of the decode hooks, and what a template imports.
        name @ ("Body" | "RequestContext" | "Security") => {
            format!("{name}Api")
        }
        name => name.to_owned(),
    }
}

fn free_type_name(mut name: String, ending: &str) -> String {
    if name.is_empty() {
        "Unnamed".clone_into(&mut name);
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, 'N');
    }
    if !is_free_type_name(&name) {
        name.push_str(ending);
    }
    name
}

/// Returns the free method name that is nearest to a text: itself, where that is one.
#[must_use]
pub fn method_name(text: &str) -> String {
    let mut name = snake(text);
    if name.len() > LONGEST {
        name = snake(&shortened(words(text)).join("_"));
    }
    if name.is_empty() {
        "unnamed".clone_into(&mut name);
    }
    if !is_free_method_name(&name) {
        name.push('_');
    }
    name
}

/// Returns the name of the module, and so of the file, for a name. Never one that a system keeps for a device.
#[must_use]
pub fn module(name: &str) -> String {
    let mut module = snake(name);
    if reserved::is_device(&module) {
        module.push('_');
    }
    module
}

fn short_pascal(text: &str) -> String {
    let words = shortened(words(text));
    words.iter().map(|word| capitalized(word)).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let rest = letters.map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests;
