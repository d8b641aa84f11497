//! All entities of one kind: single ones, and lists that are filtered, sorted and cut into pages per request.

use anyhow::{Context as _, Result};
use gatekeeper::{HeaderText, PreserializedJson};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    dataset::Dataset,
    field::{Key, compare},
    filter::Filter,
    query::Query,
    resource::{Relation, RelationSet, Resource},
    response::{CachedResponse, Conditional, etag, is_current},
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
    /// Of everything that a list can be made of.
    digest: Sha256,
}

struct Entry<R> {
    id: i32,
    /// By field.
    keys: Vec<Option<Vec<Key>>>,
    /// By relation.
    related: Vec<Vec<i32>>,
    /// By relation set. A list is put together from these, since serialising is most of its work.
    responses: Vec<CachedResponse<R>>,
}

/// The entities that a list is made of, all while there are no ids, and its path.
struct Scope<'a> {
    path: String,
    ids: Option<&'a [i32]>,
}

/// What a list has besides `results`.
#[derive(Serialize)]
struct ListMembers<'a> {
    count: u64,
    next: &'a Option<String>,
    previous: &'a Option<String>,
}

impl<R: Resource> Collection<R> {
    /// Serialises the entities, with URLs that begin with `public_url`.
    pub(super) fn new(dataset: &Dataset, public_url: &str) -> Result<Self> {
        let entry = |(id, record)| Entry::new(id, &record, dataset);
        let entries: Vec<Entry<R>> = dataset
            .records(public_url)?
            .into_iter()
            .map(entry)
            .collect::<Result<_>>()?;
        // A release may sort or filter otherwise, so its version is part of what a list is made of.
        let mut digest = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
        digest.update(public_url);
        for complete in entries.iter().flat_map(|entry| entry.responses.last()) {
            digest.update(complete.body.bytes());
        }
        let mut collection = Self {
            entries,
            first_pages: Vec::new(),
            public_url: public_url.to_owned(),
            digest,
        };
        collection.first_pages = RelationSet::every::<R>()
            .map(|relations| {
                let query = Query::first(relations);
                let scope = Self::everything();
                let etag = collection.etag(&query, &scope);
                collection.page(&query, &[], &scope, etag)
            })
            .collect::<Result<_>>()?;
        Ok(collection)
    }

    /// Returns one entity.
    ///
    /// # Errors
    ///
    /// 404 when there is none of this id.
    pub(crate) fn get(
        &self,
        id: i32,
        relations: RelationSet,
        if_none_match: Option<&str>,
    ) -> Result<Conditional<R>, ApiError> {
        let response = self.entry(id)?.response(relations)?;
        Ok(response.unless_current(if_none_match))
    }

    /// Returns a page of the entities that match.
    ///
    /// # Errors
    ///
    /// 400 with each filter that its field does not take.
    pub(crate) fn list(
        &self,
        query: &Query<'_>,
        if_none_match: Option<&str>,
    ) -> Result<Conditional<R::List>, ApiError> {
        match self.first_pages.get(query.relations.index()) {
            Some(page) if *query == Query::first(query.relations) => {
                Ok(page.unless_current(if_none_match))
            }
            _ => self.select(query, if_none_match, &Self::everything()),
        }
    }

