//! The traits of the six kinds. What a kind has beyond a list and its entities goes beside `endpoints!`.

use gatekeeper::RequestContext;
use generated::{
    apis::{
        characters::{Characters, GetCharacterResponse, GetCharactersResponse},
        films::{Films, GetFilmResponse, GetFilmsResponse},
        planets::{GetPlanetResponse, GetPlanetsResponse, Planets},
        species::{GetSpeciesListResponse, GetSpeciesResponse, Species},
        starships::{GetStarshipResponse, GetStarshipsResponse, Starships},
        vehicles::{GetVehicleResponse, GetVehiclesResponse, Vehicles},
    },
    models::{
        CharacterOptions, CharacterSortField, FilmOptions, FilmSortField, PlanetOptions,
        PlanetSortField, SortOrder, SpeciesOptions, SpeciesSortField, StarshipOptions,
        StarshipSortField, VehicleOptions, VehicleSortField,
    },
};

use super::{
    answer::{Answer, Reply},
    kind::Mask,
    query::Query,
    records,
};
use crate::{auth::Caller, errors::ApiError, state::App};

const CACHE_CONTROL: &str = "private, no-cache";

/// The list and the single entity of one kind, from its collection.
macro_rules! endpoints {
    (
        $collection:ident of $kind:ident ($options:ident, $sort_field:ident)
        $list:ident -> $list_response:ident
        $one:ident -> $one_response:ident
    ) => {
        async fn $list(
            &self,
            _visit: RequestContext<'_>,
            _caller: Caller,
            options: Option<$options>,
            sort_by: $sort_field,
            sort_order: SortOrder,
            page: i32,
            page_size: i32,
            search: Option<String>,
            filters: Option<Vec<String>>,
            if_none_match: Option<String>,
        ) -> Result<$list_response, ApiError> {
            let query = Query {
                mask: Mask::of::<records::$kind>(options.as_ref()),
                sort_by: sort_by.as_str(),
                sort_order,
                page,
                page_size,
                search: search.as_deref(),
                filters: filters.as_deref().unwrap_or_default(),
            };
            let collection = &self.catalogue.$collection;
            let cache_control = CACHE_CONTROL.into();
            Ok(match collection.list(&query, if_none_match.as_deref())? {
                Reply::Held(etag) => $list_response::Status304 {
                    etag,
                    cache_control,
                },
                Reply::Sent(Answer { body, etag, link }) => $list_response::Status200 {
                    body: body.into(),
                    etag,
                    cache_control,
                    link,
                },
            })
        }

        async fn $one(
            &self,
            _visit: RequestContext<'_>,
            _caller: Caller,
            id: i32,
            options: Option<$options>,
            if_none_match: Option<String>,
        ) -> Result<$one_response, ApiError> {
            let mask = Mask::of::<records::$kind>(options.as_ref());
            let collection = &self.catalogue.$collection;
            let cache_control = CACHE_CONTROL.into();
            Ok(match collection.one(id, mask, if_none_match.as_deref())? {
                Reply::Held(etag) => $one_response::Status304 {
                    etag,
                    cache_control,
                },
                Reply::Sent(Answer { body, etag, .. }) => $one_response::Status200 {
                    body: body.into(),
                    etag,
                    cache_control,
                },
            })
        }
    };
}

impl Characters for App {
    endpoints! {
        characters of Character (CharacterOptions, CharacterSortField)
        get_characters -> GetCharactersResponse
        get_character -> GetCharacterResponse
    }
}

impl Films for App {
    endpoints! {
        films of Film (FilmOptions, FilmSortField)
        get_films -> GetFilmsResponse
        get_film -> GetFilmResponse
    }
}

impl Planets for App {
    endpoints! {
        planets of Planet (PlanetOptions, PlanetSortField)
        get_planets -> GetPlanetsResponse
        get_planet -> GetPlanetResponse
    }
}

impl Species for App {
    endpoints! {
        species of Species (SpeciesOptions, SpeciesSortField)
        get_species_list -> GetSpeciesListResponse
        get_species -> GetSpeciesResponse
    }
}

impl Starships for App {
    endpoints! {
        starships of Starship (StarshipOptions, StarshipSortField)
        get_starships -> GetStarshipsResponse
        get_starship -> GetStarshipResponse
    }
}

impl Vehicles for App {
    endpoints! {
        vehicles of Vehicle (VehicleOptions, VehicleSortField)
        get_vehicles -> GetVehiclesResponse
        get_vehicle -> GetVehicleResponse
    }
}
