//! Characters.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::Character,
};

impl Kind for Character {
    type Model = models::Character;
    type List = models::CharacterList;
    type Options = models::CharacterOptions;

    const DOMAIN: Domain = Domain::Characters;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |character| Some(character.id.into())),
        Field::text("name", |character| Some(&character.name)),
        Field::text("gender", |character| character.gender.as_deref()),
        Field::signed("birth_year", |character| character.birth_year),
        Field::number("height", |character| character.height),
        Field::number("mass", |character| character.mass),
        Field::list("skin_colors", |character| character.skin_colors.as_deref()),
        Field::list("hair_colors", |character| character.hair_colors.as_deref()),
        Field::list("eye_colors", |character| character.eye_colors.as_deref()),
    ];
    const RELATIONS: &'static [(&'static str, Domain)] = &[
        ("films", Domain::Films),
        ("species", Domain::Species),
        ("starships", Domain::Starships),
        ("vehicles", Domain::Vehicles),
    ];

    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn wanted(options: &Self::Options) -> Mask {
        Mask::from([
            options.films,
            options.species,
            options.starships,
            options.vehicles,
        ])
    }

    fn model(&self, related: &Related<'_, Self>) -> Self::Model {
        models::Character {
            id: self.id,
            name: self.name.clone(),
            gender: self.gender.clone(),
            birth_year: self.birth_year,
            height: self.height,
            mass: self.mass,
            skin_colors: self.skin_colors.clone(),
            hair_colors: self.hair_colors.clone(),
            eye_colors: self.eye_colors.clone(),
            homeworld: related.one(Domain::Planets, self.homeworld),
            films: related.all("films"),
            species: related.all("species"),
            starships: related.all("starships"),
            vehicles: related.all("vehicles"),
            url: related.url(),
        }
    }
}
