//! Comparing secrets.

use subtle::ConstantTimeEq as _;

/// Returns true if two secrets are the same. The time it takes tells their lengths, and nothing of where they differ.
#[must_use]
pub fn is_same_secret(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::is_same_secret;

    #[test]
    fn a_secret_is_the_same_as_itself_alone() {
        assert!(is_same_secret("tatooine", "tatooine"));
        for other in ["", "tatooin", "tatooine ", "Tatooine", "alderaan"] {
            assert!(!is_same_secret("tatooine", other), "{other}");
        }
    }
}
