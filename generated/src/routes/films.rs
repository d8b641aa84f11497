// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

use crate::apis::films as api;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use gatekeeper::{Gate, HeaderName, Reply};

pub(crate) fn register_routes<A: api::Films>(routes: &mut gatekeeper::Routes) {
    routes.add("get_film", self::get_film::<A>);
    routes.add("get_films", self::get_films::<A>);
}

async fn get_film<A: api::Films>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_film", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Films>::get_film(
            &gate.api().0,
            exchange.context(),
            validated.identity()?,
            validated.path("film_id")?,
            validated.query("options")?,
            validated.header("If-None-Match")?,
        )
        .await?;
        Ok::<Reply, A::Error>(match response {
            api::GetFilmResponse::Status200 {
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
            api::GetFilmResponse::Status304 {
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

async fn get_films<A: api::Films>(
    gate: Data<Gate<crate::Service<A>>>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let mut exchange = gate.begin("get_films", &request);
    let outcome = async {
        let mut validated = exchange.admit(payload).await?;
        let response = <A as api::Films>::get_films(
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
            api::GetFilmsResponse::Status200 {
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
            api::GetFilmsResponse::Status304 {
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
