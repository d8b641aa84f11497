//! Names of types, each given once.

use super::{module, pascal, type_name};
use std::collections::{BTreeSet, HashMap};

/// The names that types have, told apart by their modules: `HttpUser` and `HTTPUser` would share a file.
#[derive(Debug, Default)]
pub struct Types {
    modules: BTreeSet<String>,
    /// The last number that was put behind a name.
    numbers: HashMap<String, usize>,
}

impl Types {
    /// Takes a name; false when another type has it.
    pub fn take(&mut self, name: &str) -> bool {
        self.modules.insert(module(name))
    }

    /// Takes the free name nearest to a text: a name that another type has gets a number.
    pub fn make(&mut self, text: &str) -> String {
        let wanted = type_name(text);
        if self.take(&wanted) {
            return wanted;
        }
        loop {
            let number = self.numbers.entry(wanted.clone()).or_insert(1);
            *number += 1;
            let name = format!("{wanted}{number}");
            if self.take(&name) {
                return name;
            }
        }
    }
}

/// Returns the types that are made for an operation: its replies, and its parameters.
#[must_use]
pub fn operation_types(id: &str) -> [String; 2] {
    let name = pascal(id);
    [format!("{name}Response"), format!("{name}Params")]
}
