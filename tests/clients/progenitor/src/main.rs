//! A user's day with the client of progenitor: from the sign-up to the 401 after the log-out.

use std::{env, fs, num::NonZeroU32, time::Duration};

use futures::TryStreamExt;
use progenitor_client::{ByteStream, Error, ResponseValue};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use client::{Client, types};

/// The code as progenitor writes it, most of which a scenario does not call.
#[allow(warnings)]
mod client {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

const EMAIL: &str = "progenitor@rebels.example";
const PASSWORD: &str = "womp-rats-in-my-T16";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
type Reply<T> = Result<ResponseValue<T>, Error<ByteStream>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let anonymous = caller(None)?;

    let account = || types::UserSignup::builder().email(EMAIL);
    let weak = anonymous.signup().body(account().password("password1"));
    let problem: types::ValidationProblem = refused(400, weak.send().await).await?;
    let violation = &problem.errors[0];
    assert_eq!(violation.in_, types::ViolationIn::Body);
    println!(
        "a weak password: 400 {}, {}: {}",
        problem.code, *violation.pointer, *violation.message
    );
    let signup = anonymous.signup().body(account().password(PASSWORD));
    println!("sign up: {}", signup.send().await?.status);
    let verification = anonymous.email_verification().token(mailed_token().await?);
    println!("verify: {}", verification.send().await?.status);

    let credentials = || types::Credentials::builder().email(EMAIL);
    let wrong = anonymous
        .login()
        .body(credentials().password("not-the-password"));
    let problem: types::Problem = refused(401, wrong.send().await).await?;
    assert_eq!(problem.code, types::ProblemCode::CredentialsInvalid);
    println!("log in with a wrong password: 401 {}", problem.code);
    let login = anonymous.login().body(credentials().password(PASSWORD));
    let tokens = login.send().await?.into_inner();
    println!(
        "log in: tokens for {}, {} s",
        *tokens.email, tokens.expires_in
    );

    let signed_in = caller(Some(&tokens.token))?;
    let me = signed_in.get_me().send().await?;
    assert_eq!(me.user_id, tokens.user_id);
    println!(
        "the own record: {}, since {}",
        me.access_role,
        me.created_at.date_naive()
    );

    read(&signed_in).await?;

    let old = types::RefreshRequest::builder().old_access_token(Some(tokens.token.parse()?));
    let refresh = caller(Some(&tokens.refresh_token))?;
    let renewed = refresh.generate_new_tokens().body(old).send().await?;
    assert_ne!(renewed.token, tokens.token);
    println!("refresh: a new pair, {} s", renewed.refresh_expires_in);
    let problem: types::TokenProblem = refused(401, signed_in.get_films().send().await).await?;
    assert_eq!(problem.code, types::TokenProblemCode::TokenInvalid);
    println!("the spent access token: 401 {}", problem.code);
    let problem: types::TokenProblem = refused(401, anonymous.get_films().send().await).await?;
    assert_eq!(problem.code, types::TokenProblemCode::TokenMissing);
    println!("no token: 401 {}", problem.code);

    let signed_in = caller(Some(&renewed.token))?;
    println!("log out: {}", signed_in.logout().send().await?.status);
    let problem: types::TokenProblem = refused(401, signed_in.get_films().send().await).await?;
    assert_eq!(problem.code, types::TokenProblemCode::TokenInvalid);
    println!("films after the log-out: 401 {}", problem.code);
    Ok(())
}

/// Films without the relation that is not wanted, one film, and characters, the heaviest first, by two filters.
async fn read(signed_in: &Client) -> Outcome<()> {
    let without = vec![types::FilmRelation::Characters];
    let films = signed_in.get_films().without(without).send().await?;
    assert_eq!(films.count, 7);
    for film in &films.results {
        assert!(
            film.characters.is_empty() && !film.planets.is_empty(),
            "{film:?}"
        );
    }
    println!(
        "films without characters: {}, the first of {}",
        films.count, films.results[0].release_date
    );
    let film = signed_in.get_film().film_id(NonZeroU32::MIN).send().await?;
    println!("one film: {}", *film.title);

    let filters = ["mass:gte:100".parse()?, "eye_colors:contains:blue".parse()?];
    let characters = signed_in
        .get_characters()
        .without(vec![types::CharacterRelation::Films])
        .sort_by(types::CharacterSortField::Mass)
        .sort_order(types::SortOrder::Desc)
        .filters(filters.to_vec())
        .send()
        .await?
        .into_inner()
        .results;
    let masses: Vec<f64> = characters.iter().filter_map(|one| one.mass).collect();
    assert!(
        masses.len() > 1 && masses.is_sorted_by(|a, b| a >= b),
        "{masses:?}"
    );
    assert!(masses.iter().all(|mass| *mass >= 100.0), "{masses:?}");
    let names: Vec<&str> = characters.iter().map(|one| one.name.as_str()).collect();
    println!("heavy and blue-eyed: {}", names.join(", "));
    Ok(())
}

/// The problem of a refusal, by the type that the contract gives the status.
async fn refused<T, P: DeserializeOwned>(status: u16, reply: Reply<T>) -> Outcome<P> {
    let Err(Error::ErrorResponse(refusal)) = reply else {
        return Err("what should be refused is served, or not answered".into());
    };
    assert_eq!(refusal.status().as_u16(), status);
    let chunks: Vec<bytes::Bytes> = refusal.into_inner_stream().try_collect().await?;
    Ok(serde_json::from_slice(&chunks.concat())?)
}

/// A client that sends this token.
fn caller(token: Option<&str>) -> Outcome<Client> {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    let client = reqwest::Client::builder()
        .default_headers(headers)
        .build()?;
    let url = env::var("STARWARS_URL")?;
    Ok(Client::new_with_client(&url, client))
}

/// The token of the link that the sign-up mailed.
async fn mailed_token() -> Outcome<String> {
    let outbox = env::var("STARWARS_OUTBOX")?;
    for _ in 0..100 {
        for file in fs::read_dir(&outbox)? {
            let mail = fs::read_to_string(file?.path())?;
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
