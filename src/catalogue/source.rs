//! The only module that knows where the reference data comes from: files compiled into the binary, or a folder
//! with files of the same names and shape.
//!
//! Data that could not be served as the contract says is refused here, so that a start either has a whole
//! catalogue or names the file, the entity and the field.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;

use super::{
    fault,
    kind::{Domain, Field, Kind, Read},
    links::{Links, Stored},
    records::{Character, Film, Planet, Species, Starship, Vehicle},
};
use crate::text;

/// As far as the contract's paths take ids.
const GREATEST_ID: i32 = 100_000;
/// Whole numbers beyond this are not exact in every client's JSON, nor in our comparisons.
const GREATEST_WHOLE: i64 = (1 << 53) - 1;
/// Characters of a text and of a list's entry, entries of a list, and URLs of a relation, as the contract
/// bounds them.
const LONGEST_TEXT: usize = 200;
const LONGEST_ENTRY: usize = 100;
const MOST_ENTRIES: usize = 50;
const MOST_RELATED: usize = 200;

/// All reference data, in the order of ids, every relation resolved.
pub(crate) struct Facts {
    pub(super) characters: Vec<Character>,
    pub(super) films: Vec<Film>,
    pub(super) planets: Vec<Planet>,
    pub(super) species: Vec<Species>,
    pub(super) starships: Vec<Starship>,
    pub(super) vehicles: Vec<Vehicle>,
}

impl Facts {
    /// Reads the folder, or what is part of the binary while `folder` is empty.
    ///
    /// # Errors
    ///
    /// Names the file, the entity and the field.
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let data = Self {
            characters: read(folder, include_str!("data/characters.json"))?,
            films: read(folder, include_str!("data/films.json"))?,
            planets: read(folder, include_str!("data/planets.json"))?,
            species: read(folder, include_str!("data/species.json"))?,
            starships: read(folder, include_str!("data/starships.json"))?,
            vehicles: read(folder, include_str!("data/vehicles.json"))?,
        };
        data.check_relations().with_context(|| origin(folder))?;
        Ok(data)
    }

    /// Relations in both directions.
    pub(super) fn links(&self) -> Links {
        Links::new(&self.stored())
    }

    /// Relations as the files have them.
    pub(super) fn stored(&self) -> Vec<Stored<'_>> {
        use Domain::{Characters, Films, Planets, Species, Starships, Vehicles};
        let films = self.films.iter().flat_map(|film| {
            [
                (Characters, "characters", film.characters.as_slice()),
                (Planets, "planets", &film.planets),
                (Species, "species", &film.species),
                (Starships, "starships", &film.starships),
                (Vehicles, "vehicles", &film.vehicles),
            ]
            .map(|(to, relation, ids)| (Films, film.id, relation, to, "films", ids))
        });
        let characters = self.characters.iter().flat_map(|character| {
            let homeworld = std::slice::from_ref(&character.homeworld);
            [
                (Planets, "homeworld", "residents", homeworld),
                (Species, "species", "characters", &character.species),
                (Starships, "starships", "pilots", &character.starships),
                (Vehicles, "vehicles", "pilots", &character.vehicles),
            ]
            .map(|(to, relation, inverse, ids)| {
                (Characters, character.id, relation, to, inverse, ids)
            })
        });
        let species = self.species.iter().map(|species| {
            let homeworld = species.homeworld.as_slice();
            (
                Species,
                species.id,
                "homeworld",
                Planets,
                "species",
                homeworld,
            )
        });
        films
            .chain(characters)
            .chain(species)
            .map(|(from, id, relation, to, inverse, ids)| Stored {
                from,
                id,
                relation,
                to,
                inverse,
                ids,
            })
            .collect()
    }

    fn check_relations(&self) -> Result<()> {
        let known = HashMap::from([
            ids(&self.characters),
            ids(&self.films),
            ids(&self.planets),
            ids(&self.species),
            ids(&self.starships),
            ids(&self.vehicles),
        ]);
        for stored in self.stored() {
            let place = || place(stored.from, stored.id, stored.relation);
            let mut named = HashSet::new();
            for id in stored.ids {
                ensure!(named.insert(id), "{} names {id} twice", place());
                if !known.get(&stored.to).is_some_and(|ids| ids.contains(id)) {
                    bail!(
                        "{} names {id}, which {}.json lacks",
                        place(),
                        stored.to.name()
                    );
                }
            }
        }
        for (domain, id, relation, count) in self.links().counts() {
            ensure!(
                count <= MOST_RELATED,
                "{} is {count} entities, of which {MOST_RELATED} can be served",
                place(domain, id, relation)
            );
        }
        Ok(())
    }
}

