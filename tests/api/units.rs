//! The unit tests that have a database, which run on SQLite by themselves, on the servers.

use std::{env, path::PathBuf, process::Command, time::Duration};

use serde_json::Value;

use crate::helpers::{
    process::{Folder, Process},
    stores::{ServerAlone, cases_on},
};

cases_on! { [on_a_postgres_server, on_a_mariadb_server] {
    the_unit_tests_pass_there_as_on_sqlite,
} }

/// The packages whose unit tests have a database.
const PACKAGES: [&str; 4] = [
    env!("CARGO_PKG_NAME"),
    "starwars-api-credentials",
    "starwars-api-database",
    "starwars-api-mail",
];

/// The unit tests of each package, as the run that this one belongs to has built them.
fn programs() -> Vec<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["test", "--lib"])
        .args(PACKAGES.map(|package| format!("--package={package}")))
        .args(["--no-run", "--locked", "--message-format=json"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // What Cargo tells a test of its package is news to the build scripts, which would run again.
    for (name, _) in env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_EXE_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
                || ["CARGO_CRATE_NAME", "LD_LIBRARY_PATH", "OUT_DIR"].contains(&name)
        });
        if told {
            cargo.env_remove(name);
        }
    }
    let output = cargo.output().expect("cargo runs");
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let programs = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(message["executable"].as_str()?.into())
    });
    let programs: Vec<_> = programs.collect();
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(programs.len(), PACKAGES.len(), "{log}");
    programs
}

mod cases {
    use super::*;

    pub(super) fn the_unit_tests_pass_there_as_on_sqlite(server: &dyn ServerAlone) {
        let folder = Folder::new("units");
        for program in programs() {
            let mut command = Command::new(program);
            command
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .env("STARWARS_TEST_DATABASE_URL", server.url());
            let mut tests = Process::start(&mut command, &folder.path().join("tests.log"));
            let status = tests.wait(Duration::from_secs(600));
            assert!(status.success(), "{status}");
        }
        let databases = if server.url().starts_with("postgres") {
            "select datname from pg_database"
        } else {
            "show databases"
        };
        let names = server.sql(databases);
        let made = names.lines().filter(|name| name.starts_with("starwars_"));
        assert!(made.count() > 50, "few databases were made: {names}");
    }
}
