//! Swagger UI, compiled in. Its policy lets it load from and call this service alone.

use gatekeeper::{Bytes, Content, RequestContext};

/// The `Content-Security-Policy`. Icons of Swagger UI are `data:` URLs; all else is a file of this service.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const INDEX: &str = include_str!("../../assets/swagger-ui/index.html");
const INITIALIZER: &[u8] = include_bytes!("../../assets/swagger-ui/initializer.js");
const SAMPLES: &[u8] = include_bytes!("../../assets/swagger-ui/code-samples.js");
const STYLES: &[u8] = include_bytes!("../../assets/swagger-ui/swagger-ui.css");
const BUNDLE: &[u8] = include_bytes!("../../assets/swagger-ui/swagger-ui-bundle.js");
const ICON: &[u8] = include_bytes!("../../assets/swagger-ui/favicon.png");

/// The page at `/ui/` and the same at `/ui`. All of its links are relative, since only the browser knows which path a
/// proxy put in front.
pub(crate) struct Index {
    with_slash: Bytes,
    without: Bytes,
}

impl Index {
    /// Prepares both.
    pub(crate) fn prepare() -> Self {
        let without = INDEX.replace("\"./", "\"./ui/").replace("\"../", "\"./");
        Self {
            with_slash: Bytes::from_static(INDEX.as_bytes()),
            without: without.into(),
        }
    }

    /// Returns the page for the path of the request.
    pub(crate) fn page(&self, context: RequestContext<'_>) -> Bytes {
        if context.ends_in_slash() {
            self.with_slash.clone()
        } else {
            self.without.clone()
        }
    }
}

/// Returns the URL of the page.
pub(crate) fn url(public_url: &str) -> String {
    format!("{public_url}/ui/")
}

/// Returns a file that the page loads.
pub(crate) fn asset(name: &str) -> Option<Content> {
    Some(match name {
        "code-samples.js" => Content::new("text/javascript", SAMPLES),
        "initializer.js" => Content::new("text/javascript", INITIALIZER),
        "swagger-ui-bundle.js" => Content::new("text/javascript", BUNDLE),
        "swagger-ui.css" => Content::new("text/css", STYLES),
        "favicon.png" => Content::new("image/png", ICON),
        _ => return None,
    })
}
