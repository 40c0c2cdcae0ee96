//! Here-documents of shells, and the commands that stand in a line with one.

use alloc::vec::Vec;

use super::Reader;
use super::note::NoteKind;
use super::pieces::Content;
use super::shell_calls::HARMLESS;
use super::shell_word::content_value;
use super::value::Value;
use super::writing::SHELL_READING;
use crate::part;

/// Commands that change no variable, but what runs behind them.
const LEAVING: [&str; 6] = ["set", "shift", "exit", "return", "break", "continue"];

/// A here-document that is announced: what ends it, whether variables stand in it, whether tabs in front go.
pub(super) struct Announced<'t> {
    mark: &'t str,
    expands: bool,
    tabs: bool,
}

impl<'t> Reader<'t> {
    /// `<<EOF`, `<<-'EOF'`
    pub(super) fn announced(&mut self) -> Option<Announced<'t>> {
        self.advance(2);
        let tabs = self.take("-");
        self.blanks();
        let quote = self.peek().filter(|byte| matches!(byte, b'\'' | b'"' | b'\\'));
        if quote.is_some() {
            self.advance(1);
        }
        let mark = self.word();
        if quote.is_some() && self.peek() == quote {
            self.advance(1);
        }
        (!mark.is_empty()).then_some(Announced { mark, expands: quote.is_none(), tabs })
    }

    /// What is left of a line, which is passed over with its end.
    pub(super) fn rest_of_line(&mut self) -> &'t str {
        let start = self.here();
        while !matches!(self.peek(), None | Some(b'\n')) {
            self.skip_char();
        }
        let rest = self.slice(start, self.here());
        self.advance(1);
        rest
    }

    /// The lines up to the mark, which is passed over.
    pub(super) fn here_document(&mut self, announced: &Announced<'t>) -> Value<'t> {
        let start = self.here();
        let mut content = Content::default();
        let mut closed = false;
        while self.peek().is_some() {
            let line = self.rest().lines().next().unwrap_or("");
            let line = if announced.tabs { line.trim_start_matches('\t') } else { line };
            let typed = if self.typed { line.trim_start() } else { line };
            if typed == announced.mark {
                closed = true;
                while !matches!(self.peek(), None | Some(b'\n')) {
                    self.skip_char();
                }
                break;
            }
            self.shell_text(&mut content, announced.expands, b"\n");
            if self.peek().is_some() {
                let at = self.here();
                self.advance(1);
                content.push("\n", at);
            }
        }
        if !closed {
            self.note(NoteKind::OpenHereString, start, start);
        }
        let end = self.here();
        content_value(content, start, end)
    }

    /// Reads the documents that are announced in a line, from where its first command ends: what that command is given, and
    /// what else stands in the line.
    pub(super) fn here_documents(&mut self, mut announced: Vec<Announced<'t>>) -> (Value<'t>, &'t str) {
        let (start, own) = (self.at, announced.len());
        let behind = self.rest_of_line();
        let end = self.at;
        // Those of the commands behind it come later.
        for (at, _) in behind.match_indices("<<") {
            let more = behind.get(at.saturating_add(2)..).unwrap_or("");
            if !more.starts_with('<') && !behind.get(..at).unwrap_or("").ends_with('<') {
                self.at = start.saturating_add(at);
                announced.extend(self.announced());
            }
        }
        self.at = end;
        let mut input = None;
        for (index, announced) in announced.iter().enumerate() {
            if index > 0 && self.peek() == Some(b'\n') {
                self.advance(1);
            }
            let document = self.here_document(announced);
            if index < own {
                input = Some(document);
            }
        }
        let here = self.here();
        let input = input.filter(|_| !goes_on(behind)).unwrap_or_else(|| Value::unknown(here, here));
        (input, behind)
    }

    /// Commands behind the one that is given a document: some leave all as it is, and the others are not followed.
    pub(super) fn commands_behind(&mut self, behind: &str) {
        let mut writes = part::has(behind, '>');
        let mut changes = behind.contains(['(', '`'])
            || (part::contains(behind, "${") && part::has(behind, '='))
            || goes_on(behind);
        for command in behind.split(['|', '&', ';']) {
            let name = command.split_ascii_whitespace().next().unwrap_or("");
            if name.starts_with('#') {
                break;
            }
            // `2>&1`
            if name.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            self.call_function(name, &[]);
            let reads = SHELL_READING.contains(&name) || matches!(name, "true" | ":");
            changes |= !(reads || (HARMLESS.contains(&name) && !LEAVING.contains(&name)))
                || (name == "printf" && part::contains(command, "-v"));
            let sends =
                name == "az" && part::contains(command, " rest ") && !part::contains(command, "--out");
            writes |= !reads && !sends;
        }
        if changes {
            self.jumped = true;
            self.forget_all();
        } else if writes {
            self.forget_files();
        }
    }
}

/// True for a line that goes on in the next one, which puts a document elsewhere.
fn goes_on(line: &str) -> bool {
    let quotes = line.bytes().filter(|byte| matches!(byte, b'"' | b'\'')).count();
    line.trim_end_matches('\r').ends_with('\\') || quotes % 2 == 1
}
