//! The six kinds behind one implementation: lists by the page, sorted, searched and filtered, and the relations
//! between them.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    contract::{CONTRACT, plain},
    http::Response,
    users::User,
};

const KINDS: [(&str, u64); 6] = [
    ("characters", 87),
    ("films", 7),
    ("planets", 61),
    ("species", 37),
    ("starships", 37),
    ("vehicles", 39),
];

/// An app with a caller.
struct Reader {
    app: TestApp,
    user: User,
}

impl Reader {
    fn start() -> Self {
        Self::of(TestApp::start())
    }

    fn of(app: TestApp) -> Self {
        let user = app.user();
        Self { app, user }
    }

    #[track_caller]
    fn get(&self, target: &str) -> Response {
        self.app.get(target).bearer(&self.user.access).send()
    }

    #[track_caller]
    fn json(&self, target: &str) -> Value {
        self.get(target).expect(200).json()
    }

    /// The path of a URL that the service made.
    #[track_caller]
    fn path_of(&self, url: &Value) -> String {
        let url = url.as_str().expect("a URL");
        url.strip_prefix(&self.app.public_url())
            .expect("our own URL")
            .to_owned()
    }

    /// The pages from `target` on, by their `next`.
    #[track_caller]
    fn pages(&self, target: &str) -> Vec<Value> {
        let mut pages = vec![self.json(target)];
        while let Some(next) = pages.last().map(|page| &page["next"])
            && !next.is_null()
        {
            pages.push(self.json(&self.path_of(next)));
            assert!(pages.len() < 100, "pages without end");
        }
        pages
    }

    /// The messages of a refusal, with their places.
    #[track_caller]
    fn refusal(&self, target: &str) -> Vec<(String, String)> {
        let problem = self
            .get(target)
            .expect_problem(400, "validation-failed")
            .json();
        problem["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| {
                assert_eq!(error["in"], "query");
                let text = |name: &str| error[name].as_str().expect("a text").to_owned();
                (text("pointer"), text("message"))
            })
            .collect()
    }
}

fn ids<'a>(pages: impl IntoIterator<Item = &'a Value>) -> Vec<i64> {
    column(pages, "id")
        .into_iter()
        .map(|id| id.as_i64().expect("an id"))
        .collect()
}

fn column<'a>(pages: impl IntoIterator<Item = &'a Value>, field: &str) -> Vec<&'a Value> {
    pages
        .into_iter()
        .flat_map(|page| page["results"].as_array().expect("results"))
        .map(|entity| &entity[field])
        .collect()
}

#[test]
fn characters_by_height_are_in_the_order_of_numbers() {
    let reader = Reader::start();
    for (order, least_first) in [("asc", true), ("desc", false)] {
        let target = format!("/characters/v1/?sort_by=height&sort_order={order}&page_size=100");
        let list = reader.json(&target);
        let heights: Vec<Option<f64>> = column([&list], "height")
            .into_iter()
            .map(Value::as_f64)
            .collect();
        let (known, unknown) = heights.split_at(81);
        assert!(unknown.iter().all(Option::is_none), "unknown last: {order}");
        let mut sorted = known.to_vec();
        sorted.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        if !least_first {
            sorted.reverse();
        }
        assert_eq!(known, sorted, "{order}");
    }
    let shortest = reader.json("/characters/v1/?sort_by=height&page_size=2");
    assert_eq!(column([&shortest], "height"), [66, 79]);
}

#[test]
fn a_filter_compares_numbers_as_numbers() {
    let reader = Reader::start();
    let list = reader.json("/characters/v1/?filters=mass:gte:100&sort_by=mass&page_size=100");
    let masses: Vec<f64> = column([&list], "mass")
        .into_iter()
        .map(|mass| mass.as_f64().expect("known"))
        .collect();
    assert!(masses.is_sorted() && masses.iter().all(|mass| *mass >= 100.0));
    assert_eq!(list["count"], masses.len());
    assert!(masses.contains(&1358.0) && masses.len() > 5);
}

#[test]
fn filters_of_each_form_are_answered() {
    let reader = Reader::start();
    for (target, names) in [
        (
            "/characters/v1/?filters=hair_colors:eq:AUBURN&filters=gender:eq:female",
            &["Mon Mothma"][..],
        ),
        (
            "/films/v1/?filters=release_date:lt:1981-01-01",
            &["A New Hope", "The Empire Strikes Back"],
        ),
        (
            "/films/v1/?filters=episode_id:in:1%7C7&sort_by=title",
            &["The Force Awakens", "The Phantom Menace"],
        ),
        ("/planets/v1/?filters=climates:contains:frozen", &["Hoth"]),
        ("/species/v1/?filters=language:eq:shyriiwook", &["Wookie"]),
        (
            "/starships/v1/?filters=consumables:lt:3&filters=crew:eq:1",
            &["Jedi Interceptor", "V-wing"],
        ),
        (
            "/vehicles/v1/?filters=crew:gt:30",
            &["Sand Crawler", "C-9979 landing craft"],
        ),
        (
            "/vehicles/v1/?search=speeder%20b",
            &["Imperial Speeder Bike"],
        ),
    ] {
        let list = reader.json(target);
        let field = if target.starts_with("/films") {
            "title"
        } else {
            "name"
        };
        let mut found = column([&list], field);
        found.sort_by_key(|name| name.to_string());
        let mut names = names.to_vec();
        names.sort_unstable();
        assert_eq!(found, names, "{target}");
    }
}

