//! Build script of the crate `generated`: makes its sources from `openapi.yaml` when the contract or the templates
//! changed since, before anything that depends on them is compiled.

use std::process::ExitCode;

fn main() -> ExitCode {
    gatekeeper_build::Generator::new("../openapi.yaml")
        .program("../.tools/venv/bin/openapi-generator-cli")
        .install_command("make tools")
        .strict()
        .roles(["basic", "admin"])
        .serves_examples()
        .build()
}
