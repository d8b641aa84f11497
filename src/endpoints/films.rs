//! The `Films` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::films::*;
use generated::models::Film;

use super::catalogue::{query, relations, reply};
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
        let page = self.catalogue.films.list(&query!(Film, params))?;
        Ok(reply!(GetFilmsResponse, page, link))
    }

    async fn get_film(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetFilmParams,
    ) -> Result<GetFilmResponse, ApiError> {
        let relations = relations!(Film, params);
        let found = self.catalogue.films.get(params.film_id, relations)?;
        Ok(reply!(GetFilmResponse, found))
    }
}
