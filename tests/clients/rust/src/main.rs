//! A user's day with the generated Rust client: from the sign-up to the 401 after the log-out.

use std::{collections::HashSet, env, fs, time::Duration};

use reqwest::{
    Client,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use starwars_client::{
    apis::{
        Error, ResponseContent,
        characters_api::get_characters,
        configuration::Configuration,
        films_api::{GetFilmsError, get_film, get_films},
        service_api::get_openapi_yaml,
        users_api::{
            LoginError, SignupError, email_verification, generate_new_tokens, get_me, login,
            logout, signup,
        },
    },
    models::{
        CharacterOptions, CharacterSortField, Credentials, FilmOptions, Problem, ProblemCode,
        RefreshRequest, SortOrder, TokenProblem, UserSignup, ValidationProblem, token_problem,
        validation_problem, violation,
    },
};

const EMAIL: &str = "rust@rebels.example";
const PASSWORD: &str = "womp-rats-in-my-T16";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let anonymous = caller(None)?;

    let refused = refused_sign_up(&anonymous).await?;
    let violation = &refused.errors[0];
    step(&format!(
        "a weak password: 400 {}, {}: {}",
        refused.title, violation.pointer, violation.message
    ));

    let account = UserSignup::new(EMAIL.to_owned(), PASSWORD.to_owned());
    let status = signup(&anonymous, account, None).await?.status;
    step(&format!("sign up: {status:?}"));
    let token = mailed_token().await?;
    let status = email_verification(&anonymous, &token).await?.status;
    step(&format!("verify: {status:?}"));

    let refused = refused_log_in(&anonymous).await?;
    step(&format!(
        "log in with a wrong password: 401 {:?}",
        refused.code
    ));
    let credentials = Credentials::new(EMAIL.to_owned(), PASSWORD.to_owned());
    let tokens = login(&anonymous, credentials).await?;
    assert_eq!(tokens.email, EMAIL);
    step(&format!(
        "log in: tokens for {}, {} s",
        tokens.email, tokens.expires_in
    ));

    let signed_in = caller(Some(&tokens.token))?;
    let me = get_me(&signed_in).await?;
    assert_eq!(me.user_id, tokens.user_id);
    assert_eq!(me.pending_email, None);
    step(&format!(
        "the own record: {}, since {}",
        me.access_role,
        me.created_at.date_naive()
    ));

    read_films(&signed_in).await?;
    read_characters(&signed_in).await?;
    read_contract(&anonymous).await?;

    let refresh = RefreshRequest {
        old_access_token: Some(tokens.token.clone()),
    };
    let refreshing = caller(Some(&tokens.refresh_token))?;
    let renewed = generate_new_tokens(&refreshing, Some(refresh)).await?;
    assert_ne!(renewed.token, tokens.token);
    assert_eq!(renewed.user_id, tokens.user_id);
    step(&format!(
        "refresh: a new pair, {} s",
        renewed.refresh_expires_in
    ));
    let refused = refused_films(&signed_in).await?;
    assert_eq!(refused.code, token_problem::Code::TokenInvalid);
    step(&format!("the spent access token: 401 {:?}", refused.code));
    let refused = refused_films(&anonymous).await?;
    assert_eq!(refused.code, token_problem::Code::TokenMissing);
    step(&format!("no token: 401 {:?}", refused.code));

    let signed_in = header_caller(&renewed.token)?;
    step(&format!("log out: {:?}", logout(&signed_in).await?.status));
    let refused = refused_films(&signed_in).await?;
    assert_eq!(refused.code, token_problem::Code::TokenInvalid);
    step(&format!("films after the log-out: 401 {:?}", refused.code));
    Ok(())
}

/// Films with and without the relation that is not wanted.
async fn read_films(signed_in: &Configuration) -> Outcome<()> {
    let options = FilmOptions {
        characters: Some(false),
        ..FilmOptions::new()
    };
    let films = get_films(
        signed_in,
        Some(options),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    )
    .await?;
    assert_eq!(films.count, 7);
    for film in &films.results {
        assert!(
            film.characters.is_none() && film.planets.is_some(),
            "{film:?}"
        );
    }
    step(&format!(
        "films without characters: {}, the first of {}",
        films.count,
        films.results[0].release_date.format("%Y")
    ));

    let film = get_film(signed_in, 1, None, None, None).await?;
    assert!(film.characters.is_some(), "{film:?}");
    step(&format!("one film: {}", film.title));
    Ok(())
}

