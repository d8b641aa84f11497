//! The `Species` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::species::*;
use generated::models::SpeciesEntry;

use crate::auth::Caller;
use crate::catalogue::{CachedResponse, Conditional, Query, RelationSet};
use crate::errors::ApiError;
use crate::state::App;

impl Species for App {
    async fn get_species_list(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSpeciesListParams,
    ) -> Result<GetSpeciesListResponse, ApiError> {
        let query = Query {
            relations: RelationSet::of::<SpeciesEntry>(params.options.as_ref()),
            sort_by: params.sort_by.as_str(),
            sort_order: params.sort_order,
            page: params.page,
            page_size: params.page_size,
            search: params.search.as_deref(),
            filters: params.filters.as_deref().unwrap_or_default(),
        };
        let if_none_match = params.if_none_match.as_deref();
        let found = self.catalogue.species.list(&query, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetSpeciesListResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, link }) => {
                GetSpeciesListResponse::Status200 {
                    body: body.into(),
                    etag,
                    link,
                }
            }
        })
    }

    async fn get_species(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSpeciesParams,
    ) -> Result<GetSpeciesResponse, ApiError> {
        let relations = RelationSet::of::<SpeciesEntry>(params.options.as_ref());
        let if_none_match = params.if_none_match.as_deref();
        let found = self
            .catalogue
            .species
            .get(params.species_id, relations, if_none_match)?;
        Ok(match found {
            Conditional::NotModified(etag) => GetSpeciesResponse::Status304 { etag },
            Conditional::Ok(CachedResponse { body, etag, .. }) => GetSpeciesResponse::Status200 {
                body: body.into(),
                etag,
            },
        })
    }
}
