//! The tables of a run.

use crate::{
    contracts::Item,
    stage::{Results, Stage},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// Reasons are listed that stop at least one contract, the most frequent first, so many of each stage.
const MOST_REASONS: usize = 60;

/// Returns a line for each contract: its file, and for each stage `ok`, `-` (not run) or its first problem.
pub(crate) fn tsv(results: &Results) -> String {
    let names = Stage::ALL.map(Stage::name).join("\t");
    let mut out = format!("file\t{names}\n");
    for (file, row) in results {
        let cells = Stage::ALL.map(|stage| match row.problems(stage) {
            None => "-".to_owned(),
            Some([]) => "ok".to_owned(),
            Some(problems) => problems.join(" | ").replace(['\t', '\n', '\r'], " "),
        });
        out.push_str(&format!("{file}\t{}\n", cells.join("\t")));
    }
    out
}

/// Returns the table by origin and the lists of reasons.
pub(crate) fn of(items: &[Item], results: &Results, stages: &[Stage]) -> String {
    let mut out = String::new();
    let mut groups: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        groups.entry(&item.origin).or_default().push(item);
    }
    let mut line = |name: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>16}")).collect();
        // Writing to a string does not fail.
        let _ = writeln!(out, "{name:<20}{cells}");
    };
    let mut head = vec!["contracts".to_owned()];
    head.extend(stages.iter().map(|stage| stage.name().to_owned()));
    line("", head);
    for (origin, items) in &groups {
        line(origin, row(items, results, stages));
    }
    let all: Vec<&Item> = items.iter().collect();
    let (new, old): (Vec<&Item>, Vec<&Item>) = all.iter().partition(|item| item.is_31());
    for (name, items) in [("3.0", old), ("3.1", new), ("all", all)] {
        line(name, row(&items, results, stages));
    }
    let noted = results.values().filter(|row| !row.notes.is_empty());
    let notes: usize = noted.clone().map(|row| row.notes.len()).sum();
    if notes > 0 {
        let contracts = noted.count();
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "{notes} operations of {contracts} contracts have no answer that was found good by their schema, and the mock says so"
        );
    }
    for stage in stages {
        reasons(*stage, results, &mut out);
    }
    out
}

/// Returns how many there are, and for each stage how many of those that were run passed.
fn row(items: &[&Item], results: &Results, stages: &[Stage]) -> Vec<String> {
    let mut cells = vec![items.len().to_string()];
    for stage in stages {
        let rows = items.iter().filter_map(|item| results.get(&item.file));
        let ran = rows.filter(|row| row.problems(*stage).is_some());
        let ran: Vec<_> = ran.collect();
        let passed = ran.iter().filter(|row| row.passed(*stage)).count();
        // What never came to this stage has not passed it, unless it was left out by choice.
        let of = match stage {
            Stage::Generate | Stage::Check => ran.len(),
            _ => items.len(),
        };
        let percent = (passed * 1000).checked_div(of).unwrap_or_default();
        cells.push(format!("{passed}/{of} {}.{}%", percent / 10, percent % 10));
    }
    cells
}

/// Adds the reasons for which a stage refused contracts, each with how many.
fn reasons(stage: Stage, results: &Results, out: &mut String) {
    let mut by_reason: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut alone: BTreeMap<String, usize> = BTreeMap::new();
    let mut examples: BTreeMap<String, String> = BTreeMap::new();
    for (file, row) in results {
        let problems = row.problems(stage).unwrap_or_default();
        let mut own = BTreeSet::new();
        for problem in problems {
            let reason = reason(problem);
            own.insert(reason.clone());
            by_reason.entry(reason.clone()).or_default().insert(file);
            let example = || format!("{file}: {problem}");
            examples.entry(reason).or_insert_with(example);
        }
        if own.len() == 1 {
            *alone
                .entry(own.pop_first().unwrap_or_default())
                .or_default() += 1;
        }
    }
    if by_reason.is_empty() {
        return;
    }
    let mut sorted: Vec<_> = by_reason.into_iter().collect();
    sorted.sort_by_key(|(reason, files)| (usize::MAX - files.len(), reason.clone()));
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "\n{}: reasons (contracts that have it; of these, with nothing else)",
        stage.name()
    );
    for (reason, files) in sorted.iter().take(MOST_REASONS) {
        let alone = alone.get(reason).copied().unwrap_or_default();
        let example: String = examples[reason].chars().take(220).collect();
        let _ = writeln!(
            out,
            "{:>5} {alone:>4}  {reason}\n              {example}",
            files.len()
        );
    }
    let more = sorted.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        let _ = writeln!(out, "            and {more} more reasons");
    }
}

/// Returns a problem without its place and names.
fn reason(problem: &str) -> String {
    let text = problem.split_once(": ").map_or(problem, |(_, text)| text);
    let mut out = String::new();
    let mut closing: Option<char> = None;
    let mut last = ' ';
    for letter in text.chars() {
        match closing {
            Some(end) if letter == end => {
                closing = None;
                out.push(letter);
            }
            Some(_) => {}
            None if letter == '`' || letter == '"' => {
                closing = Some(letter);
                out.push(letter);
            }
            None if letter.is_ascii_digit() && last == 'N' => {}
            None if letter.is_ascii_digit() => out.push('N'),
            None => out.push(letter),
        }
        last = out.chars().last().unwrap_or(' ');
    }
    out.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn a_reason_has_neither_place_nor_names() {
        assert_eq!(
            reason("paths./a.get: `x-1` is not supported; write `y` at most 16 times"),
            "`` is not supported; write `` at most N times"
        );
    }
}
