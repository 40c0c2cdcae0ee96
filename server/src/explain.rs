//! `jitgate explain` and `jitgate rules`: the rules' pages and their list.

use jitgate_core::rules::Family;
use jitgate_core::{Code, wire};

use crate::args::{Explain, PageFormat, Rules};
use crate::format::text::{faint, strong};
use crate::outcome::{Outcome, Text};

/// Shows a rule's page.
pub fn run(args: &Explain) -> Outcome {
    let Some(code) = find(&args.code) else { return Outcome::failure(unknown(&args.code)) };
    let out = match args.format {
        PageFormat::Text => Text::Styled(page(code)),
        PageFormat::Json => Text::Exact(format!("{}\n", wire::rule(code)).into_bytes()),
    };
    Outcome::of(out)
}

/// Lists all rules.
pub fn list(args: &Rules) -> Outcome {
    let out = match args.format {
        PageFormat::Text => Text::Styled(table()),
        PageFormat::Json => Text::Exact(format!("{}\n", wire::rules()).into_bytes()),
    };
    Outcome::of(out)
}

/// The rule of that code or name; `201` is `JIT201`.
fn find(text: &str) -> Option<Code> {
    let text = text.trim();
    Code::find(text)
        .or_else(|| Code::find(&format!("JIT{text}")))
        .or_else(|| Code::find(&text.to_lowercase()))
}

fn unknown(text: &str) -> String {
    let text = text.trim();
    let words = Code::ALL.iter().flat_map(|code| [code.id(), code.meta().name]);
    let likeness = |word: &str| strsim::jaro_winkler(&text.to_lowercase(), &word.to_lowercase());
    let nearest = words.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    // Below this the words have nothing in common that a reader would see.
    let nearest = nearest.filter(|word| likeness(word) > 0.7);
    let hint = nearest.map_or(String::new(), |word| format!("; did you mean `{word}`?"));
    format!("there is no rule `{}`{hint}; `jitgate rules` lists them", text.escape_debug())
}

/// A page for a terminal: headings stand out, examples are set in.
fn page(code: Code) -> String {
    let meta = code.meta();
    let contested = if meta.contested { ", contested" } else { "" };
    let fixable = if meta.fixable { ", can be fixed" } else { "" };
    let severity = faint(&format!("{}{contested}{fixable}", meta.severity.as_str()));
    let mut out = String::new();
    for line in lines(meta.page) {
        out += &match line {
            Line::Title(title) => format!("{}\n{severity}", strong(title)),
            Line::Heading(heading) => strong(heading),
            Line::Code(code) => format!("    {code}"),
            Line::Words(words) => words.to_string(),
        };
        out.push('\n');
    }
    out
}

/// A page as plain text.
pub fn plain_page(page: &str) -> String {
    let line = |line| match line {
        Line::Title(words) | Line::Heading(words) | Line::Words(words) => format!("{words}\n"),
        Line::Code(code) => format!("    {code}\n"),
    };
    lines(page).map(line).collect()
}

/// A page as Markdown for others: of what stands behind a fence, the language alone. The rest is for tests.
pub fn marked_page(page: &str) -> String {
    let line = |line: &str| {
        let fence = line.split(' ').next().filter(|_| line.starts_with("```"));
        format!("{}\n", fence.unwrap_or(line))
    };
    page.lines().map(line).collect()
}

/// A line of a page. Pages are Markdown with headings, paragraphs, lists and fenced examples; their lines
/// are short already.
enum Line<'p> {
    Title(&'p str),
    Heading(&'p str),
    Code(&'p str),
    Words(&'p str),
}

/// The lines to show: fences themselves are not.
fn lines(page: &str) -> impl Iterator<Item = Line<'_>> {
    let mut fenced = false;
    page.lines().filter_map(move |line| {
        if line.starts_with("```") {
            fenced = !fenced;
            return None;
        }
        let heading = || line.strip_prefix("## ").map(Line::Heading);
        let title = || line.strip_prefix("# ").map(Line::Title);
        let code = fenced.then_some(Line::Code(line));
        Some(code.or_else(heading).or_else(title).unwrap_or(Line::Words(line)))
    })
}

/// A line for each rule, by families.
fn table() -> String {
    let width = Code::ALL.iter().map(|code| code.meta().name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for family in Family::ALL {
        out += &format!("{}\n", strong(family.title()));
        for code in Code::ALL.iter().filter(|code| code.family() == family) {
            let meta = code.meta();
            out += &format!(
                "  {}  {:<8}  {:<width$}  {}\n",
                code.id(),
                meta.severity.as_str(),
                meta.name,
                meta.summary
            );
        }
        out.push('\n');
    }
    out += &format!("{} rules; `jitgate explain CODE` shows a rule's page\n", Code::ALL.len());
    out
}
