//! Style `deepObject`: `name[member]=a`. Members may have members, and arrays are `name[]=a`, `name[0]=a` or a repeated
//! name, as clients write them; OpenAPI leaves both open.

use super::{
    Encoding, Findings, Pair, Piece,
    pieces::{one_of, repeated},
    styled::Styled,
};
use openapi::{Shape, pointer, shortened};
use serde_json::{Map, Value};

/// The most brackets behind one name.
const DEEPEST: usize = 16;

/// The values sent under a name, and under the names in brackets behind it.
#[derive(Default)]
struct Node<'r> {
    values: Vec<&'r str>,
    members: Vec<(String, Node<'r>)>,
}

/// Reads a value from the pairs that begin with its name; `None` when there is none.
pub(super) fn read(
    styled: &Styled<'_>,
    shape: &Shape,
    pairs: &mut [Pair<'_>],
    encoding: Encoding,
    findings: &mut Findings<'_>,
) -> Option<Value> {
    let mut root = Node::default();
    let mut is_there = false;
    for pair in pairs {
        let Some(steps) = pair.name.strip_prefix(styled.name).and_then(steps) else {
            continue;
        };
        // What is neither named nor allowed stays behind, an unknown parameter.
        if steps.is_empty() && is_object(shape) || !takes(shape, &steps, styled.among_others) {
            continue;
        }
        root.insert(&steps, pair.raw);
        pair.claim();
        is_there = true;
    }
    if !is_there {
        return None;
    }
    root.read(shape, styled.base, encoding, findings)
}

/// Splits `[a][b]`; `None` when it is something else.
fn steps(text: &str) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (step, behind) = rest.strip_prefix('[')?.split_once(']')?;
        if step.contains('[') || steps.len() == DEEPEST {
            return None;
        }
        steps.push(step.to_owned());
        rest = behind;
    }
    Some(steps)
}

fn is_object(shape: &Shape) -> bool {
    matches!(shape, Shape::Object(_))
}

/// Returns true if a value of the shape may have something there. `refused` takes what the schema refuses, too.
fn takes(shape: &Shape, steps: &[String], refused: bool) -> bool {
    match (shape, steps) {
        (_, []) => true,
        (Shape::Several(several), _) => several
            .shapes
            .iter()
            .any(|shape| takes(shape, steps, refused)),
        (Shape::Object(members), [first, rest @ ..]) => {
            match members.get(first).or(members.others.as_deref()) {
                Some(member) => takes(member, rest, refused) || refused,
                None => refused && members.closed,
            }
        }
        (Shape::Array(items), [first, rest @ ..]) => {
            let is_index = first.bytes().all(|byte| byte.is_ascii_digit());
            is_index && takes(items, rest, refused)
        }
        (Shape::Scalar(_), _) => false,
    }
}

impl<'r> Node<'r> {
    fn insert(&mut self, steps: &[String], raw: &'r str) {
        let Some((first, rest)) = steps.split_first() else {
            self.values.push(raw);
            return;
        };
        let known = self.members.iter().position(|(name, _)| name == first);
        let index = known.unwrap_or_else(|| {
            self.members.push((first.clone(), Node::default()));
            self.members.len() - 1
        });
        if let Some((_, node)) = self.members.get_mut(index) {
            node.insert(rest, raw);
        }
    }

    fn read(
        &self,
        shape: &Shape,
        base: &str,
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Option<Value> {
        let values = self.values.iter().map(|raw| Piece::new(raw, encoding));
        if self.members.is_empty() {
            let pieces: Vec<Piece<'_>> = values.collect();
            return repeated(&pieces, shape, base, findings);
        }
        match shape {
            Shape::Several(several) => one_of(several, base, findings, |shape, _, findings| {
                self.read(shape, base, encoding, findings)
            }),
            _ if !self.values.is_empty() => {
                findings.refuse(base, "is sent with and without members")
            }
            Shape::Object(members) => {
                let mut object = Map::new();
                for (name, node) in &self.members {
                    let here = pointer(base, &shortened(name));
                    let value = node.read(members.shape(name), &here, encoding, findings);
                    object.extend(value.map(|value| (name.clone(), value)));
                }
                Some(Value::Object(object))
            }
            Shape::Array(items) => Some(self.items(items, base, encoding, findings)),
            Shape::Scalar(_) => findings.refuse(base, "has no members"),
        }
    }

    /// Reads an array: items by their index, then those without one.
    fn items(
        &self,
        items: &Shape,
        base: &str,
        encoding: Encoding,
        findings: &mut Findings<'_>,
    ) -> Value {
        let mut nodes: Vec<(usize, &Node<'r>)> = Vec::new();
        let mut list = Vec::new();
        for (name, node) in &self.members {
            match name.parse() {
                Ok(index) => nodes.push((index, node)),
                Err(_) if name.is_empty() && node.members.is_empty() => list.extend(&node.values),
                Err(_) => {
                    findings.refuse(&pointer(base, &shortened(name)), "is no index of an item");
                }
            }
        }
        nodes.sort_by_key(|(index, _)| *index);
        let mut values = Vec::new();
        for (_, node) in nodes {
            let here = format!("{base}/{}", values.len());
            values.extend(node.read(items, &here, encoding, findings));
        }
        for raw in list {
            let here = format!("{base}/{}", values.len());
            values.extend(Piece::new(raw, encoding).value(items, &here, findings));
        }
        Value::Array(values)
    }
}
