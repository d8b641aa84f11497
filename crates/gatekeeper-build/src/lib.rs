//! Generates the server side of an OpenAPI contract: models, one trait per tag, and the routes that lead
//! through the gatekeeper to these traits. A `build.rs` of a few lines keeps a crate in step with its contract:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     gatekeeper_build::Generator::new("openapi.yaml").module("api").build()
//! }
//! ```
//!
//! with `include!(concat!(env!("OUT_DIR"), "/api.rs"));` in its `main.rs`. Without [`module`](Generator::module), the sources
//! are a crate of their own, and can be committed.
//!
//! A fingerprint of everything that decides on the output is kept beside the sources.
//! While it matches, a build neither writes anything nor needs OpenAPI Generator. What has no sound translation, or would
//! be refused when the service starts, stops the build, all of it in one list.

mod assets;
mod plan;
mod regenerate;

use std::{
    env, fmt,
    path::{self, PathBuf},
    process::ExitCode,
};

pub use assets::GENERATOR_VERSION;
pub use plan::{Plan, STRICT, plan};
use regenerate::Layout;
pub use regenerate::installed_in;

/// The variable that names the `openapi-generator-cli` to use.
pub const PROGRAM_VARIABLE: &str = "OPENAPI_GENERATOR_CLI";

/// Generates the server side of one contract. Relative paths start at the current folder, which in a build script is
/// the folder of the crate.
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it is built or run"]
pub struct Generator {
    contract: PathBuf,
    out_dir: Option<PathBuf>,
    module: Option<String>,
    scratch_dir: Option<PathBuf>,
    gatekeeper_crate: String,
    program: Option<PathBuf>,
    install_command: String,
    strict: bool,
    roles: Option<Vec<String>>,
    serves_examples: bool,
    partial: bool,
    quiet: bool,
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The sources belong to the contract already.
    Unchanged,
    /// The sources were generated.
    Generated,
}

