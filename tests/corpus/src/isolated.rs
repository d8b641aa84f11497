//! Runs contracts in processes of their own, several at once.

use crate::{
    contracts::Item,
    stage::{Results, Row, Stage},
    start::NOTE,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    env,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The stages that a process of its own runs.
const STAGES: [Stage; 4] = [Stage::Read, Stage::Plan, Stage::Start, Stage::Request];

/// Runs the stages of all contracts that need no generated code.
pub(crate) fn run(
    folder: &Path,
    items: &[Item],
    stages: &[Stage],
    limit: Duration,
) -> Result<Results> {
    let program = env::current_exe().context("this program is not found")?;
    let stages: Vec<Stage> = (STAGES.iter().copied())
        .filter(|stage| stages.contains(stage))
        .collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Results::new());
    let threads = thread::available_parallelism().map_or(2, Into::into);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = one(&program, &folder.join(&item.file), &stages, limit);
                    if let Ok(mut results) = results.lock() {
                        results.insert(item.file.clone(), row);
                    }
                }
            });
        }
    });
    results
        .into_inner()
        .map_err(|_| anyhow::anyhow!("a thread panicked"))
}

/// Runs one contract. The stage that a process does not live to report has failed.
fn one(program: &Path, file: &Path, stages: &[Stage], limit: Duration) -> Row {
    let mut row = Row::default();
    let names: Vec<&str> = stages.iter().map(|stage| stage.name()).collect();
    let mut command = Command::new(program);
    command.arg("--one").arg(file);
    command.arg("--stages").arg(names.join(","));
    let (out, end) = match output(&mut command, limit) {
        Ok(output) => output,
        Err(error) => (String::new(), Some(error.to_string())),
    };
    let notes = out
        .lines()
        .filter_map(|line| line.strip_prefix(NOTE)?.strip_prefix('\t'));
    row.notes = notes.map(str::to_owned).collect();
    let reported = out.lines().filter_map(|line| {
        let (stage, problems) = line.split_once('\t')?;
        let problems: Value = serde_json::from_str(problems).ok()?;
        let problems = problems.as_array()?.iter();
        let problems = problems.filter_map(Value::as_str).map(str::to_owned);
        Some((Stage::of_name(stage)?, problems.collect()))
    });
    for (stage, problems) in reported {
        row.add(stage, problems);
    }
    let missing = stages.iter().find(|stage| row.problems(**stage).is_none());
    if let (Some(end), Some(stage)) = (end, missing) {
        row.add(*stage, vec![end]);
    }
    row
}

/// Returns what a process printed, and how it ended, unless well.
fn output(command: &mut Command, limit: Duration) -> Result<(String, Option<String>)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let reader = |pipe: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before an error counts.
            let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let out = reader(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let error = reader(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let start = Instant::now();
    let mut late = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > limit {
            late = true;
            child.kill()?;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let out = out.join().unwrap_or_default();
    let error = error.join().unwrap_or_default();
    let end = if late {
        Some(format!("takes longer than {} s", limit.as_secs()))
    } else if status.success() {
        None
    } else {
        let said: Vec<&str> = error.lines().filter(|line| !line.is_empty()).collect();
        Some(format!("PANIC {status}: {}", said.join(" ")))
    };
    Ok((out, end))
}
