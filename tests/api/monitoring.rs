//! `deploy/monitoring/`: the dashboard and the rules ask for what the service serves, and Prometheus reads them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::helpers::{
    app::TestApp,
    eventually,
    metrics::Metrics,
    nginx::Front,
    process::{Folder, find_program, free_port},
    redis::RedisServer,
};

/// Labels that Prometheus adds, and the bounds of histograms.
const ADDED: [&str; 3] = ["job", "instance", "le"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy/monitoring")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect(name)
}

fn rules() -> Vec<Value> {
    let file: Value = serde_saphyr::from_str(&read("alerts.yaml")).expect("YAML");
    let groups = file["groups"].as_array().expect("groups");
    let rules = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules"));
    rules.cloned().collect()
}

/// The queries of the dashboard, with the ranges that Grafana puts in.
fn queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read("dashboard.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let queries = targets.map(|target| target["expr"].as_str().expect("a query"));
    queries
        .map(|query| query.replace("$__rate_interval", "5m"))
        .collect()
}

/// Names and labels of everything that a service serves that has done some work, with each store of revocations.
fn served() -> BTreeMap<String, BTreeSet<String>> {
    let redis = RedisServer::start();
    let url = redis.url();
    let mut served: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for backend in ["embedded", "redis-replica"] {
        let app = TestApp::with_settings(|settings| {
            settings
                .set("revocation.backend", backend)
                .set("revocation.redis_url", &url);
        });
        let user = app.user();
        app.films(&user.access).expect(200);
        app.films("bad").expect(401);
        app.log_out(&user.access).expect(200);
        let metrics = eventually("the feed", Duration::from_secs(20), || {
            let metrics = Metrics::of(&app);
            let lag = metrics.value("starwars_revocations_feed_lag_seconds", &[]);
            (backend == "embedded" || lag.is_some()).then_some(metrics)
        });
        for series in metrics.all() {
            let labels = series.labels.iter().map(|(name, _)| name.clone());
            served
                .entry(series.name.clone())
                .or_default()
                .extend(labels);
        }
    }
    served
}

/// The words of a query outside of quotes, each with what follows it.
fn words(query: &str) -> Vec<(&str, char)> {
    let mut words = Vec::new();
    for outside in query.split('"').step_by(2) {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':');
        let mut rest = outside;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_alphabetic()) {
            rest = &rest[start..];
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let next = rest[end..].trim_start().chars().next().unwrap_or(' ');
            words.push((&rest[..end], next));
            rest = &rest[end..];
        }
    }
    words
}

#[test]
fn the_dashboard_and_the_rules_ask_for_what_is_served() {
    let served = served();
    let alerts = rules();
    let rules = alerts
        .iter()
        .map(|rule| rule["expr"].as_str().expect("a query").to_owned());
    let labels: BTreeSet<&str> = served
        .values()
        .flatten()
        .map(String::as_str)
        .chain(ADDED)
        .collect();
    let mut used = BTreeSet::new();
    for query in rules.chain(queries()) {
        let words = words(&query);
        let metrics = words
            .iter()
            .filter(|(word, _)| word.contains('_') && !labels.contains(word));
        for (word, next) in metrics {
            let is_function = *next == '(';
            assert!(
                is_function || served.contains_key(*word),
                "`{word}` is no metric of the service: {query}"
            );
            used.insert((*word).to_owned());
        }
        // Labels in braces stand before an operator.
        let labels_used = words.iter().filter(|(_, next)| matches!(next, '=' | '!'));
        for (word, _) in labels_used {
            assert!(labels.contains(word), "`{word}` is no label: {query}");
        }
    }
    // And what is served is shown or watched.
    let idle: Vec<_> = served
        .keys()
        .filter(|name| !used.contains(*name))
        .filter(|name| {
            let parts = ["_sum", "_count", "_bucket"];
            let family = parts.iter().find_map(|part| name.strip_suffix(part));
            family.is_none_or(|family| !used.iter().any(|name| name.starts_with(family)))
        })
        .collect();
    assert_eq!(idle, ["process_threads", "process_virtual_memory_bytes"]);
}

#[test]
fn each_metric_of_ours_is_explained_in_the_documentation() {
    let page = fs::read_to_string(folder().join("../../docs/operating.md")).expect("a page");
    let app = TestApp::start();
    let families: BTreeSet<String> = Metrics::of(&app)
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|rest| rest.split(' ').next())
        .filter(|name| !name.starts_with("process_"))
        .map(str::to_owned)
        .collect();
    for name in families {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/operating.md does not explain {name}"
        );
    }
}

#[test]
fn each_alert_says_what_it_means_and_what_to_do() {
    for rule in rules() {
        let name = rule["alert"].as_str().expect("a name");
        assert!(name.starts_with("Starwars"), "{name}");
        for part in ["summary", "runbook"] {
            let text = rule["annotations"][part].as_str().expect(name);
            assert!(text.ends_with('.') || text.ends_with(')'), "{name}: {text}");
        }
        let severity = rule["labels"]["severity"].as_str().expect(name);
        assert!(["warning", "critical"].contains(&severity), "{name}");
        // Nothing else of that Prometheus is meant.
        let query = rule["expr"].as_str().expect(name);
        assert!(query.contains("job=\"starwars-api\""), "{name}: {query}");
    }
}

