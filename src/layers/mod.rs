//! Holds the directions of imports in `src/`: each folder has a layer and uses its own and those below, and no two
//! files use each other, however long the way round.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cycles;
mod imports;
mod source;

use std::path::Path;

use imports::Crate;

fn read() -> Crate {
    Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The layers, from the lowest to the highest. Folders of one layer may use each other, in one direction.
const LAYERS: &[&[&str]] = &[
    &["text", "tls"],
    &["settings"],
    &["redis", "paging", "metrics", "telemetry"],
    &["errors"],
    &["database"],
    &["limits", "mail", "audit"],
    &["auth"],
    &["users"],
    &["catalogue", "subscribers", "holodules", "service"],
    &["state"],
    &["endpoints"],
    &["mock", "listener", "startup"],
    &["cli"],
    &["main", "lib"],
];

/// Uses against the direction that are still there: what the two names begin with.
const UPWARDS: &[(&str, &str)] = &[("service/", "state.rs")];

/// Circles that are still there, by one file of each.
const CIRCLES: &[&str] = &[];

/// Returns the layer of a file, which is that of its folder.
fn layer(file: &str) -> usize {
    let top = match file {
        // The contract names this path; what stands there is the methods of a trait, as in `endpoints/`.
        "auth/endpoints.rs" => "endpoints",
        _ => file.split(['/', '.']).next().unwrap(),
    };
    let found = LAYERS.iter().position(|layer| layer.contains(&top));
    found.unwrap_or_else(|| panic!("src/{file} is in no layer: add `{top}` to LAYERS"))
}

#[test]
fn each_file_uses_its_own_layer_and_those_below() {
    let mut upwards = Vec::new();
    for (file, used) in read().uses() {
        for used in used {
            if layer(&used) > layer(&file) {
                upwards.push((file.clone(), used));
            }
        }
    }
    let is_known = |(file, used): &(String, String), (from, to): (&str, &str)| {
        file.starts_with(from) && used.starts_with(to)
    };
    let unknown: Vec<_> = upwards
        .iter()
        .filter(|pair| !UPWARDS.iter().any(|known| is_known(pair, *known)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for known in UPWARDS {
        let is_there = upwards.iter().any(|pair| is_known(pair, *known));
        assert!(
            is_there,
            "{known:?} is not so any more: take it off the list"
        );
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let uses = read().uses();
    let circles = cycles::find(&uses);
    for circle in &circles {
        for file in circle {
            let inside: Vec<_> = uses[file]
                .iter()
                .filter(|used| circle.contains(used))
                .collect();
            println!("{file} -> {inside:?}");
        }
        println!();
    }
    let is_known = |circle: &Vec<String>| {
        CIRCLES
            .iter()
            .any(|known| circle.contains(&(*known).to_owned()))
    };
    let unknown: Vec<_> = circles.iter().filter(|circle| !is_known(circle)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for known in CIRCLES {
        let is_there = circles
            .iter()
            .any(|circle| circle.contains(&(*known).to_owned()));
        assert!(
            is_there,
            "{known} is in no circle any more: take it off the list"
        );
    }
}
