//! Data that is served, and data that stops a start.

use std::sync::LazyLock;

use serde_json::json;

use super::*;
use crate::{benchmark::contract, catalogue::field::Key};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| contract().unwrap());

fn compiled_in() -> Dataset {
    Dataset::load(Path::new(""), &CONTRACT).unwrap()
}

fn one<R: Resource>(dataset: &Dataset, id: i32) -> R {
    let mut records = dataset.records("").unwrap().into_iter();
    records.find(|(known, _)| *known == id).unwrap().1
}

#[test]
fn the_compiled_in_data_is_complete() {
    let dataset = compiled_in();
    let counts = FILES.map(|(name, _)| dataset.entities[name].len());
    assert_eq!(counts, [87, 7, 61, 37, 37, 39]);
}

/// A published word that stands for no value would be read as text.
#[test]
fn what_is_unknown_or_none_is_not_a_text() {
    for (_, text) in FILES {
        // One planet is known by no other name.
        let text = text.to_lowercase().replace("\"name\": \"unknown\"", "");
        for word in ["n/a", "none", "unknown", "indefinite", ""] {
            assert!(!text.contains(&format!("\"{word}\"")), "{word:?}");
        }
    }
}

#[test]
fn numbers_are_typed_as_published() {
    let dataset = compiled_in();
    let jabba: Character = one(&dataset, 16);
    assert_eq!((jabba.mass, jabba.birth_year), (Some(1358.0), Some(-600.0)));
    let corvette: Starship = one(&dataset, 2);
    let crew = corvette.crew.as_ref().unwrap();
    assert_eq!((crew.minimum, crew.maximum), (30, 165));
    let (_, days) = Starship::field("consumables").unwrap();
    assert_eq!(days.keys(&corvette), [Key::Number(365.0)]);
    let coruscant: Planet = one(&dataset, 9);
    assert_eq!(coruscant.population, Some(1_000_000_000_000));
    assert_eq!(coruscant.surface_water, None);
}

/// Every stored relation is found from the other side, and nothing else is.
#[test]
fn every_relation_resolves_in_both_directions() {
    let Dataset { entities, related } = compiled_in();
    let mut stored = 0;
    for [from, relation, to, inverse] in STORED {
        for (id, entity) in &entities[from] {
            let ids = entity[relation].as_array().cloned();
            for other in ids.unwrap_or_else(|| vec![entity[relation].clone()]) {
                let Some(other) = other.as_i64() else {
                    continue;
                };
                let other = i32::try_from(other).unwrap();
                stored += 1;
                assert!(related[&(from, *id, relation)].contains(&other));
                assert!(related[&(to, other, inverse)].contains(id));
            }
        }
    }
    let linked: usize = related.values().map(Vec::len).sum();
    assert_eq!(linked, stored * 2);
    assert!(stored > 500, "{stored} relations");
    let tatooine = &related[&("planets", 1, "residents")];
    assert_eq!(tatooine, &[1, 2, 4, 6, 7, 8, 9, 11, 43, 62]);
}

fn luke() -> Value {
    json!({
        "id": 1, "name": "Luke", "gender": "male", "birth_year": -19, "height": 172.5, "mass": null,
        "skin_colors": ["fair"], "hair_colors": [], "eye_colors": null,
        "homeworld": 1, "species": [], "starships": [], "vehicles": []
    })
}

/// Returns what is wrong with `text` as a file, beside the compiled-in planets and nothing else.
fn fault_of_text(file: &str, text: &str) -> String {
    let entities = FILES.map(|(name, compiled_in)| match name {
        _ if name == file => Ok((name, parse(text)?)),
        "planets" => Ok((name, parse(compiled_in)?)),
        _ => Ok((name, BTreeMap::new())),
    });
    entities
        .into_iter()
        .collect::<Result<Entities>>()
        .and_then(|entities| Dataset::new(entities, &CONTRACT))
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default()
}

fn fault_of(file: &str, entities: &Value) -> String {
    fault_of_text(file, &entities.to_string())
}

#[test]
fn a_fault_names_the_entity_and_the_field() {
    assert_eq!(fault_of("characters", &json!([luke()])), "");
    for (field, value, message) in [
        (
            "height",
            json!("172"),
            "characters.json: entity 7: `height`: invalid type: string",
        ),
        (
            "skin_colors",
            json!("fair"),
            "characters.json: entity 7: `skin_colors`: invalid type",
        ),
        (
            "homeworld",
            json!(null),
            "characters.json: entity 7: `homeworld`: invalid type",
        ),
        (
            "side",
            json!("light"),
            "characters.json: entity 7: `side`: ",
        ),
        (
            "mass",
            json!(-1),
            "characters.json: entity 7: `mass`: must be at least 0",
        ),
        (
            "name",
            json!("x".repeat(201)),
            "characters.json: entity 7: `name`: must be at most 200",
        ),
        (
            "eye_colors",
            json!(vec!["x"; 51]),
            "characters.json: entity 7: `eye_colors`: must have at most 50",
        ),
        (
            "eye_colors",
            json!(["x".repeat(101)]),
            "characters.json: entity 7: `eye_colors.0`: must be at most 100",
        ),
    ] {
        let mut broken = luke();
        broken["id"] = json!(7);
        broken[field] = value;
        let fault = fault_of("characters", &json!([luke(), broken]));
        assert!(fault.starts_with(message), "{fault}");
    }
    let mut nameless = luke();
    nameless.as_object_mut().unwrap().remove("name");
    let fault = fault_of("characters", &json!([nameless]));
    assert_eq!(fault, "characters.json: entity 1: missing field `name`");
}

