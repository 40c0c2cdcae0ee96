//! `--format sarif`: valid by the standard's schema, within GitHub's limits.

use serde_json::Value;

use crate::{Folder, Run, clean, policy, rule, run};

/// The log, which is valid by the schema of OASIS.
#[track_caller]
fn log(run: &Run) -> Value {
    let log: Value = serde_json::from_str(&run.out).expect("JSON");
    let schema = serde_json::from_str(include_str!("../schema/sarif-2.1.0.json")).expect("JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", schema).expect("a schema");
    let index = compiler.compile("sarif.json", &mut schemas).expect("a schema");
    if let Err(error) = schemas.validate(&log, index) {
        panic!("{error:#}");
    }
    log
}

#[test]
fn findings_become_results() {
    let text = policy(&[rule("\"22\""), rule("70000"), rule("80000")].join(",\n"));
    let run = run(&[("my policy.json", &text)], &["check", "my policy.json", "--format", "sarif"]);
    let log = log(&run);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let driver = &log["runs"][0]["tool"]["driver"];
    // Azure DevOps wants the latter, which no schema says.
    assert_eq!(
        driver["fullName"],
        format!("{} {}", driver["name"].as_str().expect("a name"), env!("CARGO_PKG_VERSION"))
    );
    let rules = driver["rules"].as_array().expect("rules");
    let found: Vec<_> = results.iter().map(|result| (&result["ruleId"], &result["level"])).collect();
    assert_eq!(
        found,
        [
            (&"JIT203".into(), &"warning".into()),
            (&"JIT201".into(), &"error".into()),
            (&"JIT201".into(), &"error".into())
        ]
    );
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    // What a fence says to tests is for nobody else.
    for rule in rules {
        let page = rule["help"]["markdown"].as_str().expect("a page");
        let mut fences = page.lines().filter(|line| line.starts_with("```"));
        assert!(page.contains("```json\n"), "{page}");
        assert!(fences.all(|fence| matches!(fence, "```" | "```json" | "```text")), "{page}");
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20policy.json");
    assert_eq!(
        place["region"],
        serde_json::json!({
            "startLine": 8, "startColumn": 23, "endLine": 8, "endColumn": 27
        })
    );
    let change = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["insertedContent"]["text"], "22");
    let prints: Vec<_> = results.iter().map(|result| &result["partialFingerprints"]).collect();
    assert!(prints[0] != prints[1] && prints[1] != prints[2], "{prints:?}");
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let print = |text: String| {
        let run = run(&[("policy.json", &text)], &["check", "policy.json", "--format", "sarif"]);
        log(&run)["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    let text = policy(&rule("70000"));
    assert_eq!(print(text.clone()), print(text.replace("\"kind\": \"Basic\",", "\n\n\"kind\":\n\"Basic\",")));
}

#[test]
fn nothing_found_is_a_log_too() {
    let log = log(&run(&[("policy.json", &clean())], &["check", "policy.json", "--format", "sarif"]));
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn what_cannot_be_read_is_in_the_log() {
    let run = run(&[], &["check", "policy.json", "--format", "sarif"]);
    assert_eq!(run.code, Some(2));
    let invocation = &log(&run)["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let note = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(note, "there is no file `policy.json`");
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let text = format!("\u{feff}{}", policy(&rule("70000")).replace(['\n', ' '], ""));
    let run = run(&[("policy.json", &text)], &["check", "policy.json", "--format", "sarif"]);
    let region = &log(&run)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let column = usize::try_from(region["startColumn"].as_u64().expect("a column")).expect("small");
    assert_eq!(text.find("70000"), Some("\u{feff}".len() + column - 1));
}

#[test]
fn over_the_limit_the_gravest_stay() {
    let folder = Folder::new();
    let files: Vec<String> = (0..30).map(|file| format!("{file}.json")).collect();
    for file in &files {
        let mut rules: Vec<String> = (40_000..40_900).map(|port| rule(&format!("\"{port}\""))).collect();
        rules.push(rule("70000"));
        folder.put(file, policy(&rules.join(",\n")));
    }
    let mut args = vec!["check", "--format", "sarif"];
    args.extend(files.iter().map(String::as_str));
    let run = folder.run(&args);
    let log: Value = serde_json::from_str(&run.out).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.iter().filter(|result| result["level"] == "error").count(), 30);
    assert!(run.notes.starts_with("warning: 27030 findings"), "{}", run.notes);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notes[0]["level"], "warning");
}
