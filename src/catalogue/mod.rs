//! The only module that knows where the reference data comes from: files compiled into the binary.

use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};
use time::Date;

const FILMS: &str = include_str!("data/films.json");

time::serde::format_description!(iso_date, Date, "[year]-[month]-[day]");

/// All reference data, in the order of ids.
pub(crate) struct Catalogue {
    pub(crate) films: Vec<Film>,
}

/// A film; relations are ids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Film {
    pub(crate) id: i32,
    pub(crate) title: String,
    pub(crate) episode_id: i32,
    pub(crate) director: String,
    pub(crate) producers: Vec<String>,
    #[serde(with = "iso_date")]
    pub(crate) release_date: Date,
    pub(crate) characters: Vec<i32>,
    pub(crate) planets: Vec<i32>,
    pub(crate) species: Vec<i32>,
    pub(crate) starships: Vec<i32>,
    pub(crate) vehicles: Vec<i32>,
}

impl Catalogue {
    /// Reads the data that is part of the binary.
    ///
    /// # Errors
    ///
    /// Names the kind of entity and the place in its file.
    pub(crate) fn load() -> Result<Self> {
        let mut films: Vec<Film> = read("films", FILMS)?;
        films.sort_by_key(|film| film.id);
        Ok(Self { films })
    }
}

fn read<T: DeserializeOwned>(kind: &str, text: &str) -> Result<Vec<T>> {
    serde_json::from_str(text).with_context(|| format!("the catalogue's {kind} cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_films_are_complete() {
        let films = Catalogue::load()
            .map(|catalogue| catalogue.films)
            .unwrap_or_default();
        let ids: Vec<i32> = films.iter().map(|film| film.id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7]);
        assert!(films.iter().all(|film| !film.characters.is_empty()));
    }
}
