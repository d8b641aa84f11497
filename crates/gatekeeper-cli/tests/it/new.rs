//! `gatekeeper new`: what is written, and that it names each part of the contract. That it builds and answers is tried by
//! `examples/test.sh`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/base.yaml");

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn new(folder: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gatekeeper"))
        .arg("new")
        .arg(folder)
        .args(["--contract", CONTRACT])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap());
    (output.status.success(), said.concat())
}

#[test]
fn a_project_has_a_trait_for_each_tag_and_a_hook_for_each_scheme() {
    let folder = folder("droids");
    let (succeeds, said) = new(&folder);
    assert!(succeeds, "{said}");
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let main = read("src/main.rs");
    for part in [
        "impl api::apis::Droids for App {}",
        "fn decode_",
        ".roles(&[",
    ] {
        assert!(main.contains(part), "{part}: {main}");
    }
    assert!(read("Cargo.toml").contains("name = \"droids\""));
    assert!(
        read("build.rs").contains("Generator::new(\"openapi.yaml\").module(\"api\").partial()")
    );
    assert_eq!(read("openapi.yaml"), fs::read_to_string(CONTRACT).unwrap());
    for file in ["Cargo.toml", "build.rs", "README.md", "src/main.rs"] {
        let text = read(file);
        assert!(
            !text.contains("{name}") && !text.contains("{contract}"),
            "{file}: {text}"
        );
    }
    let (succeeds, said) = new(&folder);
    assert!(!succeeds && said.contains("is there already"), "{said}");
}

#[test]
fn a_name_that_no_package_can_have_is_refused() {
    for name in ["Droids", "1droid", "std"] {
        let (succeeds, said) = new(&folder(name));
        assert!(!succeeds && said.contains("name of a package"), "{said}");
    }
}
