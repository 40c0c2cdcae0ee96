//! Here-documents of shells. They stand behind the line that announces them: they are read at once, and passed over when
//! the line is at its end.

use alloc::string::String;

use super::Reader;
use super::note::NoteKind;
use super::pieces::Content;
use super::shell_word::content_value;
use super::value::Value;

/// The line that announces the last documents that were read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where a document was announced first, and where the line ends.
    start: usize,
    end: usize,
    /// Where the script goes on behind the documents.
    behind: usize,
}

impl<'t> Reader<'t> {
    /// `<<EOF`, `<<-'EOF'`: what stands in the document.
    pub(super) fn here_document(&mut self) -> Value<'t> {
        let announced = self.at;
        self.advance(2);
        let tabs = self.take("-");
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.advance(1);
        }
        let (mark, expands) = self.mark();
        let here = self.at;
        let known = self.announces.take();
        let line = known.filter(|line| (line.start..=line.end).contains(&announced));
        let (end, sure) = match line {
            Some(line) => (line.end, true),
            None => self.end_of_line(),
        };
        if !sure || mark.is_empty() {
            self.forget_all();
        }
        // Where a line is read once more, so are its documents.
        let begin = line.map_or(end, |line| line.behind).saturating_add(1).min(self.bytes.len());
        self.at = *self.documents.entry(announced).or_insert(begin);
        let document = self.lines_to(&mark, expands, tabs);
        let behind = line.map_or(self.at, |line| line.behind.max(self.at));
        self.announces = Some(Line { start: line.map_or(announced, |line| line.start), end, behind });
        self.at = here;
        if sure && !mark.is_empty() { document } else { Value::unknown(document.start, document.end) }
    }

    /// Passes over the documents that were announced in a line, where it ends.
    pub(super) fn skip_documents(&mut self) {
        let Some(line) = self.announces else { return };
        if self.at == line.end {
            self.announces = None;
            self.at = line.behind;
        } else if self.at > line.end && self.at < line.behind {
            // The line is not what it was taken for.
            self.announces = None;
            self.at = line.behind;
            self.forget_all();
        }
    }

    /// The word that ends a document, and whether variables stand in it.
    fn mark(&mut self) -> (String, bool) {
        let (mut mark, mut plain, mut quote) = (String::new(), true, None);
        while let Some(char) = self.char() {
            match (char, quote) {
                (_, Some(open)) if char == open => quote = None,
                ('"' | '\'', None) => {
                    plain = false;
                    quote = Some(char);
                }
                ('\\', None) => {
                    plain = false;
                    self.advance(1);
                    mark.extend(self.char());
                }
                (' ' | '\t' | ';' | '|' | '&' | '(' | ')' | '<' | '>', None) | ('\n' | '\r', _) => break,
                (char, _) => mark.push(char),
            }
            self.skip_char();
        }
        (mark, plain)
    }

    /// Where the line ends that is read, and whether that is certain: quotes and backslashes have it go on.
    fn end_of_line(&self) -> (usize, bool) {
        let (mut quote, mut open, mut escaped, mut ticks) = (None, 0_i32, false, false);
        let (mut blank, mut comment) = (false, false);
        // Lines and commands in quotes: a document of such a command would stand there.
        let (mut lines, mut commands) = (false, false);
        for (at, byte) in self.rest().bytes().enumerate() {
            let here = self.at.saturating_add(at);
            match (byte, quote) {
                (b'\n', None) if !escaped => return (here, open <= 0 && !ticks && !(lines && commands)),
                _ if escaped || comment => escaped = false,
                (b'\\', None | Some(b'"')) => escaped = true,
                (_, Some(mark)) if byte == mark => quote = None,
                (_, Some(_)) => {
                    lines |= byte == b'\n';
                    commands |= matches!(byte, b'(' | b'`');
                }
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'#', None) if blank => comment = true,
                (b'(', None) => open = open.saturating_add(1),
                (b')', None) => open = open.saturating_sub(1),
                (b'`', None) => ticks = !ticks,
                _ => {}
            }
            blank = matches!(byte, b' ' | b'\t' | b';' | b'|' | b'&');
        }
        let line = self.rest().find('\n').unwrap_or(self.rest().len());
        (self.at.saturating_add(line), quote.is_none() && open <= 0 && !ticks)
    }

    /// The lines up to the mark, which is passed over, but not the end of its line.
    fn lines_to(&mut self, mark: &str, expands: bool, tabs: bool) -> Value<'t> {
        let start = self.here();
        let mut content = Content::default();
        loop {
            if self.peek().is_none() {
                self.note(NoteKind::OpenHereString, start, start);
                break;
            }
            while tabs && self.peek() == Some(b'\t') {
                self.advance(1);
            }
            let line = self.rest().lines().next().unwrap_or("");
            if mark == if self.typed { line.trim_start() } else { line } {
                self.advance(line.len());
                break;
            }
            self.shell_text(&mut content, expands, b"\n");
            let at = self.here();
            if self.take("\n") {
                content.push("\n", at);
            }
        }
        content_value(content, start, self.here())
    }
}
