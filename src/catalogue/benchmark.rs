//! Lists without HTTP around them, for `benches/micro.rs`.

use std::path::Path;

use anyhow::{Result, bail};
use gatekeeper::Contract;
use generated::models::{Character, SortOrder};

use super::{Catalogue, Dataset, Query, RelationSet};

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
    /// Checks the data and prepares the catalogue, as a start does.
    ///
    /// # Errors
    /// None.
    pub fn prepare(contract: &Contract) -> Result<Self> {
        let dataset = Dataset::load(Path::new(""), contract)?;
        Ok(Self {
            catalogue: Catalogue::new(&dataset, "http://127.0.0.1:5003")?,
            filters: ["mass:gte:100".to_owned()],
        })
    }

    /// Returns a function that makes the list of that name and returns its length in bytes.
    ///
    /// # Errors
    /// There is no such name.
    pub fn maker(&self, name: &str) -> Result<impl Fn() -> Option<usize>> {
        let mut query = Query::first(RelationSet::all::<Character>());
        match name {
            "first page" => {}
            "second page" => query.page = 2,
            "sorted by height" => {
                (query.sort_by, query.sort_order) = ("height", SortOrder::Desc);
            }
            "all 87 on one page" => query.page_size = 100,
            "searched" => query.search = Some("sky"),
            "filtered by mass" => query.filters = &self.filters,
            _ => bail!("no such list"),
        }
        let characters = &self.catalogue.characters;
        Ok(move || Some(characters.list(&query).ok()?.body.bytes().len()))
    }
}
