//! Parameters: how each is written on the wire, and what it may be.
//!
//! Every style of OpenAPI is read. Where text can be a value of several types, the schema says which one it is.

use crate::{
    Defects, In, MediaType, Requirement, Scalar, Schema, Shape, examples, is_json,
    media_type::is_header_name, operation::Components, paths::Located, shape::shape,
};
use serde_json::{Value, json};

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
    /// Set when it may be sent without a value, which is then as if it were not sent.
    pub may_be_empty: bool,
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
    /// One piece of text, whatever stands in it.
    Whole(Shape),
    /// JSON.
    Json,
    /// A list as JSON, or each of its items as JSON by the same name.
    JsonItems,
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
    /// Returns true when each request that is let in has a value of it.
    #[must_use]
    pub fn is_always_there(&self) -> bool {
        self.default.is_some() || (self.required && !self.may_be_empty)
    }

    /// Returns true when it takes query names that nobody declared.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_exploded()
            && matches!(&self.form, Form::Styled(Shape::Object(members)) if members.is_map())
    }

    /// Returns true for a parameter of the query whose members stand there by their own names. The delimited styles are
    /// those of forms when they are exploded.
    fn is_exploded(&self) -> bool {
        self.location == In::Query && self.explode && self.style != Style::DeepObject
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
            Form::Styled(Shape::Object(members)) if self.is_exploded() => members
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
    let open = parameters.iter().filter(|parameter| parameter.is_open());
    if components.is_strict() && open.count() > 1 {
        defects.add(
            &operation.location,
            "two exploded objects take any query name; close one with `additionalProperties: false`",
        );
    }
    let mut names: Vec<String> = requirement.query_names().map(str::to_owned).collect();
    for name in parameters.iter().flat_map(Parameter::query_names) {
        if components.is_strict() && names.contains(&name) {
            defects.add(
                &operation.location,
                format!("two parameters read the query name `{name}`; rename one of them"),
            );
        }
        names.push(name);
    }
    parameters
}

/// Reads `x-ignore-unknown-query`; without it, unknown names are a violation of a strict contract only.
pub(crate) fn ignores_unknown_query(
    operation: &Located,
    components: &Components<'_>,
    defects: &mut Defects,
) -> bool {
    match operation.json.get(IGNORE_OTHERS) {
        None => !components.is_strict(),
        Some(Value::Bool(ignored)) => *ignored,
        Some(_) => {
            let place = format!("{}.{IGNORE_OTHERS}", operation.location);
            defects.add(place, "must be true or false");
            false
        }
    }
}

/// Returns true for the name of a header that OpenAPI has described elsewhere: its parameter is ignored (Parameter Object,
/// `name`).
#[must_use]
pub fn is_ignored_header(name: &str) -> bool {
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|ignored| name.eq_ignore_ascii_case(ignored))
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
        if location == In::Header {
            self.header(name)?;
        }
        let style = self.style(parameter, location)?;
        let explode = flag("explode").unwrap_or(style == Style::Form);
        let (schema, form) = self.schema(parameter)?;
        let schema_place = format!("{}.schema", self.place);
        let compiled = self
            .components
            .schemas
            .compile(&schema, &schema_place, self.defects)?;
        let form = form.unwrap_or_else(|| {
            let shape = shape(&schema, &schema_place, self.components, self.defects);
            Form::Styled(shape)
        });
        if self.components.is_strict()
            && let Some(problem) = unusual(&form, style, explode, location)
        {
            return self.defect(problem);
        }
        let mut default = self.default(&schema);
        if default.is_some() && required {
            self.not_enforced(
                "is required, so its default could never be used; leave one of them out",
            )?;
            default = None;
        }
        // One that breaks its schema is told, and nothing to answer with.
        default = default.filter(|value| compiled.is_valid(value));
        let accepts_empty = compiled.is_valid(&Value::String(String::new()));
        let may_be_empty = flag("allowEmptyValue").unwrap_or_default() && !accepts_empty;
        if may_be_empty && self.components.is_strict() {
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
            may_be_empty,
            form,
            schema: compiled,
        })
    }

    /// Notes what has no effect; `None` when that is a defect.
    fn not_enforced(&mut self, problem: &str) -> Option<()> {
        let (components, strict) = (self.components, self.components.is_strict());
        components.not_enforced(&self.place, problem, self.defects);
        (!strict).then_some(())
    }

    /// Returns the schema, and the form of its text where `content` says it.
    fn schema(&mut self, parameter: &Value) -> Option<(Value, Option<Form>)> {
        let content = match (parameter.get("schema"), parameter.get("content")) {
            (Some(schema), None) => return Some((schema.clone(), None)),
            (None, Some(content)) => content.as_object().filter(|content| content.len() == 1),
            _ => return self.defect("must have either `schema` or `content`"),
        };
        let Some((name, media_type)) = content.and_then(|content| content.iter().next()) else {
            return self.defect("`content` must be one media type");
        };
        let schema = media_type.get("schema");
        if self.components.is_strict() && schema.is_none() {
            return self.defect("`content` must be one media type with a schema");
        }
        let schema = schema.cloned().unwrap_or_else(|| json!({}));
        if is_json(name) {
            return Some((schema, Some(Form::Json)));
        }
        let place = format!("{}.content.{name}", self.place);
        let is_text = MediaType::parse(name).is_some_and(|parsed| parsed.is("text/plain"));
        let read = shape(&schema, &place, self.components, self.defects);
        if is_text && !matches!(read, Shape::Array(_) | Shape::Object(_)) {
            return Some((schema, Some(Form::Whole(read))));
        }
        self.not_enforced("a parameter is read as JSON or as plain text; the schema of its `content` is not enforced")?;
        let text = Form::Whole(Shape::Scalar(Scalar::Text));
        Some((json!({ "type": "string" }), Some(text)))
    }

    fn header(&mut self, name: &str) -> Option<()> {
        if is_ignored_header(name) {
            self.not_enforced("OpenAPI ignores header parameters named Accept, Content-Type and Authorization; describe media types by content and credentials by security");
            return None;
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

/// Returns what is wrong with a style that OpenAPI has no example of ("Style Examples"). It is read as clients write it, but
/// not every client does.
fn unusual(form: &Form, style: Style, explode: bool, location: In) -> Option<&'static str> {
    let Form::Styled(shape) = form else {
        return None;
    };
    let structured = matches!(shape, Shape::Array(_) | Shape::Object(_));
    match style {
        Style::DeepObject if !matches!(shape, Shape::Object(_)) => {
            Some("style `deepObject` is for objects")
        }
        Style::SpaceDelimited | Style::PipeDelimited if !structured || explode => {
            Some("a delimited style is for arrays and objects without explode")
        }
        Style::Form if location == In::Cookie && structured && explode => {
            Some("a cookie cannot be exploded; write `explode: false`")
        }
        _ => None,
    }
}
