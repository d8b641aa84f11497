//! The `Subscribers` trait of the contract.

use gatekeeper::{ReplyBody, RequestContext};
use generated::apis::subscribers::*;
use generated::models::{Subscriber as Record, SubscriberFields, SubscriberList};
use uuid::Uuid;

use crate::auth::Caller;
use crate::errors::{ApiError, not_an_address};
use crate::paging::Page;
use crate::preconditions::{Preconditions, Tagged};
use crate::state::App;
use crate::subscribers::csv::{self, Export};
use crate::subscribers::{Subscriber, store};

const PATH: &str = "/subscribers/v1/";
const JSON: &str = "application/json";

impl Subscribers for App {
    async fn list_subscribers(
        &self,
        context: RequestContext<'_>,
        _caller: Caller,
        params: ListSubscribersParams,
    ) -> Result<ListSubscribersResponse, ApiError> {
        if context.prefers(&[JSON, csv::MEDIA_TYPE]) == csv::MEDIA_TYPE {
            let all = Export::new(&self.database).whole().await?;
            let body = ReplyBody::from(all).media_type(csv::MEDIA_TYPE);
            return Ok(ListSubscribersResponse::Status200Csv(body));
        }
        let list = list(self, Page::new(params.page, params.page_size)).await?;
        Ok(ListSubscribersResponse::Status200Json(list.into()))
    }

    async fn create_subscriber(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: CreateSubscriberParams,
        body: SubscriberFields,
    ) -> Result<CreateSubscriberResponse, ApiError> {
        let key = params.idempotency_key.as_deref();
        let (operation, user) = ("create_subscriber", Some(caller.user_id));
        let key = self.idempotency.begin(operation, user, key, &body).await?;
        let new = Subscriber::new(Uuid::now_v7(), body).ok_or_else(not_an_address)?;
        let id = new.id;
        let subscriber = store::insert(&self.database, new, key).await?;
        if subscriber.id == id {
            log_change(&caller, id, "subscriber added");
        }
        let public_url = &self.settings.server.public_url;
        let location = format!("{public_url}{PATH}{}", subscriber.id);
        let subscriber = Tagged::new(&subscriber)?;
        Ok(CreateSubscriberResponse::Status201 {
            location: location.into(),
            etag: subscriber.etag,
            body: subscriber.body.into(),
        })
    }

    async fn get_subscriber(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetSubscriberParams,
    ) -> Result<GetSubscriberResponse, ApiError> {
        let subscriber = store::find_by_id(&self.database, params.subscriber_id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let subscriber = Tagged::new(&Record::from(subscriber))?;
        Ok(GetSubscriberResponse::Status200 {
            etag: subscriber.etag,
            body: subscriber.body.into(),
        })
    }

    async fn update_subscriber(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: UpdateSubscriberParams,
        body: SubscriberFields,
    ) -> Result<UpdateSubscriberResponse, ApiError> {
        let subscriber = Subscriber::new(params.subscriber_id, body).ok_or_else(not_an_address)?;
        let preconditions = Preconditions::if_match(params.if_match);
        store::update(&self.database, &subscriber, preconditions).await?;
        log_change(&caller, params.subscriber_id, "subscriber changed");
        Ok(UpdateSubscriberResponse::Status200(
            Record::from(subscriber).into(),
        ))
    }

    async fn delete_subscriber(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: DeleteSubscriberParams,
    ) -> Result<DeleteSubscriberResponse, ApiError> {
        let preconditions = Preconditions::if_match(params.if_match);
        store::delete(&self.database, params.subscriber_id, preconditions).await?;
        log_change(&caller, params.subscriber_id, "subscriber removed");
        Ok(DeleteSubscriberResponse::Status204)
    }
}

async fn list(app: &App, page: Page) -> Result<SubscriberList, ApiError> {
    let (subscribers, count) = store::page(&app.database, page).await?;
    let around = page.neighbours(count, &app.settings.server.public_url, PATH, &[]);
    Ok(SubscriberList {
        results: subscribers.into_iter().map(Record::from).collect(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
        next: around.next,
        previous: around.previous,
    })
}

fn log_change(caller: &Caller, id: Uuid, what: &'static str) {
    let actor_id = caller.user_id;
    tracing::info!(subscriber_id = %id, %actor_id, "{what}");
}
