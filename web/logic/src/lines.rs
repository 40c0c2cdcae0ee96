//! The ends of lines. Browsers' text fields know the line feed alone; a document that has others gets them back on its
//! way out.
use std::borrow::Cow;

/// How the lines of a document end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnds {
    /// `\n`
    #[default]
    LineFeed,
    /// `\r\n`, as Windows has them.
    Windows,
}

impl LineEnds {
    /// Those of a document: of several kinds, the one that most lines have; of a single line, the usual ones.
    pub fn of(text: &str) -> Self {
        let all = text.bytes().filter(|byte| *byte == b'\n').count();
        let windows = text.matches("\r\n").count();
        if windows > all.saturating_sub(windows) { Self::Windows } else { Self::LineFeed }
    }

    /// A text with line feeds alone, with these ends.
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::LineFeed => Cow::Borrowed(text),
            Self::Windows => Cow::Owned(text.replace('\n', "\r\n")),
        }
    }
}

/// A text as a text field has it: `\r\n` and single `\r` are `\n` (WHATWG HTML, 4.10.11: the API value).
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_most_frequent_ends_count() {
        let cases = [
            ("", LineEnds::LineFeed),
            ("one line", LineEnds::LineFeed),
            ("a\nb\n", LineEnds::LineFeed),
            ("a\r\nb\r\n", LineEnds::Windows),
            ("a\r\nb\r\nc\n", LineEnds::Windows),
            ("a\r\nb\nc\n", LineEnds::LineFeed),
            ("a\r\nb\n", LineEnds::LineFeed),
            ("a\rb\r", LineEnds::LineFeed),
        ];
        for (text, expected) in cases {
            assert_eq!(LineEnds::of(text), expected, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_document_with_one_kind_of_ends_comes_back_as_it_was(
            lines in prop::collection::vec("[^\r\n]{0,8}", 1..6),
            windows in any::<bool>(),
        ) {
            let text = lines.join(if windows { "\r\n" } else { "\n" });
            let plain = with_line_feeds(&text).into_owned();
            prop_assert_eq!(LineEnds::of(&text).write(&plain), text.as_str());
        }

        #[test]
        fn what_a_text_field_has_is_free_of_carriage_returns(text in "[a\r\n]{0,12}") {
            let plain = with_line_feeds(&text).into_owned();
            prop_assert!(!plain.contains('\r'));
            prop_assert_eq!(with_line_feeds(&plain), plain.as_str());
        }
    }
}
