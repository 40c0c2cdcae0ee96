//! Scripts in the YAML of pipelines: GitHub's and Azure's. Blanks take the place of all else, so that the script stays
//! where it is.

use alloc::string::String;

use crate::part::{self, AnyCase};

/// The members that hold scripts.
const SCRIPTS: [&str; 8] =
    ["run", "script", "bash", "pwsh", "powershell", "inline", "inlineScript", "scriptContent"];

/// The scripts in such a document. None in what is no YAML, or has none.
pub(super) fn steps(text: &str) -> Option<String> {
    let begins = text.lines().map(part::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let (name, _) = part::cut(begins.trim_start_matches("- "), ':')?;
    if begins != "---" && !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
        return None;
    }
    let mut script = String::with_capacity(text.len());
    let mut found = false;
    // How far its member is indented, and where it begins.
    let mut inside: Option<usize> = None;
    let mut begin = 0_usize;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let indent = line.len().saturating_sub(content.len());
        if content.trim().is_empty() || inside.is_some_and(|member| indent > member) {
            if inside.is_some() {
                filled(&mut script, line);
            } else {
                blank(&mut script, line);
            }
            continue;
        }
        leave_out(&mut script, begin);
        let dashes = content.len().saturating_sub(content.trim_start_matches(['-', ' ']).len());
        inside = opens(content).then(|| indent.saturating_add(dashes));
        found |= inside.is_some();
        blank(&mut script, line);
        begin = script.len();
    }
    leave_out(&mut script, begin);
    found.then_some(script)
}

/// Leaves a step out that is not about policies: each is run by itself, and may be in another language.
fn leave_out(script: &mut String, begin: usize) {
    let step = script.split_off(begin);
    if part::contains(&step.to_ascii_lowercase(), "jitnetworkaccesspolic") {
        script.push_str(&step);
    } else {
        blank(script, &step);
    }
}

/// `run: |`, `- powershell: |-`
fn opens(content: &str) -> bool {
    let content = part::trim(content).trim_start_matches("- ");
    part::cut(content, ':').is_some_and(|(name, value)| {
        SCRIPTS.iter().any(|one| name.same_in_any_case(one)) && matches!(part::trim(value), "|" | "|-" | "|+")
    })
}

/// A line in which what the pipeline fills in, `${{ … }}`, is a variable that nothing sets.
fn filled(script: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, behind)) = part::split_once(rest, "${{") {
        script.push_str(before);
        let Some((inside, after)) = part::split_once(behind, "}}") else {
            rest = rest.get(before.len()..).unwrap_or("");
            break;
        };
        script.push_str("${_");
        let word = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte) } else { '_' };
        script.extend(inside.bytes().map(word));
        script.push_str("_}");
        rest = after;
    }
    script.push_str(rest);
}

/// As many blanks as there are bytes.
fn blank(script: &mut String, line: &str) {
    script.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}
