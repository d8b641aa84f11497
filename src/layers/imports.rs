//! Finds the files that each file uses: by the `use` lines of `src/` and the paths in its code, followed through
//! re-exports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::source::{Token, tokens};

/// A module by its path below the crate.
type Module = Vec<String>;

/// Modules with a file of their own, and what is written in them.
#[derive(Default)]
pub(super) struct Crate {
    files: BTreeMap<Module, File>,
    /// The paths of re-exported names, and of those that come from another crate.
    reexports: BTreeMap<(Module, String), Vec<String>>,
}

struct File {
    /// Below the folder of the sources.
    name: String,
    tokens: Vec<Token>,
}

/// A part of a `use` line.
struct Import {
    /// With `crate` in front, whatever was written, unless it leads to another crate.
    path: Vec<String>,
    /// The name that it has here; none of a glob.
    name: Option<String>,
    is_public: bool,
}

impl Crate {
    /// Reads the crate, but for the modules of its unit tests.
    pub(super) fn read(folder: &Path) -> Self {
        let mut read = Self::default();
        read.folder(folder, "", &[]);
        for module in read.files.keys().cloned().collect::<Vec<_>>() {
            for import in read.imports(&module) {
                let is_foreign = import.path[0] != "crate";
                if let (true, Some(name)) = (import.is_public || is_foreign, import.name) {
                    read.reexports.insert((module.clone(), name), import.path);
                }
            }
        }
        read
    }

    fn folder(&mut self, folder: &Path, above: &str, module: &[String]) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if ["tests", "testing", "layers", "benchmark"].contains(&&*name) {
                continue;
            }
            let child = [module, std::slice::from_ref(&name)].concat();
            if path.is_dir() {
                self.folder(&path, &format!("{above}{name}/"), &child);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let module = match &*name {
                    "lib" | "mod" => module.to_vec(),
                    _ => child,
                };
                let text = fs::read_to_string(&path).unwrap();
                let file = File {
                    name: format!("{above}{name}.rs"),
                    tokens: tokens(&text),
                };
                self.files.insert(module, file);
            }
        }
    }

    /// Returns the files that each file uses.
    pub(super) fn uses(&self) -> BTreeMap<String, BTreeSet<String>> {
        let uses = self.files.keys().map(|module| {
            let used = self.used_by(module);
            let others = used.iter().filter(|used| *used != module);
            (
                self.files[module].name.clone(),
                others.map(|used| self.files[used].name.clone()).collect(),
            )
        });
        uses.collect()
    }

    fn used_by(&self, module: &Module) -> BTreeSet<Module> {
        let imports = self.imports(module);
        let paths = self.paths(module);
        let mut used = BTreeSet::new();
        for import in &imports {
            let is_used_here = |name: &str| paths.iter().any(|path| path[0] == name);
            match &import.name {
                // What is only passed on is not used here, and a module is used by what is said of it below.
                Some(name) if import.is_public && !is_used_here(name) => {}
                _ if self.is_module(&import.path) && import.name.is_some() => {}
                _ => used.extend(self.resolve(&import.path)),
            }
        }
        for path in &paths {
            let bound = imports
                .iter()
                .find(|import| import.name.as_ref() == Some(&path[0]));
            let absolute = match (bound, &*path[0]) {
                (Some(import), _) => [&import.path, &path[1..]].concat(),
                (None, "crate" | "self" | "super") => absolute(module, path),
                (None, child) => {
                    let child = [module.as_slice(), &[child.to_owned()]].concat();
                    if !self.files.contains_key(&child) || path.len() == 1 {
                        continue;
                    }
                    [&["crate".to_owned()], module.as_slice(), path].concat()
                }
            };
            // A single name is covered by its import, or is the `crate` of `pub(crate)`.
            if path.len() > 1 {
                used.extend(self.resolve(&absolute));
            }
        }
        used
    }

    /// Follows a path to the module that defines what it leads to.
    fn resolve(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        if first != "crate" {
            return None;
        }
        let mut module = Module::new();
        for (index, name) in rest.iter().enumerate() {
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            if self.files.contains_key(&child) {
                module = child;
            } else if let Some(target) = self.reexports.get(&(module.clone(), name.clone())) {
                return self.resolve(&[target.as_slice(), &rest[index + 1..]].concat());
            } else {
                break;
            }
        }
        self.files.contains_key(&module).then_some(module)
    }

    fn is_module(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| first == "crate") && self.files.contains_key(&path[1..])
    }

    /// Returns the `use` lines of a module.
    fn imports(&self, module: &Module) -> Vec<Import> {
        let tokens = &self.files[module].tokens;
        let mut imports = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            if token.name() != Some("use") {
                continue;
            }
            let before = &tokens[index.saturating_sub(4)..index];
            let is_public = before.last().is_some_and(|last| {
                last.name() == Some("pub") || (last.is(')') && before[0].name() == Some("pub"))
            });
            let mut rest = tokens[index + 1..].iter();
            let mut found = Vec::new();
            tree(&mut rest, &[], &mut found);
            imports.extend(found.into_iter().map(|(path, name)| Import {
                path: self.resolve_root(module, path),
                name,
                is_public,
            }));
        }
        imports
    }

    fn resolve_root(&self, module: &Module, path: Vec<String>) -> Vec<String> {
        let child = [module.as_slice(), &path[..1]].concat();
        match &*path[0] {
            "crate" | "self" | "super" => absolute(module, &path),
            _ if self.files.contains_key(&child) => {
                [&["crate".to_owned()], module.as_slice(), &path].concat()
            }
            _ => path,
        }
    }

    /// Returns the paths in the code of a module, outside of its `use` lines.
    fn paths(&self, module: &Module) -> Vec<Vec<String>> {
        let tokens = &self.files[module].tokens;
        let mut paths: Vec<Vec<String>> = Vec::new();
        let mut index = 0;
        while index < tokens.len() {
            match &tokens[index] {
                Token::Name(name) if name == "mod" => index += 1,
                // `pub(in crate::cli)` says who may see something, and uses nothing.
                Token::Name(name) if name == "in" && tokens[index - 1].is('(') => {
                    while !tokens[index].is(')') {
                        index += 1;
                    }
                }
                Token::Name(name) if name == "use" => {
                    while !tokens[index].is(';') {
                        index += 1;
                    }
                }
                Token::Name(name) => {
                    let start = index;
                    let mut path = vec![name.clone()];
                    while let (Some(Token::Path), Some(Token::Name(next))) =
                        (tokens.get(index + 1), tokens.get(index + 2))
                    {
                        path.push(next.clone());
                        index += 2;
                    }
                    // A field, a method or a binding has a name of its own.
                    let is_member = start > 0 && tokens[start - 1].is('.');
                    let is_binding = tokens.get(index + 1).is_some_and(|next| next.is(':'));
                    if path.len() > 1 || !(is_member || is_binding) {
                        paths.push(path);
                    }
                }
                Token::Path | Token::Mark(_) => {}
            }
            index += 1;
        }
        paths
    }
}

