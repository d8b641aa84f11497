//! Films.

use generated::models::{Film, FilmList, FilmOptions};

use crate::catalogue::{
    field::Field::{self, Date, Integer, List, Text},
    resource::{Relation, Resource},
};

impl Resource for Film {
    type List = FilmList;
    type Options = FilmOptions;

    const NAME: &'static str = "films";
    const SINGULAR: &'static str = "film";
    const TITLE: &'static str = "title";
    const FIELDS: &'static [(&'static str, Field<Self>)] = &[
        ("id", Integer(|f| Some(f.id.into()))),
        ("title", Text(|f| Some(&f.title))),
        ("episode_id", Integer(|f| Some(f.episode_id.into()))),
        ("director", Text(|f| Some(&f.director))),
        ("producers", List(|f| Some(&f.producers))),
        ("release_date", Date(|f| f.release_date)),
    ];
    const RELATIONS: &'static [Relation<Self, FilmOptions>] = &[
        Relation("characters", |o| o.characters, |f| &mut f.characters),
        Relation("planets", |o| o.planets, |f| &mut f.planets),
        Relation("species", |o| o.species, |f| &mut f.species),
        Relation("starships", |o| o.starships, |f| &mut f.starships),
        Relation("vehicles", |o| o.vehicles, |f| &mut f.vehicles),
    ];
}
