//! A reader of Prometheus' text format.

use super::app::TestApp;

/// The response of `/metrics`.
pub struct Metrics {
    text: String,
    series: Vec<Series>,
}

/// One line: a name, its labels in order, a value.
#[derive(Debug)]
pub struct Series {
    pub name: String,
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

impl Metrics {
    pub fn of(app: &TestApp) -> Self {
        let text = app.get("/metrics").send().expect(200).text();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let series = lines.map(Series::parse).collect();
        Self { text, series }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn all(&self) -> &[Series] {
        &self.series
    }

    /// The series of a name.
    pub fn series(&self, name: &str) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |series| series.name == name)
    }

    /// The value of the one series that has these labels.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let found: Vec<_> = self
            .series(name)
            .filter(|series| series.has(labels))
            .collect();
        assert!(found.len() < 2, "{found:?}");
        found.first().map(|series| series.value)
    }
}

impl Series {
    fn parse(line: &str) -> Self {
        let (name, rest) = line.split_at(line.find(['{', ' ']).expect("a value"));
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once("} ").expect("the end of the labels"),
            None => ("", rest.trim_start()),
        };
        // No value of ours has a quote or a comma in it.
        let labels = labels
            .split(',')
            .filter(|label| !label.is_empty())
            .map(|label| {
                let (name, value) = label.split_once('=').expect(line);
                (name.to_owned(), value.trim_matches('"').to_owned())
            });
        Self {
            name: name.to_owned(),
            labels: labels.collect(),
            value: value.parse().expect(line),
        }
    }

    pub fn label(&self, name: &str) -> Option<&str> {
        let found = self.labels.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn has(&self, labels: &[(&str, &str)]) -> bool {
        let mut labels = labels.iter();
        labels.all(|(name, value)| self.label(name) == Some(value))
    }
}
