//! The rules' pages as the portal loads them: one text, in which every page begins with the heading of its rule.
use std::sync::Arc;

use jitgate_core::rules::Code;

/// What every page's first line begins with; its code follows.
const HEADING: &str = "# ";
const NEXT: &str = "\n# JIT";

/// All pages, by their rules.
#[derive(Clone, Debug, Default)]
pub struct Pages(Vec<(Code, Arc<str>)>);

impl Pages {
    /// Of the text that has them one after the other; what is of no known rule is left out.
    pub fn read(text: &str) -> Self {
        let starts = text.match_indices(NEXT).filter_map(|(at, _)| at.checked_add(1));
        let ends = starts.clone().chain([text.len()]);
        let pages = [0].into_iter().chain(starts).zip(ends).filter_map(|(start, end)| text.get(start..end));
        Self(pages.filter_map(|page| Some((code(page)?, page.into()))).collect())
    }

    /// The page of a rule, Markdown.
    pub fn of(&self, code: Code) -> Option<&Arc<str>> {
        self.0.iter().find(|(own, _)| *own == code).map(|(_, page)| page)
    }
}

fn code(page: &str) -> Option<Code> {
    Code::find(page.strip_prefix(HEADING)?.split_whitespace().next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_comes_back_as_it_was() {
        let text: Vec<&str> = Code::ALL.iter().map(|code| code.meta().page).collect();
        assert!(text.iter().all(|page| page.starts_with("# JIT")), "the core is built without its pages");
        let pages = Pages::read(&text.concat());
        for code in Code::ALL {
            assert_eq!(pages.of(*code).map(AsRef::as_ref), Some(code.meta().page));
        }
    }

    #[test]
    fn what_is_no_page_is_left_out() {
        assert!(Pages::read("").0.is_empty());
        assert!(Pages::read("<!doctype html>\n# JIT").0.is_empty());
        let pages =
            Pages::read("# JIT000 of-another-version\n\nText.\n# JIT201 port-out-of-range\n\n# A title\n");
        let found: Vec<_> = pages.0.iter().map(|(code, page)| (code.id(), page.as_ref())).collect();
        assert_eq!(found, [("JIT201", "# JIT201 port-out-of-range\n\n# A title\n")]);
    }
}
