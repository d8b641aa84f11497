//! The reference data: six kinds of entity behind one implementation.
//!
//! The models of the contract are read from the data and serialised once, for each choice of relations. A list is
//! filtered, sorted and cut into pages per request. A kind is two tables in `resources/`: its fields and its relations.

pub(crate) mod benchmark;
mod collection;
mod dataset;
mod field;
mod filter;
mod query;
mod resource;
mod resources;
mod response;
#[cfg(test)]
mod tests;

use anyhow::Result;
use generated::models::{Character, Film, Planet, SpeciesEntry, Starship, Vehicle};

use collection::Collection;
pub(crate) use dataset::Dataset;
pub(crate) use query::Query;
pub(crate) use resource::RelationSet;

/// The entities by kind.
pub(crate) struct Catalogue {
    pub(crate) characters: Collection<Character>,
    pub(crate) films: Collection<Film>,
    pub(crate) planets: Collection<Planet>,
    pub(crate) species: Collection<SpeciesEntry>,
    pub(crate) starships: Collection<Starship>,
    pub(crate) vehicles: Collection<Vehicle>,
}

impl Catalogue {
    /// Serialises the entities, with URLs that begin with `public_url`.
    pub(crate) fn new(dataset: &Dataset, public_url: &str) -> Result<Self> {
        Ok(Self {
            characters: Collection::new(dataset, public_url)?,
            films: Collection::new(dataset, public_url)?,
            planets: Collection::new(dataset, public_url)?,
            species: Collection::new(dataset, public_url)?,
            starships: Collection::new(dataset, public_url)?,
            vehicles: Collection::new(dataset, public_url)?,
        })
    }
}
