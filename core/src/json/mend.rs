//! What the scanner does where the text is no JSON: says so, and goes on as a person would read it.

use super::{NodeKind, Scanner, SlipKind, is_word};

use crate::part;

/// What came of a place where a member's name is due.
pub(super) enum Name {
    /// There is a node for it.
    Read,
    /// Something was passed over; look again. The comma is the one before, if there is one.
    Again(Option<usize>),
    /// The object ends here.
    Closed,
}

impl Scanner<'_> {
    /// Anything but a string or the end of the object where a name is due. `last` is the node of the name
    /// before, if `count` says that there was one.
    #[cold]
    pub(super) fn odd_name(&mut self, comma: Option<usize>, last: usize, count: usize) -> Name {
        let start = self.at;
        match self.peek() {
            None => {
                self.end_of_text(SlipKind::OpenObject);
                return Name::Closed;
            }
            Some(b']') if count > 0 && self.unopened_array_ends(last) => {
                return Name::Again(self.comma(b'}'));
            }
            Some(b']') => {
                self.extra_comma(comma);
                return if self.wrong_bracket(b'[', SlipKind::OpenObject) {
                    Name::Again(None)
                } else {
                    Name::Closed
                };
            }
            Some(b',') => {
                self.advance(1);
                self.slip(SlipKind::ExtraComma, start, self.at);
            }
            Some(b'\'') => {
                self.single_quoted();
                return Name::Read;
            }
            Some(b':') if self.unopened_object() => return Name::Again(self.comma(b'}')),
            Some(b':') => {
                self.slip(SlipKind::MissingName, start, start);
                self.push(NodeKind::Broken, start, 0);
                return Name::Read;
            }
            Some(b'{') if count > 0 && self.unopened_array(last) => return Name::Again(self.comma(b'}')),
            Some(b'{') if self.unclosed_object(comma) => return Name::Closed,
            Some(b'{' | b'[') => {
                // A value without a name: read for its own slips, then forgotten.
                let nodes = self.nodes.len();
                self.value();
                self.nodes.truncate(nodes);
                self.slip(SlipKind::MissingName, start, start);
                return Name::Again(self.comma(b'}'));
            }
            Some(byte) if is_word(byte) => {
                if !self.curly_quoted() {
                    self.bare_text(start, false);
                    self.without_quotes(start);
                }
                return Name::Read;
            }
            Some(_) => self.stray(),
        }
        Name::Again(comma)
    }

    /// No colon behind the name that is the node `last`; `before` is the name of the member before, if there
    /// is one. Returns the name of the member read.
    #[cold]
    pub(super) fn odd_colon(&mut self, last: usize, before: Option<usize>) -> usize {
        let start = self.at;
        if self.unclosed_name() {
            self.value();
            return last;
        }
        if let Some(before) = before
            && self.unopened_list(before, last)
        {
            return before;
        }
        if self.wide('：') {
            self.slip(SlipKind::MissingColon, start, self.at);
            self.space();
            self.value();
            return last;
        }
        match self.peek() {
            Some(b',' | b'}' | b']') | None => {
                self.slip(SlipKind::MissingValue, start, start);
                self.push(NodeKind::Broken, start, 0);
            }
            Some(b'=') => {
                self.advance(1);
                if self.peek() == Some(b'>') {
                    self.advance(1);
                }
                self.slip(SlipKind::MissingColon, start, self.at);
                self.space();
                self.value();
            }
            Some(_) => {
                self.slip(SlipKind::MissingColon, start, start);
                self.value();
            }
        }
        last
    }

    /// Anything that starts no value where one is due.
    #[cold]
    pub(super) fn odd_value(&mut self) {
        loop {
            let start = self.at;
            match self.peek() {
                Some(b'\'') => return self.single_quoted(),
                Some(b']') if self.open.last().is_some_and(|&(bracket, _)| bracket == b'{') => {
                    // `"requests": ]`
                    self.advance(1);
                    self.slip(SlipKind::UnopenedArray, start, start);
                    return self.push(NodeKind::Array, start, 0);
                }
                Some(b',' | b'}' | b']' | b':') | None => {
                    self.slip(SlipKind::MissingValue, start, start);
                    return self.push(NodeKind::Broken, start, 0);
                }
                Some(b'+' | b'.') => return self.odd_number(start),
                Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9') => return self.value(),
                Some(byte) if is_word(byte) || self.is_path() => {
                    if !self.curly_quoted() {
                        self.odd_word();
                    }
                    return;
                }
                Some(_) => {
                    self.stray();
                    self.space();
                }
            }
        }
    }

    /// `True`, `None`, `PT3H` without quotes, …
    fn odd_word(&mut self) {
        let start = self.at;
        self.bare_text(start, true);
        let word = self.text.get(start..self.at).unwrap_or("");
        let (kind, right) = match word {
            // Only an odd space behind it led here.
            "true" => (NodeKind::True, true),
            "false" => (NodeKind::False, true),
            "null" => (NodeKind::Null, true),
            "True" | "TRUE" => (NodeKind::True, false),
            "False" | "FALSE" => (NodeKind::False, false),
            "None" | "Null" | "NULL" | "nil" | "undefined" => (NodeKind::Null, false),
            _ => return self.without_quotes(start),
        };
        if !right {
            self.slip(SlipKind::WrongLiteral, start, self.at);
        }
        self.push(kind, start, 0);
    }

    /// A number that is more than a run of digits: a fraction or an exponent, or no number at all.
    #[cold]
    pub(super) fn odd_number(&mut self, start: usize) {
        self.bare_text(start, true);
        let text = self.text.get(start..self.at).unwrap_or("");
        let quote = self.closing_quote();
        if is_number(text) && !quote {
            return self.push(NodeKind::Number, start, 0);
        }
        // An address or a time without quotes is one.
        let dots = text.bytes().filter(|&byte| byte == b'.').count();
        if quote || dots > 1 || text.contains(['/', ':']) {
            self.without_quotes(start);
        } else {
            self.slip(SlipKind::BadNumber, start, self.at);
            self.push(NodeKind::Broken, start, 0);
        }
    }

    /// A comma or the wrong bracket or nothing where an element is due; true when the array ends here.
    #[cold]
    pub(super) fn odd_element(&mut self, comma: Option<usize>, count: usize) -> bool {
        match self.peek() {
            Some(b',') => {
                let start = self.at;
                self.advance(1);
                self.slip(SlipKind::ExtraComma, start, self.at);
                false
            }
            Some(b':') if count > 0 && self.unclosed_array() => true,
            Some(b':') if self.unopened_object() => {
                self.comma(b']');
                false
            }
            Some(b':') => {
                self.stray();
                false
            }
            Some(_) => {
                self.extra_comma(comma);
                !self.wrong_bracket(b'{', SlipKind::OpenArray)
            }
            None => {
                self.end_of_text(SlipKind::OpenArray);
                true
            }
        }
    }

    /// The other kind of closing bracket than the one due. True when it was passed over; false when it
    /// ends the container, because one of its kind is open further out and this one was not closed.
    fn wrong_bracket(&mut self, other: u8, missing: SlipKind) -> bool {
        let start = self.at;
        if self.open.iter().any(|&(bracket, _)| bracket == other) {
            self.slip(missing, start, start);
            return false;
        }
        self.advance(1);
        self.slip(SlipKind::WrongBracket, start, self.at);
        // `{ … ]` and then nothing but the end: the bracket was meant to be the other one.
        self.space();
        if self.peek().is_none() {
            self.ended = true;
        }
        true
    }

    /// A comma before a closing bracket.
    #[inline]
    pub(super) fn extra_comma(&mut self, comma: Option<usize>) {
        if let Some(comma) = comma {
            self.slip(SlipKind::ExtraComma, comma, comma.saturating_add(1));
        }
    }

    /// Neither a comma nor the end behind a value that ended at `end`. The comma may be in the value.
    #[cold]
    pub(super) fn no_comma(&mut self, end: usize) -> Option<usize> {
        if let Some(comma) = self.unclosed_value() {
            self.advance(1);
            return Some(comma);
        }
        let start = self.at;
        if self.wide('，') {
            self.slip(SlipKind::MissingComma, start, self.at);
            return None;
        }
        // Brackets and the end of the text are the caller's; what starts nothing is reported as stray.
        match self.peek() {
            Some(b'"' | b'\'' | b'{' | b'[') => self.slip(SlipKind::MissingComma, end, end),
            Some(byte) if is_word(byte) || self.is_path() => self.slip(SlipKind::MissingComma, end, end),
            _ => {}
        }
        None
    }

    fn single_quoted(&mut self) {
        let start = self.at;
        self.advance(1);
        self.odd_string(start, b'\'');
        self.slip(SlipKind::SingleQuotes, start, self.at);
    }

    /// Passes over what is no part of JSON, up to something that may be.
    fn stray(&mut self) {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let ends = |char: char| {
            char.is_ascii_whitespace()
                || matches!(char, '"' | '\'' | '{' | '}' | '[' | ']' | ',' | ':')
                || u8::try_from(char).is_ok_and(is_word)
        };
        let len =
            rest.char_indices().skip(1).find(|&(_, char)| ends(char)).map_or(rest.len(), |(index, _)| index);
        self.advance(len);
        self.slip(SlipKind::Stray, start, self.at);
    }

    /// A comment; false when the slash or hash starts none.
    #[cold]
    pub(super) fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let len = if rest.starts_with("//") || rest.starts_with('#') {
            // The end of the line stays, whichever of the two it has.
            rest.find(['\n', '\r'])
        } else if rest.starts_with("/*") {
            part::find(rest, "*/").map(|end| end.saturating_add(2))
        } else {
            return false;
        };
        self.advance(len.unwrap_or(rest.len()));
        self.slip(SlipKind::Comment, start, self.at);
        true
    }

    /// A bracket too deep: passes over it with all it holds, strings and all.
    #[cold]
    pub(super) fn too_deep(&mut self) {
        let start = self.at;
        let mut depth: usize = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string::<true>();
                    self.nodes.pop();
                    continue;
                }
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.advance(1);
            if depth == 0 {
                break;
            }
        }
        self.slip(SlipKind::TooDeep, start, start.saturating_add(1));
        if self.peek().is_none() {
            // One word about a document of nothing but brackets.
            self.ended = true;
        }
        self.push(NodeKind::Broken, start, 0);
    }

    /// The text ends while brackets are open: said once, for the innermost.
    pub(super) fn end_of_text(&mut self, kind: SlipKind) {
        if !self.ended {
            self.ended = true;
            self.slip(kind, self.at, self.at);
        }
    }

    /// What stands behind the document's value.
    pub(super) fn trailing(&mut self) {
        loop {
            self.space();
            let start = self.at;
            match self.peek() {
                None => return,
                Some(b'}' | b']') => {
                    self.advance(1);
                    self.slip(SlipKind::ExtraBracket, start, self.at);
                }
                Some(b',') => {
                    self.advance(1);
                    self.slip(SlipKind::ExtraComma, start, self.at);
                }
                Some(_) => {
                    let end = self.text.trim_end().len();
                    self.slip(SlipKind::TrailingText, start, end);
                    return;
                }
            }
        }
    }
}

/// RFC 8259, section 6.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match part::cut(mantissa, '.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
