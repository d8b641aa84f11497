//! The `Films` trait of the contract.

use gatekeeper::Visit;
use generated::{
    apis::films::{Films, GetFilmResponse, GetFilmsResponse},
    models::FilmOptions,
};

use super::shape::Mask;
use crate::{auth::Caller, errors::ApiError, state::App};

const CACHE_CONTROL: &str = "private, no-cache";

impl Films for App {
    async fn get_films(
        &self,
        _visit: Visit<'_>,
        _caller: Caller,
        options: Option<FilmOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetFilmsResponse, ApiError> {
        let answer = self
            .films
            .list(Mask::of(options.as_ref()))
            .ok_or_else(ApiError::not_found)?;
        let etag = answer.etag.clone();
        let cache_control = CACHE_CONTROL.to_owned();
        Ok(if is_current(if_none_match.as_deref(), &etag) {
            GetFilmsResponse::Status304 {
                etag,
                cache_control,
            }
        } else {
            GetFilmsResponse::Status200 {
                body: answer.body.clone().into(),
                etag,
                cache_control,
            }
        })
    }

    async fn get_film(
        &self,
        _visit: Visit<'_>,
        _caller: Caller,
        film_id: i32,
        options: Option<FilmOptions>,
        if_none_match: Option<String>,
    ) -> Result<GetFilmResponse, ApiError> {
        let answer = self
            .films
            .film(film_id, Mask::of(options.as_ref()))
            .ok_or_else(ApiError::not_found)?;
        let etag = answer.etag.clone();
        let cache_control = CACHE_CONTROL.to_owned();
        Ok(if is_current(if_none_match.as_deref(), &etag) {
            GetFilmResponse::Status304 {
                etag,
                cache_control,
            }
        } else {
            GetFilmResponse::Status200 {
                body: answer.body.clone().into(),
                etag,
                cache_control,
            }
        })
    }
}

/// Weak comparison with each of the tags that the caller holds (RFC 9110, section 13.1.2). Our tags hold no
/// comma, so the list may be parted at commas.
fn is_current(if_none_match: Option<&str>, etag: &str) -> bool {
    if_none_match.is_some_and(|tags| {
        tags.trim() == "*"
            || tags.split(',').any(|tag| {
                let tag = tag.trim();
                tag.strip_prefix("W/").unwrap_or(tag) == etag
            })
    })
}

#[cfg(test)]
mod tests {
    use super::is_current;

    #[test]
    fn a_held_tag_is_found_in_a_list_weak_or_strong() {
        let etag = "\"1f\"";
        for held in ["\"1f\"", "W/\"1f\"", "\"0\", \"1f\"", "*", " \"1f\" "] {
            assert!(is_current(Some(held), etag), "{held}");
        }
        for held in ["", "\"1\"", "1f", "\"0\",\"2\""] {
            assert!(!is_current(Some(held), etag), "{held}");
        }
        assert!(!is_current(None, etag));
    }
}