/// Returns a path from the root of the crate for one that begins with `crate`, `self` or `super`.
fn absolute(module: &Module, path: &[String]) -> Vec<String> {
    let mut base = module.clone();
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        match &**first {
            "crate" => base.clear(),
            "self" => {}
            "super" => drop(base.pop()),
            _ => break,
        }
        rest = others;
    }
    [&["crate".to_owned()], base.as_slice(), rest].concat()
}

/// Reads the tree of a `use` line: each path with the name that it binds.
fn tree<'a>(
    tokens: &mut impl Iterator<Item = &'a Token>,
    prefix: &[String],
    found: &mut Vec<(Vec<String>, Option<String>)>,
) {
    let mut path = prefix.to_vec();
    let mut alias = None;
    let mut in_alias = false;
    let finish = |path: &mut Vec<String>, alias: &mut Option<String>, found: &mut Vec<_>| {
        if path.len() > prefix.len() {
            if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                path.pop();
            }
            let is_glob = path.last().is_some_and(|last| last == "*");
            let name = alias.take().or_else(|| path.last().cloned());
            found.push((path.clone(), name.filter(|_| !is_glob)));
        }
        *path = prefix.to_vec();
    };
    while let Some(token) = tokens.next() {
        match token {
            Token::Name(name) if name == "as" => in_alias = true,
            Token::Name(name) if in_alias => {
                alias = Some(name.clone());
                in_alias = false;
            }
            Token::Name(name) => path.push(name.clone()),
            Token::Mark('*') => path.push("*".to_owned()),
            Token::Mark('{') => {
                tree(tokens, &path, found);
                path = prefix.to_vec();
            }
            Token::Mark(',') => finish(&mut path, &mut alias, found),
            Token::Mark('}' | ';') => {
                finish(&mut path, &mut alias, found);
                return;
            }
            Token::Path | Token::Mark(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(files: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
        let folder = std::env::temp_dir().join(format!("layers-{}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let uses = Crate::read(&folder).uses();
        fs::remove_dir_all(&folder).unwrap();
        uses
    }

    #[test]
    fn a_use_is_followed_through_aliases_and_reexports_and_not_into_tests() {
        let uses = uses(&[
            ("lib.rs", "mod a; mod b; use other::settings;"),
            (
                "a/mod.rs",
                "mod child; pub(crate) use child::{Thing, made as other};",
            ),
            (
                "a/child.rs",
                "pub(in crate::a) struct Thing; // crate::b::f()",
            ),
            (
                "b/mod.rs",
                "pub(crate) mod c; mod d; mod e;
                 use crate::a::{self, Thing};
                 fn f() -> Thing { a::other(\"crate::b::e::x\") }
                 #[cfg(test)] mod tests { use super::e::x; }",
            ),
            ("b/c.rs", "use super::d; fn g() { d::h() }"),
            ("b/d.rs", "pub fn h() { super::e::x() }"),
            (
                "b/e.rs",
                "use crate::settings; pub fn x() { settings::read() }",
            ),
        ]);
        let used = |file: &str| uses[file].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(used("a/mod.rs"), [""; 0]);
        assert_eq!(used("a/child.rs"), [""; 0]);
        assert_eq!(used("b/mod.rs"), ["a/child.rs"]);
        assert_eq!(used("b/c.rs"), ["b/d.rs"]);
        assert_eq!(used("b/d.rs"), ["b/e.rs"]);
        assert_eq!(used("b/e.rs"), [""; 0]);
    }
}
