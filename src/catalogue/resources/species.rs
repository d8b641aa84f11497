//! Species.

use generated::models::{SpeciesEntry, SpeciesList, SpeciesOptions};

use crate::catalogue::{
    field::Field::{self, Integer, List, Number, Text},
    resource::{Relation, Resource},
};

impl Resource for SpeciesEntry {
    type List = SpeciesList;
    type Options = SpeciesOptions;

    const NAME: &'static str = "species";
    const SINGULAR: &'static str = "species";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|s| Some(s.id.into()))),
        ("name", Text(|s| Some(&s.name))),
        ("classification", Text(|s| s.classification.as_deref())),
        ("designation", Text(|s| s.designation.as_deref())),
        ("average_height", Number(|s| s.average_height)),
        ("average_lifespan", Number(|s| s.average_lifespan)),
        ("language", Text(|s| s.language.as_deref())),
        ("skin_colors", List(|s| s.skin_colors.as_deref())),
        ("hair_colors", List(|s| s.hair_colors.as_deref())),
        ("eye_colors", List(|s| s.eye_colors.as_deref())),
    ];
    const RELATIONS: &'static [Relation<Self, SpeciesOptions>] = &[
        Relation("characters", |o| o.characters, |s| &mut s.characters),
        Relation("films", |o| o.films, |s| &mut s.films),
    ];
}
