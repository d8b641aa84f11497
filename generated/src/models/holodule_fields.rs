// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

/// A stream, without its key.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct HoloduleFields {
    /// The video's id at its platform.
    pub video_id: String,
    /// When it begins (RFC 3339), from 1970 on. Kept in UTC; parts of a second are dropped.
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

impl HoloduleFields {
    /// The `minLength` of `video_id`.
    pub const VIDEO_ID_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `video_id`.
    pub const VIDEO_ID_MAX_LENGTH: usize = 64;
    /// The `minLength` of `name`.
    pub const NAME_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `name`.
    pub const NAME_MAX_LENGTH: usize = 200;
    /// The `minLength` of `title`.
    pub const TITLE_MIN_LENGTH: usize = 1;
    /// The `maxLength` of `title`.
    pub const TITLE_MAX_LENGTH: usize = 500;
    /// The `maxLength` of `url`.
    pub const URL_MAX_LENGTH: usize = 2048;
    /// The `maxLength` of `description`.
    pub const DESCRIPTION_MAX_LENGTH: usize = 5000;
}
