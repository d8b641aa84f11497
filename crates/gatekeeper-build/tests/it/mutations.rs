//! A contract is input from outside: whatever it says, reading and planning it ends soon, without a panic, and what
//! comes of a plan parses. Contracts of ours are broken at random, as values and as text.
//!
//! `FUZZ_SECONDS` sets how long (2 unless told; `make fuzz` takes a minute), `FUZZ_SEED` repeats a run, `FUZZ_FILE` keeps the
//! contract that is being tried, for one that hangs.

use crate::{folder, mustache::Templates};
use fastrand::Rng;
use gatekeeper_build::{STRICT, plan};
use openapi::Options;
use serde_json::{Map, Value, json};
use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

/// The longest that one contract of some kilobytes may take, on a busy machine and unoptimised.
const PATIENCE: Duration = Duration::from_secs(20);

/// Values that a member may get in place of its own.
fn odd_values() -> Vec<Value> {
    let deep = (0..60).fold(
        json!({}),
        |inner, _| json!({ "items": inner, "type": "array" }),
    );
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{202e}\n\"#{"),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"": {}}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/"}),
        json!({"$ref": "#/paths"}),
        json!({"$ref": "other.yaml#/a"}),
        json!({"$ref": "#/components/schemas/Nothing"}),
        json!({"type": ["string", "null", 1]}),
        json!({"allOf": [{}, {"not": {}}, {"oneOf": []}]}),
        json!({"oneOf": [{"type": "null"}, {"enum": [null, 1, "1", {}]}], "discriminator": {"propertyName": ""}}),
        json!({"patternProperties": {"(": {}, "(?=a)b": {"type": "object"}}, "additionalProperties": {}}),
        json!({"pattern": "(a+)+$", "minLength": 3, "maxLength": 1}),
        json!({"enum": []}),
        json!({"type": "array", "items": {"type": "array"}, "prefixItems": [{}], "uniqueItems": true}),
        json!({"type": "integer", "minimum": 1e40, "exclusiveMinimum": true, "format": "uint8"}),
        json!({"properties": {"type": {"$ref": "#/components/schemas"}}, "required": ["a", "a", 1]}),
        json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a", "if": {}, "then": false}),
        json!({"readOnly": true, "writeOnly": true, "default": {"a": []}, "nullable": true}),
        deep,
    ]
}

const WORDS: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "discriminator",
    "mapping",
    "required",
    "enum",
    "const",
    "type",
    "format",
    "nullable",
    "readOnly",
    "default",
    "example",
    "schema",
    "content",
    "headers",
    "parameters",
    "requestBody",
    "responses",
    "default",
    "2XX",
    "security",
    "tags",
    "operationId",
    "name",
    "in",
    "style",
    "explode",
    "servers",
    "components",
    "schemas",
    "paths",
    "/{a}.{b}",
    "x-access-role",
    "x-enum-varnames",
    "",
    "Self",
];

struct Mutation<'r> {
    rng: &'r mut Rng,
    odd: &'r [Value],
    /// Other contracts, of which parts are taken.
    others: &'r [Value],
}

impl Mutation<'_> {
    fn mutate(&mut self, contract: &mut Value) {
        let steps = self.rng.usize(1..6);
        for _ in 0..steps {
            let pointers = pointers(contract);
            let Some(pointer) = self.rng.choice(&pointers) else {
                return;
            };
            let new = self.part(contract, &pointers);
            let word = (*self.rng.choice(WORDS).unwrap()).to_owned();
            let kind = self.rng.u8(0..6);
            let Some(target) = contract.pointer_mut(pointer) else {
                continue;
            };
            match (kind, &mut *target) {
                (0, Value::Object(members)) => {
                    members.insert(word, new);
                }
                (1, Value::Object(members)) => {
                    let name = members.keys().nth(self.rng.usize(..members.len().max(1)));
                    if let Some(name) = name.cloned() {
                        members.remove(&name);
                    }
                }
                (2, Value::Object(members)) => rename(members, word, self.rng),
                (3, Value::Array(items)) => items.push(new),
                (4, _) => {
                    *target = json!({ "$ref": format!("#{}", self.rng.choice(&pointers).unwrap()) })
                }
                _ => *target = new,
            }
        }
    }

    fn part(&mut self, contract: &Value, pointers: &[String]) -> Value {
        match self.rng.u8(0..4) {
            0 => {
                let pointer = self.rng.choice(pointers);
                let found = pointer.and_then(|pointer| contract.pointer(pointer));
                found.cloned().unwrap_or_default()
            }
            1 => {
                let other = self.rng.choice(self.others).unwrap();
                let pointers = self::pointers(other);
                let pointer = self.rng.choice(&pointers).unwrap();
                other.pointer(pointer).cloned().unwrap_or_default()
            }
            _ => self.rng.choice(self.odd).unwrap().clone(),
        }
    }
}

