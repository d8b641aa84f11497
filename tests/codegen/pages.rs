//! The pages for newcomers in `docs/`: their blocks of code are what the tests put into a copy of the repository.

use crate::copy::Copy;

/// A page of `docs/`.
pub(crate) struct Page {
    name: &'static str,
    text: String,
}

impl Page {
    pub(crate) fn read(copy: &Copy, name: &'static str) -> Self {
        let text = copy.read(name);
        Self { name, text }
    }

    /// The block of a language, counted from 0.
    pub(crate) fn block(&self, language: &str, number: usize) -> &str {
        let mut blocks = self
            .text
            .split("```")
            .skip(1)
            .step_by(2)
            .filter_map(|block| block.split_once('\n'))
            .filter(|(of, _)| *of == language)
            .map(|(_, block)| block);
        blocks
            .nth(number)
            .unwrap_or_else(|| panic!("{} has no {language} block {number}", self.name))
    }

    /// Asserts that cargo says what the page shows.
    pub(crate) fn assert_said(&self, said: &str) {
        for line in self.block("text", 0).lines() {
            assert!(said.contains(line), "{}: {line}\n{said}", self.name);
        }
    }
}
