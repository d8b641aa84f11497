//! `docs/tour.md`: its commands run as they are written, one after the other in one shell, and their output is compared.

use std::process::{Command, Output};

use crate::helpers::app::TestApp;

const TOUR: &str = include_str!("../../docs/tour.md");

/// The address of the service in the tour.
const URL: &str = "http://127.0.0.1:5003";

/// Precedes the number of a command in both outputs of the shell.
const MARK: char = '\u{1e}';

/// The status of each reply, on standard error.
const CURLRC: &str =
    "silent\nnoproxy = \"*\"\nmax-time = 20\nwrite-out = \"%{stderr}status %{response_code}\\n\"\n";

/// A command of the tour.
struct Step {
    command: String,
    /// Lines of output; none when the tour does not show any.
    shown: Vec<String>,
}

impl Step {
    /// The status that a comment behind the command names.
    fn status(&self) -> Option<&str> {
        let (_, comment) = self.command.rsplit_once("# ")?;
        let status = comment.get(..3)?;
        status.parse::<u16>().is_ok().then_some(status)
    }

    /// The command for the shell, after the mail that it reads has come.
    fn script(&self) -> String {
        let mail = self.command.find("var/outbox/").map(|start| {
            let rest = &self.command[start..];
            &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())]
        });
        let wait = mail.map_or_else(String::new, |mail| {
            format!(
                "for _ in {{1..200}}; do grep -q . {mail} 2>/dev/null && break; sleep 0.05; done\n"
            )
        });
        format!("{wait}{}\n", self.command)
    }
}

fn steps(tour: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = tour.lines();
    let mut in_console = false;
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            in_console = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            let mut command = command.to_owned();
            let until = command
                .split_once("<<'")
                .and_then(|(_, rest)| rest.split_once('\''))
                .map(|(word, _)| word.to_owned());
            while command.ends_with('\\') || until.is_some() {
                let line = lines.next().expect("the end of the command");
                command = format!("{command}\n{line}");
                if until.as_deref() == Some(line) {
                    break;
                }
            }
            let shown = Vec::new();
            steps.push(Step { command, shown });
        } else if in_console {
            let step = steps.last_mut().expect("a command before its output");
            step.shown.push(line.to_owned());
        }
    }
    steps
}

/// Compares a text with one in which `…` stands for anything.
fn matches(text: &str, shown: &str) -> bool {
    let Some((start, rest)) = shown.split_once('…') else {
        return text == shown;
    };
    text.strip_prefix(start).is_some_and(|text| {
        let mut starts = text.char_indices().map(|(start, _)| start);
        starts.any(|start| matches(&text[start..], rest)) || matches("", rest)
    })
}

/// The shell's output of each command.
fn parts(output: &[u8]) -> Vec<String> {
    let output = String::from_utf8_lossy(output).replace('\r', "");
    output.split(MARK).skip(1).map(str::to_owned).collect()
}

fn run(app: &TestApp, steps: &[Step]) -> Output {
    std::fs::write(app.folder().join(".curlrc"), CURLRC).expect("a file for curl");
    let mut script = "set -u\n".to_owned();
    for step in steps {
        script += &format!("printf '{MARK}' | tee /dev/stderr\n{}", step.script());
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let program = env!("CARGO_BIN_EXE_starwars-api");
    let folder = program.rsplit_once('/').expect("a folder").0;
    let mut shell: Command = app.shell();
    shell
        .args(["-o", "pipefail", "-c", &script])
        .env("PATH", format!("{folder}:{path}"))
        .env("CURL_HOME", app.folder())
        .output()
        .expect("bash runs")
}

#[test]
fn the_tour_is_as_it_is_written() {
    let app = TestApp::start();
    let steps = steps(&TOUR.replace(URL, &app.public_url()));
    assert!(steps.len() > 30, "{}", steps.len());
    let output = run(&app, &steps);
    let (said, told) = (parts(&output.stdout), parts(&output.stderr));
    assert_eq!((said.len(), told.len()), (steps.len(), steps.len()));
    for ((step, said), told) in steps.iter().zip(said).zip(told) {
        let report = format!("$ {}\n{said}\n{told}", step.command);
        let mut statuses = told.lines().filter_map(|line| line.strip_prefix("status "));
        let status = statuses.next_back().unwrap_or_default();
        if let Some(wanted) = step.status() {
            assert_eq!(status, wanted, "{report}");
        }
        if step.shown.is_empty() {
            assert!(status.is_empty() || status.starts_with('2'), "{report}");
        } else {
            let shown = step.shown.join("\n");
            assert!(
                matches(said.trim_end(), &shown),
                "{report}\nshown:\n{shown}"
            );
        }
    }
}

#[test]
fn marks_stand_for_anything() {
    for (text, shown, same) in [
        ("abc", "abc", true),
        ("abc", "a…", true),
        ("abc", "a…c", true),
        ("ac", "a…c", true),
        ("abcd", "a…c", false),
        ("abc", "ab", false),
    ] {
        assert_eq!(matches(text, shown), same, "{text} {shown}");
    }
}
