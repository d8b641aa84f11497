// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::species as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, HeaderName, Reply};

pub(crate) fn register_routes<A: api::Species>(routes: &mut gatekeeper::Routes) {
    routes.add("get_species", self::get_species::<A>);
    routes.add("get_species_list", self::get_species_list::<A>);
}

async fn get_species<A: api::Species>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_species", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Species>::get_species(
            &gate.api().0,
            exchange.context(),
            validated.identity()?,
            validated.path("species_id")?,
            validated.query("options")?,
            validated.header("If-None-Match")?,
        )
        .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetSpeciesResponse::Status200 {
                body,
                etag,
                cache_control,
            } => Reply::new(200)
                .header(const { HeaderName::from_static("etag") }, etag)?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .json(body)?,
            api::GetSpeciesResponse::Status304 {
                etag,
                cache_control,
            } => Reply::new(304)
                .header(const { HeaderName::from_static("etag") }, etag)?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?,
        })
    }
    .await;
    exchange.respond(outcome)
}

async fn get_species_list<A: api::Species>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_species_list", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Species>::get_species_list(
            &gate.api().0,
            exchange.context(),
            validated.identity()?,
            validated.query("options")?,
            validated.query("sort_by")?,
            validated.query("sort_order")?,
            validated.query("page")?,
            validated.query("page_size")?,
            validated.query("search")?,
            validated.query("filters")?,
            validated.header("If-None-Match")?,
        )
        .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetSpeciesListResponse::Status200 {
                body,
                etag,
                cache_control,
                link,
            } => Reply::new(200)
                .header(const { HeaderName::from_static("etag") }, etag)?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?
                .header(const { HeaderName::from_static("link") }, link)?
                .json(body)?,
            api::GetSpeciesListResponse::Status304 {
                etag,
                cache_control,
            } => Reply::new(304)
                .header(const { HeaderName::from_static("etag") }, etag)?
                .header(
                    const { HeaderName::from_static("cache-control") },
                    cache_control,
                )?,
        })
    }
    .await;
    exchange.respond(outcome)
}
