//! Parameters: how each is written on the wire, and what it may be.
//!
//! Every style of OpenAPI 3.0 is read. Refused: nested arrays and objects, `oneOf`, `anyOf`, `nullable` and a missing
//! `type` (text cannot tell them apart), and `allowReserved`.

use crate::{
    Defects, In, Requirement, Schema, Shape, examples, is_json, media_type::is_header_name,
    operation::Components, paths::Located, shape::shape,
};
use serde_json::Value;

/// On an operation: query names that it does not declare are ignored.
const IGNORE_OTHERS: &str = "x-ignore-unknown-query";

/// The longest chain of references to schemas that is followed for a default.
const LONGEST_CHAIN: usize = 16;

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The part of the request: path, query, header or cookie.
    pub location: In,
    /// The style in which arrays and objects are written.
    pub style: Style,
    /// One name or piece for each item of an array or object.
    pub explode: bool,
    /// Set when a request without it is a violation.
    pub required: bool,
    /// Its value where none is sent.
    pub default: Option<Value>,
    /// The form of its text.
    pub form: Form,
    /// The schema of the decoded value.
    pub schema: Schema,
}

/// The form in which the text of a parameter is read.
#[derive(Clone, Debug)]
pub enum Form {
    /// By style and type.
    Styled(Shape),
    /// JSON.
    Json,
}

/// The styles of OpenAPI 3.0 (Parameter Object, "Style Values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a;name=b`
    Matrix,
    /// `name=a&name=b`
    Form,
    /// `name=a b`
    SpaceDelimited,
    /// `name=a|b`
    PipeDelimited,
    /// `name[member]=a`
    DeepObject,
}

impl Parameter {
    /// Returns true when it takes query names that nobody declared.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let exploded = self.location == In::Query && self.style == Style::Form && self.explode;
        exploded
            && matches!(&self.form, Form::Styled(Shape::Object(members)) if members.others.is_some())
    }

    /// Returns the names by which it stands in the query.
    #[must_use]
    pub fn query_names(&self) -> Vec<String> {
        match &self.form {
            _ if self.location != In::Query => Vec::new(),
            Form::Styled(Shape::Object(members)) if self.style == Style::DeepObject => members
                .named
                .iter()
                .map(|(member, _)| format!("{}[{member}]", self.name))
                .collect(),
            Form::Styled(Shape::Object(members)) if self.explode => members
                .named
                .iter()
                .map(|(member, _)| member.clone())
                .collect(),
            _ => vec![self.name.clone()],
        }
    }
}

/// Reads the parameters of an operation. Query names that security schemes read are taken, too.
pub(crate) fn read(
    operation: &Located,
    requirement: &Requirement,
    components: &Components<'_>,
    defects: &mut Defects,
) -> Vec<Parameter> {
    let declared = operation.json.get("parameters").and_then(Value::as_array);
    let mut parameters: Vec<Parameter> = Vec::new();
    for (index, parameter) in declared.into_iter().flatten().enumerate() {
        let place = format!("{}.parameters[{index}]", operation.location);
        let mut reader = Reader {
            components,
            defects,
            place,
        };
        parameters.extend(reader.parameter(parameter));
    }
    // Whatever no other parameter reads goes to an exploded object that is open, so it reads last.
    parameters.sort_by_key(Parameter::is_open);
    if parameters
        .iter()
        .filter(|parameter| parameter.is_open())
        .count()
        > 1
    {
        defects.add(
            &operation.location,
            "two exploded objects take any query name; close one with `additionalProperties: false`",
        );
    }
    let mut names: Vec<String> = requirement.query_names().map(str::to_owned).collect();
    for name in parameters.iter().flat_map(Parameter::query_names) {
        if names.contains(&name) {
            defects.add(
                &operation.location,
                format!("two parameters read the query name `{name}`; rename one of them"),
            );
        }
        names.push(name);
    }
    parameters
}

/// Reads `x-ignore-unknown-query`.
pub(crate) fn ignores_unknown_query(operation: &Located, defects: &mut Defects) -> bool {
    match operation.json.get(IGNORE_OTHERS) {
        None => false,
        Some(Value::Bool(ignored)) => *ignored,
        Some(_) => {
            let place = format!("{}.{IGNORE_OTHERS}", operation.location);
            defects.add(place, "must be true or false");
            false
        }
    }
}

struct Reader<'a, 'd> {
    components: &'a Components<'d>,
    defects: &'a mut Defects,
    place: String,
}