fn rename(members: &mut Map<String, Value>, word: String, rng: &mut Rng) {
    let name = members.keys().nth(rng.usize(..members.len().max(1)));
    if let Some(value) = name.cloned().and_then(|name| members.remove(&name)) {
        members.insert(word, value);
    }
}

/// Returns the JSON Pointers of all values below the top.
fn pointers(value: &Value) -> Vec<String> {
    fn gather(value: &Value, place: &str, all: &mut Vec<String>) {
        let mut visit = |step: &str, value: &Value| {
            let place = format!("{place}/{}", step.replace('~', "~0").replace('/', "~1"));
            gather(value, &place, all);
            all.push(place);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| visit(name, value)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, value)| visit(&index.to_string(), value));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    gather(value, "", &mut all);
    all
}

/// Breaks a text at some bytes.
fn mutate_text(rng: &mut Rng, text: &str) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"&a ",
        b"*a",
        b"<<: ",
        b"? ",
        b"- ",
        b"{",
        b"[[[[",
        b"|",
        b"\t",
        b"\xff",
        b"\0",
        b"!!binary ",
        b"---\n",
        b": ",
    ];
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.usize(1..8) {
        let at = rng.usize(..=bytes.len());
        if rng.bool() {
            let piece = rng.choice(PIECES).unwrap();
            bytes.splice(at..at, piece.iter().copied());
        } else {
            let end = (at + rng.usize(0..40)).min(bytes.len());
            bytes.drain(at..end);
        }
    }
    bytes
}

/// Reads and plans a contract in both modes; the error says what must not be.
fn survives(contract: &Value, templates: &Templates) -> Result<(), String> {
    for options in [Options::default(), STRICT] {
        let begun = Instant::now();
        let planned = catch_unwind(AssertUnwindSafe(|| plan(contract, &options)));
        let planned = planned.map_err(|_| "it panicked".to_owned())?;
        if begun.elapsed() > PATIENCE {
            return Err(format!("it took {:?}", begun.elapsed()));
        }
        let Ok(plan) = planned else { continue };
        for (name, code) in templates.fill(&plan.document) {
            syn::parse_file(&code)
                .map_err(|error| format!("{name} does not parse: {error} in\n{code}"))?;
        }
    }
    Ok(())
}

fn sources() -> Vec<(PathBuf, String)> {
    let repository = folder().join("../..");
    let fixtures = folder().join("fixtures");
    let refused = fs::read_dir(fixtures.join("refused")).unwrap();
    let mut files: Vec<PathBuf> = refused.map(|entry| entry.unwrap().path()).collect();
    files.push(fixtures.join("every-shape/openapi.yaml"));
    files.push(fixtures.join("open-replies/openapi.yaml"));
    files.push(repository.join("openapi.yaml"));
    files.sort();
    let read = |file: PathBuf| (file.clone(), fs::read_to_string(file).unwrap());
    files.into_iter().map(read).collect()
}

#[test]
fn no_contract_makes_the_reader_or_the_planner_panic_or_hang() {
    // The parser of the test takes more stack for types inside each other than a test's thread has.
    let run = thread::Builder::new()
        .stack_size(1 << 28)
        .spawn(run)
        .unwrap();
    if let Err(problem) = run.join() {
        resume_unwind(problem);
    }
}

fn run() {
    let number = |name: &str| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seed = number("FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..));
    let end = Instant::now() + Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(2));
    let sources = sources();
    let parsed: Vec<Value> = (sources.iter())
        .filter_map(|(_, text)| openapi::load(text).ok())
        .collect();
    let (odd, templates) = (odd_values(), Templates::load());
    let mut rng = Rng::with_seed(seed);
    let mut rounds = 0;
    while Instant::now() < end {
        rounds += 1;
        let contract = if rng.u8(0..4) == 0 {
            let (_, text) = rng.choice(&sources).unwrap();
            let bytes = mutate_text(&mut rng, text);
            let loaded = catch_unwind(|| openapi::load_bytes(&bytes).ok());
            let text = String::from_utf8_lossy(&bytes);
            loaded
                .unwrap_or_else(|_| panic!("seed {seed}, round {rounds}: reading panics:\n{text}"))
        } else {
            let mut contract = rng.choice(&parsed).unwrap().clone();
            let mut mutation = Mutation {
                rng: &mut rng,
                odd: &odd,
                others: &parsed,
            };
            mutation.mutate(&mut contract);
            Some(contract)
        };
        let Some(contract) = contract else { continue };
        if let Ok(file) = env::var("FUZZ_FILE") {
            fs::write(file, contract.to_string()).unwrap();
        }
        if let Err(problem) = survives(&contract, &templates) {
            panic!("seed {seed}, round {rounds}: {problem}:\n{contract}");
        }
    }
    assert!(rounds > 1, "no contract was tried");
}
