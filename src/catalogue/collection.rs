//! All entities of one kind: single ones, and lists that are filtered, sorted and cut into pages per request.

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::{
    dataset::Dataset,
    field::{Key, compare},
    filter::Filter,
    query::Query,
    resource::{Relation, RelationSet, Resource},
    response::{CachedResponse, to_json},
};
use crate::{
    errors::ApiError,
    paging::{Neighbours, Page},
};

/// The entities of a kind in the order of their ids.
pub(crate) struct Collection<R: Resource> {
    entries: Vec<Entry<R>>,
    /// The lists that are asked for without parameters but `options`, by relation set.
    first_pages: Vec<CachedResponse<R::List>>,
    public_url: String,
}

struct Entry<R> {
    id: i32,
    /// By field.
    keys: Vec<Vec<Key>>,
    /// By relation.
    related: Vec<Vec<i32>>,
    /// By relation set. A list is put together from these, since serialising is most of its work.
    responses: Vec<CachedResponse<R>>,
}

/// The members of a list besides `results`.
#[derive(Serialize)]
struct ListMembers<'a> {
    count: u64,
    next: &'a Option<String>,
    previous: &'a Option<String>,
}

impl<R: Resource> Collection<R> {
    /// Serialises the entities, with URLs that begin with `public_url`.
    pub(super) fn new(dataset: &Dataset, public_url: &str) -> Result<Self> {
        let records = dataset.records(public_url)?.into_iter();
        let entries = records.map(|(id, record)| Entry::new(id, &record, dataset));
        let mut collection = Self {
            entries: entries.collect::<Result<_>>()?,
            first_pages: Vec::new(),
            public_url: public_url.to_owned(),
        };
        collection.first_pages = RelationSet::every::<R>()
            .map(|relations| {
                let page = collection.page(&Query::first(relations), &[], &Self::path(), None);
                page.map(CachedResponse::kept)
            })
            .collect::<Result<_>>()?;
        Ok(collection)
    }

    /// Returns one entity.
    ///
    /// # Errors
    /// 404 when there is none of this id.
    pub(crate) fn get(
        &self,
        id: i32,
        relations: RelationSet,
    ) -> Result<CachedResponse<R>, ApiError> {
        Ok(self.entry(id)?.response(relations)?.clone())
    }

    /// Returns a page of the entities that match.
    ///
    /// # Errors
    /// 400 with each filter that its field does not take.
    pub(crate) fn list(&self, query: &Query<'_>) -> Result<CachedResponse<R::List>, ApiError> {
        if *query == Query::first(query.relations)
            && let Some(page) = self.first_pages.get(query.relations.index())
        {
            return Ok(page.clone());
        }
        let filters = Filter::read::<R>(query)?;
        Ok(self.page(query, &filters, &Self::path(), None)?)
    }

