//! Scripts → nodes: policies and requests as PowerShell, shells and `.http` files send them. Values that are written in the script are
//! read where they stand, constants are put together, and what only a run of the script can tell is unknown, never
//! guessed. Reading never fails, and takes time and memory in proportion to the script.

mod assign;
mod atom;
mod bracket;
mod branch;
mod call;
mod calls;
mod cast;
mod command;
mod cursor;
mod document;
mod emit;
mod expression;
mod fault;
mod files;
mod fit;
mod forget;
mod http;
mod keyword;
mod log;
mod method;
mod note;
mod operator;
mod pieces;
mod pipeline;
mod place;
mod prompt;
mod repeat;
mod resource;
mod rest;
mod sending;
mod shell;
mod shell_assign;
mod shell_block;
mod shell_calls;
mod shell_chain;
mod shell_document;
mod shell_function;
mod shell_word;
mod statement;
mod text;
mod value;
mod writing;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::json::{Slip, SlipKind, Tape};
use crate::order;
use crate::part::{self, AnyCase};
use crate::read::{Fact, Language};

pub(crate) use fit::fit;
use log::{Kind, Log, Name};
pub use note::{Note, NoteKind};
pub(crate) use prompt::typed;
use shell_chain::Output;
use value::slice;

/// So many nodes may be made of a script of no length: values may be used many times.
const ROOM: usize = 20_000;

/// How much work may be done beyond reading, for each of those nodes.
const FUEL: usize = 8;

/// Reads a script: its documents, none where it has none, and what is to be said about it. `typed` where blanks stand for
/// prompts in it.
pub fn read(text: &str, language: Language, typed: bool) -> (Option<Tape<'_>>, Vec<Fact>) {
    let most = text.len().saturating_mul(2).saturating_add(ROOM);
    let fresh = |known: Option<Rc<Log>>, fuel: usize| Reader {
        text,
        typed,
        cased: language == Language::Shell && !assigns(text),
        batch: is_batch(text),
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        open: 0,
        tables: 0,
        variables: BTreeMap::new(),
        journal: Vec::new(),
        kind: Kind::Own,
        last: known.as_ref().map(|known| known.last()).unwrap_or_default(),
        known,
        log: Log::default(),
        hopes: false,
        gave_up: false,
        locals: Vec::new(),
        fixed: BTreeSet::new(),
        wild: false,
        beyond: false,
        functions: 0,
        scope: 0,
        loops: 0,
        called: BTreeSet::new(),
        notes: Vec::new(),
        deep: None,
        ended: false,
        calls: Vec::new(),
        offers: Vec::new(),
        fuel: Some(most.saturating_mul(fuel)),
        splits: !part::contains(text, "IFS"),
        written: BTreeMap::new(),
        jumped: false,
        assumes: false,
        long: None,
        announces: None,
        documents: BTreeMap::new(),
        output: Output::Nothing,
        printed: Output::Nothing,
        piped: None,
    };
    let mut reader = fresh(Some(Rc::default()), FUEL / 2);
    reader.hopes = language != Language::Http;
    reader.all(language);
    if reader.gave_up {
        // The second reading knows what the first one found, if not all that closely: there is a third where that differs,
        // and the second took no long time.
        reader = fresh(None, 1);
        reader.all(language);
        for last in [false, true] {
            order::distinct(&mut reader.log.changes);
            reader = fresh(Some(Rc::new(core::mem::take(&mut reader.log))), FUEL);
            reader.all(language);
            order::distinct(&mut reader.log.changes);
            let long = reader.fuel.is_none_or(|left| left < most.saturating_mul(FUEL / 2));
            if last || long || reader.known.as_deref() == Some(&reader.log) {
                break;
            }
        }
    }
    let mut emitter =
        emit::Emitter { text, nodes: Vec::new(), made: Vec::new(), slips: Vec::new(), left: most };
    let parts = reader.documents(&mut emitter);
    order::sort_by(&mut reader.notes, |a, b| (a.start, a.end).cmp(&(b.start, b.end)));
    reader.notes.dedup();
    let mut facts: Vec<Fact> = reader.notes.iter().copied().map(Fact::Script).collect();
    if let Some(start) = reader.deep {
        facts.push(Fact::Slip(Slip { kind: SlipKind::TooDeep, start, end: start }));
    }
    facts.extend(emitter.slips.iter().copied().map(Fact::Slip));
    let found = !parts.is_empty();
    if !found {
        // What is no script at all may look like one from afar: only what may hide a call is worth a word.
        facts.retain(|fact| !matches!(fact, Fact::Script(note) if note.kind.is_slip() && !note.kind.hides()));
    }
    (found.then(|| emitter.finish(parts)), facts)
}

