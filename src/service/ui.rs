//! Swagger UI, compiled in. Its policy lets it load from and call this service alone.

use std::sync::LazyLock;

use gatekeeper::{Content, HeaderText, PreparedBody, RequestContext};
use generated::apis::service::GetUiAssetResponse;
use xxhash_rust::xxh3::xxh3_64;

/// The `Content-Security-Policy`. Icons of Swagger UI are `data:` URLs; all else is a file of this service.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const INDEX: &str = include_str!("../../assets/swagger-ui/index.html");

/// A file that the page loads.
struct File {
    name: &'static str,
    media_type: &'static str,
    body: PreparedBody,
    etag: HeaderText,
}

impl File {
    /// Tags it by its bytes, so that every instance of a release says the same.
    fn new(name: &'static str, media_type: &'static str, bytes: &'static [u8]) -> Self {
        Self {
            name,
            media_type,
            body: PreparedBody::new(bytes),
            etag: format!("\"{:016x}\"", xxh3_64(bytes)).into(),
        }
    }
}

static FILES: LazyLock<[File; 7]> = LazyLock::new(|| {
    macro_rules! file {
        ($name:literal, $media_type:literal) => {
            File::new(
                $name,
                $media_type,
                include_bytes!(concat!("../../assets/swagger-ui/", $name)).as_slice(),
            )
        };
    }
    [
        file!("code-samples.js", "text/javascript"),
        file!("initializer.js", "text/javascript"),
        file!("login.js", "text/javascript"),
        file!("swagger-ui-bundle.js", "text/javascript"),
        file!("swagger-ui.css", "text/css"),
        file!("viewer.css", "text/css"),
        file!("favicon.png", "image/png"),
    ]
});

/// The page at `/ui/` and the same at `/ui`. All of its links are relative, since only the browser knows which path a
/// proxy put in front.
pub(crate) struct Index {
    with_slash: PreparedBody,
    without: PreparedBody,
}

impl Index {
    /// Prepares both. With `persistent`, the browser keeps tokens over a reload, in its storage.
    pub(crate) fn prepare(persistent: bool) -> Self {
        let setting = format!("data-persist-authorization=\"{persistent}\"");
        let index = INDEX.replace("data-persist-authorization=\"false\"", &setting);
        let without = index.replace("\"./", "\"./ui/").replace("\"../", "\"./");
        Self {
            with_slash: PreparedBody::new(index),
            without: PreparedBody::new(without),
        }
    }

    /// Returns the page for the path of the request.
    pub(crate) fn page(&self, context: RequestContext<'_>) -> PreparedBody {
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
pub(crate) fn asset(name: &str) -> Option<GetUiAssetResponse> {
    let file = FILES.iter().find(|file| file.name == name)?;
    Some(GetUiAssetResponse::Status200 {
        body: Content::new(file.media_type, file.body.clone()),
        content_security_policy: POLICY.into(),
        etag: file.etag.clone(),
    })
}
