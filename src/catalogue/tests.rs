//! The compiled-in catalogue, asked without HTTP.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use gatekeeper::Contract;
use generated::models::{
    Character, Film, Planet, ProblemCode, SortOrder, SpeciesEntry, Starship, Vehicle,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Catalogue, Dataset, Query, RelationSet,
    collection::Collection,
    field::Field,
    filter::Filter,
    resource::{Relation, Resource},
    response::CachedResponse,
};
use crate::{benchmark::contract, errors::ApiError};

const BASE: &str = "https://api.example";

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| contract().unwrap());

fn catalogue() -> Catalogue {
    catalogue_at(BASE)
}

fn catalogue_at(public_url: &str) -> Catalogue {
    let dataset = Dataset::load(Path::new(""), &CONTRACT).unwrap();
    Catalogue::new(&dataset, public_url).unwrap()
}

fn query() -> Query<'static> {
    Query::first(RelationSet::all::<Character>())
}

fn without(relations: &[&str]) -> RelationSet {
    let options = relations
        .iter()
        .map(|name| (name.to_string(), json!(false)));
    let options: Value = Value::Object(options.collect());
    RelationSet::of::<Character>(Some(&serde_json::from_value(options).unwrap()))
}

fn sent<T>(response: CachedResponse<T>) -> (Value, String, Option<String>) {
    (
        serde_json::from_slice(response.body.bytes()).unwrap(),
        response.etag.as_str().to_owned(),
        response.link.map(|link| link.as_str().to_owned()),
    )
}

fn list<R: Resource>(collection: &Collection<R>, query: &Query<'_>) -> Value {
    sent(collection.list(query).unwrap()).0
}

fn column<'a>(list: &'a Value, field: &str) -> Vec<&'a Value> {
    list["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| &entity[field])
        .collect()
}

fn ids(list: &Value) -> Vec<i64> {
    column(list, "id")
        .into_iter()
        .filter_map(Value::as_i64)
        .collect()
}

#[test]
fn heights_are_sorted_as_numbers_and_the_unknown_come_last() {
    let catalogue = catalogue();
    for sort_order in [SortOrder::Asc, SortOrder::Desc] {
        let query = Query {
            sort_by: "height",
            sort_order,
            page_size: 100,
            ..query()
        };
        let list = list(&catalogue.characters, &query);
        let heights: Vec<Option<f64>> = column(&list, "height")
            .into_iter()
            .map(Value::as_f64)
            .collect();
        let known: Vec<f64> = heights.iter().flatten().copied().collect();
        assert_eq!((heights.len(), known.len()), (87, 81));
        assert!(heights[81..].iter().all(Option::is_none));
        let sorted = match sort_order {
            SortOrder::Asc => known.is_sorted(),
            SortOrder::Desc => known.is_sorted_by(|a, b| a >= b),
        };
        assert!(sorted, "{known:?}");
        for pair in heights
            .iter()
            .zip(ids(&list))
            .collect::<Vec<_>>()
            .windows(2)
        {
            assert!(pair[0].0 != pair[1].0 || pair[0].1 < pair[1].1, "{pair:?}");
        }
    }
}

#[test]
fn a_search_looks_into_names_and_counts_what_it_found() {
    let catalogue = catalogue();
    let query = Query {
        search: Some("SKY"),
        page_size: 2,
        ..query()
    };
    let list = list(&catalogue.characters, &query);
    assert_eq!(ids(&list), [1, 11]);
    assert_eq!(list["count"], 3);
    assert_eq!(
        list["next"],
        "https://api.example/characters/v1/?search=SKY&page=2&page_size=2"
    );
}

#[test]
fn all_filters_must_match() {
    let catalogue = catalogue();
    let filters = ["mass:gte:100", "height:lt:200", "gender:ne:male"].map(str::to_owned);
    let query = Query {
        filters: &filters,
        ..query()
    };
    let list = list(&catalogue.characters, &query);
    assert_eq!(column(&list, "name"), ["Jabba Desilijic Tiure"]);
}