#[test]
fn all_pages_together_hold_each_entity_once() {
    let reader = Reader::start();
    for (kind, count) in KINDS {
        for query in ["", "?page_size=7&sort_by=id&sort_order=desc"] {
            let pages = reader.pages(&format!("/{kind}/v1/{query}"));
            let ids = ids(&pages);
            let distinct: BTreeSet<_> = ids.iter().collect();
            assert_eq!(ids.len() as u64, count, "{kind}{query}");
            assert_eq!(distinct.len(), ids.len(), "{kind}{query}");
            assert!(pages.iter().all(|page| page["count"] == count));
        }
    }
    let pages = reader.pages("/characters/v1/?sort_by=mass&page_size=9");
    assert_eq!((pages.len(), ids(&pages).len()), (10, 87));
}

#[test]
fn a_page_leads_to_its_neighbours_with_the_same_question() {
    let reader = Reader::start();
    let target = "/characters/v1/?options[films]=false&sort_by=name&sort_order=desc&search=a\
                  &filters=hair_colors:in:black%7Cbrown&filters=gender:eq:male&page_size=4";
    let first = reader.json(target);
    assert_eq!(first["previous"], Value::Null);
    let second = reader.get(&reader.path_of(&first["next"])).expect(200);
    let link = second.header("link").expect("Link").to_owned();
    let second = second.json();
    assert_eq!(reader.json(&reader.path_of(&second["previous"])), first);
    assert_ne!(second["results"], first["results"]);
    assert!(
        column([&second], "films")
            .iter()
            .all(|films| films.is_null())
    );
    let url = |name: &str| second[name].as_str().expect("a URL").to_owned();
    assert_eq!(
        link,
        format!(
            "<{}>; rel=\"next\", <{}>; rel=\"prev\"",
            url("next"),
            url("previous")
        )
    );
    let films = reader.get("/films/v1/").expect(200);
    assert_eq!(films.header("link"), None);
    let behind = reader.json("/films/v1/?page=9");
    assert_eq!(
        (behind["count"].clone(), behind["results"].clone()),
        (json!(7), json!([]))
    );
    assert_eq!(
        reader.json(&reader.path_of(&behind["previous"]))["results"],
        films.json()["results"]
    );
}

/// Every URL in every entity is answered with an entity that leads back.
#[test]
fn every_url_of_a_film_can_be_followed_and_leads_back() {
    let reader = Reader::start();
    let film = reader.json("/films/v1/1");
    for relation in ["characters", "planets", "species", "starships", "vehicles"] {
        for url in film[relation].as_array().expect("URLs") {
            let other = reader.json(&reader.path_of(url));
            assert_eq!(other["url"], *url);
            let films = other["films"].as_array().expect("films");
            assert!(films.contains(&film["url"]), "{url}");
        }
    }
}

#[test]
fn relations_of_all_kinds_are_mutual() {
    let reader = Reader::start();
    let all = |kind: &str| reader.json(&format!("/{kind}/v1/?page_size=100"))["results"].clone();
    let pairs = |kind: &str, relation: &str| -> BTreeSet<(String, String)> {
        all(kind)
            .as_array()
            .expect("results")
            .iter()
            .flat_map(|entity| {
                let related = match &entity[relation] {
                    Value::Array(urls) => urls.clone(),
                    Value::Null => Vec::new(),
                    url => vec![url.clone()],
                };
                let own = entity["url"].clone();
                related
                    .into_iter()
                    .map(move |url| (own.to_string(), url.to_string()))
            })
            .collect()
    };
    for (one, relation, other, inverse) in [
        ("films", "characters", "characters", "films"),
        ("films", "planets", "planets", "films"),
        ("films", "species", "species", "films"),
        ("films", "starships", "starships", "films"),
        ("films", "vehicles", "vehicles", "films"),
        ("characters", "homeworld", "planets", "residents"),
        ("characters", "species", "species", "characters"),
        ("characters", "starships", "starships", "pilots"),
        ("characters", "vehicles", "vehicles", "pilots"),
        ("species", "homeworld", "planets", "species"),
    ] {
        let there = pairs(one, relation);
        let back: BTreeSet<_> = pairs(other, inverse)
            .into_iter()
            .map(|(own, url)| (url, own))
            .collect();
        assert!(!there.is_empty());
        assert_eq!(there, back, "{one}.{relation}");
    }
}

