//! The films, their options and their tags.

use serde_json::Value;

use crate::helpers::app::TestApp;

const RELATIONS: [&str; 5] = ["characters", "planets", "species", "starships", "vehicles"];

#[test]
fn there_are_seven_films_in_the_order_of_their_ids() {
    let app = TestApp::start();
    let user = app.user();
    let list = app.films(&user.access).expect(200).json();
    assert_eq!(list["count"], 7);
    assert_eq!(list["next"], Value::Null);
    assert_eq!(list["previous"], Value::Null);
    let films = list["results"].as_array().expect("results");
    let ids: Vec<_> = films.iter().map(|film| film["id"].clone()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7]);
    for film in films {
        for relation in RELATIONS {
            assert!(film[relation].is_array(), "{relation}");
        }
        let url = film["url"].as_str().expect("url");
        let path = url.strip_prefix(&app.public_url()).expect("public URL");
        let one = app.get(path).bearer(&user.access).send().expect(200);
        assert_eq!(one.json(), *film);
    }
}

#[test]
fn the_first_film_is_as_published() {
    let app = TestApp::start();
    let user = app.user();
    let film = app
        .get("/films/v1/1")
        .bearer(&user.access)
        .send()
        .expect(200)
        .json();
    assert_eq!(film["title"], "A New Hope");
    assert_eq!(film["episode_id"], 4);
    assert_eq!(film["director"], "George Lucas");
    assert_eq!(film["producers"][1], "Rick McCallum");
    assert_eq!(film["release_date"], "1977-05-25");
    let planets: Vec<String> = (1..=3)
        .map(|id| format!("{}/planets/v1/{id}", app.public_url()))
        .collect();
    assert_eq!(film["planets"], Value::from(planets));
    let counts = RELATIONS.map(|relation| film[relation].as_array().map_or(0, Vec::len));
    assert_eq!(counts, [18, 3, 5, 8, 4]);
}

#[test]
fn options_leave_relations_out() {
    let app = TestApp::start();
    let user = app.user();
    let get = |query: &str| {
        app.get(&format!("/films/v1/{query}"))
            .bearer(&user.access)
            .send()
    };
    for relation in RELATIONS {
        for query in [
            format!("?options[{relation}]=false"),
            format!("?options%5B{relation}%5D=false"),
            format!("?without={relation}"),
            format!("?without={relation}&without={relation}&options[{relation}]=true"),
        ] {
            let film = get(&query).expect(200).json()["results"][0].clone();
            for other in RELATIONS {
                assert_eq!(film.get(other).is_some(), other != relation, "{query}");
            }
        }
    }
    let all_out: Vec<String> = RELATIONS
        .iter()
        .map(|relation| format!("options[{relation}]=false"))
        .collect();
    let film = get(&format!("?{}", all_out.join("&"))).expect(200).json()["results"][0].clone();
    assert!(
        RELATIONS
            .iter()
            .all(|relation| film.get(relation).is_none())
    );
    let omitted = get("?without=planets&without=species&page_size=2")
        .expect(200)
        .json();
    let same = get("?options[planets]=false&options[species]=false&page_size=2");
    assert_eq!(omitted, same.expect(200).json());
    let next = omitted["next"].as_str().expect("a second page");
    assert!(next.contains("options%5Bplanets%5D=false"), "{next}");
    let all_in = get("?options[characters]=true").expect(200);
    assert_eq!(all_in.body, get("").expect(200).body);
    let one = get("2?options[species]=false").expect(200).json();
    assert!(one.get("species").is_none() && one.get("planets").is_some());
}

/// OpenAPI 3.0.4, "Style Values": `deepObject` has one form; generated clients write three others.
#[test]
fn a_client_that_writes_options_in_another_form_is_told_the_right_one() {
    let app = TestApp::start();
    let user = app.user();
    for (sent, form) in [
        ("options.vehicles=false", "`options[vehicles]=…`"),
        ("vehicles=false", "`options[vehicles]=…`"),
        ("options={%22vehicles%22:false}", "`options[characters]=…`"),
    ] {
        let answer = app
            .get(&format!("/films/v1/2?{sent}"))
            .bearer(&user.access)
            .send()
            .expect_problem(400, "validation-failed");
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.contains(form), "{sent}: {message}");
    }
}

