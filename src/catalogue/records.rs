//! Entities as they are stored: relations are ids and stand on one side only, `None` is unknown and an empty
//! list is none. What is unknown is written as null: a member that is not there was forgotten.

use generated::models::SuppliesUnit;
use serde::{Deserialize, Deserializer};
use time::Date;

time::serde::format_description!(iso_date, Date, "[year]-[month]-[day]");

fn known_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// A film.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Film {
    pub(super) id: i32,
    pub(super) title: String,
    pub(super) episode_id: i32,
    pub(super) director: String,
    pub(super) producers: Vec<String>,
    #[serde(with = "iso_date")]
    pub(super) release_date: Date,
    pub(super) characters: Vec<i32>,
    pub(super) planets: Vec<i32>,
    pub(super) species: Vec<i32>,
    pub(super) starships: Vec<i32>,
    pub(super) vehicles: Vec<i32>,
}

/// A person or droid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Character {
    pub(super) id: i32,
    pub(super) name: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) gender: Option<String>,
    /// Counted from the Battle of Yavin.
    #[serde(deserialize_with = "known_or_null")]
    pub(super) birth_year: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) height: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) mass: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) skin_colors: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) hair_colors: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) eye_colors: Option<Vec<String>>,
    pub(super) homeworld: i32,
    pub(super) species: Vec<i32>,
    pub(super) starships: Vec<i32>,
    pub(super) vehicles: Vec<i32>,
}

/// A planet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Planet {
    pub(super) id: i32,
    pub(super) name: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) diameter: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) rotation_period: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) orbital_period: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) gravity: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) population: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) surface_water: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) climates: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) terrains: Option<Vec<String>>,
}

/// A species.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Species {
    pub(super) id: i32,
    pub(super) name: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) classification: Option<String>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) designation: Option<String>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) average_height: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) average_lifespan: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) language: Option<String>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) skin_colors: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) hair_colors: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) eye_colors: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) homeworld: Option<i32>,
}

/// A starship.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Starship {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) model: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) manufacturers: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) cost_in_credits: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) length: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) crew: Option<Crew>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) passengers: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) cargo_capacity: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) consumables: Option<Supplies>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) max_atmosphering_speed: Option<i64>,
    pub(super) starship_class: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) hyperdrive_rating: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) megalights_per_hour: Option<i64>,
}

/// A vehicle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vehicle {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) model: String,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) manufacturers: Option<Vec<String>>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) cost_in_credits: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) length: Option<f64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) crew: Option<Crew>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) passengers: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) cargo_capacity: Option<i64>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) consumables: Option<Supplies>,
    #[serde(deserialize_with = "known_or_null")]
    pub(super) max_atmosphering_speed: Option<i64>,
    pub(super) vehicle_class: String,
}

/// How many run a craft.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Range")]
pub(super) struct Crew {
    pub(super) minimum: u32,
    pub(super) maximum: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    minimum: u32,
    maximum: u32,
}

impl TryFrom<Range> for Crew {
    type Error = &'static str;

    fn try_from(Range { minimum, maximum }: Range) -> Result<Self, Self::Error> {
        if minimum <= maximum {
            Ok(Self { minimum, maximum })
        } else {
            Err("the minimum is above the maximum")
        }
    }
}

/// For how long a craft can do without new supplies.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Supplies {
    pub(super) amount: u16,
    pub(super) unit: SuppliesUnit,
}

impl Supplies {
    /// To compare by, as the contract counts months and years.
    pub(super) fn days(self) -> f64 {
        let unit = match self.unit {
            SuppliesUnit::Hour => 1.0 / 24.0,
            SuppliesUnit::Day => 1.0,
            SuppliesUnit::Week => 7.0,
            SuppliesUnit::Month => 30.0,
            SuppliesUnit::Year => 365.0,
        };
        f64::from(self.amount) * unit
    }
}
