//! Species.

use generated::models;

use crate::catalogue::{
    kind::{Domain, Field, Kind, Mask, Related},
    records::Species,
};

impl Kind for Species {
    type Model = models::SpeciesEntry;
    type List = models::SpeciesList;
    type Options = models::SpeciesOptions;

    const DOMAIN: Domain = Domain::Species;
    const FIELDS: &'static [Field<Self>] = &[
        Field::whole("id", |species| Some(species.id.into())),
        Field::text("name", |species| Some(&species.name)),
        Field::text("classification", |species| {
            species.classification.as_deref()
        }),
        Field::text("designation", |species| species.designation.as_deref()),
        Field::number("average_height", |species| species.average_height),
        Field::number("average_lifespan", |species| species.average_lifespan),
        Field::text("language", |species| species.language.as_deref()),
        Field::list("skin_colors", |species| species.skin_colors.as_deref()),
        Field::list("hair_colors", |species| species.hair_colors.as_deref()),
        Field::list("eye_colors", |species| species.eye_colors.as_deref()),
    ];
    const RELATIONS: &'static [(&'static str, Domain)] =
        &[("characters", Domain::Characters), ("films", Domain::Films)];

    fn id(&self) -> i32 {
        self.id
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn wanted(options: &Self::Options) -> Mask {
        Mask::from([options.characters, options.films])
    }

    fn model(&self, related: &Related<'_, Self>) -> Self::Model {
        models::SpeciesEntry {
            id: self.id,
            name: self.name.clone(),
            classification: self.classification.clone(),
            designation: self.designation.clone(),
            average_height: self.average_height,
            average_lifespan: self.average_lifespan,
            language: self.language.clone(),
            skin_colors: self.skin_colors.clone(),
            hair_colors: self.hair_colors.clone(),
            eye_colors: self.eye_colors.clone(),
            homeworld: self.homeworld.map(|id| related.one(Domain::Planets, id)),
            characters: related.all("characters"),
            films: related.all("films"),
            url: related.url(),
        }
    }
}
