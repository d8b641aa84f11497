//! Planets.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::Planet,
};

impl Kind for Planet {
    type Model = models::Planet;
    type List = models::PlanetList;
    type Options = models::PlanetOptions;

    const DOMAIN: Domain = Domain::Planets;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |planet| Some(planet.id.into())),
        Field::text("name", |planet| Some(&planet.name)),
        Field::whole("diameter", |planet| planet.diameter),
        Field::whole("rotation_period", |planet| planet.rotation_period),
        Field::whole("orbital_period", |planet| planet.orbital_period),
        Field::number("gravity", |planet| planet.gravity),
        Field::whole("population", |planet| planet.population),
        Field::number("surface_water", |planet| planet.surface_water),
        Field::list("climates", |planet| planet.climates.as_deref()),
        Field::list("terrains", |planet| planet.terrains.as_deref()),
    ];
    const RELATIONS: &'static [(&'static str, Domain)] = &[
        ("residents", Domain::Characters),
        ("films", Domain::Films),
        ("species", Domain::Species),
    ];

    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn wanted(options: &Self::Options) -> Mask {
        Mask::from([options.residents, options.films, options.species])
    }

    fn model(&self, related: &Related<'_, Self>) -> Self::Model {
        models::Planet {
            id: self.id,
            name: self.name.clone(),
            diameter: self.diameter,
            rotation_period: self.rotation_period,
            orbital_period: self.orbital_period,
            gravity: self.gravity,
            population: self.population,
            surface_water: self.surface_water,
            climates: self.climates.clone(),
            terrains: self.terrains.clone(),
            residents: related.all("residents"),
            films: related.all("films"),
            species: related.all("species"),
            url: related.url(),
        }
    }
}
