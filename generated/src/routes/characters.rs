// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::characters as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, HeaderName, Reply};

pub(crate) fn register_routes<A: api::Characters>(routes: &mut gatekeeper::Routes) {
    routes.add("get_character", self::get_character::<A>);
    routes.add("get_characters", self::get_characters::<A>);
}

async fn get_character<A: api::Characters>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_character", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Characters>::get_character(
            &gate.api().0,
            exchange.context(),
            validated.identity()?,
            validated.path("character_id")?,
            validated.query("options")?,
            validated.header("If-None-Match")?,
        )
        .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetCharacterResponse::Status200 {
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
            api::GetCharacterResponse::Status304 {
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

async fn get_characters<A: api::Characters>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_characters", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Characters>::get_characters(
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
            api::GetCharactersResponse::Status200 {
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
            api::GetCharactersResponse::Status304 {
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
