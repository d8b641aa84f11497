//! The look-up of a path. The router of actix tries the regular expressions of all templates, one after the other.

use crate::{
    paths::{PathEntry, shorter},
    segments::{Segment, router_literal},
};
use std::collections::HashMap;

/// The paths of a contract by what is sent.
#[derive(Debug, Default)]
pub(crate) struct PathTable {
    /// Those without expressions, which are tried before all others.
    literal: HashMap<String, usize>,
    /// The others in the order of the paths.
    templated: Vec<Template>,
}

#[derive(Debug)]
struct Template {
    /// The text before the segment of the first expression.
    prefix: String,
    segments: Vec<Segment>,
    path: usize,
}

impl PathTable {
    /// Prepares paths, which are in the order in which they are to be tried.
    pub(crate) fn new(paths: &[PathEntry]) -> Self {
        let mut table = Self::default();
        for (index, path) in paths.iter().enumerate() {
            table.add(&path.template, index);
            if let Some(shorter) = shorter(&path.template).filter(|_| path.may_be_shorter) {
                table.add(shorter, index);
            }
        }
        table
    }

    fn add(&mut self, template: &str, path: usize) {
        let Some(first) = template.find('{') else {
            self.literal.insert(router_literal(template), path);
            return;
        };
        let start = template[..first].rfind('/').map_or(0, |slash| slash + 1);
        self.templated.push(Template {
            prefix: router_literal(&template[..start]),
            segments: template[start..].split('/').map(Segment::of).collect(),
            path,
        });
    }

    /// Returns the index of the path that takes this one, of which escapes are undone as [`router_literal`] undoes them.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let literal = self.literal.get(path).copied();
        literal.or_else(|| {
            let mut templated = self.templated.iter();
            templated
                .find(|template| template.takes(path))
                .map(|template| template.path)
        })
    }
}

impl Template {
    fn takes(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&*self.prefix) else {
            return false;
        };
        let mut sent = rest.split('/');
        let mut segments = self.segments.iter();
        segments.all(|segment| sent.next().is_some_and(|sent| segment.takes(sent)))
            && sent.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_mean_themselves() {
        for (template, path) in [
            ("/a.b+c(d)|e$", "/a.b+c(d)|e$"),
            ("/{id}/[x]^\\d", "/7/[x]^\\d"),
            ("/files/*", "/files/*"),
            ("/{id}*", "/7*"),
            ("/a%20b/{id}", "/a b/7"),
            ("/\u{e4}/{id}", "/\u{e4}/7"),
            ("/{a}.{b}/x", "/a.tar.gz/x"),
        ] {
            let mut table = PathTable::default();
            table.add(template, 0);
            assert_eq!(table.find(path), Some(0), "{template}");
            for other in [
                "/aXb+c(d)|e$",
                "/files/x",
                "/files/",
                "/7",
                "/7/x",
                "/7**x",
                "/.b/x",
                "",
                "/",
            ] {
                assert_eq!(table.find(other), None, "{template} {other}");
            }
        }
    }
}
