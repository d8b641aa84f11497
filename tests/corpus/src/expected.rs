//! The list of what has to pass: a file in each line, and its stages.

use crate::stage::{Results, Stage};
use anyhow::{Context, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// The stages that each file passed.
pub(crate) type Expected = BTreeMap<String, BTreeSet<Stage>>;

/// Reads the list; a file that is not there is an empty one.
pub(crate) fn read(path: &Path) -> Result<Expected> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    let line = |line: &str| {
        let (file, stages) = line.split_once('\t')?;
        let stages = stages.split(' ').filter_map(Stage::of_name);
        Some((file.to_owned(), stages.collect()))
    };
    Ok(text.lines().filter_map(line).collect())
}

/// Returns a line for each file with stages that passed before and do not any more. Stages that were not run say nothing.
pub(crate) fn lost(known: &Expected, results: &Results) -> Vec<String> {
    let mut lines = Vec::new();
    for (file, row) in results {
        for stage in known.get(file).into_iter().flatten() {
            if let Some([first, ..]) = row.problems(*stage) {
                lines.push(format!("{file} {}: {first}", stage.name()));
            }
        }
    }
    lines
}

/// Returns the list with what passes now; of stages that were not run, what it said before.
pub(crate) fn merged(mut known: Expected, results: &Results) -> String {
    for (file, row) in results {
        let stages = known.entry(file.clone()).or_default();
        for stage in Stage::ALL {
            match row.problems(stage) {
                Some([]) => stages.insert(stage),
                Some(_) => stages.remove(&stage),
                None => continue,
            };
        }
    }
    known.retain(|_, stages| !stages.is_empty());
    let line = |(file, stages): (&String, &BTreeSet<Stage>)| {
        let names: Vec<&str> = stages.iter().map(|stage| stage.name()).collect();
        format!("{file}\t{}\n", names.join(" "))
    };
    known.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Row;

    fn results(plan: &[&str]) -> Results {
        let mut row = Row::default();
        row.add(Stage::Read, Vec::new());
        row.add(Stage::Plan, plan.iter().map(|&text| text.into()).collect());
        Results::from([("a.yaml".to_owned(), row)])
    }

    #[test]
    fn a_stage_that_passed_before_is_missed_and_one_that_was_not_run_is_not() {
        let stages = BTreeSet::from([Stage::Read, Stage::Plan, Stage::Check]);
        let known = Expected::from([("a.yaml".to_owned(), stages)]);
        assert_eq!(
            lost(&known, &results(&["paths: no"])),
            ["a.yaml plan: paths: no"]
        );
        assert!(lost(&known, &results(&[])).is_empty());
        assert_eq!(
            merged(known, &results(&["paths: no"])),
            "a.yaml\tread check\n"
        );
    }
}