impl Reader<'_> {
    /// Reads all of the script.
    fn all(&mut self, language: Language) {
        if self.text.starts_with('\u{feff}') {
            self.advance('\u{feff}'.len_utf8());
        }
        if language == Language::Http {
            self.http();
        } else if self.cased {
            // A function of a shell has only those variables of its own that it declares.
            self.kind = Kind::Outer;
            self.shell();
        } else {
            self.statements(None);
        }
    }
}

/// True where a line assigns to a variable as PowerShell does.
fn assigns(text: &str) -> bool {
    // What the first line says that it is, it is.
    let first = text.lines().next().and_then(|line| line.trim_start_matches('\u{feff}').strip_prefix("#!"));
    if let Some(program) = first {
        return program.contains("pwsh");
    }
    text.lines().take(1000).any(|line| {
        let name = line.trim_start().strip_prefix('$').unwrap_or("");
        let behind = name.trim_start_matches(|char: char| char.is_alphanumeric() || char == '_');
        behind.len() < name.len() && behind.trim_start().starts_with('=')
    })
}

/// True where a line is one of Windows' own shell.
fn is_batch(text: &str) -> bool {
    text.lines().take(1000).map(str::trim_start).any(|line| {
        let starts = |word: &str| line.get(..word.len()).is_some_and(|start| start.same_in_any_case(word));
        let sets = line.get(4..).unwrap_or("").trim_start_matches('"');
        let name = sets.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '_');
        let sets = starts("set ") && name.len() < sets.len() && name.starts_with('=');
        sets || starts("@echo ") || starts("rem ") || starts("setlocal")
    })
}

/// Reads one script.
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself")]
struct Reader<'t> {
    text: &'t str,
    /// Blanks stand in it where prompts stood.
    typed: bool,
    /// Names of variables have their case.
    cased: bool,
    /// Windows runs it: `%NAME%` is a variable.
    batch: bool,
    bytes: &'t [u8],
    at: usize,
    /// How deep statements and values are nested here.
    depth: usize,
    /// How many brackets with statements in them are open.
    open: usize,
    /// How many tables are open whose values are read here.
    tables: usize,
    /// What variables are known to hold, by their names in small letters; and what files are, by theirs behind a `/`.
    variables: BTreeMap<Name, value::Value<'t>>,
    /// What was changed, in order.
    journal: Vec<log::Entry>,
    /// How plain names are changed here.
    kind: Kind,
    /// What the reading before found; none for the first.
    known: Option<Rc<Log>>,
    /// Where each variable is changed last.
    last: BTreeMap<Name, usize>,
    /// What this reading finds.
    log: Log,
    /// Reading is given up where the script does not run in the order in which it stands, or much is to be done.
    hopes: bool,
    gave_up: bool,
    /// What a shell's function has declared as its own.
    locals: Vec<Name>,
    /// What is never known.
    fixed: BTreeSet<Name>,
    /// Nothing is known any more.
    wild: bool,
    /// The name that was read last is one of another scope.
    beyond: bool,
    /// How many functions are open, and how many loops.
    functions: usize,
    loops: usize,
    /// Where the function begins that is read; nowhere at the top.
    scope: usize,
    /// The names of what the function that is being read is given where the script calls it, in small letters; an empty
    /// one where that may be anything.
    called: BTreeSet<Name>,
    notes: Vec<Note>,
    /// Where brackets were nested too deep.
    deep: Option<u32>,
    /// The end of the text left a bracket open, and that was said.
    ended: bool,
    calls: Vec<call::Call<'t>>,
    offers: Vec<call::Offer<'t>>,
    /// Work that may yet be done beyond reading the text once; none where more was asked for, which is said.
    fuel: Option<usize>,
    /// Blanks part the words of a shell, which says nothing else.
    splits: bool,
    /// The path that each file was written by, by its name.
    written: BTreeMap<Name, Name>,
    /// A statement was met that leaves a loop, a function or the script early.
    jumped: bool,
    /// A parameter counts as its default: whether a condition holds is not certain any more.
    assumes: bool,
    /// The last range that is too long to be followed.
    long: Option<(u32, u32)>,
    /// The line whose here-documents are not passed over yet, and where each document begins, by where it is announced.
    announces: Option<shell_document::Line>,
    documents: BTreeMap<usize, usize>,
    /// What a shell's last command prints, what those before it do, and what the next one is given.
    output: Output<'t>,
    printed: Output<'t>,
    piped: Option<value::Value<'t>>,
}
