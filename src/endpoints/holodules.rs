//! The `Holodules` trait of the contract.

use gatekeeper::RequestContext;
use generated::apis::holodules::*;
use generated::models::{Holodule as Record, HoloduleFields, HoloduleList};

use crate::auth::Caller;
use crate::errors::ApiError;
use crate::holodules::Holodule;
use crate::holodules::day::Day;
use crate::holodules::store::{self, Put};
use crate::preconditions::{Preconditions, Tagged};
use crate::state::App;

impl Holodules for App {
    async fn get_holodules(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetHolodulesParams,
    ) -> Result<GetHolodulesResponse, ApiError> {
        let streams = store::of_day(&self.database, Day::parse(&params.date)?).await?;
        if streams.is_empty() {
            return Err(ApiError::not_found());
        }
        let list = HoloduleList {
            result: i64::try_from(streams.len()).unwrap_or(i64::MAX),
            holodules: streams.into_iter().map(Record::from).collect(),
        };
        Ok(GetHolodulesResponse::Status200(list.into()))
    }

    async fn get_holodule(
        &self,
        _context: RequestContext<'_>,
        _caller: Caller,
        params: GetHoloduleParams,
    ) -> Result<GetHoloduleResponse, ApiError> {
        let stream = store::find(&self.database, params.key)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let stream = Tagged::new(&Record::from(stream))?;
        Ok(GetHoloduleResponse::Status200 {
            etag: stream.etag,
            body: stream.body.into(),
        })
    }

    async fn put_holodule(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: PutHoloduleParams,
        body: HoloduleFields,
    ) -> Result<PutHoloduleResponse, ApiError> {
        let stream = Holodule::new(params.key, body)?;
        let preconditions =
            Preconditions::if_match(params.if_match).and_if_none_match(params.if_none_match);
        let put = store::put(&self.database, &stream, preconditions).await?;
        log_change(&caller, &stream.key, "stream entered");
        let stream = Record::from(stream).into();
        Ok(match put {
            Put::Made => PutHoloduleResponse::Status201(stream),
            Put::Replaced => PutHoloduleResponse::Status200(stream),
        })
    }

    async fn delete_holodule(
        &self,
        _context: RequestContext<'_>,
        caller: Caller,
        params: DeleteHoloduleParams,
    ) -> Result<DeleteHoloduleResponse, ApiError> {
        let preconditions = Preconditions::if_match(params.if_match);
        store::delete(&self.database, params.key.clone(), preconditions).await?;
        log_change(&caller, &params.key, "stream removed");
        Ok(DeleteHoloduleResponse::Status204)
    }
}

/// The contract lets nothing into a key that could break a line of the log.
fn log_change(caller: &Caller, key: &str, what: &'static str) {
    let actor_id = caller.user_id;
    tracing::info!(key, %actor_id, "{what}");
}
