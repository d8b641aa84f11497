//! Makes the client from what progenitor takes of the contract: it knows no `deepObject`, and one type of refusals for each
//! operation, so that no 304 without a body may stand beside problems.

use std::{env, error::Error, fs, path::Path};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::Value;

const CONTRACT: &str = "../../../openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={CONTRACT}");
    let mut contract: Value = serde_saphyr::from_str(&fs::read_to_string(CONTRACT)?)?;
    reduce(&mut contract);
    let contract = serde_json::from_value(contract)?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged);
    let code = Generator::new(&settings).generate_tokens(&contract)?;
    let code = prettyplease::unparse(&syn::parse2(code)?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("client.rs"), code)?;
    Ok(())
}

fn reduce(contract: &mut Value) {
    let paths = contract["paths"].as_object_mut();
    let paths = paths.into_iter().flat_map(|paths| paths.values_mut());
    let operations = paths.filter_map(Value::as_object_mut);
    for operation in operations.flat_map(|path| path.values_mut()) {
        if let Some(responses) = operation.get_mut("responses") {
            responses
                .as_object_mut()
                .map(|responses| responses.remove("304"));
        }
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            let name = |parameter: &Value| parameter["$ref"].as_str().map(str::to_owned);
            parameters.retain(|one| !name(one).is_some_and(|name| name.ends_with("Options")));
        }
    }
}
