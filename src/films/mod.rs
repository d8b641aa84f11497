//! Films: every answer there can be is serialised once, at start, since serialising is the largest part of
//! the work that a request for a list is.

mod endpoints;
mod shape;

use std::collections::HashMap;

use anyhow::Result;
use gatekeeper::Prepared;
use generated::models;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::catalogue;
use shape::{MASKS, Mask, Urls};

/// A serialised answer and its entity tag.
pub(crate) struct Answer<T> {
    body: Prepared<T>,
    etag: String,
}

impl<T: Serialize> Answer<T> {
    fn new(value: &T) -> Result<Self> {
        let body = Prepared::new(value)?;
        let digest = Sha256::digest(body.bytes());
        let etag = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        Ok(Self {
            body,
            etag: format!("\"{etag}\""),
        })
    }
}

/// The films' answers, for each choice of relations.
pub(crate) struct Films {
    lists: Vec<Answer<models::FilmList>>,
    films: HashMap<i32, Vec<Answer<models::Film>>>,
}

impl Films {
    /// Prepares all answers, with URLs that begin with `public_url`.
    pub(crate) fn prepare(films: &[catalogue::Film], public_url: &str) -> Result<Self> {
        let urls = Urls::new(public_url);
        let mut lists = Vec::new();
        let mut single: HashMap<i32, Vec<_>> = HashMap::new();
        for mask in MASKS {
            let shaped: Vec<_> = films
                .iter()
                .map(|film| shape::film(film, mask, &urls))
                .collect();
            for film in &shaped {
                single.entry(film.id).or_default().push(Answer::new(film)?);
            }
            lists.push(Answer::new(&models::FilmList {
                count: i32::try_from(shaped.len())?,
                results: shaped,
                next: None,
                previous: None,
            })?);
        }
        Ok(Self {
            lists,
            films: single,
        })
    }

    fn list(&self, mask: Mask) -> Option<&Answer<models::FilmList>> {
        self.lists.get(mask.index())
    }

    fn film(&self, id: i32, mask: Mask) -> Option<&Answer<models::Film>> {
        self.films.get(&id)?.get(mask.index())
    }
}
