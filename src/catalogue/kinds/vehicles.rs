//! Vehicles.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::{Supplies, Vehicle},
};

impl Kind for Vehicle {
    type Model = models::Vehicle;
    type List = models::VehicleList;
    type Options = models::VehicleOptions;

    const DOMAIN: Domain = Domain::Vehicles;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |vehicle| Some(vehicle.id.into())),
        Field::text("name", |vehicle| Some(&vehicle.name)),
        Field::text("model", |vehicle| Some(&vehicle.model)),
        Field::list("manufacturers", |vehicle| vehicle.manufacturers.as_deref()),
        Field::whole("cost_in_credits", |vehicle| vehicle.cost_in_credits),
        Field::number("length", |vehicle| vehicle.length),
        Field::whole("crew", |vehicle| {
            vehicle.crew.map(|crew| crew.minimum.into())
        }),
        Field::whole("passengers", |vehicle| vehicle.passengers),
        Field::whole("cargo_capacity", |vehicle| vehicle.cargo_capacity),
        Field::number("consumables", |vehicle| {
            vehicle.consumables.map(Supplies::days)
        }),
        Field::whole("max_atmosphering_speed", |vehicle| {
            vehicle.max_atmosphering_speed
        }),
        Field::text("vehicle_class", |vehicle| Some(&vehicle.vehicle_class)),
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
        models::Vehicle {
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
            vehicle_class: self.vehicle_class.clone(),
            pilots: related.all("pilots"),
            films: related.all("films"),
            url: related.url(),
        }
    }
}
