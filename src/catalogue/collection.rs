//! All entities of one kind, prepared for whatever a list can ask.

use std::{borrow::Cow, collections::HashMap, marker::PhantomData};

use anyhow::{Result, anyhow};
use gatekeeper::{HeaderText, PreserializedJson};
use sha2::{Digest, Sha256};

use super::{
    answer::{Answer, Reply, is_current},
    column::{Column, fold},
    filter::Filter,
    kind::{Kind, Mask, Related},
    links::Links,
    list,
    query::Query,
};
use crate::{errors::ApiError, paging::Page};

/// Entities by place, which is their order by id.
pub(super) struct Collection<K: Kind> {
    places: HashMap<i32, usize>,
    /// By mask, then by place.
    entities: Vec<Vec<Answer<K::Model>>>,
    /// The list that is asked for without parameters but `options`, by mask.
    first: Vec<Answer<K::List>>,
    columns: Vec<Column>,
    /// What `search` looks at, folded.
    titles: Vec<String>,
    /// Names of the parameters that leave a relation out.
    options: Vec<String>,
    public_url: String,
    path: String,
    /// Of everything that a list can be made of.
    digest: Sha256,
}

impl<K: Kind> Collection<K> {
    /// Prepares the answers for `records`, which are in the order of ids.
    pub(super) fn prepare(records: &[K], links: &Links, public_url: &str) -> Result<Self> {
        let mut entities = Vec::new();
        for mask in Mask::every::<K>() {
            let models = records.iter().map(|record| {
                Answer::new(&record.model(&Related {
                    links,
                    public_url,
                    mask,
                    id: record.id(),
                    of: PhantomData,
                }))
            });
            entities.push(models.collect::<Result<Vec<_>>>()?);
        }
        let path = format!("/{}/v1/", K::DOMAIN.name());
        // A release may sort or filter otherwise, so its version is part of what a list is made of.
        let mut digest = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
        digest.update(format!("{public_url}{path}"));
        for entity in entities.last().into_iter().flatten() {
            digest.update(entity.body.bytes());
        }
        let mut collection = Self {
            places: records.iter().map(K::id).zip(0..).collect(),
            entities,
            first: Vec::new(),
            columns: K::FIELDS
                .iter()
                .map(|field| Column::new(field, records))
                .collect(),
            titles: records.iter().map(|record| fold(record.title())).collect(),
            options: K::RELATIONS
                .iter()
                .map(|(name, _)| format!("options[{name}]"))
                .collect(),
            public_url: public_url.to_owned(),
            path,
            digest,
        };
        collection.first = Mask::every::<K>()
            .map(|mask| {
                let query = Query::first(mask);
                let carried = query.carried(&collection.options);
                let etag = query.tag(&carried, &collection.digest);
                collection.page(&query, &[], &carried, etag)
            })
            .collect::<Result<_>>()?;
        Ok(collection)
    }

    /// One entity.
    pub(super) fn one(
        &self,
        id: i32,
        mask: Mask,
        held: Option<&str>,
    ) -> Result<Reply<K::Model>, ApiError> {
        self.places
            .get(&id)
            .and_then(|place| self.entities.get(mask.index())?.get(*place))
            .map(|answer| answer.reply(held))
            .ok_or_else(ApiError::not_found)
    }

    /// A page of the entities that match.
    ///
    /// # Errors
    ///
    /// 400 with each filter that does not fit its field.
    pub(super) fn list(
        &self,
        query: &Query<'_>,
        held: Option<&str>,
    ) -> Result<Reply<K::List>, ApiError> {
        if *query == Query::first(query.mask)
            && let Some(answer) = self.first.get(query.mask.index())
        {
            return Ok(answer.reply(held));
        }
        let filters = Filter::read(&self.columns, query.filters)?;
        let carried = query.carried(&self.options);
        let etag = query.tag(&carried, &self.digest);
        if is_current(held, &etag) {
            return Ok(Reply::Held(etag.into()));
        }
        Ok(Reply::Sent(self.page(query, &filters, &carried, etag)?))
    }

    fn page(
        &self,
        query: &Query<'_>,
        filters: &[Filter],
        carried: &[(&str, &str)],
        etag: String,
    ) -> Result<Answer<K::List>> {
        let matching = self.matching(query, filters)?;
        let page = Page::new(query.page, query.page_size);
        let count = u64::try_from(matching.len())?;
        let neighbours = page.neighbours(count, &self.public_url, &self.path, carried);
        let entities = self
            .entities
            .get(query.mask.index())
            .ok_or_else(|| anyhow!("no entities for {:?}", query.mask))?;
        let picked: Vec<&[u8]> = matching
            .iter()
            .skip(usize::try_from(page.offset())?)
            .take(usize::try_from(page.limit())?)
            .filter_map(|place| entities.get(*place))
            .map(|entity| &entity.body.bytes()[..])
            .collect();
        Ok(Answer {
            body: PreserializedJson::from_json(list::join(&picked, count, &neighbours)?),
            etag: etag.into(),
            link: list::link(&neighbours).map(HeaderText::from),
        })
    }

    /// The places of all that match, sorted.
    fn matching(&self, query: &Query<'_>, filters: &[Filter]) -> Result<Cow<'_, [usize]>> {
        let order = self
            .columns
            .iter()
            .find(|column| column.name == query.sort_by)
            .map(|column| column.order(query.sort_order))
            .ok_or_else(|| anyhow!("the contract sorts by a field that is not there"))?;
        if query.search.is_none() && filters.is_empty() {
            return Ok(order.into());
        }
        let searched = query.search.map(fold);
        let found = |place: usize| match &searched {
            Some(text) => self
                .titles
                .get(place)
                .is_some_and(|title| title.contains(text)),
            None => true,
        };
        Ok(order
            .iter()
            .copied()
            .filter(|place| found(*place))
            .filter(|place| {
                filters
                    .iter()
                    .all(|filter| filter.passes(&self.columns, *place))
            })
            .collect())
    }
}
