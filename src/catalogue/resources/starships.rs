//! Starships.

use generated::models::{Starship, StarshipList, StarshipOptions};

use super::{crew_defect, days};
use crate::catalogue::{
    field::Field::{self, Integer, List, Number, Text},
    resource::{Relation, Resource},
};

impl Resource for Starship {
    type List = StarshipList;
    type Options = StarshipOptions;

    const NAME: &'static str = "starships";
    const SINGULAR: &'static str = "starship";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|s| Some(s.id.into()))),
        ("name", Text(|s| Some(&s.name))),
        ("model", Text(|s| Some(&s.model))),
        ("manufacturers", List(|s| s.manufacturers.as_deref())),
        ("cost_in_credits", Integer(|s| s.cost_in_credits)),
        ("length", Number(|s| s.length)),
        ("crew", Integer(|s| Some(s.crew.as_ref()?.minimum))),
        ("passengers", Integer(|s| s.passengers)),
        ("cargo_capacity", Integer(|s| s.cargo_capacity)),
        ("consumables", Number(|s| s.consumables.as_ref().map(days))),
        (
            "max_atmosphering_speed",
            Integer(|s| s.max_atmosphering_speed),
        ),
        ("starship_class", Text(|s| Some(&s.starship_class))),
        ("hyperdrive_rating", Number(|s| s.hyperdrive_rating)),
        ("megalights_per_hour", Integer(|s| s.megalights_per_hour)),
    ];
    const RELATIONS: &'static [Relation<Self, StarshipOptions>] = &[
        Relation("pilots", |o| o.pilots, |s| &mut s.pilots),
        Relation("films", |o| o.films, |s| &mut s.films),
    ];

    fn defect(&self) -> Option<&'static str> {
        self.crew.as_ref().and_then(crew_defect)
    }
}
