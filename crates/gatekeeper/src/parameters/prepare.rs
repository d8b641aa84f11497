//! From the Parameter Object to the prepared rule.

use super::{Form, Parameter, Parameters, Style};
use crate::{
    Defects, In,
    spec::{OperationSpec, Spec},
};
use actix_web::http::header::HeaderName;
use openapi::{Shape, is_json, pointer, shape};
use serde_json::Value;

/// The extension of an operation that ignores query names it does not declare.
const IGNORE_OTHERS: &str = "x-ignore-unknown-query";

impl Parameters {
    /// Prepares the rules; query names that security schemes read count as known.
    pub(crate) fn prepare(operation: &OperationSpec, spec: &Spec, defects: &mut Defects) -> Self {
        let mut rules = Vec::new();
        for (index, parameter) in operation
            .json
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let place = format!("{}.parameters[{index}]", operation.location);
            rules.extend(
                Preparation {
                    operation,
                    spec,
                    defects,
                    place,
                }
                .parameter(parameter),
            );
        }
        // Whatever no other parameter reads goes to an exploded object that is open, so it reads last.
        rules.sort_by_key(Parameter::is_open);
        if rules.iter().filter(|rule| rule.is_open()).count() > 1 {
            defects.add(&operation.location, "two exploded objects take any query name; close one with `additionalProperties: false`");
        }
        let credentials = credentials(operation, spec);
        let query_names = query_names(&rules, &credentials, operation, defects);
        let has_cookies = rules
            .iter()
            .any(|rule: &Parameter| rule.location == In::Cookie);
        let ignores_others = match operation.json.get(IGNORE_OTHERS) {
            None => false,
            Some(Value::Bool(ignored)) => *ignored,
            Some(_) => {
                let place = format!("{}.{IGNORE_OTHERS}", operation.location);
                defects.add(place, "must be true or false");
                false
            }
        };
        Self {
            rules,
            credentials,
            query_names,
            ignores_others,
            has_cookies,
        }
    }
}

/// Query names of the API keys that the operation's security requirement names.
fn credentials(operation: &OperationSpec, spec: &Spec) -> Vec<String> {
    let requirement = operation.json.get("security").or(spec.security.as_ref());
    let alternatives = requirement
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    alternatives
        .flat_map(|schemes| schemes.keys())
        .filter_map(|name| spec.security_schemes.get(name))
        .filter(|scheme| scheme.get("in").and_then(Value::as_str) == Some("query"))
        .filter_map(|scheme| scheme.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect()
}

/// All names that may stand in the query; two owners of one name could not be told apart.
fn query_names(
    rules: &[Parameter],
    credentials: &[String],
    operation: &OperationSpec,
    defects: &mut Defects,
) -> Vec<String> {
    let mut names: Vec<String> = credentials.to_vec();
    for rule in rules.iter().filter(|rule| rule.location == In::Query) {
        let own: Vec<String> = match &rule.form {
            Form::Styled(Shape::Object(members)) if rule.style == Style::DeepObject => members
                .named
                .iter()
                .map(|(member, _)| format!("{}[{member}]", rule.name))
                .collect(),
            Form::Styled(Shape::Object(members)) if rule.explode => members
                .named
                .iter()
                .map(|(member, _)| member.clone())
                .collect(),
            _ => vec![rule.name.to_string()],
        };
        for name in own {
            if names.contains(&name) {
                defects.add(
                    &operation.location,
                    format!("two parameters read the query name `{name}`; rename one of them"),
                );
            }
            names.push(name);
        }
    }
    names
}

impl Parameter {
    /// True if undeclared query names are ignored.
    fn is_open(&self) -> bool {
        let exploded = self.location == In::Query && self.style == Style::Form && self.explode;
        exploded
            && matches!(&self.form, Form::Styled(Shape::Object(members)) if members.others.is_some())
    }
}

struct Preparation<'a> {
    operation: &'a OperationSpec,
    spec: &'a Spec,
    defects: &'a mut Defects,
    place: String,
}

