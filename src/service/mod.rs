//! Health, metrics, the contract itself and its viewer.

mod readiness;
pub(crate) mod ui;

use anyhow::{Context, Result};
use gatekeeper::{Bytes, HeaderText, PreparedBody, RequestContext};
use generated::apis::service::{
    GetEntryPointResponse, GetOpenapiJsonResponse, GetOpenapiYamlResponse,
};
use generated::models::{EntryPoint, OpenapiDocument};
use minijinja::context;

use crate::errors;
use crate::html::{self, Forms};
use crate::preconditions::{Tagged, entity_tag};
use crate::settings::{Profile, Settings};

pub(crate) use readiness::Readiness;

/// The server in the source of the contract: the host that serves the document, without a path.
const WRITTEN_SERVER: &str = "\nservers:\n  - url: /\n";

/// The documents that are the same for all callers, rendered once.
pub(crate) struct Documents {
    json: Tagged<OpenapiDocument>,
    /// The source of the contract, but for its server.
    yaml: PreparedBody,
    yaml_tag: HeaderText,
    entry_point: Forms<EntryPoint>,
    policy: String,
    pub(crate) index: ui::Index,
}

impl Documents {
    /// Renders the compiled-in contract. `server` is the URL that the operator set, if any.
    pub(crate) fn prepare(settings: &Settings, server: Option<&str>) -> Result<Self> {
        let mut document = contract_as_json()?;
        let mut yaml = Bytes::from_static(generated::SPEC.as_bytes());
        let entry = entry_point(&document, settings);
        let page = context! {
            title => entry.title,
            entry,
            yaml => format!("{}/openapi.yaml", settings.server.public_url),
            pages => format!("{}/pages/v1", settings.server.public_url),
        };
        if let Some(url) = server {
            let written = document
                .get_mut("servers")
                .and_then(|servers| servers.get_mut(0)?.get_mut("url"))
                .context("openapi.yaml has no server")?;
            *written = url.into();
            yaml = yaml_with_server(url)?.into();
        }
        Ok(Self {
            json: Tagged::new(&document)?,
            yaml_tag: entity_tag(&yaml),
            yaml: PreparedBody::new(yaml),
            entry_point: Forms::prepare(&entry, include_str!("front.html"), page)?,
            policy: html::policy(),
            index: ui::Index::prepare(settings.profile == Profile::default()),
        })
    }

    /// Returns the contract as JSON.
    pub(crate) fn json(&self) -> GetOpenapiJsonResponse {
        GetOpenapiJsonResponse::Status200 {
            body: self.json.body.clone().into(),
            etag: self.json.etag.clone(),
        }
    }

    /// Returns the contract as YAML.
    pub(crate) fn yaml(&self) -> GetOpenapiYamlResponse {
        GetOpenapiYamlResponse::Status200 {
            body: self.yaml.clone().into(),
            etag: self.yaml_tag.clone(),
        }
    }

    /// Returns the front page.
    pub(crate) fn entry_point(&self, context: RequestContext<'_>) -> GetEntryPointResponse {
        let content_security_policy = self.policy.clone().into();
        if html::is_preferred(context) {
            GetEntryPointResponse::Status200Html {
                body: self.entry_point.html(),
                content_security_policy,
            }
        } else {
            GetEntryPointResponse::Status200Json {
                body: self.entry_point.json.clone().into(),
                content_security_policy,
            }
        }
    }
}

/// Returns the contract with another server; comments and order stay.
fn yaml_with_server(url: &str) -> Result<String> {
    let (before, after) = generated::SPEC
        .split_once(WRITTEN_SERVER)
        .context("openapi.yaml does not begin its servers with `url: /`")?;
    // A JSON string is a YAML string.
    let url = serde_json::to_string(url)?;
    Ok(format!("{before}\nservers:\n  - url: {url}\n{after}"))
}

fn entry_point(document: &OpenapiDocument, settings: &Settings) -> EntryPoint {
    let text = |name: &str| {
        let text = document
            .get("info")
            .and_then(|info| info.get(name)?.as_str());
        text.unwrap_or_default().to_owned()
    };
    let public_url = &settings.server.public_url;
    EntryPoint {
        title: text("title"),
        version: text("version"),
        contract: format!("{public_url}/openapi.json"),
        viewer: settings.ui.enabled.then(|| ui::url(public_url)),
        errors: errors::problem_types(public_url),
        status: format!("{public_url}/readyz"),
    }
}

/// Returns the parsed contract.
pub(crate) fn contract_as_json() -> Result<OpenapiDocument> {
    let document = openapi::load(generated::SPEC).context("openapi.yaml cannot be read")?;
    serde_json::from_value(document).context("openapi.yaml is no object")
}
