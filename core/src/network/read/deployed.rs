//! Whether a template deploys a resource: by its condition, and by how many there are to be.

use super::kind::{Found, member};
use super::value::Text;
use super::{Lost, Oddity, Reader};
use crate::json::{NodeId, NodeKind};
use crate::network::unsure::Why;

impl Reader<'_, '_> {
    /// False where it surely does not. What that hangs on is remembered, and said where something hangs on the resource.
    pub(super) fn is_deployed(&mut self, node: NodeId, found: Found) -> bool {
        let tape = self.tape;
        let count = member(tape, node, "copy").and_then(|copy| member(tape, copy, "count"));
        for value in member(tape, node, "condition").into_iter().chain(count) {
            match self.is_yes(value) {
                Some(true) => {}
                Some(false) => return false,
                None => {
                    let why = Why { text: self.words(Some(value)), place: self.place(value) };
                    self.draft.perhaps = Some(why);
                }
            }
        }
        let alone = matches!(found, Found::Machine | Found::Asg | Found::Deployment | Found::Other);
        if let Some(Why { place, .. }) = self.draft.perhaps
            && !alone
            && self.draft.perhaps_said != Some(place)
        {
            self.draft.perhaps_said = Some(place);
            self.draft.fact(place, Oddity::Lost(Lost::Condition));
        }
        true
    }

    /// True and false, and numbers, of which none is none; none where it is not known.
    fn is_yes(&mut self, node: NodeId) -> Option<bool> {
        match self.tape.kind(node) {
            NodeKind::True | NodeKind::Null => Some(true),
            NodeKind::False => Some(false),
            _ => match self.text(node)? {
                Text::Known(text) if text.eq_ignore_ascii_case("true") => Some(true),
                Text::Known(text) if text.eq_ignore_ascii_case("false") => Some(false),
                Text::Known(text) => text.parse::<u32>().ok().map(|count| count > 0),
                Text::Unknown(_) => None,
            },
        }
    }
}
