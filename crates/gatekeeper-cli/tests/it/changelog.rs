use gatekeeper_cli::diff::accounted;

const LOG: &str = "\
# Changelog

## Unreleased

### Contract

- `get_user`: not here.

### Breaking

- `list_users`, `list_events`: `page_size` is 50 at most;
  `delete_user`: not an item of its own.
- `put_droid` is mentioned without a colon.
- `create_user`:

### Fixed

- `login`: not here either.

## [1.1.0] - 2026-05-04

### Breaking

- `logout`: between the release and now.

## 1.0.0

### Breaking

- `signup`: old news.
";

fn names(version: &str) -> Vec<String> {
    accounted(LOG, version).into_iter().collect()
}

#[test]
fn items_below_breaking_name_operations_before_the_colon() {
    assert_eq!(names("1.1.0"), ["list_events", "list_users"]);
}

#[test]
fn sections_above_the_releases_own_count() {
    assert_eq!(names("1.0.0"), ["list_events", "list_users", "logout"]);
}

#[test]
fn without_a_section_of_the_release_only_unreleased_counts() {
    assert_eq!(names("0.9.0"), ["list_events", "list_users"]);
}

#[test]
fn a_log_that_says_nothing_admits_to_nothing() {
    assert!(accounted("", "1.0.0").is_empty());
    assert!(
        accounted(
            "## Unreleased\n\n### Added\n\n- `login`: faster.\n",
            "1.0.0"
        )
        .is_empty()
    );
}
