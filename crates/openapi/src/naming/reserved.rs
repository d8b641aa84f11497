//! Names that Rust, the generated code or a system has for something else.

use super::LONGEST;

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that generated code names without a path.
const TYPES: &[&str] = &[
    "Box", "Err", "None", "Ok", "Option", "Result", "Self", "Some", "String", "Vec",
];

/// Methods that an implementation has besides those of its contract: of its trait `Security`, of the routes, and of
/// what each type of Rust has.
const METHODS: &[&str] = &[
    "around",
    "borrow",
    "borrow_mut",
    "clone",
    "clone_into",
    "from",
    "into",
    "register_routes",
    "render_error",
    "throttle",
    "to_owned",
    "try_from",
    "try_into",
    "type_id",
];

/// Returns whether a text is a keyword of Rust.
#[must_use]
pub fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

/// Returns whether a type may have a text as its name: generated code uses it for nothing else.
#[must_use]
pub fn is_free_type_name(text: &str) -> bool {
    super::is_type_name(text) && !TYPES.contains(&text)
}

/// Returns whether a method of an operation, or a decode hook, may have a text as its name.
#[must_use]
pub fn is_free_method_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text == super::snake(text)
        && !METHODS.contains(&text)
}

/// Returns whether Windows takes a file of this name for a device, whatever its ending ("Naming Files, Paths, and
/// Namespaces").
pub(super) fn is_device(text: &str) -> bool {
    let numbered = text.strip_prefix("com").or(text.strip_prefix("lpt"));
    let is_digit = |rest: &str| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit());
    matches!(text, "aux" | "con" | "nul" | "prn") || numbered.is_some_and(is_digit)
}