/// Characters, the heaviest first, by two filters.
async fn read_characters(signed_in: &Configuration) -> Outcome<()> {
    let options = CharacterOptions {
        films: Some(false),
        ..CharacterOptions::new()
    };
    let filters = ["mass:gte:100", "eye_colors:contains:blue"];
    let characters = get_characters(
        signed_in,
        Some(options),
        Some(CharacterSortField::Mass),
        Some(SortOrder::Desc),
        None,
        None,
        None,
        Some(filters.map(str::to_owned).to_vec()),
        None,
        None,
    )
    .await?
    .results;
    let masses: Vec<f64> = characters.iter().filter_map(|one| one.mass).collect();
    assert!(
        masses.len() > 1 && masses.len() == characters.len(),
        "{masses:?}"
    );
    assert!(masses.is_sorted_by(|a, b| a >= b), "{masses:?}");
    assert!(masses.iter().all(|mass| *mass >= 100.0), "{masses:?}");
    let names: Vec<&str> = characters.iter().map(|one| one.name.as_str()).collect();
    step(&format!("heavy and blue-eyed: {}", names.join(", ")));
    Ok(())
}

/// The contract that the service enforces, as a file.
async fn read_contract(anonymous: &Configuration) -> Outcome<()> {
    let text = get_openapi_yaml(anonymous, None).await?.text().await?;
    assert!(text.starts_with("openapi: 3.0") && text.len() > 100_000);
    step("the contract: in full");
    Ok(())
}

/// A password that the contract's limits allow and the service does not.
async fn refused_sign_up(anonymous: &Configuration) -> Outcome<ValidationProblem> {
    let account = UserSignup::new(EMAIL.to_owned(), "password1".to_owned());
    match signup(anonymous, account, None).await {
        Err(Error::ResponseError(ResponseContent {
            status,
            entity: Some(SignupError::Status400(problem)),
            ..
        })) => {
            assert_eq!(status, 400);
            assert_eq!(problem.code, validation_problem::Code::ValidationFailed);
            assert_eq!(problem.errors[0].r#in, violation::In::Body);
            assert_eq!(problem.errors[0].pointer, "/password");
            Ok(problem)
        }
        other => Err(format!("a weak password: {other:?}").into()),
    }
}

/// A password that is not the account's.
async fn refused_log_in(anonymous: &Configuration) -> Outcome<Problem> {
    let credentials = Credentials::new(EMAIL.to_owned(), "not-the-password".to_owned());
    match login(anonymous, credentials).await {
        Err(Error::ResponseError(ResponseContent {
            status,
            entity: Some(LoginError::Status401(problem)),
            ..
        })) => {
            assert_eq!(status, 401);
            assert_eq!(problem.code, ProblemCode::CredentialsInvalid);
            Ok(problem)
        }
        other => Err(format!("a wrong password: {other:?}").into()),
    }
}

/// Films for somebody who is not let in.
async fn refused_films(caller: &Configuration) -> Outcome<TokenProblem> {
    match get_films(caller, None, None, None, None, None, None, None, None, None).await {
        Err(Error::ResponseError(ResponseContent {
            status,
            entity: Some(GetFilmsError::Status401(problem)),
            ..
        })) => {
            assert_eq!(status, 401);
            Ok(problem)
        }
        other => Err(format!("films without a good token: {other:?}").into()),
    }
}

fn caller(token: Option<&str>) -> Outcome<Configuration> {
    Ok(Configuration {
        base_path: env::var("STARWARS_URL")?,
        bearer_access_token: token.map(str::to_owned),
        ..Configuration::new()
    })
}

/// Does the same as [`caller`] for `logout` and `revoke_token`: they take either of two tokens, and what OpenAPI Generator 7.26.0
/// makes of that writes `bearer_access_token` once for each, in two header lines, which the service refuses.
fn header_caller(token: &str) -> Outcome<Configuration> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
    bearer.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
    Ok(Configuration {
        client: Client::builder().default_headers(headers).build()?,
        ..caller(None)?
    })
}

/// The token of the link that the sign-up mailed.
async fn mailed_token() -> Outcome<String> {
    let outbox = env::var("STARWARS_OUTBOX")?;
    let mut seen = HashSet::new();
    for _ in 0..100 {
        for file in fs::read_dir(&outbox)? {
            let path = file?.path();
            if path.extension().is_none_or(|end| end != "eml") || !seen.insert(path.clone()) {
                continue;
            }
            let mail = fs::read_to_string(path)?;
            let link = mail
                .lines()
                .find_map(|line| line.split_once("/email_verification?token="));
            if let (true, Some((_, token))) = (mail.contains(&format!("To: {EMAIL}")), link) {
                return Ok(token.trim().to_owned());
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("no mail with a link for {EMAIL} in {outbox}").into())
}

fn step(what: &str) {
    println!("{what}");
}
