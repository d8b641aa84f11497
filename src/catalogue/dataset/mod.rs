//! The reference data as it is stored: models of the contract, with ids where those have URLs and each relation on one
//! side only. The files are compiled into the binary, or stand in a folder with the same names and shape.
//!
//! Data that could not be served as the contract says is refused, so that a start either has a whole catalogue or names
//! the file, the entity and the field.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use gatekeeper::{Contract, In, Violation, strict_json};
use generated::models::{Character, Film, Planet, SpeciesEntry, Starship, Vehicle};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::resource::Resource;
use crate::text;

#[cfg(test)]
mod tests;

type Object = Map<String, Value>;
/// By kind and id.
type Entities = HashMap<&'static str, BTreeMap<i32, Object>>;
/// Ids, ascending, by kind, id and relation.
type Related = HashMap<(&'static str, i32, &'static str), Vec<i32>>;

const FILES: [(&str, &str); 6] = [
    ("characters", include_str!("../data/characters.json")),
    ("films", include_str!("../data/films.json")),
    ("planets", include_str!("../data/planets.json")),
    ("species", include_str!("../data/species.json")),
    ("starships", include_str!("../data/starships.json")),
    ("vehicles", include_str!("../data/vehicles.json")),
];

/// The stored relations: a kind, the member with the ids, the kind that they are of, and the relation back.
const STORED: [[&str; 4]; 10] = [
    ["characters", "homeworld", "planets", "residents"],
    ["characters", "species", "species", "characters"],
    ["characters", "starships", "starships", "pilots"],
    ["characters", "vehicles", "vehicles", "pilots"],
    ["films", "characters", "characters", "films"],
    ["films", "planets", "planets", "films"],
    ["films", "species", "species", "films"],
    ["films", "starships", "starships", "films"],
    ["films", "vehicles", "vehicles", "films"],
    ["species", "homeworld", "planets", "species"],
];

/// All reference data, checked against the contract, every relation resolved.
pub(crate) struct Dataset {
    entities: Entities,
    related: Related,
}

impl Dataset {
    /// Reads the folder, or what is part of the binary while `folder` is empty.
    ///
    /// # Errors
    /// Names the file, the entity and the field.
    pub(crate) fn load(folder: &Path, contract: &Contract) -> Result<Self> {
        let compiled_in = folder.as_os_str().is_empty();
        let read = |name: &str, text| -> Result<_> {
            if compiled_in {
                return parse(text);
            }
            let text = text::read(&folder.join(format!("{name}.json")));
            parse(&text.context("cannot be read")?)
        };
        FILES
            .into_iter()
            .map(|(name, text)| {
                let entities = read(name, text).with_context(|| format!("{name}.json"))?;
                Ok((name, entities))
            })
            .collect::<Result<Entities>>()
            .and_then(|entities| Self::new(entities, contract))
            .with_context(|| match compiled_in {
                true => "the compiled-in catalogue".to_owned(),
                false => format!("catalogue.source: {}", folder.display()),
            })
    }

    fn new(entities: Entities, contract: &Contract) -> Result<Self> {
        let related = relate(&entities)?;
        let dataset = Self { entities, related };
        dataset.check::<Character>(contract)?;
        dataset.check::<Film>(contract)?;
        dataset.check::<Planet>(contract)?;
        dataset.check::<SpeciesEntry>(contract)?;
        dataset.check::<Starship>(contract)?;
        dataset.check::<Vehicle>(contract)?;
        Ok(dataset)
    }

    /// Returns the entities of a kind in the order of their ids, with URLs that begin with `public_url`.
    pub(super) fn records<R: Resource>(&self, public_url: &str) -> Result<Vec<(i32, R)>> {
        let record = |(id, entity)| Ok((id, typed(self.resolve::<R>(id, entity, public_url)?)?));
        self.stored::<R>().map(record).collect()
    }

    /// Returns the ids that an entity is related to, ascending.
    pub(super) fn related<R: Resource>(&self, id: i32, relation: &'static str) -> &[i32] {
        let ids = self.related.get(&(R::NAME, id, relation));
        ids.map_or(&[], Vec::as_slice)
    }

    fn stored<R: Resource>(&self) -> impl Iterator<Item = (i32, &Object)> {
        let entities = self.entities.get(R::NAME).into_iter().flatten();
        entities.map(|(id, entity)| (*id, entity))
    }

    fn check<R: Resource>(&self, contract: &Contract) -> Result<()> {
        for (id, entity) in self.stored::<R>() {
            self.check_entity::<R>(id, entity, contract)
                .with_context(|| format!("{}.json: entity {id}", R::NAME))?;
        }
        Ok(())
    }