fn place(domain: Domain, id: i32, field: &str) -> String {
    format!("{}.json: entity {id}: `{field}`", domain.name())
}

fn ids<K: Kind>(records: &[K]) -> (Domain, HashSet<i32>) {
    (K::DOMAIN, records.iter().map(K::id).collect())
}

fn origin(folder: &Path) -> String {
    if folder.as_os_str().is_empty() {
        "the compiled-in catalogue".to_owned()
    } else {
        format!("catalogue.source: {}", folder.display())
    }
}

fn read<K: Kind + DeserializeOwned>(folder: &Path, compiled_in: &'static str) -> Result<Vec<K>> {
    let name = format!("{}.json", K::DOMAIN.name());
    let text = if folder.as_os_str().is_empty() {
        Cow::Borrowed(compiled_in)
    } else {
        text::read(&folder.join(&name))
            .with_context(|| format!("{}: {name} cannot be read", origin(folder)))?
            .into()
    };
    parse(&text).with_context(|| format!("{}: {name}", origin(folder)))
}

/// The entities of one file, in the order of ids.
fn parse<K: Kind + DeserializeOwned>(text: &str) -> Result<Vec<K>> {
    let mut records: Vec<K> =
        serde_json::from_str(text).map_err(|error| fault::explain::<K>(text, error))?;
    records.sort_by_key(K::id);
    if let Some(twice) = records
        .windows(2)
        .find_map(|pair| (pair[0].id() == pair[1].id()).then(|| pair[0].id()))
    {
        bail!("entity {twice}: `id` stands there twice");
    }
    for record in &records {
        let id = record.id();
        ensure!(
            (1..=GREATEST_ID).contains(&id),
            "entity {id}: `id` must be from 1 to {GREATEST_ID}"
        );
        for field in K::FIELDS {
            if let Some(rule) = broken(field, record) {
                bail!("entity {id}: `{}` {rule}", field.name);
            }
        }
    }
    Ok(records)
}

