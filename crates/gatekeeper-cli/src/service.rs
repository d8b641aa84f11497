//! The demands of a service on its contract, as options of the command line.

use clap::Args;
use gatekeeper_build::{DEFAULT_CHECKS, Generator};
use openapi::{Examples, Options};

#[derive(Debug, Args)]
pub(crate) struct Service {
    /// The roles that `x-access-role` may name; any unless given.
    #[arg(long, value_delimiter = ',')]
    roles: Vec<String>,
    /// Ask of each operation a success with a whole example, as a service that replies with them does.
    #[arg(long)]
    serves_examples: bool,
}

impl Service {
    /// Returns the roles, or `None` when any is good.
    pub(crate) fn roles(&self) -> Option<Vec<&str>> {
        let roles: Vec<_> = self.roles.iter().map(String::as_str).collect();
        Some(roles).filter(|roles| !roles.is_empty())
    }

    /// Returns the checks with the roles from [`roles`](Self::roles).
    pub(crate) fn checks<'a>(&self, roles: Option<&'a [&'a str]>) -> Options<'a> {
        Options {
            roles,
            examples: if self.serves_examples {
                Examples::Served
            } else {
                DEFAULT_CHECKS.examples
            },
            ..DEFAULT_CHECKS
        }
    }

    /// Has the generator make the same checks.
    pub(crate) fn configure(&self, mut generator: Generator) -> Generator {
        if let Some(roles) = self.roles() {
            generator = generator.roles(roles);
        }
        if self.serves_examples {
            generator = generator.serves_examples();
        }
        generator
    }
}
