//! `cargo xtask new-rule CODE NAME`: the files of a new rule, and its lines in the table.
mod scaffold;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, ensure};

use crate::generate;
use crate::paths::root;

/// A rule to be made.
struct NewRule {
    number: u16,
    /// Kebab-case: `rlogin-port`.
    name: String,
}

/// Makes the rule and says what is left to be written.
pub fn run(code: &str, name: &str) -> Result<()> {
    let rule = NewRule::parse(code, name)?;
    let made = scaffold::scaffold(&root().join("core"), &rule)?;
    generate::from_table(false)?;
    for path in made {
        println!("made {}", path.strip_prefix(root()).unwrap_or(&path).display());
    }
    println!("now `cargo test -p jitgate-core --test pages` says what is left to be written");
    Ok(())
}

impl NewRule {
    fn parse(code: &str, name: &str) -> Result<Self> {
        let digits = code.strip_prefix("JIT").unwrap_or(code);
        let number = digits.parse().ok().filter(|number| (100..1000).contains(number));
        let number =
            number.with_context(|| format!("`{code}` is no code: it has three digits, as `JIT213`"))?;
        let mut words = name.split('-');
        let is_word = |word: &str| {
            word.starts_with(|char: char| char.is_ascii_lowercase())
                && word.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit())
        };
        // A single word could be one of Rust's own.
        ensure!(
            name.contains('-') && words.all(is_word),
            "`{name}` is no name: it is two or more lower-case words with hyphens, as `rlogin-port`"
        );
        Ok(Self { number, name: name.to_owned() })
    }

    fn code(&self) -> String {
        format!("JIT{}", self.number)
    }

    /// The stem of its files, which is also its module.
    fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The name of its type.
    fn type_name(&self) -> String {
        self.name.split('-').map(capitalised).collect()
    }

    /// The name as words of a sentence.
    fn words(&self) -> String {
        self.name.replace('-', " ")
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}
