//! Films.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::Film,
};

impl Kind for Film {
    type Model = models::Film;
    type List = models::FilmList;
    type Options = models::FilmOptions;

    const DOMAIN: Domain = Domain::Films;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |film| Some(film.id.into())),
        Field::text("title", |film| Some(&film.title)),
        Field::whole("episode_id", |film| Some(film.episode_id.into())),
        Field::text("director", |film| Some(&film.director)),
        Field::list("producers", |film| Some(&film.producers)),
        Field::date("release_date", |film| film.release_date),
    ];
    const RELATIONS: &'static [(&'static str, Domain)] = &[
        ("characters", Domain::Characters),
        ("planets", Domain::Planets),
        ("species", Domain::Species),
        ("starships", Domain::Starships),
        ("vehicles", Domain::Vehicles),
    ];

    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn wanted(options: &Self::Options) -> Mask {
        Mask::from([
            options.characters,
            options.planets,
            options.species,
            options.starships,
            options.vehicles,
        ])
    }

    fn model(&self, related: &Related<'_, Self>) -> Self::Model {
        models::Film {
            id: self.id,
            title: self.title.clone(),
            episode_id: self.episode_id,
            director: self.director.clone(),
            producers: self.producers.clone(),
            release_date: self.release_date,
            characters: related.all("characters"),
            planets: related.all("planets"),
            species: related.all("species"),
            starships: related.all("starships"),
            vehicles: related.all("vehicles"),
            url: related.url(),
        }
    }
}
