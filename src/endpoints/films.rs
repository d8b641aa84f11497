//! The `Films` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::films::*;
use generated::models::Film;

use super::catalogue::{entity_reply, page_reply, query, relations};
use crate::auth::Caller;
use crate::errors::ApiError;
use crate::state::App;

impl Films for App {
    async fn get_films(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetFilmsParams,
    ) -> Result<GetFilmsResponse, ApiError> {
        let (query, known) = (query!(Film, params), params.if_none_match.as_deref());
        let page = self.catalogue.films.list(&query, known)?;
        Ok(page_reply!(GetFilmsResponse, page))
    }

    async fn get_film(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetFilmParams,
    ) -> Result<GetFilmResponse, ApiError> {
        let relations = relations!(Film, params);
        let (film, known) = (params.film_id, params.if_none_match.as_deref());
        let found = self.catalogue.films.get(film, relations, known)?;
        Ok(entity_reply!(GetFilmResponse, found))
    }
}
