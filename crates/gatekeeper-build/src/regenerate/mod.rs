//! Keeps generated sources in step with their contract.
//!
//! They are made and formatted in a scratch folder, and only then replace those that are there.

mod fingerprint;
mod layout;
mod output;
mod program;

use crate::{
    Outcome, assets,
    plan::{Plan, STRICT},
};
use openapi::{Defects, Examples, Loaded, Options};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{Read, Seek},
    path::{Path, PathBuf},
    thread,
};

pub(crate) use layout::Layout;
use output::Sources;
pub use program::installed_in;

/// The contract as JSON, in the scratch folder.
const DOCUMENT: &str = "openapi.json";

/// A contract of several files as one, among the sources.
const BUNDLE: &str = "contract.json";

/// Problems, one line each.
type Problems = Vec<String>;

/// Returns the files that decide on the output and may change between builds.
pub(crate) fn watched(layout: &Layout) -> Vec<PathBuf> {
    let mut files = match openapi::load_file(&layout.contract) {
        Ok(contract) => contract.files,
        Err(error) => error.files().to_vec(),
    };
    files.push(layout.fingerprint.clone());
    files.extend(layout.style.clone());
    files
}

/// Generates the sources when the kept fingerprint is not the one of the inputs. Returns the notices of the contract, too.
pub(crate) fn if_changed(layout: &Layout) -> Result<(Outcome, Defects), Problems> {
    let kept = fs::read_to_string(&layout.fingerprint).unwrap_or_default();
    if let Some(plan) = fingerprint::matching(layout, &contract(layout)?, &kept)? {
        return Ok((Outcome::Unchanged, plan.notices));
    }
    // Cargo and an editor may build at once, in different target folders. Waiting for the lock, one
    // finds the other's work done.
    let mut file = fingerprint::lock(layout)?;
    let contract = contract(layout)?;
    let mut kept = String::new();
    file.read_to_string(&mut kept)
        .and_then(|_| file.rewind())
        .map_err(|error| problem("read", &layout.fingerprint, &error))?;
    if let Some(plan) = fingerprint::matching(layout, &contract, &kept)? {
        return Ok((Outcome::Unchanged, plan.notices));
    }
    let (sources, work) = make(layout, &contract)?;
    output::put_in_place(layout, &sources, file, &work.fingerprint)?;
    Ok((Outcome::Generated, work.notices))
}

/// Generates the sources.
pub(crate) fn always(layout: &Layout) -> Result<(), Problems> {
    let file = fingerprint::lock(layout)?;
    let (sources, work) = make(layout, &contract(layout)?)?;
    output::put_in_place(layout, &sources, file, &work.fingerprint)
}

/// Returns the files that [`always`] would change.
pub(crate) fn differences(layout: &Layout) -> Result<Vec<PathBuf>, Problems> {
    let (sources, work) = make(layout, &contract(layout)?)?;
    let mut files = output::differences(layout, &sources)?;
    let kept = fs::read_to_string(&layout.fingerprint).unwrap_or_default();
    files.extend(Some(layout.fingerprint.clone()).filter(|_| kept.trim() != work.fingerprint));
    Ok(files)
}

/// Generates the sources of several contracts with one start of the generator; a result for each.
pub(crate) fn all(layouts: &[Result<Layout, Problems>]) -> Vec<Result<(), Problems>> {
    let prepared = layouts.iter().map(|layout| {
        let layout = layout.as_ref().map_err(Clone::clone)?;
        let file = fingerprint::lock(layout)?;
        Ok((layout, file, prepare(layout, &contract(layout)?)?))
    });
    let prepared: Vec<Result<_, Problems>> = prepared.collect();
    let configs = prepared.iter().flatten().map(|(.., work)| &*work.config);
    let ran = match prepared.iter().flatten().next() {
        Some((layout, ..)) => {
            program::find(layout).and_then(|program| program.generate(&configs.collect::<Vec<_>>()))
        }
        None => Ok(()),
    };
    let finish = |(layout, file, work): (&Layout, File, Work)| {
        // One that failed has left no file; the others are there.
        let made = finish(layout, &work).map_err(|problems| ran.clone().err().unwrap_or(problems));
        output::put_in_place(layout, &made?, file, &work.fingerprint)
    };
    let results = prepared.into_iter();
    results.map(|prepared| prepared.and_then(finish)).collect()
}

/// The input of the generator, with its fingerprint.
struct Work {
    /// The generator's configuration, which names everything else.
    config: PathBuf,
    made: PathBuf,
    files: BTreeSet<String>,
    fingerprint: String,
    notices: Defects,
    /// The text of a contract of several files.
    bundle: Option<String>,
}

