//! What the core says about a draft, at the fields that it belongs to.
use jitgate_core::order;
use jitgate_core::{CheckOptions, Diagnostic, Kind, Severity, Timestamp, check};

/// The row of what is not in a row: the justification.
pub const FORM: u32 = u32::MAX;

/// One thing to say, once for all machines that it is said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `JIT201`
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in the core's words: a small letter first, no full stop.
    pub message: String,
    /// What to do; empty where there is nothing to say.
    pub help: String,
    /// The row and the field that it belongs to; none where it belongs to none.
    pub place: Option<(u32, &'static str)>,
}

/// All that is said, the gravest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Finding>);

impl Faults {
    /// What stands in the way of saving.
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// What is stored already was taken with its errors: they stand in nobody's way.
    pub fn excuse(&mut self, stored: &Self) {
        for finding in &mut self.0 {
            let is_same = |old: &Finding| (old.code, &old.message) == (finding.code, &finding.message);
            if finding.severity == Severity::Error && stored.0.iter().any(is_same) {
                finding.severity = Severity::Warning;
            }
        }
    }

    /// What is said of a field.
    pub fn at(&self, row: u32, field: &str) -> Vec<Finding> {
        self.0
            .iter()
            .filter(|finding| finding.place.is_some_and(|place| place == (row, field_of(field))))
            .cloned()
            .collect()
    }

    /// What is said of a row, whichever field.
    pub fn in_row(&self, row: u32) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(move |finding| finding.place.is_some_and(|(own, _)| own == row))
    }

    /// What belongs to no field.
    pub fn elsewhere(&self) -> Vec<Finding> {
        self.0.iter().filter(|finding| finding.place.is_none()).cloned().collect()
    }
}

/// Checks documents. `row` gives the row of a machine's port in one of them.
pub fn judged<'d>(
    documents: impl Iterator<Item = (&'d str, Kind)>,
    now: Option<Timestamp>,
    row: impl Fn(usize, usize, usize) -> Option<u32>,
) -> Faults {
    let mut all: Vec<Finding> = Vec::new();
    for (index, (document, kind)) in documents.enumerate() {
        let report = check(document.as_bytes(), &CheckOptions { kind: Some(kind), now });
        for diagnostic in report.diagnostics {
            let pointer = diagnostic.path.pointer();
            let of_port = |(machine, port, field)| Some((row(index, machine, port)?, field));
            let place = place(&pointer).and_then(of_port).or_else(|| justification(&diagnostic, &pointer));
            let finding = Finding::of(diagnostic, place);
            if !all.contains(&finding) {
                all.push(finding);
            }
        }
    }
    order::sort_by(&mut all, |one, other| other.severity.cmp(&one.severity));
    Faults(all)
}

impl Finding {
    /// Of a diagnostic that belongs to a field, or to none.
    pub fn of(diagnostic: Diagnostic, place: Option<(u32, &'static str)>) -> Self {
        let Diagnostic { code, severity, message, help, .. } = diagnostic;
        // What is missing is told of the port; the field is known by its name.
        let place = place.map(|(row, field)| (row, if field.is_empty() { missing(&message) } else { field }));
        Self { code: code.id(), severity, message, help, place }
    }
}

/// What is said of the justification, be it there or missing.
fn justification(diagnostic: &Diagnostic, pointer: &str) -> Option<(u32, &'static str)> {
    let says = pointer == "/justification" || diagnostic.help.contains("`justification`");
    says.then_some((FORM, "justification"))
}

/// Machine, port and field from a pointer into a policy or a request: a port's own pointer has no field.
pub fn place(pointer: &str) -> Option<(usize, usize, &'static str)> {
    let rest = pointer.strip_prefix("/properties").unwrap_or(pointer).strip_prefix("/virtualMachines/")?;
    let mut steps = rest.split('/');
    let machine = steps.next()?.parse().ok()?;
    if steps.next()? != "ports" {
        return None;
    }
    let port = steps.next()?.parse().ok()?;
    Some((machine, port, field_of(steps.next().unwrap_or_default())))
}

/// The form's field of a member.
fn field_of(member: &str) -> &'static str {
    match member {
        "number" => "number",
        "protocol" => "protocol",
        "allowedSourceAddressPrefix" | "allowedSourceAddressPrefixes" | "sources" => "sources",
        "justification" => "justification",
        "maxRequestAccessDuration" | "duration" | "endTimeUtc" | "time" => "time",
        _ => "",
    }
}

/// The field whose member a message says is missing.
fn missing(message: &str) -> &'static str {
    message.split('`').nth(1).map(field_of).unwrap_or_default()
}
