//! What was copied from a terminal: prompts in front of what was typed, and answers between. Blanks take the place of what
//! is left out, so that all else stays where it is.

use alloc::string::String;

use crate::part::{self, AnyCase};

/// What was typed, without its prompts, or what a pipeline runs; and what else there is. None where the first line has no
/// prompt.
pub(crate) fn typed(text: &str) -> Option<[String; 2]> {
    if let Some(script) = super::pipeline::steps(text) {
        return Some([script, String::new()]);
    }
    let first = text.lines().find(|line| !line.trim_start_matches('\u{feff}').trim().is_empty())?;
    prompt(first)?;
    let mut script = String::with_capacity(text.len());
    let mut answer = String::with_capacity(text.len());
    let mut goes_on = false;
    let mut open = Open::default();
    for line in text.split_inclusive('\n') {
        let begins = prompt(line);
        if begins.is_some() {
            open = Open::default();
        }
        let len = begins.or_else(|| continued(line).filter(|_| goes_on));
        goes_on = len.is_some();
        // What stands behind a command that is complete is its answer.
        let typed = if goes_on || open.is_open() || is_branch(line) { len.unwrap_or(0) } else { line.len() };
        let (before, behind) = line.split_at_checked(typed).unwrap_or(("", line));
        blank(&mut script, before);
        script.push_str(behind);
        open.read(behind);
        if goes_on {
            blank(&mut answer, line);
        } else {
            answer.push_str(line);
        }
    }
    Some([script, answer])
}

/// True where a block goes on in PowerShell that was closed before.
fn is_branch(line: &str) -> bool {
    let word = line.trim_start().split([' ', '{', '(']).next().unwrap_or("");
    ["else", "elseif", "catch", "finally"].iter().any(|one| word.same_in_any_case(one))
}

/// What of a command is open at a line's end: a quote, brackets, a shell's block, a here-document, or the line itself.
#[derive(Default)]
struct Open<'a> {
    quote: Option<char>,
    brackets: usize,
    blocks: usize,
    mark: Option<&'a str>,
    line: bool,
}

impl<'a> Open<'a> {
    fn is_open(&self) -> bool {
        self.quote.is_some() || self.brackets > 0 || self.blocks > 0 || self.mark.is_some() || self.line
    }

    fn block(&mut self, word: &str) {
        match word {
            "do" | "then" | "case" => self.blocks = self.blocks.saturating_add(1),
            // What follows `elif` has a `then` of its own.
            "done" | "fi" | "esac" | "elif" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }

    fn read(&mut self, line: &'a str) {
        let line = line.trim();
        if let Some(mark) = self.mark {
            self.mark = Some(mark).filter(|mark| *mark != line);
            return;
        }
        if line.is_empty() {
            return;
        }
        let (mut escaped, mut word) = (false, None);
        for (at, char) in line.char_indices().chain([(line.len(), ' ')]) {
            let is_word = char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | '/' | '$');
            if is_word && self.quote.is_none() {
                word.get_or_insert(at);
            } else if let Some(begin) = word.take() {
                self.block(line.get(begin..at).unwrap_or(""));
            }
            match (char, self.quote) {
                _ if escaped => escaped = false,
                ('\\', None | Some('"')) => escaped = true,
                (_, Some(quote)) if char == quote => self.quote = None,
                ('\'' | '"', None) => self.quote = Some(char),
                ('(' | '{', None) => self.brackets = self.brackets.saturating_add(1),
                (')' | '}', None) => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
        }
        self.line = line.ends_with(['\\', '`', '^', '|', ',', '&', '=']);
        if let Some((_, behind)) = part::split_once(line, "<<").filter(|_| self.quote.is_none()) {
            let other = |char: char| !(char.is_alphanumeric() || char == '_');
            let mark = behind.trim_start_matches(['-', ' ', '\'', '"', '\\']).split(other).next();
            self.mark = mark.filter(|mark| !mark.is_empty());
        }
    }
}

/// As many blanks as there are bytes.
fn blank(out: &mut String, text: &str) {
    out.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
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