impl Preparation<'_> {
    fn defect<T>(&mut self, problem: impl Into<String>) -> Option<T> {
        self.defects.add(&self.place, problem);
        None
    }

    fn parameter(&mut self, parameter: &Value) -> Option<Parameter> {
        let Some(name) = parameter
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
        else {
            return self.defect("has no name");
        };
        let location = match parameter.get("in").and_then(Value::as_str) {
            Some("path") => In::Path,
            Some("query") => In::Query,
            Some("header") => In::Header,
            Some("cookie") => In::Cookie,
            _ => return self.defect("`in` must be path, query, header or cookie"),
        };
        let required = self.flag(parameter, "required", false);
        if location == In::Path && !required {
            return self.defect("a path parameter is always there; write `required: true`");
        }
        if self.flag(parameter, "allowReserved", false) {
            return self.defect("`allowReserved` is not enforced; leave it out, reserved characters are read escaped");
        }
        let segment = self
            .operation
            .path
            .split('/')
            .position(|segment| segment == format!("{{{name}}}"))
            .unwrap_or_default();
        let header = match location {
            In::Header => Some(self.header(name)?),
            _ => None,
        };
        let style = self.style(parameter, location)?;
        let explode = self.flag(parameter, "explode", style == Style::Form);
        let (schema, form) = match (parameter.get("schema"), parameter.get("content")) {
            (Some(schema), None) => (schema, None),
            (None, Some(content)) => {
                let json = content
                    .as_object()
                    .filter(|content| content.len() == 1)
                    .and_then(|content| content.iter().next());
                match json
                    .filter(|(media_type, _)| is_json(media_type))
                    .and_then(|(_, media_type)| media_type.get("schema"))
                {
                    Some(schema) => (schema, Some(Form::Json)),
                    None => {
                        return self.defect("`content` must be one JSON media type with a schema");
                    }
                }
            }
            _ => return self.defect("must have either `schema` or `content`"),
        };
        let form = match form {
            Some(form) => form,
            None => Form::Styled(self.shape(schema, style, explode, location)?),
        };
        let compiled =
            self.spec
                .schemas
                .compile(schema, &format!("{}.schema", self.place), self.defects)?;
        let default = self.default(schema);
        if default.is_some() && required {
            return self
                .defect("is required, so its default could never be used; leave one of them out");
        }
        if self.flag(parameter, "allowEmptyValue", false)
            && !compiled.is_valid(&Value::String(String::new()))
        {
            return self.defect(
                "`allowEmptyValue` is for schemas that accept the empty string; this one does not",
            );
        }
        Some(Parameter {
            name: name.into(),
            base: pointer("", name),
            location,
            style,
            explode,
            required,
            default,
            form,
            schema: compiled,
            header,
            segment,
        })
    }

    fn header(&mut self, name: &str) -> Option<HeaderName> {
        if ["accept", "content-type", "authorization"]
            .iter()
            .any(|ignored| name.eq_ignore_ascii_case(ignored))
        {
            return self.defect("OpenAPI ignores header parameters named Accept, Content-Type and Authorization; describe media types by content and credentials by security");
        }
        match HeaderName::try_from(name) {
            Ok(header) => Some(header),
            Err(_) => self.defect(format!("`{name}` is no header name")),
        }
    }

    fn flag(&mut self, parameter: &Value, keyword: &str, default: bool) -> bool {
        match parameter.get(keyword) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.defects
                    .add(format!("{}.{keyword}", self.place), "must be true or false");
                default
            }
        }
    }

    fn style(&mut self, parameter: &Value, location: In) -> Option<Style> {
        let stated = parameter.get("style").and_then(Value::as_str);
        let style = match (location, stated) {
            (In::Path, None | Some("simple")) | (In::Header, None | Some("simple")) => {
                Style::Simple
            }
            (In::Path, Some("label")) => Style::Label,
            (In::Path, Some("matrix")) => Style::Matrix,
            (In::Query | In::Cookie, None | Some("form")) => Style::Form,
            (In::Query, Some("spaceDelimited")) => Style::SpaceDelimited,
            (In::Query, Some("pipeDelimited")) => Style::PipeDelimited,
            (In::Query, Some("deepObject")) => Style::DeepObject,
            (_, Some(other)) => {
                return self.defect(format!(
                    "style `{other}` does not exist for parameters in {location}"
                ));
            }
            (In::Body, None) => return None,
        };
        Some(style)
    }

    fn shape(
        &mut self,
        schema: &Value,
        style: Style,
        explode: bool,
        location: In,
    ) -> Option<Shape> {
        let shape = match shape(schema, self.spec.schemas.raw()) {
            Ok(shape) => shape,
            Err(problem) => return self.defect(problem),
        };
        if let Shape::Object(members) = &shape
            && members
                .named
                .iter()
                .any(|(_, member)| !matches!(member, Shape::Scalar(_)))
        {
            return self.defect("an array inside an object has no form as text; send JSON");
        }
        let structured = !matches!(shape, Shape::Scalar(_));
        match style {
            Style::DeepObject if !matches!(shape, Shape::Object(_)) => {
                self.defect("style `deepObject` is for objects")
            }
            Style::SpaceDelimited | Style::PipeDelimited if !structured || explode => {
                self.defect("a delimited style is for arrays and objects without explode")
            }
            Style::Form if location == In::Cookie && structured && explode => {
                self.defect("a cookie cannot be exploded; write `explode: false`")
            }
            _ => Some(shape),
        }
    }

    /// The schema's `default`, also behind a reference.
    fn default(&self, schema: &Value) -> Option<Value> {
        let mut schema = schema;
        // References are known to end, since the schema compiled.
        while let Some(name) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix("#/components/schemas/"))
        {
            schema = self.spec.schemas.raw().get(name)?;
        }
        schema.get("default").cloned()
    }
}