#[test]
fn neighbours_carry_the_whole_query() {
    let catalogue = catalogue();
    let filters = ["eye_colors:in:blue|brown".to_owned()];
    let query = Query {
        relations: without(&["films", "vehicles"]),
        sort_by: "name",
        sort_order: SortOrder::Desc,
        page: 2,
        page_size: 3,
        search: Some("a&b"),
        filters: &filters,
    };
    let (list, _, link) = sent(catalogue.characters.list(&query).unwrap());
    assert_eq!(list["results"], Value::Array(Vec::new()));
    let carried = "options%5Bfilms%5D=false&options%5Bvehicles%5D=false&sort_by=name&sort_order=desc\
                   &search=a%26b&filters=eye_colors%3Ain%3Ablue%7Cbrown";
    let previous = format!("{BASE}/characters/v1/?{carried}&page=1&page_size=3");
    assert_eq!(list["previous"], previous);
    assert_eq!(list["next"], Value::Null);
    assert_eq!(link, Some(format!("<{previous}>; rel=\"prev\"")));
}

#[test]
fn a_page_behind_the_end_is_empty_and_leads_back() {
    let catalogue = catalogue();
    let query = Query {
        page: 1_000_000,
        page_size: 100,
        ..query()
    };
    let list = list(&catalogue.characters, &query);
    assert_eq!(ids(&list), [0; 0]);
    assert_eq!(list["count"], 87);
    assert_eq!(
        list["previous"],
        "https://api.example/characters/v1/?page=1&page_size=100"
    );
}

#[test]
fn tags_differ_by_query_and_by_what_is_served() {
    let catalogue = catalogue();
    let other = catalogue_at("https://other.example");
    let filters = ["id:gt:1".to_owned(), "id:gt:2".to_owned()];
    let queries = [
        query(),
        Query { page: 2, ..query() },
        Query {
            page_size: 11,
            ..query()
        },
        Query {
            sort_by: "name",
            ..query()
        },
        Query {
            sort_order: SortOrder::Desc,
            ..query()
        },
        Query {
            search: Some("a"),
            ..query()
        },
        Query {
            filters: &filters[..1],
            ..query()
        },
        Query {
            filters: &filters,
            ..query()
        },
        Query {
            relations: without(&["vehicles"]),
            ..query()
        },
    ];
    let planets = Query::first(RelationSet::all::<Planet>());
    let (_, tag, _) = sent(catalogue.planets.list(&planets).unwrap());
    let mut tags = BTreeSet::from([tag]);
    for query in &queries {
        for catalogue in [&catalogue, &other] {
            let (_, tag, _) = sent(catalogue.characters.list(query).unwrap());
            assert!(tags.insert(tag), "{query:?}");
        }
    }
}

/// The first page is prepared whole; it must be what any other would be.
#[test]
fn the_prepared_page_is_the_page_that_would_be_made() {
    let catalogue = catalogue();
    for relations in RelationSet::every::<Character>() {
        let first = list(&catalogue.characters, &Query::first(relations));
        let filters = ["id:gt:0".to_owned()];
        let made = list(
            &catalogue.characters,
            &Query {
                filters: &filters,
                ..Query::first(relations)
            },
        );
        assert_eq!(first["results"], made["results"]);
        assert_eq!(first["count"], 87);
    }
}

/// Asserts that a resource's code agrees with the contract.
fn agrees<R: Resource>(list_path: &str, default: &R::Options)
where
    R::Options: Serialize,
{
    let document: Value = openapi::load(generated::SPEC).unwrap();
    let path = format!("/{}/v1/", R::NAME);
    assert_eq!(path, list_path);
    let parameters = document["paths"][&path]["get"]["parameters"]
        .as_array()
        .unwrap();
    let components = &document["components"];
    let declared = |parameter| -> &Value {
        let parameter: &Value = parameter;
        match parameter["$ref"].as_str() {
            Some(link) => &components["parameters"][link.rsplit('/').next().unwrap()],
            None => parameter,
        }
    };
    let schema = |name: &str| {
        &parameters
            .iter()
            .map(declared)
            .find(|parameter| parameter["name"] == name)
            .unwrap()["schema"]
    };
    let sortable: Vec<&str> = R::FIELDS
        .iter()
        .filter(|(_, field)| !matches!(field, Field::List(_)))
        .map(|(name, _)| *name)
        .collect();
    let sort_by = schema("sort_by")["$ref"].as_str().unwrap();
    let sort_by = &document["components"]["schemas"][sort_by.rsplit('/').next().unwrap()];
    assert_eq!(sort_by["enum"], Value::from(sortable), "{path}");
    assert_eq!(
        sort_by["default"],
        Query::first(RelationSet::all::<R>()).sort_by
    );
    assert!(R::field(R::TITLE).is_some(), "{path}");
    filters_agree::<R>(&schema("filters")["items"]);
    let options = serde_json::to_value(default).unwrap();
    let options: Vec<&String> = options.as_object().unwrap().keys().collect();
    let relations: Vec<&str> = R::RELATIONS
        .iter()
        .map(|Relation(name, ..)| *name)
        .collect();
    assert_eq!(options, relations, "{path}");
    let without = schema("without")["items"]["$ref"].as_str().unwrap();
    let without = &document["components"]["schemas"][without.rsplit('/').next().unwrap()];
    assert_eq!(without["enum"], Value::from(relations), "{path}");
}

