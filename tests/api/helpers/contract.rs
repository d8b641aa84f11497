//! `openapi.yaml` as the tests read it, without any of the service's code: the operations, and a
//! check that an answer is one of those the contract lists.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::http::Response;

pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../../../openapi.yaml");
    let options = serde_saphyr::options! {
        strict_booleans: true,
        underscored_numbers_as_strings: true,
    };
    let document = serde_saphyr::from_str_with_options(text, options);
    Contract::new(document.expect("openapi.yaml is YAML"))
});

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// One operation, its references resolved.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    /// The only one.
    pub tag: String,
    /// In capitals.
    pub method: String,
    /// The path as written, with its `{placeholders}`.
    pub path: String,
    /// Alternatives of scheme names; empty without security.
    pub security: Vec<Vec<String>>,
    pub role: Option<String>,
    pub description: Option<String>,
    /// Opened in a browser, so that names in the query that it does not know say nothing.
    pub ignores_unknown_query: bool,
    pub parameters: Vec<Value>,
    pub body: Option<Value>,
    pub responses: Map<String, Value>,
    pub samples: Vec<Sample>,
}

/// A call by curl, as the contract shows it.
#[derive(Debug, Deserialize)]
pub struct Sample {
    pub lang: String,
    pub label: String,
    pub source: String,
}

impl Operation {
    /// A target that the contract's own examples make: path and required query parameters.
    pub fn example_target(&self) -> String {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for parameter in &self.parameters {
            let name = parameter["name"].as_str().expect("name");
            let example = plain(&parameter["example"]);
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &example),
                Some("query") if parameter["required"] == true => {
                    query.push(format!("{name}={example}"));
                }
                _ => {}
            }
        }
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    /// The media type of the body that the operation takes.
    pub fn media_type(&self) -> Option<&str> {
        let content = self.body.as_ref()?["content"].as_object()?;
        assert_eq!(content.len(), 1, "{}: teach the tests", self.id);
        content.keys().next().map(String::as_str)
    }

    /// A body that the contract's own example makes, when the operation requires one.
    pub fn example_body(&self) -> Option<Value> {
        let body = self.body.as_ref().filter(|body| body["required"] == true)?;
        let schema = &body["content"][self.media_type()?]["schema"];
        Some(CONTRACT.resolve(schema)["example"].clone())
    }

    pub fn is_secured(&self) -> bool {
        !self.security.is_empty() && !self.security.iter().any(Vec::is_empty)
    }

    /// The schemes that open it, each alone, in the contract's order.
    pub fn schemes(&self) -> Vec<&str> {
        self.security
            .iter()
            .map(|all| match all.as_slice() {
                [scheme] => scheme.as_str(),
                other => panic!("{} wants {other:?}: teach the tests", self.id),
            })
            .collect()
    }

    pub fn has_path_parameter(&self, name: &str) -> bool {
        self.path.contains(&format!("{{{name}}}"))
    }

    /// Returns true if one of these schemes alone is enough.
    pub fn takes(&self, scheme: &str) -> bool {
        self.security.iter().any(|all| all.as_slice() == [scheme])
    }
}

/// The forms of a failure beside a problem, where the operation declares them.
const HTML: &str = "text/html";

/// A value as it stands in a target.
pub fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub struct Contract {
    document: Value,
    operations: Vec<Operation>,
    schemas: HashMap<String, jsonschema::Validator>,
}

impl Contract {
    fn new(document: Value) -> Self {
        let mut contract = Self {
            document,
            operations: Vec::new(),
            schemas: HashMap::new(),
        };
        contract.operations = contract.read_operations();
        contract.schemas = contract.compile_responses();
        contract
    }

    pub fn document(&self) -> &Value {
        &self.document
    }

    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The paths of the contract with the methods that each has.
    pub fn paths(&self) -> Vec<(&str, Vec<&str>)> {
        let mut paths: Vec<(&str, Vec<&str>)> = Vec::new();
        for operation in &self.operations {
            match paths.iter_mut().find(|(path, _)| *path == operation.path) {
                Some((_, methods)) => methods.push(&operation.method),
                None => paths.push((&operation.path, vec![&operation.method])),
            }
        }
        paths
    }