/// Everything that stopped a run; displayed one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Generator {
    /// Creates a generator for the contract at a path: YAML or JSON, one file.
    pub fn new(contract: impl Into<PathBuf>) -> Self {
        Self {
            contract: contract.into(),
            out_dir: None,
            module: None,
            scratch_dir: None,
            gatekeeper_crate: "gatekeeper".to_owned(),
            program: None,
            install_command: "gatekeeper tools".to_owned(),
            strict: false,
            roles: None,
            serves_examples: false,
            partial: false,
            quiet: false,
        }
    }

    /// Sets the folder of the sources, `src` unless told. It has to be the source folder of a crate of its own, or of the
    /// [module](Self::module): **what else is in it is removed**. The fingerprint is kept in the folder above.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Generates a module at the top of the crate that is being built, instead of a crate of its own. The sources lie in
    /// cargo's `OUT_DIR`, and the crate takes them in by a line:
    ///
    /// ```text
    /// include!(concat!(env!("OUT_DIR"), "/api.rs")); // for `.module("api")`
    /// ```
    ///
    /// With [`out_dir`](Self::out_dir), which then is `src/api`, they can be committed, and the line is `mod api;`. A build
    /// script with several contracts gives each a module.
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = Some(name.into());
        self
    }

    /// Sets the folder for what is made in between, cargo's `OUT_DIR` unless told.
    pub fn scratch_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.scratch_dir = Some(folder.into());
        self
    }

    /// Sets the name that the manifest of the generated crate has for `gatekeeper`.
    pub fn gatekeeper_crate(mut self, name: impl Into<String>) -> Self {
        self.gatekeeper_crate = name.into();
        self
    }

    /// Sets where `openapi-generator-cli` is installed. Unless told, it is looked for in `.tools` (where `gatekeeper tools`
    /// puts it) of the contract's folder and of those above, then on the `PATH`. [`PROGRAM_VARIABLE`] goes before either.
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// Sets the command that installs OpenAPI Generator, for the message that it is missing.
    pub fn install_command(mut self, command: impl Into<String>) -> Self {
        self.install_command = command.into();
        self
    }

    /// Asks of the contract that it says everything that is answered and nothing that is not enforced, and of each
    /// secured operation that it names its role, as `ContractBuilder::strict` does at the start.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Sets the names that `x-access-role` may have, as the service gives them to `ContractBuilder::roles`. Any name
    /// passes unless told.
    pub fn roles<'r>(mut self, roles: impl IntoIterator<Item = &'r str>) -> Self {
        self.roles = Some(roles.into_iter().map(str::to_owned).collect());
        self
    }

    /// Asks of each operation a success with a whole example, as a service does that answers from examples
    /// (`ContractBuilder::examples`).
    pub fn serves_examples(mut self) -> Self {
        self.serves_examples = true;
        self
    }

    /// Lets a service be written in part: an operation that is not written answers 501 `not-implemented`, or an example
    /// where these are served. Unless told, the compiler names each that is missing.
    pub fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// Says nothing of the parts of the contract that have no effect. Unless told, [`build`](Self::build) warns of them, in
    /// one line for each kind.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Runs as a build script: tells cargo what to watch, [runs](Self::run), and stops the build with cargo's own errors.
    #[expect(
        clippy::print_stdout,
        reason = "cargo reads a build script's standard output"
    )]
    #[must_use]
    pub fn build(&self) -> ExitCode {
        let outcome = self.layout().and_then(|layout| {
            println!("cargo::rerun-if-env-changed={PROGRAM_VARIABLE}");
            for path in regenerate::watched(&layout) {
                println!("cargo::rerun-if-changed={}", path.display());
            }
            let (_, notices) = regenerate::if_changed(&layout)?;
            for notice in notices.grouped().iter().filter(|_| !self.quiet) {
                println!(
                    "cargo::warning={}: {}",
                    layout.name(),
                    plan::visible(notice)
                );
            }
            Ok(())
        });
        let problems = outcome.err().unwrap_or_default();
        let lines = problems.iter().flat_map(|problem| problem.lines());
        for line in lines.filter(|line| !line.trim().is_empty()) {
            println!("cargo::error={line}");
        }
        ExitCode::SUCCESS
    }

    /// Generates the sources when they do not belong to the contract.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with the contract, when OpenAPI Generator is missing, and when a file cannot be
    /// read or written.
    pub fn run(&self) -> Result<Outcome, Problems> {
        let layout = self.layout().map_err(Problems)?;
        let (outcome, _) = regenerate::if_changed(&layout).map_err(Problems)?;
        Ok(outcome)
    }

    /// Generates the sources, even if they belong to the contract.
    ///
    /// # Errors
    ///
    /// Fails as [`run`](Self::run) does.
    pub fn regenerate(&self) -> Result<(), Problems> {
        let layout = self.layout().map_err(Problems)?;
        regenerate::always(&layout).map_err(Problems)
    }

    /// Generates the sources of many contracts with one start of OpenAPI Generator, which takes longer to start than to
    /// work. Each has to have a scratch folder of its own. Returns a result for each, in their order. Unlike
    /// [`regenerate`](Self::regenerate), it does not have the contracts validated by OpenAPI Generator.
    pub fn regenerate_all(generators: &[Self]) -> Vec<Result<(), Problems>> {
        let layouts: Vec<_> = generators.iter().map(Self::layout).collect();
        let results = regenerate::all(&layouts).into_iter();
        results.map(|result| result.map_err(Problems)).collect()
    }

    /// Generates the sources in the scratch folder only, and returns the files that [`regenerate`](Self::regenerate) would
    /// change.
    ///
    /// # Errors
    ///
    /// Fails as [`run`](Self::run) does.
    pub fn differences(&self) -> Result<Vec<PathBuf>, Problems> {
        let layout = self.layout().map_err(Problems)?;
        regenerate::differences(&layout).map_err(Problems)
    }

    fn layout(&self) -> Result<Layout, Vec<String>> {
        for name in [Some(&self.gatekeeper_crate), self.module.as_ref()] {
            if let Some(name) = name.filter(|name| !is_name(name)) {
                return Err(vec![format!("{name:?} is no name in Rust code")]);
            }
        }
        if self.module.is_some() && self.gatekeeper_crate != "gatekeeper" {
            return Err(vec![
                "a module finds `gatekeeper` by its own name only; call the dependency so"
                    .to_owned(),
            ]);
        }
        let absolute = |path: &PathBuf| {
            path::absolute(path).map_err(|error| vec![format!("{}: {error}", path.display())])
        };
        let cargos = || env::var_os("OUT_DIR").map(PathBuf::from);
        let missing = || vec!["OUT_DIR is not set; run this by cargo".to_owned()];
        let scratch = self.scratch_dir.clone().or_else(cargos);
        let sources = match (&self.out_dir, &self.module) {
            (Some(folder), _) => folder.clone(),
            (None, Some(module)) => cargos().ok_or_else(missing)?.join(module),
            (None, None) => "src".into(),
        };
        Layout::new(
            absolute(&self.contract)?,
            absolute(&sources)?,
            absolute(&scratch.ok_or_else(missing)?)?,
            self,
        )
    }
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

impl Problems {
    /// Iterates over the problems.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Problems {}
