//! Defects: what is wrong with a contract, found at the build or at the start.

use indexmap::IndexSet;
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

/// The beginning of the problem of a schema that cannot be compiled.
pub(crate) const INVALID_SCHEMA: &str = "is no valid schema: ";

/// One thing in the contract that is wrong, or that the gatekeeper cannot enforce.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Defect {
    place: String,
    problem: String,
}

impl Defect {
    /// Returns where in the contract, as keys joined by dots: `paths./films/v1/.get.parameters[0]`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns what is wrong there and what to do about it.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.problem)
        } else {
            write!(f, "{}: {}", self.place, self.problem)
        }
    }
}

/// Every defect that was found in a contract; displayed one per line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defects(IndexSet<Defect>);

impl Defects {
    /// Iterates over the defects, in the order of the contract.
    pub fn iter(&self) -> impl Iterator<Item = &Defect> {
        self.0.iter()
    }

    /// Returns the number of defects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true when nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns one line for each different problem, with its first place and the number of others, in the order of the
    /// contract.
    #[must_use]
    pub fn grouped(&self) -> Vec<String> {
        let mut groups: Vec<(&Defect, usize)> = Vec::new();
        let mut known = HashMap::new();
        for defect in &self.0 {
            let next = groups.len();
            let index = *known.entry(&defect.problem).or_insert(next);
            match groups.get_mut(index) {
                Some((_, others)) => *others += 1,
                None => groups.push((defect, 0)),
            }
        }
        let line = |(defect, others): (&Defect, usize)| match others {
            0 => defect.to_string(),
            others => format!("{defect} (and {others} more like it)"),
        };
        groups.into_iter().map(line).collect()
    }

    /// Adds a defect; the same one reached over two references is kept once.
    pub fn add(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        self.0.insert(Defect {
            place: place.into(),
            problem: problem.into(),
        });
    }

    /// Adds all of `others`.
    pub fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Adds those of `others` at whose location there was no defect: what is of a wrong type breaks other rules, too, and
    /// a schema with such a part cannot be compiled.
    pub(crate) fn append_elsewhere(&mut self, others: Self) {
        let known: BTreeSet<&str> = self.0.iter().map(Defect::place).collect();
        let has_inside = |place: &str| {
            let mut after = known.range(place..);
            after.next().is_some_and(|next| next.starts_with(place))
        };
        let is_new = |defect: &Defect| match defect.problem.starts_with(INVALID_SCHEMA) {
            true => !has_inside(&defect.place),
            false => !known.contains(defect.place()),
        };
        let elsewhere: Vec<Defect> = others.0.into_iter().filter(is_new).collect();
        self.0.extend(elsewhere);
    }

    /// Returns the same defects at the places that theirs come from.
    pub(crate) fn relocated(self, original: impl Fn(&str) -> String) -> Self {
        let mut moved = Self::default();
        for Defect { place, problem } in self.0 {
            moved.add(original(&place), problem);
        }
        moved
    }

    /// Returns `value` when there is no defect.
    ///
    /// # Errors
    /// The defects, when there are some.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Defects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, defect) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{defect}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Defects {}

#[cfg(test)]
mod tests {
    use super::Defects;

    #[test]
    fn what_is_said_of_several_places_is_one_line() {
        let mut notices = Defects::default();
        notices.add("a", "has no effect");
        notices.add("b", "is only documentation");
        notices.add("c", "has no effect");
        assert_eq!(
            notices.grouped(),
            [
                "a: has no effect (and 1 more like it)",
                "b: is only documentation"
            ]
        );
    }
}
