//! One file for each kind.

mod characters;
mod films;
mod planets;
mod species;
mod starships;
mod vehicles;

use generated::models;

use super::records::{Crew, Supplies};

impl From<Crew> for models::Crew {
    fn from(crew: Crew) -> Self {
        Self {
            minimum: crew.minimum.into(),
            maximum: crew.maximum.into(),
        }
    }
}

impl From<Supplies> for models::Supplies {
    fn from(supplies: Supplies) -> Self {
        Self {
            amount: supplies.amount.into(),
            unit: supplies.unit,
        }
    }
}
