//! The writer of values, with what is peculiar to each language in a table.

use alloc::string::String;

use super::escape::{Style, plain, powershell, snake};
use super::value::{Piece, Text, Value, Variables};
use crate::format::format;

/// How a language writes values.
#[derive(Debug)]
pub struct Dialect {
    /// Its strings.
    pub style: Style,
    /// What opens an object.
    object: &'static str,
    /// What opens and closes an array.
    array: (&'static str, &'static str),
    /// What stands between two members, and between two elements, before the line's end.
    between: (&'static str, &'static str),
    /// What stands between a name and its value.
    assign: &'static str,
    /// Names are strings.
    quoted: bool,
    indent: &'static str,
    /// The values of neighbours stand below each other, as `terraform fmt` has it.
    aligned: bool,
}

/// JSON, with strings of that style.
const fn json(style: Style) -> Dialect {
    Dialect {
        style,
        object: "{",
        array: ("[", "]"),
        between: (",", ","),
        assign: ": ",
        quoted: true,
        indent: "  ",
        aligned: false,
    }
}

pub static JSON: Dialect = json(Style::Json);
pub static ARM: Dialect = json(Style::ArmJson);
pub static HTTP: Dialect = json(Style::HttpJson);
pub static SHELL: Dialect = json(Style::ShellJson);

pub static POWERSHELL: Dialect = Dialect {
    style: Style::PowerShell,
    object: "@{",
    array: ("@(", ")"),
    between: ("", ","),
    assign: " = ",
    quoted: false,
    indent: "    ",
    aligned: false,
};

pub static BICEP: Dialect =
    Dialect { style: Style::Bicep, between: ("", ""), quoted: false, ..json(Style::Bicep) };

pub static TERRAFORM: Dialect = Dialect {
    style: Style::Hcl,
    between: ("", ","),
    assign: " = ",
    quoted: false,
    aligned: true,
    ..json(Style::Hcl)
};

/// A text that is being written.
#[derive(Debug)]
pub struct Writer<'w> {
    pub out: String,
    dialect: &'static Dialect,
    variables: &'w Variables,
}

impl<'w> Writer<'w> {
    /// Nothing yet.
    pub fn new(dialect: &'static Dialect, variables: &'w Variables) -> Self {
        Self { out: String::new(), dialect, variables }
    }

    /// Words of the language.
    #[cold]
    #[inline(never)]
    pub fn raw(&mut self, text: &str) -> &mut Self {
        self.out.push_str(text);
        self
    }

