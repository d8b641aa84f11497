//! Holds the directions of imports in `src/`: each folder has a layer and uses its own and those below, and no two
//! files use each other, however long the way round.

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
    &["clock", "text", "tls"],
    &["settings"],
    &["redis", "paging", "metrics", "telemetry", "html"],
    &["errors", "preconditions"],
    &["database"],
    &["limits", "mail", "audit", "idempotency"],
    &["auth"],
    &["users"],
    &["catalogue", "subscribers", "holodules", "service"],
    &["state"],
    &["endpoints"],
    &["mock", "listener", "startup"],
    &["cli"],
    &["main", "lib"],
];

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
                upwards.push(format!("src/{file} uses src/{used}"));
            }
        }
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let uses = read().uses();
    let circles = cycles::find(&uses);
    let inside = |circle: &Vec<String>| {
        let mut lines = Vec::new();
        for file in circle {
            for used in uses[file].iter().filter(|used| circle.contains(used)) {
                lines.push(format!("src/{file} uses src/{used}"));
            }
        }
        lines
    };
    let circles: Vec<_> = circles.iter().map(inside).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}
