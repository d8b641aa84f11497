//! Lists without HTTP around them, for `benches/micro.rs`.

use std::path::Path;

use anyhow::{Context as _, Result};
use generated::models::{Character, SortOrder};

use super::{Catalogue, Conditional, Dataset, Query, RelationSet};

/// The lists that are measured, of characters: there are enough of them for several pages.
pub const NAMES: [&str; 6] = [
    "first page",
    "second page",
    "sorted by height",
    "all 87 on one page",
    "searched",
    "filtered by mass",
];

/// A catalogue to make lists of.
pub struct Lists {
    catalogue: Catalogue,
    filters: [String; 1],
}

impl Lists {
    /// Prepares the catalogue, as a start does.
    ///
    /// # Errors
    ///
    /// None.
    pub fn prepare() -> Result<Self> {
        let dataset = Dataset::load(Path::new(""), &crate::benchmark::contract()?)?;
        Ok(Self {
            catalogue: Catalogue::new(&dataset, "http://127.0.0.1:5003")?,
            filters: ["mass:gte:100".to_owned()],
        })
    }

    /// Makes the list of that name at each call, and tells its length in bytes.
    ///
    /// # Errors
    ///
    /// When there is no such name.
    pub fn maker(&self, name: &str) -> Result<impl Fn() -> Option<usize>> {
        let place = NAMES.iter().position(|known| *known == name);
        let first = || Query::first(RelationSet::all::<Character>());
        let mut queries = [first(), first(), first(), first(), first(), first()];
        let [_, second, sorted, all, searched, filtered] = &mut queries;
        second.page = 2;
        (sorted.sort_by, sorted.sort_order) = ("height", SortOrder::Desc);
        all.page_size = 100;
        searched.search = Some("sky");
        filtered.filters = &self.filters;
        let query = queries
            .into_iter()
            .nth(place.context("no such list")?)
            .context("a list has a name and no query")?;
        Ok(
            move || match self.catalogue.characters.list(&query, None).ok()? {
                Conditional::Ok(list) => Some(list.body.bytes().len()),
                Conditional::NotModified(_) => None,
            },
        )
    }
}
