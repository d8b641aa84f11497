//! The `Starships` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::starships::*;
use generated::models::Starship;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Starships for App {
    async fn get_starships(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetStarshipsParams,
    ) -> Result<GetStarshipsResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<Starship>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.starships.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetStarshipsResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => {
                GetStarshipsResponse::Status200 {
                    body: body.into(),
                    etag,
                    link,
                }
            }
        })
    }

    async fn get_starship(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetStarshipParams,
    ) -> Result<GetStarshipResponse, ApiError> {
        let relations = RelationSet::of::<Starship>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .starships
            .get(params.starship_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetStarshipResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetStarshipResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
