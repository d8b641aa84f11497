//! Schema Objects, compiled once and asked often.
//!
//! A Schema Object is turned into JSON Schema 2020-12 and checked by `jsonschema`. In a strict contract a keyword that
//! is not enforced is refused; in an open one it has no effect, as JSON Schema has it, and is told. `x-pattern-message`
//! beside a `pattern` is what callers receive instead of the pattern.

mod bounds;
mod compiled;
mod convert;
mod definitions;
mod discriminator;
mod formats;
mod instance;
mod keywords;
mod messages;
mod parts;
mod patterns;
mod references;
mod roots;

pub use bounds::integer_type;
pub use compiled::Schema;
pub use messages::shortened;

use crate::{Defects, Mode};
use compiled::Compiled;
use convert::Findings;
use definitions::{Definitions, Outcome};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::HashMap, fmt, sync::Arc};

/// The most violations that are listed: more help nobody.
pub const MOST_VIOLATIONS: usize = 50;

/// The schemas of a contract and everything compiled from them.
pub(crate) struct Schemas {
    raw: Map<String, Value>,
    mode: Mode,
    compilation: Compilation,
    /// Those that stand outside the components, by their text: many are written more than once.
    inline: RefCell<HashMap<String, Inline>>,
    /// The notices of those that were asked for.
    notices: RefCell<Defects>,
}

/// A schema that stands outside the components.
struct Inline {
    compiled: Option<Schema>,
    /// Defects and notices that are told when it is asked for first: one that nobody asks for has no effect at all.
    found: Findings,
}

/// The components of a contract, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compilation {
    /// The numbers of the components, by their names.
    numbers: Arc<HashMap<String, usize>>,
    compiled: Option<Arc<Compiled>>,
}

impl Compilation {
    /// Returns the component of a name.
    pub(crate) fn schema(&self, name: &str) -> Option<Schema> {
        self.entry(*self.numbers.get(name)?)
    }

    /// Returns the parts of a component that is `oneOf` or `anyOf` them, in their order.
    pub(crate) fn parts(&self, name: &str) -> Vec<Schema> {
        let number = self.numbers.get(name);
        let compiled = self.compiled.as_ref().zip(number);
        compiled.map_or_else(Vec::new, |(compiled, number)| {
            let entries = (0..).map_while(|index| compiled.entry(&part(*number, index)));
            entries.collect()
        })
    }

    fn entry(&self, number: usize) -> Option<Schema> {
        self.compiled.as_ref()?.entry(&number.to_string())
    }
}

/// Returns the name of the property that is a part of a definition.
fn part(number: usize, index: usize) -> String {
    format!("{number}-{index}")
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas")
            .field("names", &self.raw.keys())
            .finish_non_exhaustive()
    }
}

impl Schemas {
    /// Checks, converts and compiles all schemas of a document.
    pub(crate) fn new(
        document: &Value,
        mode: Mode,
        notices: &mut Defects,
        defects: &mut Defects,
    ) -> Self {
        let raw = document.pointer("/components/schemas");
        let raw = raw.and_then(Value::as_object).cloned().unwrap_or_default();
        let numbers = raw.keys().enumerate();
        let numbers = numbers.map(|(number, name)| (name.clone(), number));
        let numbers = Arc::new(numbers.collect());
        let mut all = Definitions::new(&raw, &numbers, mode).components();
        let mut inline = HashMap::new();
        roots::visit(document, &mut |place, schema| {
            if component(schema).is_none() {
                let text = schema.to_string();
                let number = inline.entry(text);
                number.or_insert_with(|| all.add(schema, place));
            }
        });
        let Outcome {
            compiled,
            mut found,
        } = all.compile();
        for found in &mut found[..raw.len()] {
            let found = found.take();
            notices.append(found.notices);
            defects.append(found.defects);
        }
        let compilation = Compilation { numbers, compiled };
        let inline = inline.into_iter().map(|(text, number)| {
            let inline = Inline::new(&compilation, number, &mut found);
            (text, inline)
        });
        Self {
            mode,
            inline: RefCell::new(inline.collect()),
            compilation,
            notices: RefCell::default(),
            raw,
        }
    }

    /// Returns `components.schemas` as the contract writes it.
    pub(crate) fn raw(&self) -> &Map<String, Value> {
        &self.raw
    }

    /// Returns what stays of the components when all is read, and what has no effect in the other schemas.
    pub(crate) fn end(self) -> (Compilation, Defects) {
        (self.compilation, self.notices.into_inner())
    }

    /// Returns the schema that stands at `place`, compiled; `None` when it has a defect.
    pub(crate) fn compile(
        &self,
        schema: &Value,
        place: &str,
        defects: &mut Defects,
    ) -> Option<Schema> {
        if let Some(component) = component(schema).and_then(|name| self.compilation.schema(name)) {
            return Some(component);
        }
        let mut inline = self.inline.borrow_mut();
        let known = inline
            .entry(schema.to_string())
            .or_insert_with(|| self.alone(schema, place));
        let found = known.found.take();
        self.notices.borrow_mut().append(found.notices);
        defects.append(found.defects);
        known.compiled.clone()
    }

    /// Compiles a schema that stands nowhere in the document, and what it refers to once more.
    fn alone(&self, schema: &Value, place: &str) -> Inline {
        let (raw, numbers) = self.reachable(schema);
        let definitions = || Definitions::new(&raw, &numbers, self.mode);
        let found = definitions().check(schema, place);
        if !found.defects.is_empty() {
            return Inline {
                compiled: None,
                found,
            };
        }
        let mut all = definitions().components();
        let number = all.add(schema, place.to_owned());
        let Outcome {
            compiled,
            mut found,
        } = all.compile();
        let compilation = Compilation {
            compiled,
            ..Compilation::default()
        };
        Inline::new(&compilation, number, &mut found)
    }

    /// Returns the components that a schema leads to, and their numbers.
    fn reachable(&self, schema: &Value) -> (Map<String, Value>, HashMap<String, usize>) {
        let mut raw = Map::new();
        let mut numbers = HashMap::new();
        let mut open = vec![schema];
        while let Some(value) = open.pop() {
            let name = convert::target(value);
            if let Some((name, target)) = name.and_then(|name| self.raw.get_key_value(name))
                && !raw.contains_key(name)
            {
                numbers.insert(name.clone(), raw.len());
                raw.insert(name.clone(), target.clone());
                open.push(target);
            }
            match value {
                Value::Object(members) => open.extend(members.values()),
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        (raw, numbers)
    }
}

impl Inline {
    fn new(compilation: &Compilation, number: usize, found: &mut [Findings]) -> Self {
        let found = found[number].take();
        let compiled = compilation.entry(number);
        Self {
            compiled: compiled.filter(|_| found.defects.is_empty()),
            found,
        }
    }
}

/// Returns the name of the component that a schema is nothing but a reference to.
fn component(schema: &Value) -> Option<&str> {
    let is_alone = schema.as_object()?.len() == 1;
    convert::target(schema).filter(|_| is_alone)
}

fn at(pointer: &str) -> String {
    if pointer.is_empty() {
        String::new()
    } else {
        format!("{pointer} ")
    }
}

#[cfg(test)]
mod tests;
