//! The service behind the gate of a mock: it takes every credential for a good one.

use gatekeeper::{Authenticator, Credential, Denial, Identity, Problem, RequestContext};

/// The service of a mock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mock;

/// A caller with the highest role.
#[derive(Clone, Copy, Debug)]
pub struct Caller;

impl Identity for Caller {
    fn access_level(&self) -> u16 {
        u16::MAX
    }

    fn join(self, _: Self) -> Result<Self, Denial> {
        Ok(self)
    }
}

impl Authenticator for Mock {
    type Identity = Caller;
    type Failure = Problem;

    async fn authenticate(
        &self,
        _: RequestContext<'_>,
        _: &str,
        _: Credential<'_>,
    ) -> Result<Caller, Denial> {
        Ok(Caller)
    }
}
