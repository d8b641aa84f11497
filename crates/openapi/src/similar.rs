//! The known name that an unknown one was probably meant to be.

/// Returns the candidate that looks most like `name`, if any is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names from the wire are of any length; the distance costs the product of both.
    if name.len() > 64 {
        return None;
    }
    let name = name.to_lowercase();
    let length = name.chars().count();
    // Fewer edits than letters, or any short name would be near any other.
    let allowed = (length / 3).max(1).min(length.saturating_sub(1));
    candidates
        .into_iter()
        // The distance is no less than this, and costs far more.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| {
            let distance = strsim::osa_distance(&name, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_its_name_and_a_stranger_does_not() {
        let known = ["email", "password", "page_size"];
        assert_eq!(nearest("emial", known), Some("email"));
        assert_eq!(nearest("Password", known), Some("password"));
        assert_eq!(nearest("pagesize", known), Some("page_size"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest("S", ["G"]), None);
        assert_eq!(nearest(&"e".repeat(100_000), known), None);
    }
}
