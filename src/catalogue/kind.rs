//! What sets one kind of entity apart: its fields, its relations and its model. All else is the same for six.

use std::marker::PhantomData;

use serde::Serialize;
use time::Date;

use super::links::Links;

/// The kinds, to name one side of a relation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Domain {
    Characters,
    Films,
    Planets,
    Species,
    Starships,
    Vehicles,
}

impl Domain {
    /// As paths, files and most relations name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Films => "films",
            Self::Planets => "planets",
            Self::Species => "species",
            Self::Starships => "starships",
            Self::Vehicles => "vehicles",
        }
    }
}

/// A kind of entity.
pub(super) trait Kind: Sized + 'static {
    /// One entity in the contract.
    type Model: Serialize;
    /// A page of them in the contract.
    type List;
    /// The choice of relations in the contract.
    type Options;

    const DOMAIN: Domain;
    /// What can be filtered by and, but for lists, sorted by; `id` is the first.
    const FIELDS: &'static [Field<Self>];
    /// What can be left out, with what it leads to; at most eight.
    const RELATIONS: &'static [(&'static str, Domain)];

    fn id(&self) -> i32;

    /// What `search` looks at.
    fn title(&self) -> &str;

    /// The relations wanted, in the order of [`Self::RELATIONS`].
    fn wanted(options: &Self::Options) -> Mask;

    fn model(&self, related: &Related<'_, Self>) -> Self::Model;
}

/// A field, and how to read what it is compared by; `None` is unknown.
pub(super) struct Field<K> {
    pub(super) name: &'static str,
    pub(super) read: Read<K>,
}

/// The form of a field.
pub(super) enum Read<K> {
    Whole(fn(&K) -> Option<i64>),
    Number(fn(&K) -> Option<f64>),
    /// The only form of number that may be below 0.
    Signed(fn(&K) -> Option<f64>),
    Text(fn(&K) -> Option<&str>),
    Date(fn(&K) -> Date),
    List(fn(&K) -> Option<&[String]>),
}

impl<K> Field<K> {
    pub(super) const fn whole(name: &'static str, read: fn(&K) -> Option<i64>) -> Self {
        Self {
            name,
            read: Read::Whole(read),
        }
    }

    pub(super) const fn number(name: &'static str, read: fn(&K) -> Option<f64>) -> Self {
        Self {
            name,
            read: Read::Number(read),
        }
    }

    pub(super) const fn signed(name: &'static str, read: fn(&K) -> Option<f64>) -> Self {
        Self {
            name,
            read: Read::Signed(read),
        }
    }

    pub(super) const fn text(name: &'static str, read: fn(&K) -> Option<&str>) -> Self {
        Self {
            name,
            read: Read::Text(read),
        }
    }

    pub(super) const fn date(name: &'static str, read: fn(&K) -> Date) -> Self {
        Self {
            name,
            read: Read::Date(read),
        }
    }

    pub(super) const fn list(name: &'static str, read: fn(&K) -> Option<&[String]>) -> Self {
        Self {
            name,
            read: Read::List(read),
        }
    }
}

/// Which relations are wanted, a bit each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mask(u8);

impl Mask {
    /// Every choice of `K`, in the order of [`Mask::index`].
    pub(super) fn every<K: Kind>() -> impl Iterator<Item = Self> {
        (0..=Self::all::<K>().0).map(Self)
    }

    /// What is wanted when nothing is said.
    pub(super) fn all<K: Kind>() -> Self {
        Self::from(vec![true; K::RELATIONS.len()].as_slice())
    }

    /// What the caller asked for.
    pub(super) fn of<K: Kind>(options: Option<&K::Options>) -> Self {
        options.map_or_else(Self::all::<K>, K::wanted)
    }

    /// Place among [`Mask::every`].
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether the relation at this place is wanted.
    pub(super) fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }
}

impl From<&[bool]> for Mask {
    fn from(wanted: &[bool]) -> Self {
        let bits = wanted.iter().enumerate();
        Self(bits.map(|(place, wanted)| u8::from(*wanted) << place).sum())
    }
}

impl<const N: usize> From<[bool; N]> for Mask {
    fn from(wanted: [bool; N]) -> Self {
        Self::from(wanted.as_slice())
    }
}

/// Makes the URLs in a model.
pub(super) struct Related<'a, K> {
    pub(super) links: &'a Links,
    pub(super) public_url: &'a str,
    pub(super) mask: Mask,
    pub(super) id: i32,
    pub(super) of: PhantomData<fn() -> K>,
}

impl<K: Kind> Related<'_, K> {
    /// The entity's own URL.
    pub(super) fn url(&self) -> String {
        self.one(K::DOMAIN, self.id)
    }

    /// The URL of another entity.
    pub(super) fn one(&self, domain: Domain, id: i32) -> String {
        format!("{}/{}/v1/{id}", self.public_url, domain.name())
    }

    /// The URLs of a relation, where it is wanted.
    pub(super) fn all(&self, relation: &str) -> Option<Vec<String>> {
        let place = K::RELATIONS
            .iter()
            .position(|(name, _)| *name == relation)?;
        let (name, domain) = K::RELATIONS.get(place)?;
        let ids = self.links.of(K::DOMAIN, self.id, name);
        let urls = ids.iter().map(|id| self.one(*domain, *id));
        self.mask.has(place).then(|| urls.collect())
    }
}
