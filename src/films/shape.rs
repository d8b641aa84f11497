//! From reference data to what the contract says of it.

use generated::models::{self, FilmOptions};

use crate::catalogue;

/// Which of the five relations are wanted, a bit each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mask(u8);

/// Every choice, in the order of [`Mask::index`].
pub(super) const MASKS: [Mask; 32] = {
    let mut masks = [Mask(0); 32];
    let mut bits = 0;
    while bits < 32 {
        masks[bits as usize] = Mask(bits);
        bits += 1;
    }
    masks
};

impl Mask {
    const ALL: Self = Self(0b1_1111);

    /// What the caller asked for.
    pub(super) fn of(options: Option<&FilmOptions>) -> Self {
        let Some(options) = options else {
            return Self::ALL;
        };
        let wanted = [
            options.characters,
            options.planets,
            options.species,
            options.starships,
            options.vehicles,
        ];
        Self(
            wanted
                .iter()
                .enumerate()
                .map(|(bit, wanted)| u8::from(*wanted) << bit)
                .sum(),
        )
    }

    /// Place in [`MASKS`].
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }
}

/// Makes absolute URLs.
pub(super) struct Urls<'a> {
    base: &'a str,
}

impl<'a> Urls<'a> {
    pub(super) fn new(base: &'a str) -> Self {
        Self { base }
    }

    fn one(&self, domain: &str, id: i32) -> String {
        format!("{}/{domain}/v1/{id}", self.base)
    }

    fn relation(&self, domain: &str, ids: &[i32], wanted: bool) -> Option<Vec<String>> {
        wanted.then(|| ids.iter().map(|id| self.one(domain, *id)).collect())
    }
}

/// A film with the wanted relations.
pub(super) fn film(film: &catalogue::Film, mask: Mask, urls: &Urls<'_>) -> models::Film {
    models::Film {
        id: film.id,
        title: film.title.clone(),
        episode_id: film.episode_id,
        director: film.director.clone(),
        producers: film.producers.clone(),
        release_date: film.release_date,
        characters: urls.relation("characters", &film.characters, mask.has(0)),
        planets: urls.relation("planets", &film.planets, mask.has(1)),
        species: urls.relation("species", &film.species, mask.has(2)),
        starships: urls.relation("starships", &film.starships, mask.has(3)),
        vehicles: urls.relation("vehicles", &film.vehicles, mask.has(4)),
        url: urls.one("films", film.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_says_which_relations_are_in() {
        assert_eq!(Mask::of(None), Mask::ALL);
        let options = FilmOptions {
            characters: false,
            vehicles: false,
            ..FilmOptions::default()
        };
        let mask = Mask::of(Some(&options));
        assert_eq!(MASKS[mask.index()], mask);
        assert_eq!(
            [0, 1, 2, 3, 4].map(|bit| mask.has(bit)),
            [false, true, true, true, false]
        );
    }
}
