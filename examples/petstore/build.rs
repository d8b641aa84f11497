//! Makes the module `api` from the contract.

fn main() -> std::process::ExitCode {
    gatekeeper_build::Generator::new("openapi.yaml")
        .module("api")
        .out_dir("src/api")
        // `render_error` gives failures the form that the contract declares.
        .quiet()
        .build()
}
