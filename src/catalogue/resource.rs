//! A kind of entity: its names, its fields and its relations.

use serde::{Serialize, de::DeserializeOwned};

use super::field::Field;

/// A kind of entity, implemented by its model in the contract.
pub(crate) trait Resource: Clone + Serialize + DeserializeOwned + 'static {
    /// A page of them in the contract.
    type List;
    /// The choice of relations in the contract.
    type Options;

    /// Names the file, the paths and most relations: `films`.
    const NAME: &'static str;
    /// Names one entity in operations and their parameters: `get_film`, `film_id`.
    const SINGULAR: &'static str;
    /// The field that `search` looks into.
    const TITLE: &'static str = "name";
    /// The fields to filter by and, but for lists, to sort by.
    const FIELDS: &'static [(&'static str, Field<Self>)];
    /// The relations that `options` and `without` can leave out; at most eight.
    const RELATIONS: &'static [Relation<Self, Self::Options>];

    /// Returns a field and its index in [`FIELDS`](Self::FIELDS).
    fn field(name: &str) -> Option<(usize, &'static Field<Self>)> {
        let mut fields = Self::FIELDS.iter().enumerate();
        fields.find_map(|(index, (known, field))| (*known == name).then_some((index, field)))
    }

    /// Returns what is wrong with an entity that keeps to the schema of the contract.
    fn defect(&self) -> Option<&'static str> {
        None
    }
}

/// A relation: its name, its option, and where its URLs stand.
pub(crate) struct Relation<R, O>(
    pub(super) &'static str,
    pub(super) fn(&O) -> bool,
    pub(super) fn(&mut R) -> &mut Option<Vec<String>>,
);

/// The relations wanted, a bit each in the order of [`Resource::RELATIONS`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct RelationSet(u8);

impl RelationSet {
    /// Returns every set of relations of `R`, in the order of [`index`](Self::index).
    pub(super) fn every<R: Resource>() -> impl Iterator<Item = Self> {
        (0..=Self::all::<R>().0).map(Self)
    }

    /// Returns all relations, which is the default.
    pub(crate) fn all<R: Resource>() -> Self {
        Self::pick::<R>(|_| true)
    }

    /// Returns the relations that the caller asked for.
    pub(crate) fn of<R: Resource>(options: Option<&R::Options>) -> Self {
        options.map_or_else(Self::all::<R>, |options| {
            Self::pick::<R>(|Relation(_, wanted, _)| wanted(options))
        })
    }

    /// Returns these relations but for those of the given names.
    pub(crate) fn without<'n, R: Resource>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        for name in names {
            let named = Self::pick::<R>(|Relation(relation, ..)| *relation == name);
            self.0 &= !named.0;
        }
        self
    }

    fn pick<R: Resource>(wanted: impl Fn(&Relation<R, R::Options>) -> bool) -> Self {
        let relations = R::RELATIONS.iter().enumerate();
        let bits = relations.map(|(index, relation)| u8::from(wanted(relation)) << index);
        Self(bits.sum())
    }

    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Returns the relations of `R` that are left out.
    pub(super) fn omitted<R: Resource>(
        self,
    ) -> impl Iterator<Item = &'static Relation<R, R::Options>> {
        let relations = R::RELATIONS.iter().enumerate();
        relations
            .filter_map(move |(index, relation)| (self.0 & (1 << index) == 0).then_some(relation))
    }
}
