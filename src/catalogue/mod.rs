//! The reference data: six kinds of entity behind one implementation.
//!
//! Whatever can be known before a request is known before the first one: each entity's JSON for each choice
//! of relations, the order by each field, folded texts. A list picks places and joins prepared bytes, and its
//! first page is kept whole, since serialising is the largest part of the work that a list is.

mod answer;
pub(crate) mod benchmark;
mod collection;
mod column;
mod endpoints;
mod fault;
mod filter;
mod kind;
mod kinds;
mod links;
mod list;
mod query;
mod records;
mod source;
#[cfg(test)]
mod tests;

use anyhow::Result;

use collection::Collection;
pub(crate) use source::Facts;

/// All that the catalogue answers.
pub(crate) struct Catalogue {
    characters: Collection<records::Character>,
    films: Collection<records::Film>,
    planets: Collection<records::Planet>,
    species: Collection<records::Species>,
    starships: Collection<records::Starship>,
    vehicles: Collection<records::Vehicle>,
}

impl Catalogue {
    /// Prepares the answers, with URLs that begin with `public_url`.
    ///
    /// # Errors
    ///
    /// None that data which was read can cause.
    pub(crate) fn prepare(data: &Facts, public_url: &str) -> Result<Self> {
        let links = &data.links();
        Ok(Self {
            characters: Collection::prepare(&data.characters, links, public_url)?,
            films: Collection::prepare(&data.films, links, public_url)?,
            planets: Collection::prepare(&data.planets, links, public_url)?,
            species: Collection::prepare(&data.species, links, public_url)?,
            starships: Collection::prepare(&data.starships, links, public_url)?,
            vehicles: Collection::prepare(&data.vehicles, links, public_url)?,
        })
    }
}
