//! Starships.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::{Starship, Supplies},
};

impl Kind for Starship {
    type Model = models::Starship;
    type List = models::StarshipList;
    type Options = models::StarshipOptions;

    const DOMAIN: Domain = Domain::Starships;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |starship| Some(starship.id.into())),
        Field::text("name", |starship| Some(&starship.name)),
        Field::text("model", |starship| Some(&starship.model)),
        Field::list("manufacturers", |starship| {
            starship.manufacturers.as_deref()
        }),
        Field::whole("cost_in_credits", |starship| starship.cost_in_credits),
        Field::number("length", |starship| starship.length),
        Field::whole("crew", |starship| {
            starship.crew.map(|crew| crew.minimum.into())
        }),
        Field::whole("passengers", |starship| starship.passengers),
        Field::whole("cargo_capacity", |starship| starship.cargo_capacity),
        Field::number("consumables", |starship| {
            starship.consumables.map(Supplies::days)
        }),
        Field::whole("max_atmosphering_speed", |starship| {
            starship.max_atmosphering_speed
        }),
        Field::text("starship_class", |starship| Some(&starship.starship_class)),
        Field::number("hyperdrive_rating", |starship| starship.hyperdrive_rating),
        Field::whole("megalights_per_hour", |starship| {
            starship.megalights_per_hour
        }),
    ];
    const RELATIONS: &'static [(&'static str, Domain)] =
        &[("pilots", Domain::Characters), ("films", Domain::Films)];

    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn wanted(options: &Self::Options) -> Mask {
        Mask::from([options.pilots, options.films])
    }

    fn model(&self, related: &Related<'_, Self>) -> Self::Model {
        models::Starship {
            id: self.id,
            name: self.name.clone(),
            model: self.model.clone(),
            manufacturers: self.manufacturers.clone(),
            cost_in_credits: self.cost_in_credits,
            length: self.length,
            crew: self.crew.map(models::Crew::from),
            passengers: self.passengers,
            cargo_capacity: self.cargo_capacity,
            consumables: self.consumables.map(models::Supplies::from),
            max_atmosphering_speed: self.max_atmosphering_speed,
            starship_class: self.starship_class.clone(),
            hyperdrive_rating: self.hyperdrive_rating,
            megalights_per_hour: self.megalights_per_hour,
            pilots: related.all("pilots"),
            films: related.all("films"),
            url: related.url(),
        }
    }
}
