use std::fs;
use std::path::PathBuf;

use uuid::Uuid;

use super::*;

/// A folder that is removed with the test.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("starwars-{}", Uuid::new_v4()));
        fs::create_dir(&folder).unwrap();
        for (name, content) in files {
            fs::write(folder.join(name), content).unwrap();
        }
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn settings(folder: Option<&Folder>) -> Settings {
    let mut settings = Settings::default();
    settings.server.public_url = "https://api.example".to_owned();
    settings.mail.templates_dir = folder.map(|folder| folder.0.clone()).unwrap_or_default();
    settings
}

fn load(files: &[(&str, &str)]) -> anyhow::Result<Templates> {
    let folder = Folder::with(files);
    Templates::load(&settings(Some(&folder)))
}

fn flaw(file: &str, content: &str) -> String {
    let error = load(&[(file, content)]).err();
    error.map(|error| format!("{error:#}")).unwrap_or_default()
}

/// Returns the text as a reader of HTML sees it.
fn unescaped(html: &str) -> String {
    html.replace("&#x2f;", "/").replace("&quot;", "\"")
}

#[test]
fn both_bodies_hold_the_link() {
    let templates = Templates::load(&settings(None)).unwrap();
    let link = "https://api.example/users/v1/email_verification?token=a.b-c_d.e";
    for letter in [
        Letter::Verification("a.b-c_d.e"),
        Letter::EmailChange("a.b-c_d.e"),
    ] {
        let text = templates.write(letter).unwrap();
        assert!(text.plain.contains(&format!("\n{link}\n")), "{text:?}");
        assert!(
            unescaped(&text.html).contains(&format!("href=\"{link}\"")),
            "{text:?}"
        );
        assert!(text.plain.contains("works for 1 hour:"), "{text:?}");
    }
}

#[test]
fn links_lead_to_the_front_end_of_the_operator() {
    let mut settings = settings(None);
    let links = &mut settings.mail.links;
    links.verification = "https://app.example/verify?a=b&token={token}".to_owned();
    links.password = "https://app.example/#/reset/{token}".to_owned();
    let templates = Templates::load(&settings).unwrap();
    for (letter, link) in [
        (
            Letter::Verification("a.b-c_d.e"),
            "https://app.example/verify?a=b&token=a.b-c_d.e",
        ),
        (
            Letter::EmailChange("a.b-c_d.e"),
            "https://api.example/users/v1/email_verification?token=a.b-c_d.e",
        ),
        (
            Letter::PasswordForgotten("a.b-c_d.e"),
            "https://app.example/#/reset/a.b-c_d.e",
        ),
        (
            Letter::ChoosePassword("a.b-c_d.e"),
            "https://app.example/#/reset/a.b-c_d.e",
        ),
    ] {
        let text = templates.write(letter).unwrap();
        assert!(text.plain.contains(&format!("\n{link}\n")), "{text:?}");
        let html = unescaped(&text.html).replace("&amp;", "&");
        assert!(html.contains(&format!("href=\"{link}\"")), "{text:?}");
    }
}

#[test]
fn every_mail_has_a_subject_of_its_own() {
    let templates = Templates::load(&settings(None)).unwrap();
    let mut subjects: Vec<_> = Letter::all("token")
        .iter()
        .map(|letter| templates.write(*letter).unwrap().subject)
        .collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), Letter::all("").len());
}

#[test]
fn html_is_escaped_and_text_is_not() {
    let mut settings = settings(None);
    settings.server.public_url = "https://api.example/\"><b>&".to_owned();
    let templates = Templates::load(&settings).unwrap();
    let text = templates.write(Letter::PasswordChanged).unwrap();
    assert!(text.plain.contains("/\"><b>&/pages"), "{text:?}");
    assert!(text.html.contains("&quot;&gt;&lt;b&gt;&amp;"), "{text:?}");
}

