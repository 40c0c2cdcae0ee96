//! Makes findings fit for a script: their changes are JSON's, and are kept where they are the script's as well.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::format::format;
use crate::json::{Node, NodeId, NodeKind, Tape};
use crate::order;
use crate::rules::{Anchor, EditDraft, Finding};

/// Words that speak of JSON, and those of PowerShell. Its cmdlet has no `duration`.
const NOTATION: [(&str, &str); 6] = [
    ("`[ ]`", "`@( )`"),
    ("`{ }`", "`@{ }`"),
    (" is `null`", " is `$null`"),
    (": readers differ in which one they take", ": PowerShell refuses a table with a name twice"),
    (
        "`\"duration\": \"PT1H\"`, or an `endTimeUtc`",
        "`endTimeUtc = [DateTime]::UtcNow.AddHours(1).ToString('o')`",
    ),
    (
        ", or `\"duration\": \"PT1H\"` in its place",
        ": `[DateTime]::UtcNow.AddHours(1).ToString('o')` is in an hour",
    ),
];

/// Says once what is written once, and keeps of each finding's change what certainly means the same in the script.
pub(crate) fn fit(tape: &Tape, findings: &mut Vec<Finding>) {
    once(tape, findings);
    // In shells, and in what has tables nowhere, JSON is the notation.
    let tables = (0..u32::try_from(tape.len()).unwrap_or(0))
        .map(|id| tape.node(NodeId(id)))
        .any(|node| node.kind == NodeKind::Object && tape.slice(node.start, node.end).starts_with('@'));
    let mut written = Vec::new();
    let mut uses = None;
    for finding in findings.iter_mut() {
        if tables {
            for (json, script) in NOTATION {
                for words in [&mut finding.help, &mut finding.message] {
                    if words.contains(json) {
                        *words = words.replace(json, script);
                    }
                }
            }
        }
        let Some(fix) = &mut finding.fix else { continue };
        if written.is_empty() {
            written = leaves(tape);
        }
        let edits: Option<Vec<EditDraft>> =
            fix.edits.iter().map(|edit| edit_of(tape, &written, edit)).collect();
        match edits {
            Some(edits) => {
                let own = |edit: &EditDraft| is_own(tape, &written, &mut uses, edit.start);
                fix.safe = fix.safe && edits.iter().all(own);
                fix.edits = edits;
            }
            None => finding.fix = None,
        }
    }
}

/// Leaves one of those findings that say the same of the same place: a value may be sent many times over.
fn once(tape: &Tape, findings: &mut Vec<Finding>) {
    let place = |anchor: Anchor| match anchor {
        Anchor::Node(node) | Anchor::Key(node) => (tape.node(node).start, tape.node(node).end),
        Anchor::Span(start, end) => (start, end),
    };
    let mut said = BTreeSet::new();
    let mut keep = Vec::with_capacity(findings.len());
    for finding in findings.iter() {
        let (start, end) = place(finding.anchor);
        // What points to other places may be about other pairs of them.
        let related: Vec<_> = finding.related.iter().map(|(anchor, _)| place(*anchor)).collect();
        keep.push(said.insert((start, end, finding.code.number(), &finding.message, related)));
    }
    drop(said);
    let mut keep = keep.into_iter();
    findings.retain(|_| keep.next().unwrap_or(true));
}

/// A string or number that is written in the script as it is.
struct Leaf {
    node: Node,
    /// The name of the member whose value it is, or one of whose values; none for a name.
    of: Option<NodeId>,
    /// It is a value of several members with different names: a change would be one of all.
    shared: bool,
}

/// All of them, by their places.
fn leaves(tape: &Tape) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut take = |id: NodeId, of: Option<NodeId>| {
        let node = tape.node(id);
        if matches!(node.kind, NodeKind::String | NodeKind::Number) && node.flags & !Node::BARE == 0 {
            leaves.push(Leaf { node, of, shared: false });
        }
    };
    for id in (0..u32::try_from(tape.len()).unwrap_or(0)).map(NodeId) {
        for member in tape.members(id) {
            take(member.key, None);
            take(member.value, Some(member.key));
            tape.elements(member.value).for_each(|element| take(element.value, Some(member.key)));
        }
    }
    order::sort(&mut leaves, |leaf| leaf.node.start.into());
    let same = |one: &Leaf, other: &Leaf| match (one.of, other.of) {
        (Some(one), Some(other)) => tape.string(one) == tape.string(other),
        (one, other) => one.is_none() && other.is_none(),
    };
    leaves.dedup_by(|later, first| {
        let again = later.node.start == first.node.start;
        first.shared |= again && (later.shared || !same(first, later));
        again
    });
    leaves
}