#[test]
fn a_wrong_field_or_value_is_told_the_choices() {
    let reader = Reader::start();
    let told = |query: &str, place: &str, words: &[&str]| {
        let errors = reader.refusal(&format!("/characters/v1/?{query}"));
        let (_, message) = errors
            .iter()
            .find(|(pointer, _)| pointer == place)
            .unwrap_or_else(|| panic!("{query}: {errors:?}"));
        for word in words {
            assert!(message.contains(word), "{query}: {message}");
        }
    };
    told(
        "sort_by=side",
        "/sort_by",
        &["height", "birth_year", "mass"],
    );
    told("sort_order=up", "/sort_order", &["asc", "desc"]);
    told(
        "filters=side:eq:dark",
        "/filters/0",
        &["height", "birth_year", "gte"],
    );
    told("filters=mass:like:1", "/filters/0", &["gte", "contains"]);
    told("filters=mass:eq:", "/filters/0", &[]);
    told(
        "filters=mass:eq:heavy",
        "/filters/0",
        &["`mass` take numbers"],
    );
    told(
        "filters=name:eq:x&filters=height:in:1%7Ctall",
        "/filters/1",
        &["`height`", "take numbers", "`|`"],
    );
    told(
        "filters=mass:contains:1",
        "/filters/0",
        &["`mass`", "another op"],
    );
    told(
        "options[pilots]=false",
        "/options[pilots]",
        &["options[films]"],
    );
    told("page=0", "/page", &["at least 1"]);
    told("page_size=101", "/page_size", &["at most 100"]);
    told("search=", "/search", &[]);
    let many = "filters=id:gt:1&".repeat(11);
    told(many.trim_end_matches('&'), "/filters", &["at most 10"]);
}

#[test]
fn what_the_caller_holds_is_not_sent_again() {
    let reader = Reader::start();
    for target in [
        "/characters/v1/",
        "/characters/v1/?page=3",
        "/characters/v1/?sort_by=height&filters=mass:gte:100",
        "/planets/v1/?search=too",
        "/species/v1/3?options[films]=false",
    ] {
        let tag = reader
            .get(target)
            .expect(200)
            .header("etag")
            .expect("ETag")
            .to_owned();
        let again = |tags: &str| {
            reader
                .app
                .get(target)
                .bearer(&reader.user.access)
                .header("If-None-Match", tags)
                .send()
        };
        let answer = again(&tag).expect(304);
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        assert!(answer.body.is_empty());
        again("\"other\"").expect(200);
    }
    let refused = reader
        .app
        .get("/characters/v1/?filters=mass:eq:x")
        .bearer(&reader.user.access)
        .header("If-None-Match", "*")
        .send();
    refused.expect_problem(400, "validation-failed");
}

