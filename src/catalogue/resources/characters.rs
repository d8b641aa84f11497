//! Characters.

use generated::models::{Character, CharacterList, CharacterOptions};

use crate::catalogue::{
    field::Field::{self, Integer, List, Number, Text},
    resource::{Relation, Resource},
};

impl Resource for Character {
    type List = CharacterList;
    type Options = CharacterOptions;

    const NAME: &'static str = "characters";
    const SINGULAR: &'static str = "character";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|c| Some(c.id.into()))),
        ("name", Text(|c| Some(&c.name))),
        ("gender", Text(|c| c.gender.as_deref())),
        ("birth_year", Number(|c| c.birth_year)),
        ("height", Number(|c| c.height)),
        ("mass", Number(|c| c.mass)),
        ("skin_colors", List(|c| c.skin_colors.as_deref())),
        ("hair_colors", List(|c| c.hair_colors.as_deref())),
        ("eye_colors", List(|c| c.eye_colors.as_deref())),
    ];
    const RELATIONS: &'static [Relation<Self, CharacterOptions>] = &[
        Relation("films", |o| o.films, |c| &mut c.films),
        Relation("species", |o| o.species, |c| &mut c.species),
        Relation("starships", |o| o.starships, |c| &mut c.starships),
        Relation("vehicles", |o| o.vehicles, |c| &mut c.vehicles),
    ];
}
