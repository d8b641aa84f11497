//! The stages of a contract, and their outcomes.

use clap::ValueEnum;
use std::collections::BTreeMap;

/// A step that a contract passes or fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Stage {
    /// From text to a document.
    Read,
    /// From a document to names and types.
    Plan,
    /// The gatekeeper prepares it.
    Start,
    /// A mock answers one request for each operation.
    Request,
    /// From a plan to sources.
    Generate,
    /// From sources to a crate.
    Check,
}

/// The results of all contracts, by their files.
pub(crate) type Results = BTreeMap<String, Row>;

/// The results of one contract: its stages, each with its problems; none when it passed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    stages: BTreeMap<Stage, Vec<String>>,
    /// Operations of which the mock has no answer that is good by the contract, and says so.
    pub(crate) notes: Vec<String>,
}

impl Stage {
    pub(crate) const ALL: [Self; 6] = [
        Self::Read,
        Self::Plan,
        Self::Start,
        Self::Request,
        Self::Generate,
        Self::Check,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Start => "start",
            Self::Request => "request",
            Self::Generate => "generate",
            Self::Check => "check",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// The stages without which this one cannot be.
    fn needs(self) -> &'static [Self] {
        match self {
            Self::Read => &[],
            Self::Plan | Self::Start => &[Self::Read],
            Self::Request => &[Self::Read, Self::Start],
            Self::Generate => &[Self::Read, Self::Plan],
            Self::Check => &[Self::Read, Self::Plan, Self::Generate],
        }
    }

    /// Returns the stages asked for, with those they need; all when none is.
    pub(crate) fn chosen(asked: &[Self]) -> Vec<Self> {
        let is_chosen = |stage: &Self| {
            let asks = |asked: &Self| asked == stage || asked.needs().contains(stage);
            asked.is_empty() || asked.iter().any(asks)
        };
        Self::ALL.into_iter().filter(is_chosen).collect()
    }
}

impl Row {
    pub(crate) fn add(&mut self, stage: Stage, problems: Vec<String>) {
        self.stages.insert(stage, problems);
    }

    pub(crate) fn passed(&self, stage: Stage) -> bool {
        self.problems(stage).is_some_and(<[String]>::is_empty)
    }

    /// Returns what came of a stage, where it was run.
    pub(crate) fn problems(&self, stage: Stage) -> Option<&[String]> {
        self.stages.get(&stage).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn a_stage_brings_those_that_it_needs() {
        assert_eq!(Stage::chosen(&[Stage::Plan]), [Stage::Read, Stage::Plan]);
        assert_eq!(Stage::chosen(&[]), Stage::ALL);
        assert_eq!(Stage::chosen(&[Stage::Request]).len(), 3);
    }
}
