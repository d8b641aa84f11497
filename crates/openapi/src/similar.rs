//! The known name that an unknown one was probably meant to be.

/// Returns the candidate that looks most like `name`, if any is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names from the wire are of any length; the distance costs the product of both.
    if name.len() > 64 {
        return None;
    }
    let length = name.chars().count();
    // Fewer edits than letters, or any short name would be near any other.
    let allowed = (length / 3).max(1).min(length.saturating_sub(1));
    candidates
        .into_iter()
        .map(|candidate| {
            (
                distance(&name.to_lowercase(), &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Counts the edits (insert, delete, replace, swap of neighbours) between two names.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (i, l) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let replaced = row[j] + usize::from(l != *r);
            let mut best = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if j > 0 && previous == Some(*r) && l == right[j - 1] {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(l);
    }
    row.last().copied().unwrap_or_default()
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
