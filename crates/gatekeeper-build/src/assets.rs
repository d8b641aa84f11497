//! The inputs of OpenAPI Generator (templates, its version), compiled in.

/// The version of OpenAPI Generator that the templates are written for.
pub const GENERATOR_VERSION: &str = include_str!("../generator-version").trim_ascii();

/// Its configuration: base generator, and which template makes which files.
pub(crate) const CONFIG: &str = include_str!("../config.yaml");

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// The templates by the names of their files.
        pub(crate) const TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../templates/", $name)))),*];
    };
}

templates![
    "api.mustache",
    "apis.mustache",
    "lib.mustache",
    "model.mustache",
    "model_failures.mustache",
    "model_numbers.mustache",
    "model_object.mustache",
    "model_union.mustache",
    "model_words.mustache",
    "models.mustache",
    "notice.mustache",
    "route.mustache",
    "routes.mustache",
    "security.mustache",
];

#[cfg(test)]
mod tests {
    use super::{GENERATOR_VERSION, TEMPLATES};
    use std::fs;

    #[test]
    fn every_template_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut there: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let compiled: Vec<_> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        assert_eq!(compiled, there);
    }

    #[test]
    fn no_template_knows_where_in_its_crate_the_code_will_be() {
        for (name, text) in TEMPLATES {
            assert!(
                !text.contains("crate::"),
                "{name}: write {{{{{{codeRoot}}}}}}::"
            );
        }
    }

    #[test]
    fn the_version_is_a_version() {
        assert_eq!(GENERATOR_VERSION.split('.').count(), 3);
    }
}
