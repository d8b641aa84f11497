//! The `Films` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::films::*;
use generated::models::Film;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Films for App {
    async fn get_films(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetFilmsParams,
    ) -> Result<GetFilmsResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<Film>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.films.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetFilmsResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => GetFilmsResponse::Status200 {
                body: body.into(),
                etag,
                link,
            },
        })
    }

    async fn get_film(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetFilmParams,
    ) -> Result<GetFilmResponse, ApiError> {
        let relations = RelationSet::of::<Film>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .films
            .get(params.film_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetFilmResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetFilmResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
