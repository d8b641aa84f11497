use super::{Types, decode_hook, method_name, module, pascal, snake, type_name};

#[test]
fn a_text_of_any_spelling_has_one_nearest_name() {
    for (text, name) in [
        ("Film", "Film"),
        ("HTTPError", "HTTPError"),
        ("film_list", "FilmList"),
        ("film-list", "FilmList"),
        ("com.example.Film", "ComExampleFilm"),
        ("Page«Film»", "PageFilm"),
        ("Vec", "VecModel"),
        ("option", "OptionModel"),
        ("3d", "N3d"),
        ("+1", "Plus1"),
        ("-1", "Minus1"),
        ("...", "PeriodPeriodPeriod"),
        ("", "Unnamed"),
        ("\u{200b}", "Unnamed"),
        ("café", "Cafe"),
        ("用户", "YongHu"),
        ("Ошибка", "Oshibka"),
    ] {
        assert_eq!(type_name(text), name, "{text:?}");
    }
    for (text, name) in [
        ("get_films", "get_films"),
        ("getFilms", "get_films"),
        ("films.list", "films_list"),
        ("GET /films", "get_films"),
        ("match", "match_"),
        ("clone", "clone_"),
        ("throttle", "throttle_"),
        ("try_into", "try_into_"),
        ("", "unnamed"),
    ] {
        assert_eq!(method_name(text), name, "{text:?}");
    }
    for (text, name) in [
        ("$id", "id"),
        ("@type", "type_"),
        ("+1", "plus_1"),
        ("-1", "minus_1"),
        ("self", "self_"),
        ("null", "null"),
        ("2fa", "n2fa"),
        (">=", "greater_than_or_equal_to"),
        ("", ""),
    ] {
        assert_eq!(snake(text), name, "{text:?}");
    }
    assert_eq!(pascal("get-films"), "GetFilms");
    assert_eq!(decode_hook("api key"), "decode_api_key");
}

#[test]
fn a_file_is_called_by_no_name_that_a_system_keeps() {
    for (name, file) in [
        ("Mod", "mod_"),
        ("Con", "con_"),
        ("NUL", "nul_"),
        ("Com1", "com1_"),
        ("Console", "console"),
    ] {
        assert_eq!(module(name), file);
    }
    let long = "Long".repeat(100);
    assert!(module(&type_name(&long)).len() < 120);
    assert!(method_name(&long).len() < 120);
    let mut types = Types::default();
    let names = [(); 3].map(|()| types.make(&long));
    assert!(names[0] != names[1] && names[1] != names[2]);
}