#[test]
fn a_file_replaces_the_built_in_one_of_its_name() {
    let templates = load(&[
        (
            "verification.txt",
            "\u{feff}Subject: Prüfung {{ hours }}\r\n\r\nHier: {{ link }}\r\n",
        ),
        ("..data", "of the mount"),
    ])
    .unwrap();
    let text = templates.write(Letter::Verification("t")).unwrap();
    assert_eq!(text.subject, "Prüfung 1");
    assert_eq!(
        text.plain,
        "Hier: https://api.example/users/v1/email_verification?token=t\n"
    );
    assert!(text.html.contains("Verify your address"), "{text:?}");
}

#[test]
fn a_flaw_is_found_at_start_with_its_file_and_line() {
    for (file, content, expected) in [
        (
            "verification.txt",
            "Subject: Hello\n\n{{ link }}\n{{ lnik }}\n",
            "verification.txt, line 4: undefined value: this mail has public_url, pages, hours, link",
        ),
        (
            "verification.html",
            "<p>\n{{ link }\n</p>",
            "verification.html, line 2: syntax error",
        ),
        (
            "password-changed.html",
            "<p>{{ token }}</p>",
            "password-changed.html, line 1: undefined value",
        ),
        (
            "password-changed.html",
            "{{ public_url|shout }}",
            "password-changed.html, line 1: unknown filter: filter shout is unknown",
        ),
        (
            "password-changed.html",
            "{% include 'x' %}",
            "password-changed.html, line 1: ",
        ),
        (
            "verification.txt",
            "Subject: Hello\n\nHello\n",
            "verification.txt: `{{ link }}` is missing",
        ),
        (
            "verification.html",
            "{{ link|upper }}",
            "verification.html: `{{ link }}` is missing",
        ),
        (
            "password-forgotten.html",
            "<p>Hello</p>",
            "password-forgotten.html: `{{ link }}` is missing",
        ),
        (
            "email-changed.txt",
            "Hello\n\nHello\n",
            "email-changed.txt, line 1: must be the subject",
        ),
        (
            "email-changed.txt",
            "Subject: \n\nHello\n",
            "email-changed.txt, line 1: must be the subject",
        ),
        (
            "email-changed.txt",
            "",
            "email-changed.txt, line 1: must be the subject",
        ),
        (
            "email-changed.txt",
            "Subject: Hello\u{7}\n\nHello\n",
            "email-changed.txt, line 1: must be the subject",
        ),
        (
            "email-changed.txt",
            "Subject: Hello\nBcc: vader@empire.example\n\nHello\n",
            "email-changed.txt, line 2: must be empty",
        ),
        (
            "email-changed.text",
            "Subject: Hello\n\nHello\n",
            "email-changed.text is none of our templates",
        ),
    ] {
        let flaw = flaw(file, content);
        assert!(
            flaw.starts_with("mail.templates_dir: /") && flaw.contains(&format!("/{expected}")),
            "{file} {content:?}: {flaw}"
        );
    }
}

#[test]
fn a_folder_or_file_that_cannot_be_read_is_named() {
    let mut settings = settings(None);
    settings.mail.templates_dir = "/nowhere/texts".into();
    let error = Templates::load(&settings).err().unwrap();
    assert!(format!("{error:#}").contains("/nowhere/texts"), "{error:#}");

    let folder = Folder::with(&[]);
    fs::write(folder.0.join("verification.txt"), b"Subject: \xff\n\n").unwrap();
    settings.mail.templates_dir = folder.0.clone();
    let error = Templates::load(&settings).err().unwrap();
    assert!(
        format!("{error:#}").contains("verification.txt"),
        "{error:#}"
    );
}

#[test]
fn a_subject_is_one_line_whatever_is_put_into_it() {
    let mut settings = settings(None);
    let folder = Folder::with(&[(
        "password-changed.txt",
        "Subject: {{ public_url }}\n\nHello\n",
    )]);
    settings.mail.templates_dir = folder.0.clone();
    for injected in ["x\nBcc: vader@empire.example", "x\rBcc: y", "x\n\nBody"] {
        settings.server.public_url = injected.to_owned();
        let subject = Templates::load(&settings)
            .and_then(|templates| templates.write(Letter::PasswordChanged))
            .map(|text| text.subject);
        assert!(
            subject.is_err() || subject.is_ok_and(|subject| subject == "x"),
            "{injected:?}"
        );
    }
}
