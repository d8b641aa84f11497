//! Vehicles.

use generated::models::{Vehicle, VehicleList, VehicleOptions};

use super::{crew_defect, days};
use crate::catalogue::{
    field::Field::{self, Integer, List, Number, Text},
    resource::{Relation, Resource},
};

impl Resource for Vehicle {
    type List = VehicleList;
    type Options = VehicleOptions;

    const NAME: &'static str = "vehicles";
    const SINGULAR: &'static str = "vehicle";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|v| Some(v.id.into()))),
        ("name", Text(|v| Some(&v.name))),
        ("model", Text(|v| Some(&v.model))),
        ("manufacturers", List(|v| v.manufacturers.as_deref())),
        ("cost_in_credits", Integer(|v| v.cost_in_credits)),
        ("length", Number(|v| v.length)),
        ("crew", Integer(|v| Some(v.crew.as_ref()?.minimum))),
        ("passengers", Integer(|v| v.passengers)),
        ("cargo_capacity", Integer(|v| v.cargo_capacity)),
        ("consumables", Number(|v| v.consumables.as_ref().map(days))),
        (
            "max_atmosphering_speed",
            Integer(|v| v.max_atmosphering_speed),
        ),
        ("vehicle_class", Text(|v| Some(&v.vehicle_class))),
    ];
    const RELATIONS: &'static [Relation<Self, VehicleOptions>] = &[
        Relation("pilots", |o| o.pilots, |v| &mut v.pilots),
        Relation("films", |o| o.films, |v| &mut v.films),
    ];

    fn defect(&self) -> Option<&'static str> {
        self.crew.as_ref().and_then(crew_defect)
    }
}
