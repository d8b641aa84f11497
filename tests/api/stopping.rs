//! A signal stops the service: what is under way is finished, and nothing is lost.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::helpers::{
    app::TestApp,
    http::Request,
    stores::cases_on,
    users::{PASSWORD, new_email},
};

cases_on! { [unstarted_on_sqlite, unstarted_on_postgres, unstarted_on_mariadb] {
    requests_under_way_are_finished_at_sigint,
    requests_under_way_are_finished_at_sigterm,
} }

mod cases {
    use super::*;

    pub(super) fn requests_under_way_are_finished_at_sigint(app: TestApp) {
        finishes_at("INT", app);
    }

    pub(super) fn requests_under_way_are_finished_at_sigterm(app: TestApp) {
        finishes_at("TERM", app);
    }
}

fn finishes_at(signal: &str, mut app: TestApp) {
    app.start_again();
    let admin = app.admin();
    let email = app.verified_user();
    let stopped = AtomicBool::new(false);
    let address = app.client();
    let acknowledged = thread::scope(|scope| {
        let writers: Vec<_> = (0..6)
            .map(|number| {
                let (admin, email, stopped) = (&admin, &email, &stopped);
                scope.spawn(move || {
                    let mut added = BTreeSet::new();
                    loop {
                        let name = new_email();
                        let request: Request = if number % 2 == 0 {
                            address
                                .post("/subscribers/v1/")
                                .bearer(&admin.access)
                                .json(&json!({ "full_name": "Biggs", "email": name }))
                        } else {
                            address.post("/users/v1/login").json(&json!({
                                "email": email, "password": PASSWORD, "replace_session": true,
                            }))
                        };
                        match request.try_send() {
                            Ok(answer) if answer.status == 201 => added.insert(name),
                            Ok(answer) => {
                                assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
                                false
                            }
                            // Nobody listens any more, or has accepted the connection.
                            Err(_) if stopped.load(Ordering::Relaxed) => return added,
                            Err(error) => panic!("{error}"),
                        };
                    }
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(1));
        stopped.store(true, Ordering::Relaxed);
        app.process().signal(signal);
        let status = app.process().wait(Duration::from_secs(25));
        assert!(status.success(), "{status}");
        let added = writers
            .into_iter()
            .map(|writer| writer.join().expect("a writer"));
        added.flatten().collect::<BTreeSet<_>>()
    });
    let log = app.log();
    assert!(!log.contains("panicked"), "{log}");
    assert!(!acknowledged.is_empty());
    let export = app.run(&["subscribers", "export"], "");
    let stored = String::from_utf8(export.stdout).expect("UTF-8");
    for email in &acknowledged {
        assert!(stored.contains(email.as_str()), "{email} is lost");
    }
}