/// Returns the sources, and what they were made from.
fn make(layout: &Layout, contract: &Loaded) -> Result<(Sources, Work), Problems> {
    let program = program::find(layout)?;
    let mut work = prepare(layout, contract)?;
    // Each takes a second to start.
    let (objections, made) = thread::scope(|scope| {
        let objections = scope.spawn(|| program.objections(&layout.scratch.join(DOCUMENT)));
        let made = program.generate(&[&work.config]);
        (objections.join(), made)
    });
    let objections = objections.unwrap_or_else(|_| Ok(Vec::new()))?;
    if !objections.is_empty() && layout.strict {
        let mut lines = vec![format!("{} is not a valid contract:", layout.contract_name)];
        lines.extend(objections);
        return Err(lines);
    }
    if !objections.is_empty() {
        // It refuses valid contracts, too, those of 3.1 first of all.
        let said = objections.join("; ");
        let notice =
            format!("OpenAPI Generator's own validation objects, which need not be right: {said}");
        work.notices.add("", notice);
    }
    made?;
    Ok((finish(layout, &work)?, work))
}

/// Plans a contract, and writes what the generator reads.
fn prepare(layout: &Layout, contract: &Loaded) -> Result<Work, Problems> {
    remove(&layout.scratch)?;
    // The generator reads YAML 1.1, in which `y` and `no` are booleans; of JSON there is one reading.
    write(
        &layout.scratch.join(DOCUMENT),
        &contract.document.to_string(),
    )?;
    let plan = planned(layout, &contract.document)?;
    let carrier = layout.scratch.join("contract.json");
    write(&carrier, &plan.document.to_string())?;
    let templates = layout.scratch.join("templates");
    for (name, text) in assets::TEMPLATES {
        write(&templates.join(name), text)?;
    }
    let made = layout.scratch.join("made");
    let config = layout.scratch.join("config.json");
    let mut settings = layout.config.clone();
    settings["inputSpec"] = carrier.to_string_lossy().into();
    settings["outputDir"] = made.to_string_lossy().into();
    settings["templateDir"] = templates.to_string_lossy().into();
    settings["validateSpec"] = false.into();
    let bundle = contract.is_bundled().then(|| contract.text.clone());
    if bundle.is_some() {
        settings["additionalProperties"]["contractPath"] = format!("{BUNDLE:?}").into();
    }
    write(&config, &settings.to_string())?;
    Ok(Work {
        config,
        made,
        fingerprint: fingerprint::of(layout, &contract.text, &plan)?,
        bundle,
        files: plan.files,
        notices: plan.notices,
    })
}

/// Collects what the generator made.
fn finish(layout: &Layout, work: &Work) -> Result<Sources, Problems> {
    let sources = output::collect(&work.made.join("ours"), &work.files, layout)?;
    let mut sources = output::format(sources, layout)?;
    let bundle = work.bundle.clone();
    sources.extend(bundle.map(|text| (BUNDLE.to_owned(), text)));
    Ok(sources)
}

fn planned(layout: &Layout, contract: &Value) -> Result<Plan, Problems> {
    let roles = layout.roles.as_ref();
    let roles: Option<Vec<&str>> = roles.map(|roles| roles.iter().map(String::as_str).collect());
    let mut checks = if layout.strict {
        STRICT
    } else {
        Options::default()
    };
    checks.roles = roles.as_deref();
    if layout.serves_examples {
        checks.examples = Examples::Served;
    }
    crate::plan::plan(contract, &checks).map_err(|refusals| {
        let mut lines = vec![format!(
            "{} holds what cannot be translated or served:",
            layout.contract_name
        )];
        lines.extend(refusals);
        lines
    })
}

fn contract(layout: &Layout) -> Result<Loaded, Problems> {
    openapi::load_file(&layout.contract)
        .map_err(|error| error.to_string().lines().map(str::to_owned).collect())
}

fn read(path: &Path) -> Result<String, Problems> {
    fs::read_to_string(path).map_err(|error| problem("read", path, &error))
}

fn write(path: &Path, content: &str) -> Result<(), Problems> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| problem("create", folder, &error))?;
    }
    fs::write(path, content).map_err(|error| problem("write", path, &error))
}

fn remove(folder: &Path) -> Result<(), Problems> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(problem("remove", folder, &error))
        }
        _ => Ok(()),
    }
}

fn problem(verb: &str, path: &Path, error: &std::io::Error) -> Problems {
    vec![format!("cannot {verb} {}: {error}", path.display())]
}
