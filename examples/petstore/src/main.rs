//! A store of pets: what many contracts have, in some 200 lines.

mod api;

use actix_web::{App, HttpServer, web::Data};
use api::apis::orders::{Orders, PlaceOrderBody, PlaceOrderResponse};
use api::apis::pets::{
    AddPetResponse, GetPetByIdParams, GetPetByIdResponse, ListPetsParams, ListPetsResponse, Pets,
    UploadPhotoForm, UploadPhotoParams, UploadPhotoResponse,
};
use api::models::{self, ErrorBody, Pet, PetRequest, Upload};
use api::security::schemes;
use gatekeeper::{
    ApiKey, Bearer, Contract, Denial, Gate, Identity, Problem, Refusal, Rendered, RequestContext,
};
use std::{
    collections::BTreeMap,
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

#[derive(Clone, Default)]
struct Store {
    pets: Arc<Mutex<BTreeMap<i64, Pet>>>,
}

impl Store {
    fn with_pets<T>(&self, work: impl FnOnce(&mut BTreeMap<i64, Pet>) -> T) -> T {
        work(&mut self.pets.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn find(&self, id: i64) -> Option<Pet> {
        self.with_pets(|pets| pets.get(&id).cloned())
    }
}

/// The caller, as a token or a key has it.
struct Caller {
    scopes: Vec<String>,
}

impl Identity for Caller {
    fn access_level(&self) -> u16 {
        0
    }

    fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }

    fn join(mut self, other: Self) -> Result<Self, Denial> {
        self.scopes.extend(other.scopes);
        Ok(self)
    }
}

impl api::Security for Store {
    type Identity = Caller;
    type Error = Problem;

    /// Takes the token for the list of its scopes: the place where a real one is verified.
    async fn decode_store_oauth(
        &self,
        _: RequestContext<'_>,
        credential: Bearer<'_, schemes::StoreOauth>,
    ) -> Result<Caller, Denial> {
        let scopes = credential.token().split('+').map(str::to_owned);
        Ok(Caller {
            scopes: scopes.collect(),
        })
    }

    async fn decode_api_key(
        &self,
        _: RequestContext<'_>,
        credential: ApiKey<'_, schemes::ApiKey>,
    ) -> Result<Caller, Denial> {
        match env::var("PETSTORE_KEY") {
            Ok(key) if gatekeeper::is_same_secret(&key, credential.value()) => {
                Ok(Caller { scopes: Vec::new() })
            }
            _ => Err(Denial::invalid("it is not PETSTORE_KEY")),
        }
    }

    /// Says every failure as the contract does, those of the gatekeeper included.
    fn render_error(&self, refusal: &Refusal<'_>) -> Option<Rendered<ErrorBody>> {
        Some(ErrorBody::Error(failure(refusal.status(), &refusal.summary())).into())
    }
}

fn failure(status: u16, message: &str) -> models::Error {
    models::Error {
        code: status.into(),
        message: message.to_owned(),
    }
}

impl Pets for Store {
    async fn list_pets(
        &self,
        context: RequestContext<'_>,
        _: Caller,
        params: ListPetsParams,
    ) -> Result<ListPetsResponse, Problem> {
        let wanted = |pet: &&Pet| {
            let status = params.status.as_ref();
            status.is_none_or(|statuses| statuses.contains(&pet.status))
        };
        let pets: Vec<Pet> = self.with_pets(|pets| pets.values().filter(wanted).cloned().collect());
        if context.prefers(ListPetsResponse::MEDIA_TYPES_200) == "application/json" {
            return Ok(ListPetsResponse::Status200Json(pets.into()));
        }
        let names = pets
            .iter()
            .map(|pet| format!("<pet>{}</pet>", escaped(&pet.name)));
        let xml = format!("<pets>{}</pets>", names.collect::<String>());
        Ok(ListPetsResponse::Status200Xml(xml.into()))
    }

    async fn add_pet(
        &self,
        _: RequestContext<'_>,
        _: Caller,
        body: PetRequest,
    ) -> Result<AddPetResponse, Problem> {
        let PetRequest { name, status, tags } = body;
        let pet = self.with_pets(|pets| {
            let id = pets.keys().next_back().map_or(1, |last| last + 1);
            let pet = Pet {
                id: Some(id),
                name,
                status,
                tags,
            };
            pets.insert(id, pet.clone());
            pet
        });
        let location = format!("/api/v3/pets/{}", pet.id.unwrap_or_default());
        Ok(AddPetResponse::Status201 {
            body: pet.into(),
            location: location.into(),
        })
    }

    async fn get_pet_by_id(
        &self,
        _: RequestContext<'_>,
        _: Caller,
        params: GetPetByIdParams,
    ) -> Result<GetPetByIdResponse, Problem> {
        Ok(match self.find(params.pet_id) {
            Some(pet) => GetPetByIdResponse::Status200(pet.into()),
            None => GetPetByIdResponse::Status404(failure(404, "there is no such pet").into()),
        })
    }

    async fn upload_photo(
        &self,
        _: RequestContext<'_>,
        _: Caller,
        params: UploadPhotoParams,
        body: UploadPhotoForm,
    ) -> Result<UploadPhotoResponse, Problem> {
        if self.find(params.pet_id).is_none() {
            let body = failure(404, "there is no such pet").into();
            return Ok(UploadPhotoResponse::Default { status: 404, body });
        }
        let upload = Upload {
            bytes: i64::try_from(body.photo.size()).unwrap_or(i64::MAX),
            caption: body.caption,
        };
        Ok(UploadPhotoResponse::Status200(upload.into()))
    }
}

impl Orders for Store {
    async fn place_order(
        &self,
        _: RequestContext<'_>,
        _: Caller,
        body: PlaceOrderBody,
    ) -> Result<PlaceOrderResponse, Problem> {
        let PlaceOrderBody::Json(mut order) = body else {
            let body = failure(501, "orders are read as JSON so far").into();
            return Ok(PlaceOrderResponse::Default { status: 501, body });
        };
        let sold = self.with_pets(|pets| {
            let pet = pets.get_mut(&order.pet_id)?;
            let was = std::mem::replace(&mut pet.status, models::Status::Sold);
            (was != models::Status::Sold).then_some(())
        });
        if sold.is_none() {
            let body = failure(409, "there is no such pet, or it is sold").into();
            return Ok(PlaceOrderResponse::Default { status: 409, body });
        }
        order.complete = true;
        Ok(PlaceOrderResponse::Status200(order.into()))
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let contract = Contract::builder(api::SPEC)
        .realm("petstore")
        .build(&api::MANIFEST)?;
    let contract = Arc::new(contract);
    api::routes::<Store>().check(&contract)?;
    let store = Store::default();
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let server = HttpServer::new(move || {
        let gate = Gate::new(Arc::clone(&contract), api::Service(store.clone()));
        let contract = Arc::clone(&contract);
        App::new()
            .app_data(Data::new(gate))
            .configure(move |config| {
                // It refuses nothing that `check` let pass.
                let _ = gatekeeper::mount::<api::Service<Store>>(
                    config,
                    &contract,
                    api::routes::<Store>(),
                );
            })
    })
    .bind(&address)?;
    Ok(server.run().await?)
}
