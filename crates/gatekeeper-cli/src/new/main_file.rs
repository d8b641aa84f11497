//! The one source of a new project.

use std::collections::BTreeSet;

use gatekeeper_build::Plan;
use serde_json::Value;

const MAIN: &str = include_str!("../../templates/main.rs.txt");

/// The function that hooks call, for contracts with security.
const VERIFY: &str = r#"
/// Verifies a token, key or user name. Replace it: this one knows the secret of development, and none where there is none.
fn verify(secret: &str) -> Result<Caller, Denial> {
    match env::var("DEVELOPMENT_SECRET") {
        Ok(known) if gatekeeper::is_same_secret(&known, secret) => Ok(Caller),
        _ => Err(Denial::invalid("it is not DEVELOPMENT_SECRET")),
    }
}
"#;

const SECURITY: &str = "## Security

Each scheme of the contract has a hook in `src/main.rs` that turns a credential into a `Caller`. As they are written, they know
one secret: `DEVELOPMENT_SECRET=x cargo run`, and `Authorization: Bearer x` is let in (of HTTP Basic, the user `x` with any
password). Replace them before anybody else can reach the service; `Caller` says what a caller may (`access_level`,
`has_scope`).

";

/// The input of the text.
pub(super) struct MainFile {
    pub(super) strict: bool,
    traits: BTreeSet<String>,
    hooks: Vec<Hook>,
    roles: BTreeSet<String>,
}

/// The hook of a security scheme.
struct Hook {
    method: String,
    kind: String,
    scheme: String,
}

impl MainFile {
    /// Takes the names from a plan, and the roles from the contract.
    pub(super) fn new(plan: &Plan, contract: &Value, strict: bool) -> Self {
        let text = |plan: &Value, name: &str| plan[name].as_str().unwrap_or_default().to_owned();
        let operations = || members(&plan.document["paths"]).flat_map(members);
        let schemes = members(&plan.document["components"]["securitySchemes"]);
        let paths = members(&contract["paths"]).flat_map(members);
        let roles = paths.filter_map(|operation| operation["x-access-role"].as_str());
        Self {
            strict,
            traits: operations()
                .map(|operation| text(&operation["x-rust"], "trait"))
                .collect(),
            hooks: schemes
                .map(|scheme| &scheme["x-rust"])
                .map(|plan| Hook {
                    method: text(plan, "hook"),
                    kind: text(plan, "kind"),
                    scheme: text(plan, "scheme_type"),
                })
                .collect(),
            roles: roles.map(str::to_owned).collect(),
        }
    }

    /// Returns what the page says about security.
    pub(super) fn readme(&self) -> &'static str {
        if self.hooks.is_empty() { "" } else { SECURITY }
    }

    /// Returns the source.
    pub(super) fn text(&self, contract: &str) -> String {
        let traits = self.traits.iter();
        let traits: String = traits
            .map(|name| format!("impl api::apis::{name} for App {{}}\n\n"))
            .collect();
        let hooks: String = self.hooks.iter().map(Hook::text).collect();
        let verify = if self.hooks.is_empty() { "" } else { VERIFY };
        let mut settings = String::new();
        if self.strict {
            settings.push_str("        .strict()\n");
        }
        if !self.roles.is_empty() {
            let roles = (1..)
                .zip(&self.roles)
                .map(|(level, role)| format!("({role:?}, {level})"));
            let roles = roles.collect::<Vec<_>>().join(", ");
            settings.push_str(&format!(
                "        .roles(&[{roles}]) // the higher level may what the lower may: put them in order\n"
            ));
        }
        MAIN.replace("{contract}", contract)
            .replace("{traits}", &traits)
            .replace("{hooks}", &hooks)
            .replace("{verify}", verify)
            .replace("{settings}", &settings)
    }
}

impl Hook {
    fn text(&self) -> String {
        let Self {
            method,
            kind,
            scheme,
        } = self;
        let secret = match kind.as_str() {
            "Basic" => "username",
            "ApiKey" => "value",
            _ => "token",
        };
        format!(
            "
    async fn {method}(
        &self,
        _: gatekeeper::RequestContext<'_>,
        credential: gatekeeper::{kind}<'_, api::security::schemes::{scheme}>,
    ) -> Result<Caller, Denial> {{
        verify(credential.{secret}())
    }}
"
        )
    }
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    value
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values)
}
