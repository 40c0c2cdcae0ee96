//! One line of JSON as tokens to be coloured. It is for the eye alone, so it guesses where the text is broken.

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Plain,
    Name,
    Text,
    Number,
    Word,
    Comment,
}

impl Token {
    /// The class that gives it its colour.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Name => "tok-name",
            Self::Text => "tok-text",
            Self::Number => "tok-number",
            Self::Word => "tok-word",
            Self::Comment => "tok-comment",
        }
    }
}

/// The line's pieces in order; together they are the line.
pub fn tokens(line: &str) -> Vec<(Token, &str)> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => text(rest, first),
            '-' | '0'..='9' => {
                (Token::Number, run(rest, |char| char.is_ascii_alphanumeric() || "+-.".contains(char)))
            }
            '/' if rest.starts_with("//") => (Token::Comment, rest.len()),
            _ if is_letter(first) => {
                (Token::Word, run(rest, |char| is_letter(char) || char.is_ascii_digit() || char == '_'))
            }
            _ => (
                Token::Plain,
                run(rest, |char| !(is_letter(char) || char.is_ascii_digit() || "\"'-/".contains(char)))
                    .max(first.len_utf8()),
            ),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push((token, piece));
        rest = after;
    }
    tokens
}

/// Whatever is not ASCII is taken for a letter: the tables of all letters are large.
const fn is_letter(char: char) -> bool {
    char.is_ascii_alphabetic() || !char.is_ascii()
}

/// The length of the part at the start whose characters pass.
fn run(text: &str, passes: impl Fn(char) -> bool) -> usize {
    text.find(|char| !passes(char)).unwrap_or(text.len())
}

/// A string at the start and its length: a name where a colon follows.
fn text(rest: &str, quote: char) -> (Token, usize) {
    let mut escaped = true;
    let end = rest.find(|char| {
        let ends = char == quote && !escaped;
        // The opening quote itself is passed like an escaped one.
        escaped = char == '\\' && !escaped;
        ends
    });
    let length = end.map_or(rest.len(), |end| end.saturating_add(quote.len_utf8()));
    let after = rest.get(length..).unwrap_or("").trim_start();
    (if after.starts_with(':') { Token::Name } else { Token::Text }, length)
}