#[test]
fn options_that_the_contract_does_not_know_are_refused() {
    let app = TestApp::start();
    let user = app.user();
    for query in [
        "options[droids]=false",
        "options[characters]=no",
        "options[characters]=",
        "options[characters]=false&options[characters]=true",
        "options=false",
        "option[characters]=false",
        "without=droids",
        "without=characters,planets",
        "without=",
        "page=0",
    ] {
        let answer = app
            .get(&format!("/films/v1/?{query}"))
            .bearer(&user.access)
            .send()
            .expect_problem(400, "validation-failed");
        assert_eq!(answer.json()["errors"][0]["in"], "query", "{query}");
    }
}

#[test]
fn an_unknown_film_is_not_found_and_a_bad_id_is_refused() {
    let app = TestApp::start();
    let user = app.user();
    let get = |id: &str| {
        app.get(&format!("/films/v1/{id}"))
            .bearer(&user.access)
            .send()
    };
    get("8").expect_problem(404, "not-found");
    get("100000").expect_problem(404, "not-found");
    for id in [
        "0",
        "-1",
        "100001",
        "1.5",
        "one",
        "99999999999999999999",
        "%31x",
    ] {
        let answer = get(id).expect_problem(400, "validation-failed");
        assert_eq!(answer.json()["errors"][0]["in"], "path", "{id}");
    }
}

/// RFC 9110, section 13.1.2.
#[test]
fn what_the_caller_holds_is_not_sent_again() {
    let app = TestApp::start();
    let user = app.user();
    for target in [
        "/films/v1/",
        "/films/v1/3",
        "/films/v1/?options[planets]=false",
    ] {
        let get = |tags: &str| {
            app.get(target)
                .bearer(&user.access)
                .header("If-None-Match", tags)
                .send()
        };
        let first = app.get(target).bearer(&user.access).send().expect(200);
        let tag = first.header("etag").expect("ETag").to_owned();
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        for held in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ] {
            let answer = get(&held).expect(304);
            assert_eq!(answer.header("etag"), Some(tag.as_str()), "{held}");
            assert!(answer.body.is_empty());
        }
        get("\"other\"").expect(200);
        get("nonsense").expect(200);
    }
}

#[test]
fn different_options_have_different_tags() {
    let app = TestApp::start();
    let user = app.user();
    let tag = |target: &str| {
        let answer = app.get(target).bearer(&user.access).send().expect(200);
        answer.header("etag").expect("ETag").to_owned()
    };
    let mut tags = vec![tag("/films/v1/"), tag("/films/v1/1"), tag("/films/v1/2")];
    for relation in RELATIONS {
        tags.push(tag(&format!("/films/v1/?options[{relation}]=false")));
    }
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count);
}

#[test]
fn urls_come_from_the_settings_and_never_from_the_host_header() {
    let app = TestApp::with_settings(|settings| {
        settings.set("server.public_url", "https://api.rebels.example/base");
    });
    let email = crate::helpers::users::new_email();
    app.post("/users/v1/signup")
        .host("evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .json(&serde_json::json!({
            "email": email, "password": crate::helpers::users::PASSWORD
        }))
        .send()
        .expect(202);
    let mail = app.mail_number(1, &email);
    let link = mail.link().expect("a link");
    assert!(
        link.starts_with("https://api.rebels.example/base/users/v1/email_verification?token="),
        "{link}"
    );
    app.verify(&mail.token().expect("a token")).expect(200);
    let user = app.session(&email);
    let answer = app
        .get("/films/v1/1")
        .host("evil.example")
        .header("Forwarded", "host=evil.example")
        .bearer(&user.access)
        .send()
        .expect(200);
    assert_eq!(
        answer.json()["url"],
        "https://api.rebels.example/base/films/v1/1"
    );
    assert!(!answer.text().contains("evil.example"));
}
