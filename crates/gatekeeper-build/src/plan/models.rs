//! The schemas under `components/schemas`, one model file each.

use super::forms::Form;
use super::types::{Scope, VALUE};
use super::{Planner, carrier, docs, members, names, text};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The templates of models, of which one prints each.
const KINDS: [&str; 6] = ["union", "numbers", "words", "object", "alias", "failures"];

impl<'c> Planner<'c> {
    /// A carrier for each named schema.
    pub(super) fn models(&self, files: &mut BTreeSet<String>) -> Map<String, Value> {
        let mut carriers = Map::new();
        let mut has_unions = false;
        for (name, schema) in members(&self.root["components"]["schemas"]) {
            let place = format!("components/schemas/{name}");
            let module = names::module(name);
            files.insert(format!("models/{module}.rs"));
            let mut models = BTreeSet::new();
            let (kind, definition) = self.definition(name, schema, &place, &mut models);
            models.remove(name);
            let first_union = !has_unions && kind == "union" && definition["tag"] == json!(false);
            has_unions |= first_union;
            let mut plan = model(&module, name, &models, kind, definition);
            plan.insert("first_union".to_owned(), json!(first_union));
            carriers.insert(format!("Carrier{:05}", carriers.len()), carrier(plan));
        }
        carriers
    }

    /// The definition of a schema, with the template that prints it.
    fn definition(
        &self,
        name: &str,
        schema: &'c Value,
        place: &str,
        models: &mut BTreeSet<String>,
    ) -> (&'static str, Value) {
        let mut scope = Scope::default();
        let fallback = self.place_in_words(name);
        let inner = self.written_out(schema);
        let description = text(schema, "description").or_else(|| text(inner, "description"));
        let (kind, mut plan) = match self.form(schema) {
            Form::Union => ("union", self.union(name, schema, place, &mut scope)),
            Form::Numbers => ("numbers", self.enumeration(inner)),
            Form::Words => ("words", self.enumeration(inner)),
            Form::Struct => ("object", self.structure(name, schema, place, &mut scope)),
            Form::Alias if self.circular_aliases().contains(name) => {
                ("alias", json!({ "aliased": VALUE }))
            }
            Form::Alias => {
                let alias = self.type_of(schema, place, &mut scope);
                ("alias", json!({ "aliased": alias.rust }))
            }
        };
        plan["name"] = json!(name);
        plan["model_doc"] = json!(docs::lines(description, &fallback));
        models.append(&mut scope.models);
        (kind, plan)
    }

    /// Says which part of the contract a model is of.
    fn place_in_words(&self, name: &str) -> String {
        let place = self.original(&format!("components/schemas/{name}"));
        match place.strip_prefix("components/schemas/") {
            Some(schema) if !schema.contains('/') => format!("The schema {}.", docs::code(schema)),
            _ => format!("The value at {}.", docs::code(&place)),
        }
    }
}

/// Returns the plan for the file of a model, by the template that prints it.
pub(super) fn model(
    module: &str,
    name: &str,
    imports: &BTreeSet<String>,
    kind: &str,
    definition: Value,
) -> Map<String, Value> {
    let mut plan = Map::new();
    plan.insert("module".to_owned(), json!(module));
    plan.insert("export".to_owned(), json!(name));
    plan.insert("imports".to_owned(), json!(imports));
    plan.insert("imported".to_owned(), json!(!imports.is_empty()));
    for each in KINDS {
        plan.insert(each.to_owned(), json!(false));
    }
    plan.insert(kind.to_owned(), definition);
    plan
}