    pub fn components(&self, kind: &str) -> &Map<String, Value> {
        self.document["components"][kind]
            .as_object()
            .expect("components")
    }

    /// True for schemes whose credential is not in `Authorization`.
    pub fn is_api_key(&self, scheme: &str) -> bool {
        self.components("securitySchemes")[scheme]["type"] == "apiKey"
    }

    /// Follows `$ref`s until there is none.
    pub fn resolve<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        while let Some(reference) = value["$ref"].as_str() {
            value = reference
                .strip_prefix('#')
                .and_then(|pointer| self.document.pointer(pointer))
                .unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        value
    }

    /// A validator for a schema of the document, `$ref`s into it included.
    pub fn validator(&self, schema: &Value) -> jsonschema::Validator {
        let mut root = json!({ "components": self.document["components"], "allOf": [schema] });
        translate(&mut root);
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft4)
            .should_validate_formats(true)
            .build(&root)
            .expect("schemas of the contract compile")
    }

    /// Panics when the contract does not list this answer for this request.
    #[track_caller]
    pub fn check(&self, method: &str, target: &str, response: &Response) {
        let fault = self.fault(method, target, response);
        assert!(
            fault.is_none(),
            "{method} {target} answered what the contract does not say: {}\n{} {:?}\n{}",
            fault.unwrap_or_default(),
            response.status,
            response.headers,
            response.text()
        );
    }

    fn fault(&self, method: &str, target: &str, response: &Response) -> Option<String> {
        if let Some(fault) = common_fault(response) {
            return Some(fault);
        }
        let path = target.split('?').next().unwrap_or_default();
        let wanted = if method == "HEAD" { "GET" } else { method };
        let Some(operation) = self.find(wanted, path) else {
            return match (response.status, self.knows(path)) {
                (404, false) | (405, true) => problem_fault(response, method),
                (200 | 204, true) if method == "OPTIONS" => None,
                (status, _) => Some(format!("{status} outside of any operation")),
            };
        };
        let Some(declared) = operation.responses.get(&response.status.to_string()) else {
            return Some(format!(
                "{} has no status {}",
                operation.id, response.status
            ));
        };
        for (name, header) in declared["headers"].as_object().into_iter().flatten() {
            let header = self.resolve(header);
            if header["required"] == true && response.headers(name).is_empty() {
                return Some(format!("header {name} is missing"));
            }
        }
        let Some(content) = declared["content"].as_object() else {
            return (!response.body.is_empty()).then(|| "a body where none is declared".to_owned());
        };
        let sent = response.header("content-type").unwrap_or_default();
        let media_type = sent.split(';').next().unwrap_or_default().trim();
        if !content.contains_key(media_type) {
            return Some(format!("undeclared media type `{sent}`"));
        }
        if method == "HEAD" {
            return None;
        }
        if response.status >= 400
            && media_type != HTML
            && let Some(fault) = problem_fault(response, method)
        {
            return Some(fault);
        }
        let key = format!("{} {} {media_type}", operation.id, response.status);
        let validator = self.schemas.get(&key)?;
        let faults: Vec<String> = validator
            .iter_errors(&response.json())
            .map(|fault| format!("{} at `{}`", fault, fault.instance_path()))
            .collect();
        (!faults.is_empty()).then(|| faults.join("; "))
    }

    /// The path decides before the method does: a written-out path hides the template that it fits.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let template = self
            .operations
            .iter()
            .map(|operation| &operation.path)
            .filter(|template| matches(template, path))
            .min_by_key(|template| template.matches('{').count())?;
        self.operations
            .iter()
            .find(|operation| operation.method == method && operation.path == *template)
    }

    fn knows(&self, path: &str) -> bool {
        self.operations
            .iter()
            .any(|operation| matches(&operation.path, path))
    }

    fn read_operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let default_security = self.document.get("security");
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let parameters = [item, operation]
                    .into_iter()
                    .filter_map(|holder| holder["parameters"].as_array())
                    .flatten()
                    .map(|parameter| self.resolve(parameter).clone())
                    .collect();
                let responses = operation["responses"].as_object().expect("responses");
                operations.push(Operation {
                    id: plain(&operation["operationId"]),
                    tag: plain(&operation["tags"][0]),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    security: operation
                        .get("security")
                        .or(default_security)
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                        .map(|all| {
                            all.as_object()
                                .expect("requirement")
                                .keys()
                                .cloned()
                                .collect()
                        })
                        .collect(),
                    role: operation["x-access-role"].as_str().map(str::to_owned),
                    ignores_unknown_query: operation["x-ignore-unknown-query"] == true,
                    description: operation["description"].as_str().map(str::to_owned),
                    parameters,
                    body: operation
                        .get("requestBody")
                        .map(|body| self.resolve(body).clone()),
                    responses: responses
                        .iter()
                        .map(|(status, response)| (status.clone(), self.resolve(response).clone()))
                        .collect(),
                    samples: operation
                        .get("x-codeSamples")
                        .map_or_else(Vec::new, |samples| {
                            Vec::deserialize(samples).expect("lang, label and source")
                        }),
                });
            }
        }
        operations
    }

    fn compile_responses(&self) -> HashMap<String, jsonschema::Validator> {
        let mut schemas = HashMap::new();
        for operation in &self.operations {
            for (status, response) in &operation.responses {
                for (media_type, content) in response["content"].as_object().into_iter().flatten() {
                    if media_type.ends_with("json") {
                        schemas.insert(
                            format!("{} {status} {media_type}", operation.id),
                            self.validator(&content["schema"]),
                        );
                    }
                }
            }
        }
        schemas
    }
}

