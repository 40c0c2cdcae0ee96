//! What was copied from a terminal: prompts in front of what was typed, and answers between. Blanks take the place of what
//! is left out, so that all else stays where it is.

use alloc::string::String;

/// What was typed, without its prompts; and what else there is. None where the first line has no prompt.
pub(crate) fn typed(text: &str) -> Option<[String; 2]> {
    let first = text.lines().find(|line| !line.trim_start_matches('\u{feff}').trim().is_empty())?;
    prompt(first)?;
    let mut script = String::with_capacity(text.len());
    let mut answer = String::with_capacity(text.len());
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let len = prompt(line).or_else(|| continued(line).filter(|_| goes_on));
        goes_on = len.is_some();
        let (before, behind) = line.split_at_checked(len.unwrap_or(0)).unwrap_or(("", line));
        blank(&mut script, before);
        script.push_str(behind);
        if goes_on {
            blank(&mut answer, line);
        } else {
            answer.push_str(line);
        }
    }
    Some([script, answer])
}

/// As many blanks as there are characters; those beyond ASCII stay, since blanks are shorter.
fn blank(out: &mut String, text: &str) {
    out.extend(text.chars().map(|char| if char.is_ascii() && char != '\n' { ' ' } else { char }));
}

/// How long the prompt of a line is: `$ `, `PS C:\>`, `C:\Users\ann>`, `ann@cloud:~$ `, `[ann@cloud ~]# `.
fn prompt(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(['\u{feff}', ' ']);
    let before = line.len().saturating_sub(text.len());
    let windows = text.starts_with("PS ") || text.starts_with("PS>") || text.get(1..3) == Some(":\\");
    let named = text.trim_start_matches('[').split_once('@').is_some_and(|(name, _)| is_name(name));
    let ends: &[char] = match text.chars().next()? {
        '$' => &['$'],
        first if windows && first.is_ascii_alphabetic() => &['>'],
        _ if named => &['$', '#', '%'],
        _ => return None,
    };
    let end = text.find(ends)?;
    let (inside, behind) = text.split_at_checked(end.saturating_add(1))?;
    let plain = inside.len() < 120 && inside.is_ascii() && !inside.contains(['"', '\'', '|', '=', '{', '(']);
    // A blank parts what is typed from a shell's prompt, not always from that of Windows.
    let parted = ends == ['>'] || behind.trim_end().is_empty() || behind.starts_with(' ');
    (plain && parted).then(|| before.saturating_add(inside.len()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The same of the further lines of what was typed: `>> `, `> `.
fn continued(line: &str) -> Option<usize> {
    let signs = line.len().saturating_sub(line.trim_start_matches('>').len());
    let behind = line.get(signs..).unwrap_or("");
    let parted = signs == 2 || behind.trim_end().is_empty() || behind.starts_with(' ');
    (matches!(signs, 1 | 2) && parted).then(|| signs.saturating_add(usize::from(behind.starts_with(' '))))
}
