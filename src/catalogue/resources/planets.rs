//! Planets.

use generated::models::{Planet, PlanetList, PlanetOptions};

use crate::catalogue::{
    field::Field::{self, Integer, List, Number, Text},
    resource::{Relation, Resource},
};

impl Resource for Planet {
    type List = PlanetList;
    type Options = PlanetOptions;

    const NAME: &'static str = "planets";
    const SINGULAR: &'static str = "planet";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|p| Some(p.id.into()))),
        ("name", Text(|p| Some(&p.name))),
        ("diameter", Integer(|p| p.diameter)),
        ("rotation_period", Integer(|p| p.rotation_period)),
        ("orbital_period", Integer(|p| p.orbital_period)),
        ("gravity", Number(|p| p.gravity)),
        ("population", Integer(|p| p.population)),
        ("surface_water", Number(|p| p.surface_water)),
        ("climates", List(|p| p.climates.as_deref())),
        ("terrains", List(|p| p.terrains.as_deref())),
    ];
    const RELATIONS: &'static [Relation<Self, PlanetOptions>] = &[
        Relation("residents", |o| o.residents, |p| &mut p.residents),
        Relation("films", |o| o.films, |p| &mut p.films),
        Relation("species", |o| o.species, |p| &mut p.species),
    ];
}
