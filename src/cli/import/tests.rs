use serde_json::{Value, json};

use super::*;

const COLUMNS: Columns = Columns {
    needed: &["name", "email"],
    ignored: &["id"],
};

fn all(records: Records<'_>) -> Vec<(u64, Option<Value>)> {
    records
        .map(|record| record.unwrap())
        .map(|record| (record.line, record.content.ok().map(Value::Object)))
        .collect()
}

fn from_csv(text: &[u8]) -> Vec<(u64, Option<Value>)> {
    all(csv(text, COLUMNS).unwrap())
}

#[test]
fn columns_come_in_any_order_and_some_are_passed_over() {
    let biggs = Some(json!({ "name": "Biggs", "email": "b@x" }));
    for text in [
        "name,email\nBiggs,b@x\n",
        "email,id,name\r\nb@x,1,Biggs\r\n",
        "\u{feff}name,\"email\"\n\"Biggs\",b@x",
    ] {
        assert_eq!(from_csv(text.as_bytes()), [(2, biggs.clone())], "{text}");
    }
}

#[test]
fn a_file_as_excel_writes_it_is_read() {
    let biggs = Some(json!({ "name": "Biggs, Darklighter", "email": "b@x" }));
    for (text, line) in [
        ("\u{feff}name;email\r\nBiggs, Darklighter;b@x\r\n", 2),
        ("name\temail\r\nBiggs, Darklighter\tb@x\r\n", 2),
        ("\"name\";\"email\"\n\"Biggs, Darklighter\";b@x", 2),
        (
            "\u{feff}sep=;\r\nid;name;email\r\n1;Biggs, Darklighter;b@x\r\n",
            3,
        ),
        ("sep=,\r\nname,email\r\n\"Biggs, Darklighter\",b@x\r\n", 3),
        ("SEP=\t\nname\temail\nBiggs, Darklighter\tb@x\n", 3),
        ("sep=|\nname|email\nBiggs, Darklighter|b@x\n", 3),
    ] {
        assert_eq!(from_csv(text.as_bytes()), [(line, biggs.clone())], "{text}");
    }
    let broken = from_csv(b"sep=;\nname;email\n\nBiggs\n\"\nb\";b@x\n");
    let lines: Vec<_> = broken.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 5]);
}

#[test]
fn a_broken_record_is_refused_by_its_line_and_the_others_are_read() {
    let text = b"name,email\n\"two\nlines\",a@x\n\nshort\nlong,b@x,c\n\xff,d@x\nlast,\"e@x\"";
    let with_returns = text.split(|byte| *byte == b'\n').collect::<Vec<_>>();
    for (text, inner) in [
        (text.to_vec(), "two\nlines"),
        (with_returns.join(&b"\r\n"[..]), "two\r\nlines"),
    ] {
        let member = |content: Value| (content["name"].clone(), content["email"].clone());
        let lines: Vec<_> = from_csv(&text)
            .into_iter()
            .map(|(line, content)| (line, content.map(member)))
            .collect();
        assert_eq!(
            lines,
            [
                (2, Some((json!(inner), json!("a@x")))),
                (5, None),
                (6, None),
                (7, None),
                (8, Some((json!("last"), json!("e@x"))))
            ]
        );
    }
}

#[test]
fn a_first_line_that_does_not_name_the_columns_is_not_repeated() {
    for text in [
        "",
        "name\nBiggs\n",
        "Biggs,biggs@rebels.example\n",
        "name,email,biggs@rebels.example\n",
        "name,email,email\n",
        "Name,email\n",
    ] {
        let Err(error) = csv(text.as_bytes(), COLUMNS) else {
            panic!("{text} was read");
        };
        assert!(!format!("{error:#}").contains("biggs"), "{error:#}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_refused_where_it_opens() {
    for text in [
        "name,email\nBiggs,b@x\n\"Wedge,w@x\nLuke,l@x\n",
        "name,email\nBiggs,b@x\nWedge,\"w@x",
        "name,email\r\nBiggs,b@x\r\n\"a\",\"b\r\nc\r\n",
    ] {
        let lines: Vec<_> = from_csv(text.as_bytes())
            .into_iter()
            .map(|(line, content)| (line, content.is_some()))
            .collect();
        assert_eq!(lines, [(2, true), (3, false)], "{text}");
    }
}

#[test]
fn a_record_is_no_longer_than_a_body() {
    let long = "x".repeat(100_000);
    let text = format!("{{\"a\": \"{long}\"}}\n{{\"a\": 1}}\n");
    assert_eq!(
        all(json_lines(text.as_bytes())),
        [(1, None), (2, Some(json!({ "a": 1 })))]
    );
    let text = format!("name,email\nBiggs,b@x\n{long},l@x\nWedge,w@x\n");
    let records = csv(text.as_bytes(), COLUMNS).unwrap();
    let read: Vec<_> = records.take(2).collect();
    assert!(read[0].is_ok());
    let error = read[1].as_ref().err().map(|error| format!("{error:#}"));
    let words = "the file cannot be read on from line 3: a record is longer than 65536 bytes";
    assert_eq!(error.as_deref(), Some(words));
    let many = format!("name,email\n{}", "Biggs,b@x\n".repeat(20_000));
    assert_eq!(from_csv(many.as_bytes()).len(), 20_000);
}

#[test]
fn each_line_is_an_object() {
    let text = b"{\"a\": 1}\n\n  \r\n[]\n{\"a\"\n\"secret\"\n{\"a\": 2}\n{\"a\": 1, \"a\": 2}";
    assert_eq!(
        all(json_lines(&text[..])),
        [
            (1, Some(json!({ "a": 1 }))),
            (4, None),
            (5, None),
            (6, None),
            (7, Some(json!({ "a": 2 }))),
            (8, None)
        ]
    );
    for record in json_lines(&b"\"secret\"\n"[..]) {
        let rule = record.unwrap().content.unwrap_err();
        assert!(!rule.contains("secret"), "{rule}");
    }
}
