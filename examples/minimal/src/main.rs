//! Greets: a contract and one file of code.

mod api;

use actix_web::{App, HttpServer, web::Data};
use api::apis::Greetings;
use api::apis::greetings::{GreetParams, GreetResponse};
use api::models::GreetResponseBody;
use gatekeeper::{Contract, Gate, Problem, RequestContext};
use std::{env, error::Error, sync::Arc};

struct Service;

impl api::Security for Service {
    type Identity = ();
    type Error = Problem;
}

impl Greetings for Service {
    async fn greet(
        &self,
        _: RequestContext<'_>,
        params: GreetParams,
    ) -> Result<GreetResponse, Problem> {
        let greeting =
            vec![format!("Hello {}!", params.name); usize::try_from(params.times).unwrap_or(1)];
        let body = GreetResponseBody {
            greeting: greeting.join(" "),
        };
        Ok(GreetResponse::Status200(body.into()))
    }
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let contract = Arc::new(Contract::builder(api::SPEC).build(&api::MANIFEST)?);
    api::routes::<Service>().check(&contract)?;
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let server = HttpServer::new(move || {
        let gate = Gate::new(Arc::clone(&contract), api::Service(Service));
        let contract = Arc::clone(&contract);
        App::new()
            .app_data(Data::new(gate))
            .configure(move |config| {
                // It refuses nothing that `check` let pass.
                let _ = gatekeeper::mount::<api::Service<Service>>(
                    config,
                    &contract,
                    api::routes::<Service>(),
                );
            })
    })
    .bind(&address)?;
    Ok(server.run().await?)
}
