//! The traits of the six kinds. What a kind has beyond a list and its entities goes beside `endpoints!`.

use gatekeeper::RequestContext;
use generated::{
    apis::{characters::*, films::*, planets::*, species::*, starships::*, vehicles::*},
    models,
};

use super::{CachedResponse, Conditional, Query, RelationSet};
use crate::{auth::Caller, errors::ApiError, state::App};

/// The list and the single entity of one kind, from its collection.
macro_rules! endpoints {
    (
        $collection:ident of $kind:ident
        $list:ident($list_params:ident) -> $list_response:ident
        $one:ident($one_params:ident.$id:ident) -> $one_response:ident
    ) => {
        async fn $list(
            &self,
            _context: RequestContext<'_>,
            _caller: Caller,
            params: $list_params,
        ) -> Result<$list_response, ApiError> {
            let query = Query {
                relations: RelationSet::of::<models::$kind>(params.options.as_ref()),
                sort_by: params.sort_by.as_str(),
                sort_order: params.sort_order,
                page: params.page,
                page_size: params.page_size,
                search: params.search.as_deref(),
                filters: params.filters.as_deref().unwrap_or_default(),
            };
            let if_none_match = params.if_none_match.as_deref();
            Ok(
                match self.catalogue.$collection.list(&query, if_none_match)? {
                    Conditional::NotModified(etag) => $list_response::Status304 { etag },
                    Conditional::Ok(CachedResponse { body, etag, link }) => {
                        $list_response::Status200 {
                            body: body.into(),
                            etag,
                            link,
                        }
                    }
                },
            )
        }

        async fn $one(
            &self,
            _context: RequestContext<'_>,
            _caller: Caller,
            params: $one_params,
        ) -> Result<$one_response, ApiError> {
            let relations = RelationSet::of::<models::$kind>(params.options.as_ref());
            let if_none_match = params.if_none_match.as_deref();
            Ok(
                match self
                    .catalogue
                    .$collection
                    .get(params.$id, relations, if_none_match)?
                {
                    Conditional::NotModified(etag) => $one_response::Status304 { etag },
                    Conditional::Ok(CachedResponse { body, etag, .. }) => {
                        $one_response::Status200 {
                            body: body.into(),
                            etag,
                        }
                    }
                },
            )
        }
    };
}

impl Characters for App {
    endpoints! {
        characters of Character
        get_characters(GetCharactersParams) -> GetCharactersResponse
        get_character(GetCharacterParams.character_id) -> GetCharacterResponse
    }
}

impl Films for App {
    endpoints! {
        films of Film
        get_films(GetFilmsParams) -> GetFilmsResponse
        get_film(GetFilmParams.film_id) -> GetFilmResponse
    }
}

impl Planets for App {
    endpoints! {
        planets of Planet
        get_planets(GetPlanetsParams) -> GetPlanetsResponse
        get_planet(GetPlanetParams.planet_id) -> GetPlanetResponse
    }
}

impl Species for App {
    endpoints! {
        species of SpeciesEntry
        get_species_list(GetSpeciesListParams) -> GetSpeciesListResponse
        get_species(GetSpeciesParams.species_id) -> GetSpeciesResponse
    }
}

impl Starships for App {
    endpoints! {
        starships of Starship
        get_starships(GetStarshipsParams) -> GetStarshipsResponse
        get_starship(GetStarshipParams.starship_id) -> GetStarshipResponse
    }
}

impl Vehicles for App {
    endpoints! {
        vehicles of Vehicle
        get_vehicles(GetVehiclesParams) -> GetVehiclesResponse
        get_vehicle(GetVehicleParams.vehicle_id) -> GetVehicleResponse
    }
}