    /// Returns a page of the entities of another collection that one of this is related to, for operations like
    /// `GET /films/v1/{film_id}/characters`.
    ///
    /// # Errors
    ///
    /// 404 when there is none of this id, else as [`list`](Self::list).
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the contract has no nested list yet")
    )]
    pub(crate) fn related<T: Resource>(
        &self,
        id: i32,
        relation: &str,
        others: &Collection<T>,
        query: &Query<'_>,
        if_none_match: Option<&str>,
    ) -> Result<Conditional<T::List>, ApiError> {
        let mut relations = R::RELATIONS.iter().zip(&self.entry(id)?.related);
        let (_, ids) = relations
            .find(|(Relation(name, ..), _)| *name == relation)
            .with_context(|| format!("{} have no relation `{relation}`", R::NAME))?;
        let scope = Scope {
            path: format!("/{}/v1/{id}/{relation}", R::NAME),
            ids: Some(ids),
        };
        others.select(query, if_none_match, &scope)
    }

    fn entry(&self, id: i32) -> Result<&Entry<R>, ApiError> {
        let place = self.entries.binary_search_by_key(&id, |entry| entry.id);
        let entry = place.ok().and_then(|place| self.entries.get(place));
        entry.ok_or_else(ApiError::not_found)
    }

    fn everything() -> Scope<'static> {
        Scope {
            path: format!("/{}/v1/", R::NAME),
            ids: None,
        }
    }

    fn select(
        &self,
        query: &Query<'_>,
        if_none_match: Option<&str>,
        scope: &Scope<'_>,
    ) -> Result<Conditional<R::List>, ApiError> {
        let filters = Filter::read::<R>(query.filters)?;
        let etag = self.etag(query, scope);
        if is_current(if_none_match, &etag) {
            return Ok(Conditional::NotModified(etag.into()));
        }
        Ok(Conditional::Ok(self.page(query, &filters, scope, etag)?))
    }

    /// Returns the entity tag of a list, which is not made for it.
    fn etag(&self, query: &Query<'_>, scope: &Scope<'_>) -> String {
        let digest = self.digest.clone().chain_update(&scope.path);
        etag(digest.chain_update(query.canonical::<R>()).finalize())
    }

    fn page(
        &self,
        query: &Query<'_>,
        filters: &[Filter],
        scope: &Scope<'_>,
        etag: String,
    ) -> Result<CachedResponse<R::List>> {
        let matching = self.matching(query, filters, scope.ids)?;
        let count = u64::try_from(matching.len())?;
        let page = Page::new(query.page, query.page_size);
        let carried = query.carried::<R>();
        let carried: Vec<_> = carried
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        let neighbours = page.neighbours(count, &self.public_url, &scope.path, &carried);
        let results = matching
            .iter()
            .skip(usize::try_from(page.offset())?)
            .take(usize::try_from(page.limit())?)
            .map(|entry| Ok(&entry.response(query.relations)?.body.bytes()[..]))
            .collect::<Result<Vec<_>>>()?;
        Ok(CachedResponse {
            body: PreserializedJson::from_json(joined(&results, count, &neighbours)?),
            etag: etag.into(),
            link: link(&neighbours).map(HeaderText::from),
        })
    }

    /// Returns all that match, sorted: the unknown last, equals by id.
    fn matching(
        &self,
        query: &Query<'_>,
        filters: &[Filter],
        ids: Option<&[i32]>,
    ) -> Result<Vec<&Entry<R>>> {
        let title = field::<R>(R::TITLE)?;
        let wanted = query.search.map(Key::text);
        let mut matching: Vec<_> = self
            .entries
            .iter()
            .filter(|entry| ids.is_none_or(|ids| ids.binary_search(&entry.id).is_ok()))
            .filter(|entry| {
                let found = |text| {
                    entry
                        .keys(title)
                        .is_some_and(|keys| keys.iter().any(|key| key.contains(text)))
                };
                wanted.as_ref().is_none_or(found)
            })
            .filter(|entry| {
                filters
                    .iter()
                    .all(|filter| filter.passes(entry.keys(filter.field)))
            })
            .collect();
        let sort_by = field::<R>(query.sort_by)?;
        // Stable, and the entries are in the order of ids.
        matching.sort_by(|a, b| compare(a.keys(sort_by), b.keys(sort_by), query.sort_order));
        Ok(matching)
    }
}

impl<R: Resource> Entry<R> {
    fn new(id: i32, record: &R, dataset: &Dataset) -> Result<Self> {
        let response = |relations: RelationSet| {
            let mut record = record.clone();
            for Relation(_, _, urls) in relations.omitted::<R>() {
                *urls(&mut record) = None;
            }
            CachedResponse::new(&record)
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

    fn keys(&self, field: usize) -> Option<&[Key]> {
        self.keys.get(field)?.as_deref()
    }

    fn response(&self, relations: RelationSet) -> Result<&CachedResponse<R>> {
        let response = self.responses.get(relations.index());
        response.context("a relation set of another kind")
    }
}

/// Returns the place of a field in [`Resource::FIELDS`].
fn field<R: Resource>(name: &str) -> Result<usize> {
    let place = R::FIELDS.iter().position(|(known, _)| *known == name);
    place.with_context(|| format!("{} have no field `{name}`", R::NAME))
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
