//! A place in a document, while it is walked through.

use std::fmt::Write;

/// A place: the way to it from the root.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Member(&'p str),
    Item(usize),
}

impl<'p> Place<'p> {
    pub(super) const ROOT: Place<'static> = Place {
        parent: None,
        step: Step::Root,
    };

    pub(super) fn member(&'p self, name: &'p str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Member(name),
        }
    }

    pub(super) fn item(&'p self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Item(index),
        }
    }

    /// Returns it as defects name it: `paths./films.get.parameters[0]`.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.each(&mut |step| match step {
            Step::Root => {}
            Step::Member(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            // Writing to a text does not fail.
            Step::Item(index) => drop(write!(text, "[{index}]")),
        });
        text
    }

    /// Returns it as a JSON Pointer (RFC 6901): `/paths/~1films/get/parameters/0`.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.each(&mut |step| match step {
            Step::Root => {}
            Step::Member(name) => {
                pointer.push('/');
                pointer.push_str(&escaped(name));
            }
            Step::Item(index) => drop(write!(pointer, "/{index}")),
        });
        pointer
    }

    /// Calls `act` for each step from the root: the name of a member, or none for an item.
    pub(super) fn each_name(&self, act: &mut dyn FnMut(Option<&'p str>)) {
        self.each(&mut |step| match step {
            Step::Root => {}
            Step::Member(name) => act(Some(name)),
            Step::Item(_) => act(None),
        });
    }

    fn each(&self, act: &mut dyn FnMut(Step<'p>)) {
        if let Some(parent) = self.parent {
            parent.each(act);
        }
        act(self.step);
    }
}

/// Returns a name as a step of a JSON Pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns the steps of a JSON Pointer.
pub(super) fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
}