/// Checks the headers that every response carries.
fn common_fault(response: &Response) -> Option<String> {
    if response.headers("x-content-type-options") != ["nosniff"] {
        return Some("X-Content-Type-Options is not nosniff".to_owned());
    }
    match response.headers("x-request-id").as_slice() {
        [id] if uuid::Uuid::parse_str(id).is_ok() => None,
        other => Some(format!("X-Request-Id is {other:?}")),
    }
}

fn problem_fault(response: &Response, method: &str) -> Option<String> {
    if response.header("content-type") != Some("application/problem+json") {
        return Some("a failure that is not application/problem+json".to_owned());
    }
    if method == "HEAD" {
        return None;
    }
    let problem = response.json();
    let id = response.header("x-request-id").unwrap_or_default();
    let faults = [
        (!leads_to_its_page(&problem), "type"),
        (problem["status"] != response.status, "status"),
        (problem["title"].as_str().is_none_or(str::is_empty), "title"),
        (
            problem["detail"].as_str().is_none_or(str::is_empty),
            "detail",
        ),
        (problem["code"].as_str().is_none_or(str::is_empty), "code"),
        (problem["instance"] != format!("urn:uuid:{id}"), "instance"),
    ];
    faults
        .iter()
        .find(|(fault, _)| *fault)
        .map(|(_, name)| format!("member `{name}` of the problem"))
}

/// Returns true if `type` is the URL of the page about `code`.
fn leads_to_its_page(problem: &Value) -> bool {
    let (kind, code) = (problem["type"].as_str(), problem["code"].as_str());
    let (Some(kind), Some(code)) = (kind, code) else {
        return false;
    };
    kind.starts_with("http") && kind.ends_with(&format!("/errors/v1/{code}"))
}

/// A path matches its template, also without the slash that the template ends in.
fn matches(template: &str, path: &str) -> bool {
    let segments = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
    let fits = |template: &str| {
        let (template, path) = (segments(template), segments(path));
        template.len() == path.len()
            && template.iter().zip(&path).all(|(wanted, given)| {
                wanted == given || (wanted.starts_with('{') && !given.is_empty())
            })
    };
    fits(template) || template.strip_suffix('/').is_some_and(fits)
}

/// OpenAPI 3.0's `nullable`, in the words of JSON Schema; `format: password` asserts nothing.
fn translate(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for value in members.values_mut() {
                translate(value);
            }
            if members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(kind) = members.get("type").cloned() {
                    members.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = members.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(translate),
        _ => {}
    }
}
