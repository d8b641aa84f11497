//! Contracts of several files: one document is made of them, in which all references are local.
//!
//! The other files are read where a `$ref` names them, relative to the file in which it stands (RFC 3986 section 5), and
//! inside the folder of the contract only. Nothing is fetched.

use crate::{
    Defects, MAX_BYTES, MAX_DEPTH, Version, is_deeper_than,
    lower::references::{self, FILES},
    reader,
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Component, Path, PathBuf},
};

/// The most files that one contract is made of.
const MAX_FILES: usize = 10_000;

/// A contract that was read from its files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The document, without references to other files.
    pub document: Value,
    /// The document as text: that of the file where there is one, else JSON.
    pub text: String,
    /// The files that it was read from, the contract first.
    pub files: Vec<PathBuf>,
}

impl Loaded {
    /// Returns true when it was made of several files.
    #[must_use]
    pub fn is_bundled(&self) -> bool {
        self.files.len() > 1
    }
}

/// Everything that is wrong with the files of a contract; displayed one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    problems: Vec<String>,
    files: Vec<PathBuf>,
}

impl LoadError {
    /// Returns the files that were read, or could not be.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for LoadError {}

/// Reads a contract, YAML or JSON, with the files that it refers to.
///
/// # Errors
/// A file that cannot be read or is no document, one outside of the contract's folder, and references that lead nowhere
/// in a contract of several files.
pub fn load_file(path: impl AsRef<Path>) -> Result<Loaded, LoadError> {
    let path = path.as_ref();
    let fail = |problem: String| LoadError {
        problems: vec![problem],
        files: vec![path.to_owned()],
    };
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| fail(format!("{shown} cannot be read: {error}")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut document = reader::load_bytes(&bytes)
        .map_err(|error| fail(format!("{name} cannot be read: {error}")))?;
    let root = path
        .canonicalize()
        .map_err(|error| fail(format!("{shown} cannot be read: {error}")))?;
    let mut bundle = Bundle {
        folder: root.parent().map(Path::to_owned).unwrap_or_default(),
        root,
        files: BTreeMap::new(),
        open: Vec::new(),
        bytes: bytes.len(),
        problems: Vec::new(),
    };
    bundle.rewrite(&mut document, None);
    bundle.read_open();
    let names = bundle.files.keys();
    let mut files: Vec<PathBuf> = names.map(|name| bundle.folder.join(name)).collect();
    files.insert(0, path.to_owned());
    if !bundle.problems.is_empty() {
        return Err(LoadError {
            problems: bundle.problems,
            files,
        });
    }
    if bundle.files.is_empty() {
        return Ok(Loaded {
            document,
            // The text of a document is UTF-8.
            text: String::from_utf8(bytes).unwrap_or_default(),
            files,
        });
    }
    let mut defects = Defects::default();
    let document = bundle.finish(document, &mut defects);
    if is_deeper_than(&document, MAX_DEPTH) {
        let problem = format!("more than {MAX_DEPTH} arrays and objects lie inside each other");
        defects.add("", problem);
    }
    if !defects.is_empty() {
        let problems = defects.iter().map(|defect| format!("{name}: {defect}"));
        return Err(LoadError {
            problems: problems.collect(),
            files,
        });
    }
    Ok(Loaded {
        text: format!("{document:#}\n"),
        document,
        files,
    })
}

/// The files of a contract, as they are read.
struct Bundle {
    /// The folder of the contract; nothing outside of it is read.
    folder: PathBuf,
    root: PathBuf,
    /// The other files, by their path from that folder, with slashes.
    files: BTreeMap<String, Value>,
    /// Those that were not read yet.
    open: Vec<String>,
    bytes: usize,
    problems: Vec<String>,
}

impl Bundle {
    /// Reads the files that others refer to.
    fn read_open(&mut self) {
        while let Some(name) = self.open.pop() {
            let read = self.read(&name);
            let mut document = read.unwrap_or_else(|problem| {
                self.problems
                    .push(format!("{name} cannot be read: {problem}"));
                Value::Null
            });
            self.rewrite(&mut document, Some(&name));
            self.files.insert(name, document);
        }
    }

    fn read(&mut self, name: &str) -> Result<Value, String> {
        let bytes = fs::read(self.folder.join(name)).map_err(|error| error.to_string())?;
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > MAX_BYTES {
            return Err(format!("the contract is larger than {MAX_BYTES} bytes"));
        }
        reader::load_any(&bytes).map_err(|error| error.to_string())
    }

    /// Makes the references in a file ones within the bundle.
    fn rewrite(&mut self, value: &mut Value, file: Option<&str>) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.rewrite(item, file);
                }
            }
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get_mut("$ref")
                    && let Some(local) = self.local(reference, file)
                {
                    *reference = local;
                }
                let mapping = members
                    .get_mut("discriminator")
                    .and_then(|discriminator| discriminator.get_mut("mapping"))
                    .and_then(Value::as_object_mut);
                for (_, target) in mapping.into_iter().flatten() {
                    self.rewrite_target(target, file);
                }
                for (_, member) in members.iter_mut() {
                    self.rewrite(member, file);
                }
            }
            _ => {}
        }
    }

    /// Rewrites a target of a discriminator: a reference, or the name of a schema in the same file.
    fn rewrite_target(&mut self, target: &mut Value, file: Option<&str>) {
        let Value::String(text) = target else { return };
        let is_file = [".yaml", ".yml", ".json"]
            .iter()
            .any(|end| text.ends_with(end));
        if text.contains('#') || is_file {
            if let Some(local) = self.local(text, file) {
                *text = local;
            }
        } else if let Some(file) = file {
            *text = inside(
                file,
                &format!("/components/schemas/{}", references::escaped(text)),
            );
        }
    }

    /// Returns a reference within the bundle; none for one that stays as it is.
    fn local(&mut self, reference: &str, file: Option<&str>) -> Option<String> {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        if !pointer.is_empty() && !pointer.starts_with('/') || path.contains("://") {
            return None;
        }
        if path.is_empty() {
            return file.map(|file| inside(file, pointer));
        }
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let folder = file.map_or(Path::new(""), Path::new).parent();
        let path = normal(&folder.unwrap_or(Path::new("")).join(path.as_ref()));
        let full = path.as_ref().map(|path| self.folder.join(path));
        // One that is not there is told where it matters: an example may look like a reference.
        let full = match full {
            Some(full) => full.canonicalize().ok()?,
            None => PathBuf::new(),
        };
        if full == self.root {
            return Some(format!("#{pointer}"));
        }
        let Ok(name) = full.strip_prefix(&self.folder).map(slashed) else {
            self.problems.push(format!(
                "{}refers to {reference:?}, which is outside of the folder of the contract; copy it there",
                file.map(|file| format!("{file} ")).unwrap_or_default()
            ));
            return None;
        };
        if !self.files.contains_key(&name) {
            if self.files.len() >= MAX_FILES {
                let problem = format!("the contract is made of more than {MAX_FILES} files");
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                return None;
            }
            self.files.insert(name.clone(), Value::Null);
            self.open.push(name.clone());
        }
        Some(inside(&name, pointer))
    }

    /// Makes components of what is referred to.
    fn finish(self, mut document: Value, defects: &mut Defects) -> Value {
        let files: Map<String, Value> = self.files.into_iter().collect();
        if let Value::Object(members) = &mut document {
            members.insert(FILES.to_owned(), Value::Object(files));
        }
        // Another version is told when the document is read.
        let version = Version::of(&document, &mut Defects::default());
        references::bundle(document, version.unwrap_or(Version::V30), defects)
    }
}

/// Returns the reference to a place in another file.
fn inside(file: &str, pointer: &str) -> String {
    let file = references::escaped(file).replace('%', "%25");
    format!("#/{FILES}/{file}{pointer}")
}

/// Resolves `..` by the text of a relative path; none when it leads out of the folder, or does not begin in it.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => normal.push(name),
            Component::CurDir => {}
            Component::ParentDir if normal.pop() => {}
            _ => return None,
        }
    }
    Some(normal)
}

fn slashed(path: &Path) -> String {
    let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}
