//! Prepares the parameters of an operation for requests.

use super::{Parameter, Parameters};
use crate::{Defects, In, contract::header_name, segments::SegmentPlace};
use openapi::{Operation, pointer};

impl Parameters {
    /// Prepares the rules; query names that security schemes read count as known.
    pub(crate) fn prepare(operation: &Operation, defects: &mut Defects) -> Self {
        let credentials: Vec<String> = operation
            .requirement
            .query_names()
            .map(str::to_owned)
            .collect();
        let declared = operation.parameters.iter();
        let query_names = declared.flat_map(openapi::Parameter::query_names);
        let query_names = credentials.iter().cloned().chain(query_names).collect();
        let rules: Vec<Parameter> = operation
            .parameters
            .iter()
            .filter_map(|parameter| Parameter::prepare(parameter, operation, defects))
            .collect();
        Self {
            credentials,
            query_names,
            ignores_others: operation.ignores_unknown_query,
            has_cookies: rules.iter().any(|rule| rule.location == In::Cookie),
            rules,
        }
    }
}

impl Parameter {
    fn prepare(
        declared: &openapi::Parameter,
        operation: &Operation,
        defects: &mut Defects,
    ) -> Option<Self> {
        let name = &declared.name;
        let header = match declared.location {
            In::Header => Some(header_name(name, &operation.location, defects)?),
            _ => None,
        };
        Some(Self {
            name: name.as_str().into(),
            base: pointer("", name),
            location: declared.location,
            style: declared.style,
            explode: declared.explode,
            required: declared.required,
            default: declared.default.clone(),
            may_be_empty: declared.may_be_empty,
            form: declared.form.clone(),
            schema: declared.schema.clone(),
            header,
            segments: SegmentPlace::all(&operation.path, name),
        })
    }
}