    /// Checks an entity as `GET /films/v1/{film_id}` would be asked for it and answer with it.
    fn check_entity<R: Resource>(
        &self,
        id: i32,
        entity: &Object,
        contract: &Contract,
    ) -> Result<()> {
        let operation = format!("get_{}", R::SINGULAR);
        let parameter = format!("{}_id", R::SINGULAR);
        contract
            .check_parameter(&operation, In::Path, &parameter, &id.into())
            .map_err(described)?;
        // Not with `public_url`, which is not known to every command that checks data.
        let resolved = self.resolve::<R>(id, entity, "http://localhost")?;
        let record: R = typed(resolved.clone())?;
        contract
            .check_reply(&operation, 200, &resolved.into())
            .map_err(described)?;
        record.defect().map_or(Ok(()), |defect| bail!(defect))
    }

    /// Replaces ids by URLs, and adds the relations that other entities store.
    fn resolve<R: Resource>(&self, id: i32, entity: &Object, base: &str) -> Result<Object> {
        let url = |kind: &str, id: &i32| Value::from(format!("{base}/{kind}/v1/{id}"));
        let urls = |relation, kind| -> Vec<Value> {
            let ids = self.related::<R>(id, relation).iter();
            ids.map(|id| url(kind, id)).collect()
        };
        let mut resolved = entity.clone();
        let mut add = |name: &str, value| match resolved.insert(name.to_owned(), value) {
            Some(_) => Err(anyhow!("`{name}` is computed and cannot be stored")),
            None => Ok(()),
        };
        add("url", url(R::NAME, &id))?;
        for [from, _, to, inverse] in STORED {
            if to == R::NAME {
                add(inverse, urls(inverse, from).into())?;
            }
        }
        for [from, relation, to, _] in STORED {
            if from == R::NAME
                && let Some(value) = resolved.get_mut(relation)
            {
                let urls = urls(relation, to);
                *value = match value {
                    Value::Array(_) => urls.into(),
                    _ => urls.into_iter().next().unwrap_or_default(),
                };
            }
        }
        Ok(resolved)
    }
}

/// Returns the entities of one file.
fn parse(text: &str) -> Result<BTreeMap<i32, Object>> {
    let value = strict_json(text.as_bytes(), In::Body, "").map_err(described)?;
    let mut entities = BTreeMap::new();
    for (place, entity) in typed::<Vec<Object>>(value)?.into_iter().enumerate() {
        let id = entity.get("id").cloned().unwrap_or_default();
        let id: i32 = typed(id).with_context(|| format!("entity at place {}: `id`", place + 1))?;
        let is_new = entities.insert(id, entity).is_none();
        ensure!(is_new, "entity {id}: `id` stands there twice");
    }
    Ok(entities)
}

/// Returns the relations in both directions.
fn relate(entities: &Entities) -> Result<Related> {
    let mut related = Related::new();
    for [from, relation, to, inverse] in STORED {
        for (id, entity) in entities.get(from).into_iter().flatten() {
            let place = || format!("{from}.json: entity {id}: `{relation}`");
            let others = match entity.get(relation) {
                None => bail!("{} is required", place()),
                Some(Value::Null) => Vec::new(),
                Some(Value::Array(ids)) => ids.clone(),
                Some(id) => vec![id.clone()],
            };
            for other in typed::<Vec<i32>>(others).with_context(place)? {
                let ids = related.entry((from, *id, relation)).or_default();
                ensure!(!ids.contains(&other), "{} names {other} twice", place());
                ids.push(other);
                let is_known = entities
                    .get(to)
                    .is_some_and(|known| known.contains_key(&other));
                ensure!(is_known, "{} names {other}, which {to}.json lacks", place());
                related.entry((to, other, inverse)).or_default().push(*id);
            }
        }
    }
    related.values_mut().for_each(|ids| ids.sort_unstable());
    Ok(related)
}

/// Deserialises a value; the error names the member.
fn typed<T: DeserializeOwned>(value: impl Into<Value>) -> Result<T> {
    serde_path_to_error::deserialize(value.into()).map_err(|error| match error.path() {
        path if path.iter().next().is_some() => anyhow!("`{path}`: {}", error.inner()),
        _ => anyhow!("{}", error.inner()),
    })
}

fn described(violations: Vec<Violation>) -> anyhow::Error {
    let violations = violations.iter().map(|violation| {
        let member = violation.pointer.trim_start_matches('/').replace('/', ".");
        match member.as_str() {
            "" => violation.message.clone(),
            _ => format!("`{member}`: {}", violation.message),
        }
    });
    anyhow!(violations.collect::<Vec<_>>().join("; "))
}
