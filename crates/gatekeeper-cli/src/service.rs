//! The demands of a service on its contract, as options of the command line.

use clap::Args;
use gatekeeper_build::{Generator, STRICT};
use openapi::{Examples, Options};

#[derive(Debug, Args)]
pub(crate) struct Service {
    /// Ask of the contract that it says everything that is answered, and names a role for each secured operation.
    #[arg(long)]
    strict: bool,
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

    /// Returns true if the contract has to say everything.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Returns the checks with the roles from [`roles`](Self::roles).
    pub(crate) fn checks<'a>(&self, roles: Option<&'a [&'a str]>) -> Options<'a> {
        let base = if self.strict {
            STRICT
        } else {
            Options::default()
        };
        Options {
            roles,
            examples: if self.serves_examples {
                Examples::Served
            } else {
                base.examples
            },
            ..base
        }
    }

    /// Has the generator make the same checks.
    pub(crate) fn configure(&self, mut generator: Generator) -> Generator {
        if self.strict {
            generator = generator.strict();
        }
        if let Some(roles) = self.roles() {
            generator = generator.roles(roles);
        }
        if self.serves_examples {
            generator = generator.serves_examples();
        }
        generator
    }
}
