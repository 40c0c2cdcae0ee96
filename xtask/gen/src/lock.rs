//! `core/rules.lock`: every code that was ever given out, with its name. A code once published keeps its meaning,
//! so a line may come but never change or go.
use anyhow::{Result, bail};

use crate::Rule;

const HEAD: &str = "\
# Every rule's code and name. Codes are never removed or renumbered; `cargo xtask gen` adds lines and changes none.
";

/// The file with the new rules added; a failure names a rule that is gone or has changed.
pub fn make(rules: &[Rule], there: &str) -> Result<String> {
    let mut lines: Vec<_> = rules.iter().map(|rule| format!("{} {}", rule.code, rule.name)).collect();
    lines.sort_unstable();
    for locked in there.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if lines.iter().all(|line| line != locked) {
            bail!(
                "`{locked}` is in `core/rules.lock` but not in the table of rules: a code is never removed, \
                 renumbered or renamed, so put it back"
            );
        }
    }
    Ok(format!("{HEAD}{}\n", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [Rule; 2] =
        [Rule { code: "JIT101", name: "invalid-json" }, Rule { code: "JIT201", name: "port-out-of-range" }];

    #[test]
    fn new_rules_are_added_in_order() {
        let made = make(&RULES, "# old head\nJIT201 port-out-of-range\n").unwrap();
        assert_eq!(made, format!("{HEAD}JIT101 invalid-json\nJIT201 port-out-of-range\n"));
        assert_eq!(make(&RULES, &made).unwrap(), made);
    }

    #[test]
    fn a_line_never_goes_or_changes() {
        for locked in ["JIT102 invalid-encoding", "JIT101 broken-json", "JIT202 port-out-of-range"] {
            let error = make(&RULES, locked).unwrap_err().to_string();
            assert!(error.contains(&format!("`{locked}`")), "{error}");
        }
    }
}
