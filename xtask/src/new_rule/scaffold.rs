//! The files and lines of a new rule, as text: nothing here needs a core that compiles.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{NewRule, capitalised};
use crate::paths::{self, files};

/// Writes what a rule needs under the core's folder, and gives the files it made.
pub fn scaffold(core: &Path, rule: &NewRule) -> Result<Vec<PathBuf>> {
    let rules = core.join("src/rules");
    let folder = family(&rules, rule)?;
    let table = rules.join("table.rs");
    let source = folder.join(rule.module()).with_extension("rs");
    let page = source.with_extension("md");
    let before = text(&table)?;
    let entries = entries(&before)?;
    for entry in &entries {
        let taken = entry.number == rule.number || entry.module == rule.module();
        ensure!(!taken, "the table of rules already has `{}`", entry.line.trim());
    }
    let locked = text(&core.join("rules.lock"))?;
    ensure!(
        !locked.lines().any(|line| line.starts_with(&rule.code())),
        "`{}` was given out before, says `core/rules.lock`: take another number",
        rule.code()
    );

    let near = neighbour(&entries, rule.number).context("the table of rules has no rule of this family")?;
    let examples = right_examples(&text(&folder.join(near.module).with_extension("md"))?)?;
    let listed = list(&before, near, rule);
    let modules = folder.join("mod.rs");
    let declared = declare(&text(&modules)?, &rule.module());
    paths::write(&source, rust(rule))?;
    paths::write(&page, markdown(rule, &examples))?;
    paths::write(&modules, declared)?;
    paths::write(&table, listed)?;
    Ok(vec![source, page])
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read `{}`", path.display()))
}

/// The folder whose first line says that it is the family of the code's first digit.
fn family(rules: &Path, rule: &NewRule) -> Result<PathBuf> {
    let digit = rule.number.to_string().chars().next().unwrap_or_default();
    let head = format!("//! Family {digit}:");
    let found = files(rules)?
        .into_iter()
        .filter(|path| path.ends_with("mod.rs"))
        .find(|path| fs::read_to_string(path).is_ok_and(|text| text.starts_with(&head)));
    let file = found.with_context(|| {
        format!(
            "no folder in `core/src/rules` is that of {}: its `mod.rs` would begin with `{head}`",
            rule.code()
        )
    })?;
    Ok(file.parent().unwrap_or(rules).to_owned())
}

/// A line of the table.
struct Entry<'a> {
    number: u16,
    module: &'a str,
    line: &'a str,
}

/// The table's lines: a number, a module, a type.
fn entries(table: &str) -> Result<Vec<Entry<'_>>> {
    let entry = |line| {
        let mut words = str::split_whitespace(line);
        let (number, module, _, None) = (words.next()?, words.next()?, words.next()?, words.next()) else {
            return None;
        };
        Some(Entry { number: number.parse().ok()?, module, line })
    };
    let found: Vec<_> = table.lines().filter_map(entry).collect();
    ensure!(!found.is_empty(), "`core/src/rules/table.rs` has no line of a rule");
    Ok(found)
}

/// The rule of the same family before that number, or the one after where there is none.
fn neighbour<'a>(entries: &'a [Entry<'a>], number: u16) -> Option<&'a Entry<'a>> {
    let mut family = entries.iter().filter(|entry| entry.number.div_euclid(100) == number.div_euclid(100));
    family.clone().rfind(|entry| entry.number < number).or_else(|| family.next())
}

/// The table with the rule in its place beside its neighbour.
fn list(table: &str, near: &Entry, rule: &NewRule) -> String {
    let line = format!("    {} {} {}", rule.number, rule.module(), rule.type_name());
    let both = if near.number < rule.number { [near.line, &line] } else { [&line, near.line] };
    table.replacen(near.line, &both.join("\n"), 1)
}

/// A family's `mod.rs` with the module among the others, in order.
fn declare(text: &str, module: &str) -> String {
    let name = |line: &str| {
        let rest = line.strip_prefix("pub ").unwrap_or(line);
        rest.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')).map(str::to_owned)
    };
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let after = lines.iter().position(|line| name(line).is_some_and(|name| name.as_str() > module));
    let last = lines.iter().rposition(|line| name(line).is_some());
    let place = after.or(last.map(|last| last.saturating_add(1))).unwrap_or(lines.len());
    lines.insert(place, format!("pub mod {module};"));
    lines.join("\n") + "\n"
}

/// What stands under `## Right` on a page: examples that nothing is wrong with, to start from.
fn right_examples(page: &str) -> Result<String> {
    let (_, after) = page.split_once("\n## Right\n").context("the neighbour's page has no `## Right`")?;
    Ok(after.split("\n## ").next().unwrap_or(after).trim().to_owned())
}

fn rust(rule: &NewRule) -> String {
    let (code, name, words, type_name) = (rule.code(), &rule.name, rule.words(), rule.type_name());
    let (heading, module) = (capitalised(&words), rule.module());
    format!(
        r#"//! {code}: {words}.

use crate::Severity;
use crate::rules::Rule;
use crate::rules::meta::{{Meta, page}};

/// {heading}.
#[derive(Debug)]
pub struct {type_name};

impl Rule for {type_name} {{
    const META: Meta = Meta {{
        name: "{name}",
        severity: Severity::Warning,
        summary: "",
        fixable: false,
        contested: false,
        page: page(include_str!("{module}.md")),
    }};
}}
"#
    )
}

fn markdown(rule: &NewRule, examples: &str) -> String {
    let (code, name) = (rule.code(), &rule.name);
    format!("# {code} {name}\n\n## Why\n\n## Wrong\n\n{examples}\n\n## Right\n\n{examples}\n\n## Source\n")
}
