//! The paths and settings of one run.

use super::Problems;
use crate::{Generator, assets};
use serde_json::{Value, json};
use std::path::{Component, Path, PathBuf};

/// The files of one run, and the settings made of them.
pub(crate) struct Layout {
    pub(super) contract: PathBuf,
    /// The contract's name in messages and comments.
    pub(super) contract_name: String,
    /// The folder of the sources.
    pub(super) sources: PathBuf,
    /// The name of the uppermost source: `lib.rs` of a crate, `mod.rs` of a module.
    pub(super) top: &'static str,
    /// The file that the crate includes for the module, where the sources are no part of it.
    pub(super) included: Option<PathBuf>,
    /// The file with the fingerprint of the inputs that the sources were made from.
    pub(super) fingerprint: PathBuf,
    pub(super) scratch: PathBuf,
    /// The settings of rustfmt, if there are any.
    pub(super) style: Option<PathBuf>,
    /// The configuration of OpenAPI Generator.
    pub(super) config: Value,
    pub(super) program: Option<PathBuf>,
    pub(super) install_command: String,
    pub(super) strict: bool,
    pub(super) roles: Option<Vec<String>>,
    pub(super) serves_examples: bool,
}

impl Layout {
    /// Returns the contract's name in messages.
    pub(crate) fn name(&self) -> &str {
        &self.contract_name
    }

    /// Derives the settings from absolute paths.
    pub(crate) fn new(
        contract: PathBuf,
        sources: PathBuf,
        scratch: PathBuf,
        generator: &Generator,
    ) -> Result<Self, Problems> {
        let (contract, sources) = (normal(&contract), normal(&sources));
        let parent = sources.parent().map(Path::to_owned).unwrap_or_default();
        let name = contract.file_name().unwrap_or_default().to_string_lossy();
        let contract_name: String = name.escape_debug().collect();
        let mut config = openapi::load(assets::CONFIG)
            .map_err(|error| vec![format!("config.yaml cannot be read: {error}")])?;
        let mut properties = json!({
            "packageName": "generated",
            "contractName": contract_name,
            // A Rust literal: the path from `lib.rs`.
            "contractPath": format!("{:?}", between(&sources, &contract)),
            "codeRoot": "crate",
        });
        if generator.partial {
            properties["partial"] = true.into();
        }
        let module = generator.module.as_deref();
        if let Some(module) = module {
            properties["codeRoot"] = format!("crate::{module}").into();
            properties["isModule"] = true.into();
        }
        if generator.gatekeeper_crate != "gatekeeper" {
            properties["gatekeeperAlias"] = generator.gatekeeper_crate.as_str().into();
        }
        if generator.strict {
            properties["strict"] = true.into();
        }
        config["additionalProperties"] = properties;
        Ok(Self {
            contract_name,
            top: module.map_or("lib.rs", |_| "mod.rs"),
            included: module
                .filter(|_| generator.out_dir.is_none())
                .map(|module| parent.join(format!("{module}.rs"))),
            fingerprint: parent.join(match module {
                Some(module) => format!(".{module}.fingerprint"),
                None => ".fingerprint".to_owned(),
            }),
            scratch: scratch
                .join("gatekeeper-build")
                .join(module.unwrap_or_default()),
            style: style(&sources),
            config,
            program: generator.program.clone(),
            install_command: generator.install_command.clone(),
            strict: generator.strict,
            roles: generator.roles.clone(),
            serves_examples: generator.serves_examples,
            contract,
            sources,
        })
    }
}

/// Finds the settings of rustfmt as it does by itself: in the folder of the sources or one above.
fn style(sources: &Path) -> Option<PathBuf> {
    let files = |folder: &Path| ["rustfmt.toml", ".rustfmt.toml"].map(|name| folder.join(name));
    let mut candidates = sources.ancestors().flat_map(files);
    candidates.find(|file| file.is_file())
}

/// Resolves `..` by the text of a path, without following links.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            out.pop();
        } else {
            out.push(component);
        }
    }
    out
}

/// Returns the relative path from a folder to a file, with slashes.
fn between(folder: &Path, file: &Path) -> String {
    let shared = folder.components().zip(file.components());
    let shared = shared.take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = file.components().skip(shared);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{between, normal};
    use std::path::Path;

    #[test]
    fn a_path_leads_from_the_sources_to_the_contract() {
        for (sources, contract, path) in [
            ("/a/generated/src", "/a/openapi.yaml", "../../openapi.yaml"),
            ("/a/src", "/a/src/openapi.yaml", "openapi.yaml"),
            ("/a/b/src", "/c/api.json", "../../../c/api.json"),
        ] {
            assert_eq!(between(Path::new(sources), Path::new(contract)), path);
        }
        assert_eq!(normal(Path::new("/a/b/../c/./d")), Path::new("/a/c/d"));
    }
}