    /// Returns a page of the entities of another collection that one of this is related to, for operations like
    /// `GET /films/v1/{film_id}/characters`.
    ///
    /// # Errors
    /// 404 when there is none of this id, else as [`list`](Self::list).
    #[allow(
        dead_code,
        reason = "the contract decides whether there are nested lists"
    )]
    pub(crate) fn related<T: Resource>(
        &self,
        id: i32,
        relation: &str,
        others: &Collection<T>,
        query: &Query<'_>,
    ) -> Result<CachedResponse<T::List>, ApiError> {
        let mut relations = R::RELATIONS.iter().zip(&self.entry(id)?.related);
        let (_, ids) = relations
            .find(|(Relation(name, ..), _)| *name == relation)
            .with_context(|| format!("{} have no relation `{relation}`", R::NAME))?;
        let filters = Filter::read::<T>(query)?;
        let path = format!("{}{id}/{relation}", Self::path());
        Ok(others.page(query, &filters, &path, Some(ids))?)
    }

    fn path() -> String {
        format!("/{}/v1/", R::NAME)
    }

    fn entry(&self, id: i32) -> Result<&Entry<R>, ApiError> {
        let index = self.entries.binary_search_by_key(&id, |entry| entry.id);
        let entry = index.ok().and_then(|index| self.entries.get(index));
        entry.ok_or_else(ApiError::not_found)
    }

    /// Returns a page of those that pass, of `ids` alone if there are some: the unknown last, equals by id.
    fn page(
        &self,
        query: &Query<'_>,
        filters: &[Filter],
        path: &str,
        ids: Option<&[i32]>,
    ) -> Result<CachedResponse<R::List>> {
        let (sort_by, _) = R::field(query.sort_by).context("a list is sorted by no field")?;
        let mut matching: Vec<_> = self.entries.iter().collect();
        matching.retain(|entry| {
            ids.is_none_or(|ids| ids.contains(&entry.id))
                && filters
                    .iter()
                    .all(|filter| filter.passes(entry.keys(filter.field)))
        });
        // Stable, and the entries are in the order of ids.
        matching.sort_by(|a, b| compare(a.keys(sort_by), b.keys(sort_by), query.sort_order));
        let count = u64::try_from(matching.len())?;
        let page = Page::new(query.page, query.page_size);
        let carried = query.carried::<R>();
        let carried: Vec<_> = carried
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        let neighbours = page.neighbours(count, &self.public_url, path, &carried);
        let results = matching
            .iter()
            .skip(usize::try_from(page.offset())?)
            .take(usize::try_from(page.limit())?)
            .map(|entry| Ok(&entry.response(query.relations)?.body.bytes()[..]))
            .collect::<Result<Vec<_>>>()?;
        let json = joined(&results, count, &neighbours)?;
        Ok(CachedResponse::new(json, link(&neighbours)))
    }
}

impl<R: Resource> Entry<R> {
    fn new(id: i32, record: &R, dataset: &Dataset) -> Result<Self> {
        let response = |relations: RelationSet| {
            let mut record = record.clone();
            for Relation(_, _, urls) in relations.omitted::<R>() {
                *urls(&mut record) = None;
            }
            Ok(CachedResponse::new(to_json(&record)?, None).kept())
        };
        let related =
            |Relation(name, ..): &Relation<R, R::Options>| dataset.related::<R>(id, name).to_vec();
        Ok(Self {
            id,
            keys: R::FIELDS
                .iter()
                .map(|(_, field)| field.keys(record))
                .collect(),
            related: R::RELATIONS.iter().map(related).collect(),
            responses: RelationSet::every::<R>()
                .map(response)
                .collect::<Result<_>>()?,
        })
    }

    fn keys(&self, field: usize) -> &[Key] {
        self.keys.get(field).map_or(&[], Vec::as_slice)
    }

    fn response(&self, relations: RelationSet) -> Result<&CachedResponse<R>> {
        let response = self.responses.get(relations.index());
        response.context("a relation set of another kind")
    }
}

/// Returns the JSON of a list, from entities that are JSON already.
fn joined(results: &[&[u8]], count: u64, neighbours: &Neighbours) -> Result<Vec<u8>> {
    let Neighbours { next, previous } = neighbours;
    let members = serde_json::to_string(&ListMembers {
        count,
        next,
        previous,
    })?;
    let members = members.trim_start_matches('{').as_bytes();
    Ok([&b"{\"results\":["[..], &results.join(&b','), b"],", members].concat())
}

/// Returns the `Link` header (RFC 8288), whose name for the page before is `prev`.
fn link(neighbours: &Neighbours) -> Option<String> {
    let next = neighbours.next.iter().map(|url| (url, "next"));
    let previous = neighbours.previous.iter().map(|url| (url, "prev"));
    let links: Vec<String> = next
        .chain(previous)
        .map(|(url, relation)| format!("<{url}>; rel=\"{relation}\""))
        .collect();
    (!links.is_empty()).then(|| links.join(", "))
}
