// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A stream.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct Holodule {
    /// The stream's key.
    pub key: String,
    /// The video's id at its platform.
    pub video_id: String,
    /// When it begins, in UTC (RFC 3339).
    #[serde(with = "time::serde::rfc3339")]
    pub datetime: time::OffsetDateTime,
    /// Who streams.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Where it can be seen.
    pub url: String,
    /// What it is about.
    pub description: String,
}

impl Holodule {
    /// The `maxLength` of `key`.
    pub const KEY_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `video_id`.
    pub const VIDEO_ID_MAX_LENGTH: usize = 64;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 500;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `description`.
    pub const DESCRIPTION_MAX_LENGTH: usize = 5000;
}