impl Reader<'_, '_> {
    fn defect<T>(&mut self, problem: impl Into<String>) -> Option<T> {
        self.defects.add(&self.place, problem);
        None
    }

    fn parameter(&mut self, parameter: &Value) -> Option<Parameter> {
        let name = match parameter.get("name") {
            None => return self.defect("has no name"),
            Some(Value::String(name)) if name.is_empty() => return self.defect("has no name"),
            // Its type is a defect of its own.
            Some(name) => name.as_str()?,
        };
        let location = match parameter.get("in").and_then(Value::as_str) {
            Some("path") => In::Path,
            Some("query") => In::Query,
            Some("header") => In::Header,
            Some("cookie") => In::Cookie,
            _ => return self.defect("`in` must be path, query, header or cookie"),
        };
        let flag = |keyword: &str| parameter.get(keyword).and_then(Value::as_bool);
        let required = match parameter.get("required") {
            None => false,
            Some(required) => required != &Value::Bool(false),
        };
        if location == In::Path && !required {
            return self.defect("a path parameter is always there; write `required: true`");
        }
        if flag("allowReserved").unwrap_or_default() {
            return self.defect("`allowReserved` is not enforced; leave it out, reserved characters are read escaped");
        }
        if location == In::Header {
            self.header(name)?;
        }
        let style = self.style(parameter, location)?;
        let explode = flag("explode").unwrap_or(style == Style::Form);
        let (schema, is_json) = self.schema(parameter)?;
        let form = if is_json {
            Form::Json
        } else {
            Form::Styled(self.shape(schema, style, explode, location)?)
        };
        let compiled = self.components.schemas.compile(
            schema,
            &format!("{}.schema", self.place),
            self.defects,
        )?;
        let default = self.default(schema);
        if default.is_some() && required {
            return self
                .defect("is required, so its default could never be used; leave one of them out");
        }
        if flag("allowEmptyValue").unwrap_or_default()
            && !compiled.is_valid(&Value::String(String::new()))
        {
            return self.defect(
                "`allowEmptyValue` is for schemas that accept the empty string; this one does not",
            );
        }
        examples::check(
            parameter,
            &compiled,
            &self.place,
            self.components,
            self.defects,
        );
        Some(Parameter {
            name: name.to_owned(),
            location,
            style,
            explode,
            required,
            default,
            form,
            schema: compiled,
        })
    }

    /// Returns the schema, and true when it is the one of JSON.
    fn schema<'v>(&mut self, parameter: &'v Value) -> Option<(&'v Value, bool)> {
        match (parameter.get("schema"), parameter.get("content")) {
            (Some(schema), None) => Some((schema, false)),
            (None, Some(content)) => {
                let json = content
                    .as_object()
                    .filter(|content| content.len() == 1)
                    .and_then(|content| content.iter().next())
                    .filter(|(media_type, _)| is_json(media_type));
                match json.and_then(|(_, media_type)| media_type.get("schema")) {
                    Some(schema) => Some((schema, true)),
                    None => self.defect("`content` must be one JSON media type with a schema"),
                }
            }
            _ => self.defect("must have either `schema` or `content`"),
        }
    }

    fn header(&mut self, name: &str) -> Option<()> {
        if ["accept", "content-type", "authorization"]
            .iter()
            .any(|ignored| name.eq_ignore_ascii_case(ignored))
        {
            return self.defect("OpenAPI ignores header parameters named Accept, Content-Type and Authorization; describe media types by content and credentials by security");
        }
        if is_header_name(name) {
            Some(())
        } else {
            self.defect(format!("`{name}` is no header name"))
        }
    }

    fn style(&mut self, parameter: &Value, location: In) -> Option<Style> {
        let stated = parameter.get("style").and_then(Value::as_str);
        let style = match (location, stated) {
            (In::Path | In::Header, None | Some("simple")) => Style::Simple,
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
        let shape = match shape(schema, self.components.schemas.raw()) {
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

    /// Returns the schema's `default`, also behind a reference.
    fn default(&self, schema: &Value) -> Option<Value> {
        let mut schema = schema;
        for _ in 0..LONGEST_CHAIN {
            let name = schema
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|text| text.strip_prefix("#/components/schemas/"));
            match name {
                Some(name) => schema = self.components.schemas.raw().get(name)?,
                None => break,
            }
        }
        schema.get("default").cloned()
    }
}
