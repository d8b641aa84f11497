//! The known name that an unknown one was probably meant to be.

/// Returns the candidate that looks most like `name`, if any is near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let misspelt = Misspelt::new(name)?;
    candidates
        .into_iter()
        .filter_map(|candidate| Some((misspelt.distance(candidate)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A name that may be meant for another one, ready to be compared with many.
#[derive(Debug)]
pub struct Misspelt {
    name: String,
    length: usize,
    allowed: usize,
    letters: u32,
}

impl Misspelt {
    /// Prepares a name; `None` if it is too long to be compared.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        // Names from the wire are of any length; the distance costs the product of both.
        if name.len() > 64 {
            return None;
        }
        let name = name.to_lowercase();
        let length = name.chars().count();
        Some(Self {
            length,
            // Fewer edits than letters, or any short name would be near any other.
            allowed: (length / 3).max(1).min(length.saturating_sub(1)),
            letters: letters(&name),
            name,
        })
    }

    /// Returns how many edits lead to the candidate, if that is few enough for a slip of the pen.
    #[must_use]
    pub fn distance(&self, candidate: &str) -> Option<usize> {
        // An edit changes the length by one at most, and adds or takes away one letter at most. Both bounds cost next to
        // nothing, and leave few candidates to what costs far more.
        let longer = candidate.chars().count().abs_diff(self.length);
        let theirs = letters(candidate);
        let missing = (self.letters & !theirs).count_ones();
        let added = (theirs & !self.letters).count_ones();
        if longer > self.allowed || missing.max(added) as usize > self.allowed {
            return None;
        }
        let distance = strsim::osa_distance(&self.name, &candidate.to_lowercase());
        (distance <= self.allowed).then_some(distance)
    }
}

/// Returns the letters of ASCII in a text as a set, whatever their case.
fn letters(text: &str) -> u32 {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic);
    letters.fold(0, |set, letter| set | 1 << (letter & 31))
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
