//! Pages in Markdown: what stands between their blocks of code is passed over, as comments are.

use super::Reader;

/// What a fence is made of.
const FENCE: &str = "```";

impl Reader<'_> {
    /// In a page with blocks of code, goes to the first of them.
    pub(super) fn open_page(&mut self) {
        let text = self.rest();
        let Some((start, end)) = fence(text) else { return };
        let (before, behind) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
        // The help in a script has blocks of code as well.
        let script = |word: &&str| before.contains(*word);
        if fence(behind).is_some() && !["<#", "@\"", "@'", "<<", "\n$"].iter().any(script) {
            self.advance(end);
            self.blocks = Some(self.at);
        }
    }

    /// Passes over what stands between two blocks, from the fence that closes the first on.
    pub(super) fn between_blocks(&mut self) -> bool {
        if self.blocks.is_none() || !self.rest().starts_with(FENCE) {
            return false;
        }
        let before = self.text.get(..self.at).unwrap_or("");
        if before.rsplit('\n').next().is_some_and(|line| !line.trim_start().is_empty()) {
            return false;
        }
        self.advance(FENCE.len());
        let end = fence(self.rest()).map_or(self.rest().len(), |(_, end)| end);
        self.advance(end);
        true
    }
}

/// The first line with a fence: where it starts, and where it ends.
fn fence(text: &str) -> Option<(usize, usize)> {
    let mut at = 0_usize;
    for line in text.split_inclusive('\n') {
        let end = at.saturating_add(line.trim_end().len());
        if line.trim_start().starts_with(FENCE) {
            return Some((at, end));
        }
        at = at.saturating_add(line.len());
    }
    None
}
