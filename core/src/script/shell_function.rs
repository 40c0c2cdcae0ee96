//! Functions of shells, and what expressions of arithmetic may assign.

use super::Reader;

impl Reader<'_> {
    /// `name()` and `function name`.
    pub(super) fn is_function(&self) -> bool {
        let rest = self.rest();
        // The name first: looking for the line's end at each of its commands would take long.
        let name = function_name(rest);
        let behind = rest.get(name.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
        let open = behind.strip_prefix('(').map(|behind| behind.trim_start_matches([' ', '\t']));
        rest.starts_with("function ")
            || rest.starts_with("function\t")
            || (!name.is_empty() && open.is_some_and(|behind| behind.starts_with(')')))
    }

    /// Forgets what may be assigned in an expression, if anything is.
    pub(super) fn may_assign(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let assigns = bytes.iter().enumerate().any(|(at, byte)| {
            let near = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
            let (before, behind) = (near(at.wrapping_sub(1)), near(at.saturating_add(1)));
            match byte {
                b'=' if behind == b'=' => false,
                b'=' if matches!(before, b'<' | b'>') => near(at.wrapping_sub(2)) == before,
                b'=' => !matches!(before, b'=' | b'!'),
                b'+' | b'-' => behind == *byte,
                _ => false,
            }
        });
        if assigns {
            self.forget_names(text);
        }
    }

    /// An expression of arithmetic: what a variable holds is one, too.
    pub(super) fn evaluates(&mut self, text: &str) {
        self.may_assign(text);
        if !self.pay(text.len()) {
            return self.forget_all();
        }
        let names = text.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_'));
        let mut values = names.filter(|name| !name.is_empty()).filter_map(|name| self.variable(name)?.text());
        if values.any(|value| {
            value.len() > 64
                || value.contains(['=', '[', '$'])
                || value.contains("++")
                || value.contains("--")
        }) {
            self.forget_all();
        }
    }

    /// Forgets every name in a text.
    pub(super) fn forget_names(&mut self, text: &str) {
        text.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
            .filter(|name| !name.is_empty())
            .for_each(|name| self.forget(name));
    }

    /// `name() { … }`: it runs when it is called, and what is assigned by then is not known.
    pub(super) fn shell_function(&mut self) {
        if self.take("function ") || self.take("function\t") {
            self.blanks();
        }
        let name = function_name(self.rest());
        self.advance(name.len());
        self.blanks();
        if self.take("(") {
            self.blanks();
            self.take(")");
        }
        self.shell_lines();
        let word = self.keyword_here();
        if word.is_empty() && self.peek() != Some(b'(') {
            return;
        }
        let before = self.forget_later();
        let mark = self.journal.len();
        let locals = core::mem::take(&mut self.locals);
        self.functions = self.functions.saturating_add(1);
        self.shell_one(word);
        self.functions = self.functions.saturating_sub(1);
        self.locals = locals;
        self.keep_function(name, mark);
        self.variables = before;
        self.forget_since(mark);
    }
}

/// What may be the name of a function.
fn function_name(text: &str) -> &str {
    let other = |char: char| {
        !char.is_ascii_alphanumeric() && (char.is_whitespace() || "|&;<>()$`\\\"'{}=#".contains(char))
    };
    text.split(other).next().unwrap_or("")
}
