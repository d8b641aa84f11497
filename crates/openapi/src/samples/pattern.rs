//! Strings that match a pattern.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

/// Repetitions are tried so many times more than they have to be, for a least length.
const MOST_MORE: u32 = 2_000;
/// No text is longer.
const LONGEST: usize = 100_000;
/// Letters that are taken out of a class, if it has any of them.
const NICE: &str = "aA0x1 -_";

/// Returns a text that matches, of a length within the limits; `None` when none is found, as for patterns with
/// look-around. Anchors and boundaries within the pattern are taken to hold.
pub(super) fn matching(pattern: &str, least: usize, most: Option<usize>) -> Option<String> {
    let mut parser = ParserBuilder::new().nest_limit(100).build();
    let hir = parser.parse(pattern).ok()?;
    let good = |text: &String| {
        let count = text.chars().count();
        count >= least && most.is_none_or(|most| count <= most)
    };
    let steps = (0..8)
        .chain((3..).map(|power| 1_u32 << power))
        .take_while(|more| *more <= MOST_MORE);
    let enough = u32::try_from(least).ok().filter(|least| *least <= 65_536);
    let tried = steps.chain(enough).map(|more| {
        let mut text = String::new();
        add(&hir, more, &mut text).map(|()| text)
    });
    let found = tried.flatten().find(good);
    if found.is_some() || pattern.ends_with('$') {
        return found;
    }
    // What is not bound to its end may go on.
    let mut text = String::new();
    add(&hir, 0, &mut text)?;
    let count = text.chars().count();
    text.extend(std::iter::repeat_n(
        'x',
        least.saturating_sub(count).min(LONGEST),
    ));
    Some(text).filter(good)
}

fn add(hir: &Hir, more: u32, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let has = |letter: &char| {
                let mut ranges = class.ranges().iter();
                ranges.any(|range| (range.start()..=range.end()).contains(letter))
            };
            let nice = NICE.chars().find(has);
            // The last range begins with a letter more often than with a control character.
            text.push(nice.or(class.ranges().last().map(|range| range.start()))?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let count = repetition.min.saturating_add(more);
            let count = repetition.max.map_or(count, |max| count.min(max));
            for _ in 0..count {
                // Repetitions in a repetition multiply; one of them grows.
                add(&repetition.sub, more.min(1), text)?;
            }
        }
        HirKind::Capture(capture) => add(&capture.sub, more, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| add(part, more, text))?,
        HirKind::Alternation(parts) => {
            let before = text.len();
            let fits = parts.iter().any(|part| {
                text.truncate(before);
                add(part, more, text).is_some()
            });
            return fits.then_some(());
        }
    }
    Some(())
}