/// True where a change of the string or number that begins there changes only what is sent: it stands in what is sent
/// itself, or is what a variable holds that stands nowhere else.
fn is_own<'t>(tape: &Tape<'t>, leaves: &[Leaf], uses: &mut Option<Uses<'t>>, place: u32) -> bool {
    let leaf = leaves.get(leaves.partition_point(|leaf| leaf.node.start < place));
    let between = |key: NodeId| tape.slice(tape.node(key).end, place);
    let member = |key: NodeId| {
        let between = between(key);
        between.len() < 100
            && !between.is_empty()
            && between.trim_matches(['=', ':', ' ', '\t', '"', '\\']).is_empty()
    };
    if leaf.is_some_and(|leaf| leaf.of.is_some_and(member)) {
        return true;
    }
    let uses = uses.get_or_insert_with(|| Uses::of(tape));
    uses.is_sent(place) || uses.are_sent(tape, place)
}

/// Where names stand in a script, and which parts of it are sent.
struct Uses<'t> {
    /// By the words in small letters: where each begins.
    words: BTreeMap<String, Vec<(u32, &'t str)>>,
    /// The places, in order; none in another.
    sent: Vec<(u32, u32)>,
}

impl<'t> Uses<'t> {
    fn of(tape: &Tape<'t>) -> Self {
        let mut words: BTreeMap<String, Vec<(u32, &'t str)>> = BTreeMap::new();
        let mut rest = tape.text();
        while let Some(start) = rest.find(is_letter) {
            let word = rest.get(start..).unwrap_or("");
            let behind = word.trim_start_matches(is_letter);
            let at = tape.text().len().saturating_sub(word.len());
            let word = word.get(..word.len().saturating_sub(behind.len())).unwrap_or("");
            words
                .entry(word.to_ascii_lowercase())
                .or_default()
                .push((u32::try_from(at).unwrap_or(u32::MAX), behind));
            rest = behind;
        }
        let nodes = (0..u32::try_from(tape.len()).unwrap_or(0)).map(|id| tape.node(NodeId(id)));
        let objects = nodes.filter(|node| node.kind == NodeKind::Object);
        let mut sent: Vec<(u32, u32)> = objects.map(|node| (node.start, node.end)).collect();
        order::sort(&mut sent, |place| place.0.into());
        sent.dedup_by(|later, first| {
            let inside = later.0 < first.1;
            first.1 = if inside { first.1.max(later.1) } else { first.1 };
            inside
        });
        Self { words, sent }
    }

    fn is_sent(&self, place: u32) -> bool {
        let behind = self.sent.partition_point(|&(start, _)| start <= place);
        self.sent.get(behind.wrapping_sub(1)).is_some_and(|&(_, end)| place < end)
    }

    /// True where a variable is given what begins there, and all else that has its name is sent, or the name of a member.
    fn are_sent(&self, tape: &Tape, place: u32) -> bool {
        let line = tape.slice(0, place).rsplit(['\n', ';']).next().unwrap_or("");
        let Some((variable, _)) = line.split_once('=') else { return false };
        let variable = variable.trim();
        let before = variable.trim_end_matches(is_letter);
        let name = variable.get(before.len()..).unwrap_or("").to_ascii_lowercase();
        let plain = before.is_empty() || before == "$" || (before.starts_with('[') && before.ends_with("]$"));
        let own = u32::try_from(line.len().saturating_sub(line.find(variable).unwrap_or(0)))
            .map_or(0, |back| place.saturating_sub(back));
        plain
            && self.words.get(&name).is_some_and(|uses| {
                uses.iter().all(|&(at, behind)| {
                    let named = !tape.slice(0, at).ends_with('$')
                        && behind.trim_start().starts_with(['=', ':'])
                        && !behind.trim_start().starts_with("==");
                    named || (own..place).contains(&at) || self.is_sent(at)
                })
            })
    }
}

fn is_letter(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The same change in the script's own notation: of a whole string or number into another.
fn edit_of(tape: &Tape, leaves: &[Leaf], edit: &EditDraft) -> Option<EditDraft> {
    let first = leaves.partition_point(|leaf| leaf.node.start < edit.start);
    let node = leaves.get(first).filter(|leaf| !leaf.shared).map(|leaf| leaf.node)?;
    if (node.start, node.end) != (edit.start, edit.end) {
        return None;
    }
    let raw = tape.slice(node.start, node.end);
    let text = match edit.text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) => string(raw, text)?,
        // A number in the place of a string is one in both notations.
        None if !edit.text.is_empty() && edit.text.bytes().all(|byte| byte.is_ascii_digit()) => {
            edit.text.clone()
        }
        None => return None,
    };
    // What mends JSON alone may be nothing here.
    (text != raw).then_some(EditDraft { start: edit.start, end: edit.end, text })
}

/// A string in the quotes that stand there now; only of what means itself in all of them.
fn string(raw: &str, text: &str) -> Option<String> {
    let plain = |char: char| {
        char.is_ascii_alphanumeric()
            || matches!(char, ' ' | '*' | '.' | ',' | ':' | '/' | '-' | '_' | '+' | '(' | ')')
    };
    if !text.chars().all(plain) {
        return None;
    }
    match raw.chars().next()? {
        '"' => Some(format!("\"{text}\"")),
        '\'' => Some(format!("'{text}'")),
        // What has no quotes stands in PowerShell, in a shell, or in JSON within either: letters alone are safe in all.
        _ if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => Some(text.into()),
        _ => None,
    }
}
