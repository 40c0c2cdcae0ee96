//! The core and the command line give the same answer on every shared case, byte by byte, and it is the
//! expected one.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::process::Command;

use jitgate_tests::{Case, PreviewCase, Question, Subject, cases, previews};

fn all() -> Vec<Case> {
    cases().expect("the cases can be read")
}

#[test]
fn the_core_says_what_is_expected() {
    let differs = |case: &Case| {
        let answer = case.answer().expect("an answer").pretty;
        fs::read_to_string(case.expected()).ok() != Some(format!("{answer}\n"))
    };
    let different: Vec<String> = all().into_iter().filter(differs).map(|case| case.name).collect();
    assert!(
        different.is_empty(),
        "the expected files of these cases differ: {different:?}; if the new answer is right, `cargo xtask gen` renews them"
    );
}

#[test]
fn the_command_line_says_the_same() {
    for case in all() {
        let output = command(&case).output().expect("the program runs");
        let json = case.answer().expect("an answer").json;
        let expected = match &case.subject {
            Subject::Document(document) => {
                let file = serde_json::to_string(document).expect("a name");
                let rest = json.strip_prefix('{').expect("an object");
                format!("{{\"reports\":[{{\"file\":{file},{rest}]}}\n")
            }
            Subject::Request { .. } => format!("{json}\n"),
        };
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "case `{}`", case.name);
        assert_eq!(output.status.code(), Some(code(&case, &json)), "case `{}`", case.name);
    }
}

fn command(case: &Case) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jitgate"));
    match &case.subject {
        Subject::Document(document) => command.arg("check").arg(document),
        Subject::Request { policy, request } => {
            command.arg("decide").arg("--policy").arg(policy).arg("--request").arg(request)
        }
    };
    command.args(["--format", "json", "--now", &case.setting.now]);
    let options = [("--kind", &case.setting.kind), ("--from", &case.setting.from)];
    for (name, value) in options {
        command.args(value.iter().flat_map(|value| [name, value]));
    }
    command
}

/// The exit code that belongs to an answer.
fn code(case: &Case, json: &str) -> i32 {
    let answer: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let error = |diagnostic: &serde_json::Value| diagnostic["severity"] == "error";
    let found = match case.subject {
        Subject::Document(_) => answer["diagnostics"].as_array().is_some_and(|all| all.iter().any(error)),
        Subject::Request { .. } => answer["decision"] == "refused",
    };
    i32::from(found)
}

#[test]
fn previews_are_what_is_expected_and_the_command_line_says_the_same() {
    let all = previews().expect("the cases can be read");
    assert!(!all.is_empty());
    for case in all {
        for question in case.questions() {
            let answer = case.answer(question).expect("an answer");
            let (name, expected) = (&case.name, case.expected(question));
            assert_eq!(
                fs::read_to_string(expected).unwrap_or_default(),
                format!("{}\n", answer.pretty),
                "case `{name}`: if the new answer is right, `cargo xtask gen` renews it"
            );
            let output = ask(&case, question).output().expect("the program runs");
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                format!("{}\n", answer.json),
                "case `{name}`"
            );
        }
    }
}

fn ask(case: &PreviewCase, question: Question) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jitgate"));
    let network = case.network().expect("a network");
    let requests = case.requests();
    match question {
        Question::Diff => {
            command.arg("diff").args([case.policy(), case.after()]).args(["--format", "json"]);
            return command;
        }
        Question::Preview => {
            command.args(["preview", "--format", "json"]);
            let options = [("--from", &case.setting.from), ("--mode", &case.setting.mode)];
            for (name, value) in options {
                command.args(value.iter().flat_map(|value| [name, value]));
            }
        }
        Question::Reach => {
            command.arg("reach").arg("--flows").arg(case.flows());
            let from = case.setting.from.as_ref();
            command.args(from.into_iter().flat_map(|from| ["--caller", from]));
        }
    }
    command.arg("--policy").arg(case.policy()).arg("--network").args(network);
    if !requests.is_empty() {
        command.arg("--requests").args(requests);
    }
    command.args(["--now", &case.setting.now]);
    command
}