    /// A value, so many steps from the margin.
    #[cold]
    #[inline(never)]
    pub fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(members) => self.object(members, depth),
            Value::Array(elements) => {
                let ((open, close), between) = (self.dialect.array, self.dialect.between.1);
                self.out.push_str(open);
                for (index, element) in elements.iter().enumerate() {
                    self.line(index > 0, between, depth.saturating_add(1));
                    self.value(element, depth.saturating_add(1));
                }
                if !elements.is_empty() {
                    self.line(false, "", depth);
                }
                self.out.push_str(close);
            }
            Value::Text(text) => self.text(text),
            Value::Number(number) => self.out.push_str(&format!("{number}")),
            Value::Unknown(variable) => match self.dialect.style {
                Style::ShellJson | Style::HttpJson => self.variable(*variable),
                _ => self.text(&Text::variable(*variable)),
            },
            Value::Code(code) => self.out.push_str(code),
        }
    }

    #[cold]
    #[inline(never)]
    fn object(&mut self, members: &[(&'static str, Value)], depth: usize) {
        let dialect = self.dialect;
        self.out.push_str(dialect.object);
        let mut width = 0;
        for (index, (name, value)) in members.iter().enumerate() {
            self.line(index > 0, dialect.between.0, depth.saturating_add(1));
            let quote = if dialect.quoted { "\"" } else { "" };
            self.raw(quote).raw(name).raw(quote);
            if dialect.aligned && value.is_short() {
                if width == 0 {
                    let run = members.iter().skip(index).take_while(|(_, value)| value.is_short());
                    width = run.map(|(name, _)| name.len()).max().unwrap_or(0);
                }
                self.out.extend(core::iter::repeat_n(' ', width.saturating_sub(name.len())));
            } else {
                width = 0;
            }
            self.raw(dialect.assign).value(value, depth.saturating_add(1));
        }
        if !members.is_empty() {
            self.line(false, "", depth);
        }
        self.out.push('}');
    }

    #[cold]
    #[inline(never)]
    fn line(&mut self, follows: bool, between: &str, depth: usize) {
        if follows {
            self.out.push_str(between);
        }
        self.out.push('\n');
        self.out.extend(core::iter::repeat_n(self.dialect.indent, depth));
    }

    /// A string.
    #[cold]
    #[inline(never)]
    pub fn text(&mut self, text: &Text) {
        self.styled(text, self.dialect.style);
    }

    /// A string in another style than the dialect's.
    #[cold]
    #[inline(never)]
    pub fn styled(&mut self, text: &Text, style: Style) {
        match (style, text.sole()) {
            (Style::PowerShell | Style::Bicep | Style::Hcl, Some(variable)) => {
                return self.variable(variable);
            }
            (Style::PowerShell, None) => return self.sum(text),
            (Style::ArmJson, _) if text.known().is_none() => return self.call(text),
            _ => {}
        }
        let quote = match style {
            Style::Url => "",
            Style::Word | Style::Bicep => "'",
            _ => "\"",
        };
        self.out.push_str(quote);
        if let (Style::ArmJson, Some(known)) = (style, text.known())
            && known.starts_with('[')
            && known.ends_with(']')
        {
            self.out.push('[');
        }
        for piece in &text.0 {
            match (piece, style) {
                (Piece::Plain(text), _) => plain(&mut self.out, text, style),
                (Piece::Variable(variable), Style::Word) => {
                    self.out.push_str(&format!("'\"${}\"'", snake(self.variables.name(*variable))));
                }
                (Piece::Variable(variable), Style::Bicep | Style::Hcl) => {
                    self.raw("${").variable(*variable);
                    self.out.push('}');
                }
                (Piece::Variable(variable), _) => self.variable(*variable),
            }
        }
        self.out.push_str(quote);
    }

    /// Strings and variables of PowerShell, added up.
    #[cold]
    #[inline(never)]
    fn sum(&mut self, text: &Text) {
        if let Some(known) = text.known() {
            return powershell(&mut self.out, known, false);
        }
        // A string comes first, so that the rest is made one, too.
        self.out.push('(');
        for (index, piece) in text.0.iter().enumerate() {
            match piece {
                Piece::Plain(text) => {
                    self.raw(if index > 0 { " + " } else { "" });
                    powershell(&mut self.out, text, true);
                }
                Piece::Variable(variable) => {
                    self.raw(if index > 0 { " + " } else { "'' + " }).variable(*variable);
                }
            }
        }
        self.out.push(')');
    }

    /// An expression of a template.
    #[cold]
    #[inline(never)]
    fn call(&mut self, text: &Text) {
        let mut parts = String::new();
        for piece in &text.0 {
            if !parts.is_empty() {
                parts.push_str(", ");
            }
            match piece {
                Piece::Plain(text) => parts.push_str(&format!("'{}'", text.replace('\'', "''"))),
                Piece::Variable(variable) => {
                    parts.push_str(&format!("parameters('{}')", self.variables.name(*variable)));
                }
            }
        }
        let expression = if text.sole().is_some() { parts } else { format!("concat({parts})") };
        self.out.push_str("\"[");
        plain(&mut self.out, &expression, Style::Json);
        self.out.push_str("]\"");
    }

    /// A variable, as it is used.
    #[cold]
    #[inline(never)]
    pub fn variable(&mut self, index: usize) {
        let name = self.variables.name(index);
        let text = match self.dialect.style {
            Style::Json => {
                // JSON has none: what is written stays, and what is not is told as people do.
                let variable = self.variables.0.get(index).filter(|variable| variable.place.is_none());
                let written = variable.and_then(|variable| variable.written.clone());
                let mut text = String::new();
                plain(&mut text, &written.unwrap_or_else(|| format!("<{name}>")), Style::Json);
                text
            }
            Style::ShellJson | Style::Word => format!("'\"${}\"'", snake(name)),
            Style::HttpJson | Style::Url => format!("{{{{{name}}}}}"),
            Style::ArmJson => format!("parameters('{name}')"),
            Style::PowerShell => format!("${name}"),
            Style::Bicep => name.into(),
            Style::Hcl => format!("var.{}", snake(name)),
        };
        self.out.push_str(&text);
    }
}