/// Numbers are numbers, unknown is null, none is an empty list.
#[test]
fn values_have_their_types() {
    let reader = Reader::start();
    let vader = reader.json("/characters/v1/4?options[films]=false");
    assert_eq!(
        vader,
        json!({
            "id": 4, "name": "Darth Vader", "gender": "male", "birth_year": -41.9, "height": 202, "mass": 136,
            "skin_colors": ["white"], "hair_colors": [], "eye_colors": ["yellow"],
            "homeworld": format!("{}/planets/v1/1", reader.app.public_url()),
            "species": [],
            "starships": [format!("{}/starships/v1/13", reader.app.public_url())],
            "vehicles": [],
            "url": format!("{}/characters/v1/4", reader.app.public_url()),
        })
    );
    let text = reader.get("/characters/v1/4").expect(200).text();
    assert!(text.contains("\"height\":202,"), "{text}");
    let droids = reader.json("/species/v1/2");
    assert_eq!(
        (
            &droids["homeworld"],
            &droids["average_height"],
            &droids["skin_colors"]
        ),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let corvette = reader.json("/starships/v1/2");
    assert_eq!(corvette["crew"], json!({"minimum": 30, "maximum": 165}));
    assert_eq!(
        corvette["consumables"],
        json!({"amount": 1, "unit": "year"})
    );
    assert_eq!(
        reader.json("/planets/v1/9")["population"],
        1_000_000_000_000_u64
    );
}

/// The viewer fills them all in: whoever presses Execute should see something.
#[test]
fn the_examples_of_a_list_taken_together_find_something() {
    let reader = Reader::start();
    let mut lists = 0;
    for operation in CONTRACT.operations() {
        let Some(kind) = KINDS
            .iter()
            .find(|(kind, _)| operation.path == format!("/{kind}/v1/"))
        else {
            continue;
        };
        let mut query = Vec::new();
        for parameter in operation
            .parameters
            .iter()
            .filter(|each| each["in"] == "query")
        {
            let name = parameter["name"].as_str().expect("name");
            match &parameter["example"] {
                Value::Array(items) => {
                    query.extend(items.iter().map(|item| format!("{name}={}", plain(item))))
                }
                Value::Object(members) => {
                    query.extend(
                        members
                            .iter()
                            .map(|(member, value)| format!("{name}[{member}]={value}")),
                    );
                }
                value => query.push(format!("{name}={}", plain(value))),
            }
        }
        assert!(query.len() >= 5, "{}: {query:?}", operation.id);
        let found = reader.json(&format!("{}?{}", operation.path, query.join("&")));
        assert_ne!(found["results"], json!([]), "{}: {query:?}", operation.id);
        assert!(
            found["count"].as_u64().is_some_and(|count| count < kind.1),
            "{}: {query:?}",
            operation.id
        );
        lists += 1;
    }
    assert_eq!(lists, KINDS.len());
}

#[test]
fn an_entity_that_is_not_there_is_404_and_an_empty_list_is_not() {
    let reader = Reader::start();
    for (kind, _) in KINDS {
        reader
            .get(&format!("/{kind}/v1/99999"))
            .expect_problem(404, "not-found");
        let list = reader.json(&format!("/{kind}/v1/?search=nobody+knows"));
        assert_eq!(
            list,
            json!({"results": [], "count": 0, "next": null, "previous": null})
        );
    }
}

/// A catalogue of one planet and whoever lives there.
fn write_catalogue(folder: &Path, residents: &Value) {
    let planet = json!({
        "id": 7, "name": "Arrakis", "diameter": 12000, "rotation_period": 22, "orbital_period": 353,
        "gravity": 0.9, "population": 15_000_000, "surface_water": 0, "climates": ["arid"],
        "terrains": ["desert"]
    });
    fs::create_dir_all(folder).expect("a folder");
    for (name, content) in [
        ("characters", residents),
        ("films", &json!([])),
        ("planets", &json!([planet])),
        ("species", &json!([])),
        ("starships", &json!([])),
        ("vehicles", &json!([])),
    ] {
        let file = folder.join(format!("{name}.json"));
        fs::write(file, content.to_string()).expect("a file");
    }
}

fn resident() -> Value {
    json!({
        "id": 3, "name": "Chani", "gender": "female", "birth_year": null, "height": 165.5, "mass": null,
        "skin_colors": null, "hair_colors": ["red"], "eye_colors": ["blue"], "homeworld": 7,
        "species": [], "starships": [], "vehicles": []
    })
}

#[test]
fn another_folder_is_served_in_place_of_the_compiled_in_data() {
    let mut app = TestApp::not_started(|settings| {
        settings.set("catalogue.source", "catalogue");
    });
    write_catalogue(&app.folder().join("catalogue"), &json!([resident()]));
    app.start_again();
    let reader = Reader::of(app);
    let characters = reader.json("/characters/v1/");
    assert_eq!(
        (ids([&characters]), &characters["count"]),
        (vec![3], &json!(1))
    );
    let planet = reader.json("/planets/v1/7");
    assert_eq!(
        planet["residents"],
        json!([characters["results"][0]["url"]])
    );
    assert_eq!(reader.json("/films/v1/")["count"], 0);
    reader.get("/planets/v1/1").expect_problem(404, "not-found");
}

#[test]
fn data_that_is_not_sound_stops_the_start_and_names_the_place() {
    let mut app = TestApp::not_started(|settings| {
        settings.set("catalogue.source", "catalogue");
    });
    let folder = app.folder().join("catalogue");
    let fault = |app: &TestApp| {
        let outputs = [&["config", "check"][..], &["serve"]].map(|command| app.run(command, ""));
        let [checked, served] = outputs.map(|output| {
            assert!(!output.status.success());
            String::from_utf8_lossy(&output.stderr).into_owned()
        });
        assert!(checked.contains("catalogue.source") && served.contains("catalogue.source"));
        checked
    };
    assert!(fault(&app).contains("characters.json"));
    let mut broken = resident();
    broken["height"] = json!("tall");
    write_catalogue(&folder, &json!([broken]));
    let words = fault(&app);
    assert!(
        words.contains("characters.json: entity 3: `height`"),
        "{words}"
    );
    broken["height"] = json!(1);
    broken["homeworld"] = json!(8);
    write_catalogue(&folder, &json!([broken]));
    let words = fault(&app);
    assert!(words.contains("entity 3: `homeworld` names 8"), "{words}");
    write_catalogue(&folder, &json!([resident()]));
    assert!(app.run(&["config", "check"], "").status.success());
    app.start_again();
}
