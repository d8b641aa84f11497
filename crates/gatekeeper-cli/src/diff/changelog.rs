//! The breaks that the change log names.

use std::collections::BTreeSet;

/// Returns the operations that stand below `### Breaking` in the sections above those of a release.
///
/// An item names operations before its first colon and says after it what to do about them. The sections that count
/// are those above the release's own, so that the change that turns "Unreleased" into a version still passes; when the
/// release has no section, it is "Unreleased" alone.
#[must_use]
pub fn accounted(changelog: &str, version: &str) -> BTreeSet<String> {
    let has_section = changelog.lines().any(|line| section(line) == Some(version));
    let mut names = BTreeSet::new();
    let mut counts = false;
    let mut breaking = false;
    for line in changelog.lines() {
        if let Some(name) = section(line) {
            if name == version {
                break;
            }
            counts = has_section || name == "Unreleased";
            breaking = false;
        } else if let Some(title) = line.strip_prefix("### ") {
            breaking = title.trim() == "Breaking";
        } else if counts
            && breaking
            && let Some(item) = line.strip_prefix("- ")
        {
            names.extend(operations(item));
        }
    }
    names
}

/// Returns whether there is a section of a version.
pub(crate) fn names_a_release(changelog: &str) -> bool {
    changelog
        .lines()
        .filter_map(section)
        .any(|name| name != "Unreleased")
}

/// Returns the name of a section: `## Unreleased`, `## 1.2.0` or `## [1.2.0] - 2026-05-04`.
fn section(line: &str) -> Option<&str> {
    let name = line.strip_prefix("## ")?.split_whitespace().next()?;
    Some(name.trim_start_matches('[').trim_end_matches(']'))
}

fn operations(item: &str) -> impl Iterator<Item = String> {
    let names = item
        .split_once(':')
        .filter(|(_, why)| !why.trim().is_empty())
        .map_or("", |(names, _)| names);
    names.split('`').skip(1).step_by(2).map(str::to_owned)
}