/// The contract's pattern lets through what can be read, and nothing else.
fn filters_agree<R: Resource>(items: &Value) {
    let filter = jsonschema::validator_for(items).unwrap();
    let words = items["x-pattern-message"].as_str().unwrap();
    let names = R::FIELDS.iter().map(|(name, _)| *name);
    for name in names.chain(["side"]) {
        assert_eq!(words.contains(name), name != "side", "{words}");
        for op in [
            "eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "like",
        ] {
            for value in [
                "1", "-1.50", "2e5", "2E-99", "1|2", "1||2", "|", "x", "x|1", "1x", "",
            ] {
                let text = format!("{name}:{op}:{value}");
                let query = Query {
                    filters: std::slice::from_ref(&text),
                    ..Query::first(RelationSet::all::<R>())
                };
                let read = Filter::read::<R>(&query).is_ok();
                // An empty text can be read, and is more likely a mistake.
                let read = read && !value.is_empty();
                assert_eq!(filter.is_valid(&Value::from(text.as_str())), read, "{text}");
            }
        }
    }
}

#[test]
fn fields_and_relations_are_those_of_the_contract() {
    agrees::<Character>("/characters/v1/", &Default::default());
    agrees::<Film>("/films/v1/", &Default::default());
    agrees::<Planet>("/planets/v1/", &Default::default());
    agrees::<SpeciesEntry>("/species/v1/", &Default::default());
    agrees::<Starship>("/starships/v1/", &Default::default());
    agrees::<Vehicle>("/vehicles/v1/", &Default::default());
}

/// Each bit of the mask is the relation of its name, in and out.
fn masks<R: Resource>(collection: &Collection<R>)
where
    R::Options: DeserializeOwned,
{
    for Relation(out, ..) in R::RELATIONS {
        let options = serde_json::from_value(json!({ *out: false })).unwrap();
        let relations = RelationSet::of::<R>(Some(&options));
        let list = list(collection, &Query::first(relations));
        for Relation(relation, ..) in R::RELATIONS {
            let present = list["results"][0].get(relation).is_some();
            assert_eq!(present, relation != out, "{} without {out}", R::NAME);
        }
    }
}

#[test]
fn options_leave_out_the_relation_that_they_name() {
    let catalogue = catalogue();
    masks(&catalogue.characters);
    masks(&catalogue.films);
    masks(&catalogue.planets);
    masks(&catalogue.species);
    masks(&catalogue.starships);
    masks(&catalogue.vehicles);
}

/// `GET /films/v1/{film_id}/characters`, as an operation would call it.
fn characters_of(
    catalogue: &Catalogue,
    film_id: i32,
    query: &Query<'_>,
) -> Result<CachedResponse<generated::models::CharacterList>, ApiError> {
    let Catalogue {
        films, characters, ..
    } = catalogue;
    films.related(film_id, "characters", characters, query)
}

#[test]
fn a_nested_list_has_the_related_entities_alone_and_leads_to_its_own_pages() {
    let catalogue = catalogue();
    let filters = ["mass:gt:70".to_owned()];
    let query = Query {
        sort_by: "name",
        page_size: 2,
        filters: &filters,
        ..query()
    };
    let (list, tag, link) = sent(characters_of(&catalogue, 1, &query).unwrap());
    assert_eq!(list["count"], 14);
    assert_eq!(
        column(&list, "name"),
        ["Beru Whitesun lars", "Biggs Darklighter"]
    );
    let next = format!(
        "{BASE}/films/v1/1/characters?sort_by=name&filters=mass%3Agt%3A70&page=2&page_size=2"
    );
    assert_eq!(list["next"], next);
    assert_eq!(link, Some(format!("<{next}>; rel=\"next\"")));
    let (_, of_another, _) = sent(characters_of(&catalogue, 2, &query).unwrap());
    let (_, of_all, _) = sent(catalogue.characters.list(&query).unwrap());
    assert_eq!(BTreeSet::from([tag, of_another, of_all]).len(), 3);
    let unknown = characters_of(&catalogue, 99, &query).err();
    assert_eq!(unknown.unwrap().code(), ProblemCode::NotFound);
}