/// The bound of the contract's that the field breaks.
fn broken<K>(field: &Field<K>, record: &K) -> Option<String> {
    let too_long = |text: &str, most: usize| text.chars().count() > most;
    match field.read {
        Read::Whole(read) => read(record)
            .is_some_and(|number| !(0..=GREATEST_WHOLE).contains(&number))
            .then(|| format!("must be from 0 to {GREATEST_WHOLE}")),
        Read::Number(read) => read(record)
            .is_some_and(|number| number < 0.0)
            .then(|| "must not be below 0".to_owned()),
        Read::Date(read) => (!(0..=9999).contains(&read(record).year()))
            .then(|| "must be of the years 0000 to 9999".to_owned()),
        Read::Signed(_) => None,
        Read::Text(read) => read(record)
            .is_some_and(|text| too_long(text, LONGEST_TEXT))
            .then(|| format!("must be at most {LONGEST_TEXT} characters long")),
        Read::List(read) => read(record)
            .is_some_and(|entries| {
                entries.len() > MOST_ENTRIES
                    || entries.iter().any(|entry| too_long(entry, LONGEST_ENTRY))
            })
            .then(|| {
                format!(
                    "must have at most {MOST_ENTRIES} entries of at most {LONGEST_ENTRY} characters"
                )
            }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn compiled_in() -> Facts {
        Facts::load(Path::new("")).unwrap()
    }

    #[test]
    fn the_compiled_in_data_is_complete() {
        let facts = compiled_in();
        let counts = [
            facts.films.len(),
            facts.characters.len(),
            facts.planets.len(),
            facts.species.len(),
            facts.starships.len(),
            facts.vehicles.len(),
        ];
        assert_eq!(counts, [7, 87, 61, 37, 37, 39]);
    }

    /// A published word that stands for no value would be read as text.
    #[test]
    fn what_is_unknown_or_none_is_not_a_text() {
        for text in [
            include_str!("data/characters.json"),
            include_str!("data/films.json"),
            include_str!("data/planets.json"),
            include_str!("data/species.json"),
            include_str!("data/starships.json"),
            include_str!("data/vehicles.json"),
        ] {
            // One planet is known by no other name.
            let text = text.to_lowercase().replace("\"name\": \"unknown\"", "");
            for word in ["n/a", "none", "unknown", "indefinite", ""] {
                assert!(!text.contains(&format!("\"{word}\"")), "{word:?}");
            }
        }
    }

    #[test]
    fn numbers_are_typed_as_published() {
        let facts = compiled_in();
        let jabba = facts.characters.iter().find(|one| one.id == 16).unwrap();
        assert_eq!((jabba.mass, jabba.birth_year), (Some(1358.0), Some(-600.0)));
        let corvette = facts.starships.iter().find(|one| one.id == 2).unwrap();
        let crew = corvette.crew.unwrap();
        assert_eq!((crew.minimum, crew.maximum), (30, 165));
        assert_eq!(corvette.consumables.unwrap().days(), 365.0);
        let coruscant = facts.planets.iter().find(|one| one.id == 9).unwrap();
        assert_eq!(coruscant.population, Some(1_000_000_000_000));
        assert_eq!(coruscant.surface_water, None);
    }

    /// Every stored relation is found from the other side, and nothing else is.
    #[test]
    fn every_relation_resolves_in_both_directions() {
        let facts = compiled_in();
        let links = facts.links();
        let mut stored = 0;
        for one in facts.stored() {
            for id in one.ids {
                stored += 1;
                assert!(links.of(one.from, one.id, one.relation).contains(id));
                assert!(links.of(one.to, *id, one.inverse).contains(&one.id));
            }
        }
        let linked: usize = links.counts().map(|(_, _, _, count)| count).sum();
        assert_eq!(linked, stored * 2);
        assert!(stored > 500, "{stored} relations");
        let tatooine = links.of(Domain::Planets, 1, "residents");
        assert_eq!(tatooine, [1, 2, 4, 6, 7, 8, 9, 11, 43, 62]);
    }

    fn luke() -> Value {
        json!({
            "id": 1, "name": "Luke", "gender": "male", "birth_year": -19, "height": 172.5, "mass": null,
            "skin_colors": ["fair"], "hair_colors": [], "eye_colors": null,
            "homeworld": 1, "species": [], "starships": [], "vehicles": []
        })
    }

    fn fault_of<K: Kind + DeserializeOwned>(entities: &Value) -> String {
        parse::<K>(&entities.to_string())
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap_or_default()
    }

    #[test]
    fn a_fault_names_the_entity_and_the_field() {
        assert_eq!(fault_of::<Character>(&json!([luke()])), "");
        for (field, value, message) in [
            (
                "height",
                json!("172"),
                "entity 7: `height`: invalid type: string",
            ),
            (
                "skin_colors",
                json!("fair"),
                "entity 7: `skin_colors`: invalid type",
            ),
            (
                "homeworld",
                json!(null),
                "entity 7: `homeworld`: invalid type",
            ),
            ("side", json!("light"), "entity 7: unknown field `side`"),
            ("mass", json!(-1), "entity 7: `mass` must not be below 0"),
            (
                "name",
                json!("x".repeat(201)),
                "entity 7: `name` must be at most 200",
            ),
            (
                "eye_colors",
                json!(vec!["x"; 51]),
                "entity 7: `eye_colors` must have at most 50",
            ),
            (
                "eye_colors",
                json!(["x".repeat(101)]),
                "entity 7: `eye_colors` must have",
            ),
        ] {
            let mut broken = luke();
            broken["id"] = json!(7);
            broken[field] = value;
            let fault = fault_of::<Character>(&json!([luke(), broken]));
            assert!(fault.starts_with(message), "{fault}");
        }
        let mut nameless = luke();
        nameless.as_object_mut().unwrap().remove("name");
        let fault = fault_of::<Character>(&json!([nameless]));
        assert_eq!(fault, "entity 1: missing field `name`");
    }

    #[test]
    fn ids_are_unique_and_in_the_bounds_of_the_contract() {
        let with_id = |id: i64| {
            let mut entity = luke();
            entity["id"] = json!(id);
            entity
        };
        for id in [0, -1, 100_001] {
            let fault = fault_of::<Character>(&json!([with_id(id)]));
            assert!(fault.contains("`id` must be from 1 to 100000"), "{fault}");
        }
        let fault = fault_of::<Character>(&json!([with_id(3), luke(), with_id(3)]));
        assert_eq!(fault, "entity 3: `id` stands there twice");
        let sorted = parse::<Character>(&json!([with_id(3), luke()]).to_string()).unwrap();
        assert_eq!(sorted.iter().map(Kind::id).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn ranges_and_supplies_are_held_to_their_form() {
        let craft = |field: &str, value: Value| {
            let mut craft = json!({
                "id": 4, "name": "x", "model": "x", "manufacturers": null, "cost_in_credits": 1, "length": 1,
                "crew": null, "passengers": null, "cargo_capacity": null, "consumables": null,
                "max_atmosphering_speed": null, "vehicle_class": "x"
            });
            craft[field] = value;
            fault_of::<Vehicle>(&json!([craft]))
        };
        for (field, value, message) in [
            (
                "crew",
                json!({"minimum": 2, "maximum": 1}),
                "`crew`: the minimum is above",
            ),
            (
                "crew",
                json!({"minimum": 2}),
                "`crew`: missing field `maximum`",
            ),
            (
                "crew",
                json!({"minimum": -2, "maximum": 1}),
                "`crew`: invalid value",
            ),
            (
                "consumables",
                json!({"amount": 1, "unit": "aeon"}),
                "`consumables`: unknown variant",
            ),
            (
                "cost_in_credits",
                json!(1.5),
                "`cost_in_credits`: invalid type",
            ),
            (
                "cost_in_credits",
                json!(1_i64 << 53),
                "`cost_in_credits` must be from 0",
            ),
        ] {
            let fault = craft(field, value);
            assert!(
                fault.starts_with(&format!("entity 4: {message}")),
                "{fault}"
            );
        }
    }

    #[test]
    fn what_is_unknown_is_written_as_null() {
        let mut forgotten = luke();
        forgotten.as_object_mut().unwrap().remove("height");
        let fault = fault_of::<Character>(&json!([forgotten]));
        assert!(
            fault.starts_with("entity 1: missing field `height`"),
            "{fault}"
        );
    }

    #[test]
    fn a_date_has_a_year_of_four_digits() {
        let mut films: Value = serde_json::from_str(include_str!("data/films.json")).unwrap();
        for date in ["-0001-05-25", "+12345-05-25"] {
            films[0]["release_date"] = json!(date);
            let fault = fault_of::<Film>(&films);
            assert!(fault.contains("release_date"), "{date}: {fault}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_by_line() {
        let doubled = luke().to_string().replacen('{', "[{\"id\":1,", 1) + "]";
        for text in ["[{]", "{}", &doubled, ""] {
            let fault = parse::<Character>(text)
                .err()
                .map(|error| format!("{error:#}"));
            assert!(
                fault.is_some_and(|fault| fault.contains("line 1")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_relation_must_lead_to_an_entity_and_once() {
        let mut facts = compiled_in();
        facts.films[0].planets.push(99);
        let fault = facts.check_relations().unwrap_err().to_string();
        assert_eq!(
            fault,
            "films.json: entity 1: `planets` names 99, which planets.json lacks"
        );
        let mut facts = compiled_in();
        facts.films[1].planets.push(4);
        let fault = facts.check_relations().unwrap_err().to_string();
        assert_eq!(fault, "films.json: entity 2: `planets` names 4 twice");
    }

    #[test]
    fn more_relations_than_the_contract_serves_are_refused() {
        let mut facts = compiled_in();
        for id in 1000..1200 {
            let mut character = facts.characters[0].clone();
            character.id = id;
            facts.characters.push(character);
        }
        let fault = facts.check_relations().unwrap_err().to_string();
        assert!(fault.contains("of which 200 can be served"), "{fault}");
    }
}
