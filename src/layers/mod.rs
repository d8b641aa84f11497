//! Holds the directions of imports in `src/` and in the crates of the service: each folder has a layer and uses its own
//! and those below, and no two files use each other, however long the way round. Between crates, Cargo holds them.

mod cycles;
mod imports;
mod source;

use std::path::Path;

use imports::Crate;

/// A crate: the folder of its sources, and its layers from the lowest to the highest. Folders of one layer may use each
/// other, in one direction.
struct Layers {
    sources: &'static str,
    layers: &'static [&'static [&'static str]],
}

const CRATES: &[Layers] = &[
    Layers {
        sources: "crates/infrastructure/src",
        layers: &[
            &[
                "clients", "clock", "listener", "paging", "program", "text", "tls",
            ],
            &["settings"],
            &["redis", "metrics", "telemetry"],
            &["lib"],
        ],
    },
    Layers {
        sources: "crates/database/src",
        layers: &[
            &["advice", "error", "migrations"],
            &["connection"],
            &["handle", "migrate"],
            &["clock", "postgres", "sqlite", "statements"],
            &["connect", "probe"],
            &["lib"],
        ],
    },
    Layers {
        sources: "crates/credentials/src",
        layers: &[
            &["api_token_secret", "clock", "humanize", "roles", "seal"],
            &["checks", "password", "revocation", "tokens"],
            &["report"],
            &["lib"],
        ],
    },
    Layers {
        sources: "crates/mail/src",
        layers: &[
            &["entity", "outbox", "smtp", "templates"],
            &["queue"],
            &["lib", "worker"],
        ],
    },
    Layers {
        sources: "src",
        layers: &[
            &["html"],
            &["errors", "preconditions"],
            &["limits", "audit", "idempotency"],
            &["auth"],
            &["users"],
            &["catalogue", "subscribers", "holodules", "service"],
            &["state"],
            &["endpoints"],
            &["mock", "purge", "startup"],
            &["cli"],
            &["main", "lib"],
        ],
    },
];

impl Layers {
    fn read(&self) -> Crate {
        Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(self.sources))
    }

    /// Returns the layer of a file, which is that of its folder.
    fn of(&self, file: &str) -> usize {
        let top = match file {
            // The contract names this path; what stands there is the methods of a trait, as in `endpoints/`.
            "auth/endpoints.rs" => "endpoints",
            _ => file.split(['/', '.']).next().unwrap(),
        };
        let found = self.layers.iter().position(|layer| layer.contains(&top));
        found.unwrap_or_else(|| {
            panic!(
                "{}/{file} is in no layer: add `{top}` to CRATES",
                self.sources
            )
        })
    }
}

#[test]
fn each_file_uses_its_own_layer_and_those_below() {
    let mut upwards = Vec::new();
    for layers in CRATES {
        let sources = layers.sources;
        for (file, used) in layers.read().uses() {
            for used in used {
                if layers.of(&used) > layers.of(&file) {
                    upwards.push(format!("{sources}/{file} uses {sources}/{used}"));
                }
            }
        }
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for layers in CRATES {
        let sources = layers.sources;
        let uses = layers.read().uses();
        for circle in cycles::find(&uses) {
            let inside = circle.iter().flat_map(|file| {
                let used = uses[file].iter().filter(|used| circle.contains(used));
                used.map(move |used| format!("{sources}/{file} uses {sources}/{used}"))
            });
            circles.push(inside.collect::<Vec<_>>());
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}
