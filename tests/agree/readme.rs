//! README.md's examples of the command line print what it says they print.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The lines of all blocks that show a terminal, across which the files stay as the commands leave them.
fn terminal(readme: &str) -> Vec<&str> {
    let mut shown = false;
    let inside = |line: &&str| {
        let fence = line.starts_with("```");
        shown = if fence { *line == "```console" } else { shown };
        shown && !fence
    };
    readme.lines().filter(inside).collect()
}

#[test]
fn the_readme_shows_what_the_command_line_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(root.join("docs/example")).expect("the examples") {
        let path = entry.expect("a file").path();
        fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    let readme = fs::read_to_string(root.join("README.md")).expect("README.md");
    let lines = terminal(&readme);
    let mut printed = String::new();
    let commands = lines.iter().filter_map(|line| line.strip_prefix("$ jitgate "));
    for command in commands {
        let mut program = Command::new(env!("CARGO_BIN_EXE_jitgate"));
        let output = program.args(command.split(' ')).current_dir(folder.path()).output().expect("it runs");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        printed += &format!("$ jitgate {command}\n{text}");
    }
    assert_eq!(lines.join("\n"), printed.trim_end());
    assert!(printed.contains("$ jitgate decide"), "the README shows no decision");
}
