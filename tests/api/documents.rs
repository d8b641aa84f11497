//! The pages for people: each link leads somewhere, and each page can be found from README.md.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    process::Command,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the repository, by its path in it, without blocks of code.
fn pages() -> BTreeMap<PathBuf, String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.md",
        ])
        .current_dir(root())
        .output()
        .expect("git lists the repository's files");
    let listed = String::from_utf8(listed.stdout).expect("names in UTF-8");
    let paths = listed.split_terminator('\0').map(PathBuf::from);
    paths
        .filter_map(|path| {
            let text = fs::read_to_string(root().join(&path)).ok()?;
            Some((path, prose(&text)))
        })
        .collect()
}

fn prose(text: &str) -> String {
    let mut in_code = false;
    let lines = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The targets of links in this repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://"))
}

/// The file or folder that a link of a page leads to.
fn target(page: &Path, link: &str) -> PathBuf {
    let path = link.split('#').next().unwrap_or_default();
    if path.is_empty() {
        return page.to_owned();
    }
    let mut target = page.parent().expect("a folder").to_owned();
    for part in Path::new(path).components() {
        if part == Component::ParentDir {
            assert!(target.pop(), "{link} leads out of the repository");
        } else {
            target.push(part);
        }
    }
    target
}

/// The anchor that hosts of repositories give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[test]
fn every_link_of_a_page_leads_to_something() {
    let pages = pages();
    let mut broken = Vec::new();
    for (page, text) in &pages {
        for link in links(text) {
            let target = target(page, link);
            let has_anchor = link.split_once('#').is_none_or(|(_, wanted)| {
                let target = pages.get(&target);
                target.is_some_and(|text| {
                    let mut headings = text.lines().filter(|line| line.starts_with('#'));
                    headings.any(|heading| anchor(heading) == wanted)
                })
            });
            if !root().join(&target).exists() || !has_anchor {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_page_is_found_from_the_first() {
    let pages = pages();
    let mut found = BTreeSet::new();
    let mut open = vec![PathBuf::from("README.md")];
    while let Some(page) = open.pop() {
        if let Some(text) = pages.get(&page)
            && found.insert(page.clone())
        {
            open.extend(links(text).map(|link| target(&page, link)));
        }
    }
    let lost: Vec<_> = pages.keys().filter(|page| !found.contains(*page)).collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
}