fn promtool(arguments: &[&str], folder: &std::path::Path) {
    let output = Command::new(find_program("promtool", &[]))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("promtool runs");
    assert!(
        output.status.success(),
        "promtool {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn prometheus_reads_the_rules_and_they_fire_when_they_should() {
    promtool(&["check", "rules", "alerts.yaml"], &folder());
    promtool(&["test", "rules", "alerts.test.yaml"], &folder());
    let tests: Value = serde_saphyr::from_str(&read("alerts.test.yaml")).expect("YAML");
    let tests = tests.to_string();
    for rule in rules() {
        let name = rule["alert"].as_str().expect("a name");
        assert!(
            tests.contains(name),
            "{name} has no case in alerts.test.yaml"
        );
    }
}

#[test]
fn prometheus_finds_the_rules_and_asks_each_instance_by_the_name_that_they_have() {
    promtool(&["check", "config", "prometheus.yaml"], &folder());
    let file: Value = serde_saphyr::from_str(&read("prometheus.yaml")).expect("YAML");
    let job = &file["scrape_configs"][0];
    assert_eq!(job["job_name"], "starwars-api");
    let nginx = fs::read_to_string(folder().join("../nginx.conf")).expect("a file");
    let targets = job["static_configs"][0]["targets"].as_array();
    for target in targets.expect("targets") {
        let server = format!("server {} ", target.as_str().expect("a target"));
        assert_eq!(nginx.matches(&server).count(), 1, "{server}in nginx.conf");
    }
}

/// ASVS 5.0, 13.4.5: internal endpoints are not for the public.
#[test]
fn nginx_keeps_the_metrics_from_the_public() {
    let front = Front::reserve();
    let app = TestApp::start();
    let _nginx = front.start(&[app.address(); 3]);
    let public = TestApp::not_started(|_| {}).reached_at(front.address());
    public.get("/healthz").send().expect(200);
    Metrics::of(&app)
        .value("process_open_fds", &[])
        .expect("it");
    for target in [
        "/metrics",
        "/metrics?a=b",
        "/metrics/",
        "/%6detrics",
        "//metrics",
        "/./metrics",
        "/ui/../metrics",
        "/%2e/metrics",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            let answer = public.request(method, target).send_unchecked();
            let text = answer.text();
            assert!(
                (400..500).contains(&answer.status) && !text.contains("process_"),
                "{method} {target}: {} {text}",
                answer.status
            );
        }
    }
    let problem = public.get("/metrics").send_unchecked().expect(404).json();
    assert_eq!(problem["code"], "not-found");
}

/// ASVS 5.0, 16.2.5: links in mails have their tokens in the query, and nginx writes all of a request to its log of errors.
#[test]
fn nginx_logs_no_token_of_a_link_when_instances_are_away() {
    let nobody = || SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (app, away) = (TestApp::start(), [nobody(), nobody(), nobody()]);
    for (instances, status) in [([app.address(), away[0], away[1]], 401), (away, 502)] {
        let front = Front::reserve();
        let nginx = front.start(&instances);
        let public = TestApp::not_started(|_| {}).reached_at(front.address());
        for _ in 0..4 {
            let link = public.get("/users/v1/email_verification?token=hunter2.hunter2.hunter2");
            let referrer = format!("http://{}/pages/v1/password?token=hunter2", front.address());
            let answer = link.header("Referer", &referrer).send_unchecked();
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        assert!(!nginx.log().contains("hunter2"), "{}", nginx.log());
    }
}

#[test]
fn prometheus_reads_the_queries_of_the_dashboard_and_the_metrics() {
    let place = Folder::new("promtool");
    let rules: Vec<_> = queries()
        .into_iter()
        .enumerate()
        .map(|(index, query)| json!({ "record": format!("query:{index}"), "expr": query }))
        .collect();
    assert!(rules.len() > 10);
    // JSON is YAML.
    let file = json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    fs::write(place.path().join("queries.yaml"), file.to_string()).expect("a file");
    promtool(&["check", "rules", "queries.yaml"], place.path());

    let app = TestApp::start();
    app.films("bad").expect(401);
    let served = place.path().join("metrics");
    fs::write(&served, Metrics::of(&app).text()).expect("a file");
    let output = Command::new(find_program("promtool", &[]))
        .args(["check", "metrics"])
        .stdin(fs::File::open(served).expect("a file"))
        .output()
        .expect("promtool runs");
    let told = String::from_utf8_lossy(&output.stderr);
    // The name is that of the semantic conventions, which call a gauge a count.
    let exception = "db_client_connection_count non-histogram and non-summary metrics should not have \"_count\" suffix";
    let faults: Vec<_> = told.lines().filter(|line| *line != exception).collect();
    assert!(faults.iter().all(|line| line.is_empty()), "{told}");
}
