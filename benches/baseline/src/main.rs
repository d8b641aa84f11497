//! Hand-written actix-web servers that the service is measured against: the least that its work can cost.
//!
//! One worker, one path, one answer, given as a file so that it is as long as the service's. No contract, no
//! limits, no log, no error beyond a bare 401.

use std::{env, fs, net::SocketAddr, path::PathBuf, time::Duration};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, Responder,
    http::header::{AUTHORIZATION, ContentType},
    web::{self, Bytes, Data},
};
use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use deadpool_redis::redis::{
    AsyncCommands as _, AsyncConnectionConfig, Client, RedisError, aio::MultiplexedConnection,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use uuid::Uuid;

/// The same as in the service.
const REDIS_TIME: Duration = Duration::from_millis(250);

/// Serves one file at /films/v1/, after as many checks as are asked for.
#[derive(Parser)]
struct Cli {
    #[arg(value_enum)]
    checks: Checks,
    /// Address to listen on.
    bind: SocketAddr,
    /// The answer.
    body: PathBuf,
    /// Name in `iss`.
    #[arg(long, default_value = "fathat.org")]
    issuer: String,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Checks {
    /// None.
    Static,
    /// The token, whose secret is in BASELINE_SECRET.
    Jwt,
    /// The token, and a look-up of its id in the Redis of BASELINE_REDIS_URL.
    JwtRedis,
}

struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    jti: Uuid,
}

impl Verifier {
    fn from_environment(issuer: &str) -> Result<Self> {
        let secret = env::var("BASELINE_SECRET").context("set BASELINE_SECRET")?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        Ok(Self {
            key: DecodingKey::from_secret(secret.as_bytes()),
            validation,
        })
    }

    fn claims(&self, request: &HttpRequest) -> Option<Claims> {
        let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
        let token = header.strip_prefix("Bearer ")?;
        let data = jsonwebtoken::decode(token, &self.key, &self.validation).ok()?;
        Some(data.claims)
    }
}

async fn unchecked(body: Data<Bytes>) -> impl Responder {
    answer(&body)
}

async fn with_jwt(
    request: HttpRequest,
    body: Data<Bytes>,
    verifier: Data<Verifier>,
) -> impl Responder {
    match verifier.claims(&request) {
        Some(_) => answer(&body),
        None => HttpResponse::Unauthorized().finish(),
    }
}

async fn with_jwt_and_redis(
    request: HttpRequest,
    body: Data<Bytes>,
    verifier: Data<Verifier>,
    redis: Data<MultiplexedConnection>,
) -> impl Responder {
    let Some(Claims { jti }) = verifier.claims(&request) else {
        return HttpResponse::Unauthorized().finish();
    };
    let mut redis = MultiplexedConnection::clone(&redis);
    match redis.exists(format!("revoked:{jti}")).await {
        Ok(false) => answer(&body),
        Ok(true) => HttpResponse::Unauthorized().finish(),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn answer(body: &Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .body(body.clone())
}

async fn connect(client: Client) -> Result<MultiplexedConnection, RedisError> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(REDIS_TIME))
        .set_response_timeout(Some(REDIS_TIME));
    client
        .get_multiplexed_async_connection_with_config(&config)
        .await
}

#[actix_web::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let body = Data::new(Bytes::from(fs::read(&cli.body).context("the body")?));
    let films = || web::resource("/films/v1/");
    let served = match cli.checks {
        Checks::Static => HttpServer::new(move || {
            App::new()
                .app_data(body.clone())
                .service(films().get(unchecked))
        })
        .workers(1)
        .bind(cli.bind)?
        .run(),
        Checks::Jwt => {
            let verifier = Data::new(Verifier::from_environment(&cli.issuer)?);
            HttpServer::new(move || {
                App::new()
                    .app_data(body.clone())
                    .app_data(verifier.clone())
                    .service(films().get(with_jwt))
            })
            .workers(1)
            .bind(cli.bind)?
            .run()
        }
        Checks::JwtRedis => {
            let verifier = Data::new(Verifier::from_environment(&cli.issuer)?);
            let url = env::var("BASELINE_REDIS_URL").context("set BASELINE_REDIS_URL")?;
            let client = Client::open(url)?;
            HttpServer::new(move || {
                let client = client.clone();
                App::new()
                    .app_data(body.clone())
                    .app_data(verifier.clone())
                    // Made in the worker: a connection made elsewhere wakes another thread twice a request.
                    .data_factory(move || connect(client.clone()))
                    .service(films().get(with_jwt_and_redis))
            })
            .workers(1)
            .bind(cli.bind)?
            .run()
        }
    };
    Ok(served.await?)
}
