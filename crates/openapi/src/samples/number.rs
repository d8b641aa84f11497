//! Numbers within limits.

use serde_json::{Map, Number, Value};

/// Returns an integer; `None` when the limits leave none.
pub(super) fn integer(schema: &Map<String, Value>) -> Option<Value> {
    let (least, most) = limits(schema, 1.0);
    let step = step(schema)
        .filter(|step| step.fract() == 0.0)
        .unwrap_or(1.0);
    let value = near_one(least.map(f64::ceil), most.map(f64::floor), step)?;
    // Floats have no more digits than this.
    if value.abs() > 9.0e15 {
        // The limit itself is written as an integer where it is one.
        let exact = ["minimum", "maximum"].into_iter().find_map(|limit| {
            let limit = schema.get(limit)?;
            (limit.is_i64() || limit.is_u64()).then(|| limit.clone())
        });
        return exact;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and within 53 bits"
    )]
    let value = value as i64;
    Some(value.into())
}

/// Returns a number; `None` when the limits leave none.
pub(super) fn number(schema: &Map<String, Value>) -> Option<Value> {
    let (least, most) = limits(schema, 0.0);
    let value = match step(schema) {
        Some(step) => near_one(least, most, step)?,
        None => {
            let (open_least, open_most) = (
                is_open(schema, "exclusiveMinimum"),
                is_open(schema, "exclusiveMaximum"),
            );
            let good = |value: f64| {
                least.is_none_or(|least| value > least || (value == least && !open_least))
                    && most.is_none_or(|most| value < most || (value == most && !open_most))
            };
            let between = match (least, most) {
                (Some(least), Some(most)) => f64::midpoint(least, most),
                (Some(least), None) => least + 1.0,
                (None, Some(most)) => most - 1.0,
                (None, None) => 1.5,
            };
            [1.5, 1.0, 0.5, between]
                .into_iter()
                .find(|value| good(*value))?
        }
    };
    Number::from_f64(value).map(Value::Number)
}

/// Returns the limits, with exclusive ones moved by a step (of 3.0: flags; of 3.1: numbers).
fn limits(schema: &Map<String, Value>, step: f64) -> (Option<f64>, Option<f64>) {
    let limit = |inclusive: &str, exclusive: &str, step: f64| {
        let own = schema.get(inclusive).and_then(Value::as_f64);
        match schema.get(exclusive) {
            Some(Value::Bool(true)) => own.map(|own| own + step),
            Some(Value::Number(number)) => {
                let other = number.as_f64().map(|number| number + step);
                match (own, other) {
                    (Some(own), Some(other)) if step >= 0.0 && inclusive == "minimum" => {
                        Some(own.max(other))
                    }
                    (Some(own), Some(other)) => Some(own.min(other)),
                    (own, other) => own.or(other),
                }
            }
            _ => own,
        }
    };
    (
        limit("minimum", "exclusiveMinimum", step),
        limit("maximum", "exclusiveMaximum", -step),
    )
}

fn is_open(schema: &Map<String, Value>, keyword: &str) -> bool {
    !matches!(schema.get(keyword), None | Some(Value::Bool(false)))
}

fn step(schema: &Map<String, Value>) -> Option<f64> {
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    step.filter(|step| *step > 0.0)
}

/// Returns a multiple of the step within the limits, 1 where it is good.
fn near_one(least: Option<f64>, most: Option<f64>, step: f64) -> Option<f64> {
    let start = match (least, most) {
        (Some(least), _) if least > 1.0 => least,
        (_, Some(most)) if most < 1.0 => (most / step).floor() * step,
        _ => 1.0_f64,
    };
    let value = (start / step).ceil() * step;
    let value = match most {
        Some(most) if value > most => (most / step).floor() * step,
        _ => value,
    };
    let is_good = least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
    is_good.then_some(value)
}