#[test]
fn ids_are_unique_and_in_the_bounds_of_the_contract() {
    let with_id = |id: i64| {
        let mut entity = luke();
        entity["id"] = json!(id);
        entity
    };
    for (id, message) in [
        (0, "`character_id`: must be at least 1"),
        (-1, "`character_id`: must be at least 1"),
        (100_001, "`character_id`: must be at most 100000"),
    ] {
        let fault = fault_of("characters", &json!([with_id(id)]));
        assert!(fault.contains(message), "{fault}");
    }
    let fault = fault_of("characters", &json!([with_id(3), luke(), with_id(3)]));
    assert_eq!(fault, "entity 3: `id` stands there twice");
    let sorted = parse(&json!([with_id(3), luke()]).to_string()).unwrap();
    assert!(sorted.keys().eq(&[1, 3]));
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
        fault_of("vehicles", &json!([craft]))
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
            "`crew.minimum`: must be at least 0",
        ),
        (
            "consumables",
            json!({"amount": 1, "unit": "aeon"}),
            "`consumables.unit`: unknown variant",
        ),
        (
            "cost_in_credits",
            json!(1.5),
            "`cost_in_credits`: invalid type",
        ),
        (
            "cost_in_credits",
            json!(1_i64 << 53),
            "`cost_in_credits`: must be at most 9007199254740991",
        ),
    ] {
        let fault = craft(field, value);
        assert!(
            fault.starts_with(&format!("vehicles.json: entity 4: {message}")),
            "{fault}"
        );
    }
}

#[test]
fn what_is_unknown_is_written_as_null() {
    let mut forgotten = luke();
    forgotten.as_object_mut().unwrap().remove("height");
    let fault = fault_of("characters", &json!([forgotten]));
    assert!(
        fault.starts_with("characters.json: entity 1: `height`: is required"),
        "{fault}"
    );
}

#[test]
fn what_the_catalogue_computes_is_not_stored() {
    for member in ["films", "url"] {
        let mut stored = luke();
        stored[member] = json!([]);
        let fault = fault_of("characters", &json!([stored]));
        let message = format!("characters.json: entity 1: `{member}` is computed");
        assert!(fault.starts_with(&message), "{fault}");
    }
}

#[test]
fn a_date_has_a_year_of_four_digits() {
    for (date, is_good) in [
        ("1977-05-25", true),
        ("-0001-05-25", false),
        ("+12345-05-25", false),
    ] {
        let film = json!({
            "id": 1, "title": "x", "episode_id": 1, "director": "x", "producers": [], "release_date": date,
            "characters": [], "planets": [1], "species": [], "starships": [], "vehicles": []
        });
        let fault = fault_of("films", &json!([film]));
        assert_eq!(fault.is_empty(), is_good, "{date}: {fault}");
        assert!(is_good || fault.contains("release_date"), "{date}: {fault}");
    }
}

#[test]
fn what_is_no_json_is_told_by_place() {
    let doubled = luke().to_string().replacen('{', "[{\"id\":1,", 1) + "]";
    for (text, place) in [
        ("[{]", "line 1"),
        ("{}", "expected a sequence"),
        ("[[]]", "`[0]`: "),
        (&doubled, "`0.id`: "),
        ("", "ends too early"),
        ("[{}]", "entity at place 1: `id`"),
    ] {
        let fault = fault_of_text("characters", text);
        assert!(fault.contains(place), "{text}: {fault}");
    }
}

/// Returns the faults of the compiled-in data after a change.
fn fault_after(change: impl FnOnce(&mut Entities)) -> String {
    let mut entities = compiled_in().entities;
    change(&mut entities);
    let fault = Dataset::new(entities, &CONTRACT).err();
    format!("{:#}", fault.unwrap())
}

#[test]
fn a_relation_must_lead_to_an_entity_and_once() {
    for (id, relation, value, message) in [
        (
            1,
            "planets",
            json!([1, 99]),
            " names 99, which planets.json lacks",
        ),
        (2, "planets", json!([4, 5, 4]), " names 4 twice"),
        (2, "planets", json!(["4"]), ": `[0]`: invalid type: string"),
        (2, "planets", json!(4), ": invalid type: string"),
        (2, "planets", json!(null), ": must be an array"),
    ] {
        let fault = fault_after(|entities| {
            let film = entities.get_mut("films").unwrap().get_mut(&id).unwrap();
            film[relation] = value;
        });
        let place = format!("films.json: entity {id}: `{relation}`");
        assert!(fault.starts_with(&(place + message)), "{fault}");
    }
    let fault = fault_after(|entities| {
        let film = entities.get_mut("films").unwrap().get_mut(&3).unwrap();
        film.shift_remove("planets");
    });
    assert_eq!(fault, "films.json: entity 3: `planets` is required");
}

#[test]
fn more_relations_than_the_contract_serves_are_refused() {
    let fault = fault_after(|entities| {
        let characters = entities.get_mut("characters").unwrap();
        for id in 1000..1200 {
            let mut character = characters[&1].clone();
            character["id"] = json!(id);
            characters.insert(id, character);
        }
    });
    assert!(fault.contains("must have at most 200"), "{fault}");
}
