//! What stands between the commands of shells, and shells of their own: what hangs on the success of a command is not
//! certain, and what a pipe assigns goes with it.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::Reader;
use super::files::FILE;
use super::log::{ALL, Entry, Kind};
use super::value::{Text, Value, What};

/// What commands print.
#[derive(Clone, Debug, Default)]
pub(super) enum Output<'t> {
    #[default]
    Nothing,
    Known(Value<'t>),
    Unknown,
}

/// Commands with `&&`, `||`, `|` between them.
pub(super) struct Chain {
    /// Where in the journal they begin.
    start: usize,
    /// Where those begin in it that may not run, or not here.
    unsure: Option<usize>,
    /// The last one cannot fail.
    pub plain: bool,
    /// A `||` was among them.
    either: bool,
    /// How many variables a function had of its own.
    locals: usize,
}

impl<'t> Reader<'t> {
    /// What the command prints that was read, where that is known.
    pub(super) fn prints(&mut self, value: Option<Value<'t>>) {
        let text = value.filter(|value| matches!(*value.what, What::Text(_)));
        self.output = text.map_or(Output::Unknown, Output::Known);
    }

    /// `$( … )`, from behind its bracket on: what the commands in it print.
    pub(super) fn substitution(&mut self) -> Option<Value<'t>> {
        let (output, printed) = (core::mem::take(&mut self.output), core::mem::take(&mut self.printed));
        let piped = self.piped.take();
        self.subshell();
        self.output = output;
        self.piped = piped;
        match core::mem::replace(&mut self.printed, printed) {
            Output::Known(value) => Some(without_last_lines(value)),
            Output::Nothing | Output::Unknown => None,
        }
    }

    pub(super) fn chain(&self) -> Chain {
        Chain {
            start: self.journal.len(),
            unsure: None,
            plain: true,
            either: false,
            locals: self.locals.len(),
        }
    }

    pub(super) fn end_chain(&mut self, chain: &mut Chain) {
        self.printed = match (core::mem::take(&mut self.printed), core::mem::take(&mut self.output)) {
            (Output::Nothing, one) | (one, Output::Nothing) => one,
            _ => Output::Unknown,
        };
        if let Some(mark) = chain.unsure {
            self.forget_since(mark);
            self.locals.truncate(chain.locals);
        }
        *chain = self.chain();
    }

    /// What stands between commands, which is passed over; false where a command begins.
    pub(super) fn shell_between(&mut self, chain: &mut Chain) -> bool {
        let rest = self.rest();
        match self.peek() {
            Some(sign @ (b'&' | b'|')) if rest.starts_with("&&") || rest.starts_with("||") => {
                chain.either |= sign == b'|';
                if chain.either
                    && let Some(mark) = chain.unsure
                {
                    // What follows may come from another command than the last.
                    self.forget_since(mark);
                    chain.unsure = Some(self.journal.len());
                }
                // Whether the other one prints, too, is not certain.
                (self.output, self.printed) = (Output::Nothing, Output::Unknown);
                if chain.either || !chain.plain {
                    chain.unsure.get_or_insert(self.journal.len());
                }
                self.advance(2);
                self.shell_lines();
            }
            Some(b'|') => {
                // What a pipe's commands assign goes with the shells that they run in.
                self.forget_since(chain.start);
                chain.start = self.journal.len();
                chain.unsure = Some(chain.start);
                self.advance(1);
                let all = self.take("&");
                self.shell_lines();
                self.piped = match core::mem::take(&mut self.output) {
                    Output::Known(value) if !all => Some(value),
                    _ => Some(Value::unknown(self.here(), self.here())),
                };
            }
            Some(sign @ (b'\n' | b'\r' | b';' | b'&' | b')')) if !rest.starts_with("&>") => {
                self.skip_char();
                if sign == b'&' {
                    // So does what runs beside the script.
                    chain.unsure = Some(chain.start);
                }
                self.end_chain(chain);
            }
            _ => return false,
        }
        true
    }

    /// Commands of a shell of their own, up to its `)`: of what they change, files are left.
    pub(super) fn subshell(&mut self) {
        let (mark, locals) = (self.journal.len(), self.locals.len());
        let before = self.pay(self.variables.len()).then(|| self.variables.clone());
        let jumped = self.jumped;
        self.shell_list_of_commands(&[")"], false);
        self.jumped = jumped;
        self.locals.truncate(locals);
        self.variables = before.unwrap_or_default();
        let since: BTreeSet<Entry> = self.journal.drain(mark.min(self.journal.len())..).collect();
        for (kind, name) in since {
            let all = &*name == ALL;
            if kind != Kind::Call && !all && !name.starts_with(FILE) {
                continue;
            }
            let left = if all { FILE.into() } else { name };
            if kind != Kind::Call {
                self.drop(&left);
            }
            self.journal.push((kind, left));
        }
    }
}

/// A text without the ends of lines at its end.
fn without_last_lines(value: Value<'_>) -> Value<'_> {
    let What::Text(text) = &*value.what else { return value };
    let kept = text.text.trim_end_matches('\n');
    if kept.len() == text.text.len() {
        return value;
    }
    let kept = Text { text: kept.to_string().into(), flags: None, ..text.clone() };
    Value::new(value.start, value.end, What::Text(kept))
}
