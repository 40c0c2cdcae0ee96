//! One of the two documents on the workbench: what its editor shows, what was found in it, and changes of it.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::decide::Subject;
use jitgate_core::diagnostic::{Fix, fix};
use jitgate_core::{CheckOptions, Diagnostic, Kind, Timestamp};
use jitgate_logic::LineEnds;
use js_sys::JsString;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::findings::{Findings, Source};
use crate::browser::{self, Debounce};

/// Up to this many bytes a document is judged at each key press; a larger one when the user pauses.
const AT_ONCE: usize = 120_000;
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Clone, Copy)]
pub struct Document {
    pub subject: Subject,
    /// The editor's text area, while it is on the page.
    area: StoredValue<Option<HtmlTextAreaElement>, LocalStorage>,
    /// What the editor shows.
    pub text: RwSignal<Arc<str>>,
    /// What is judged: the same, but for a large document while the user types.
    pub source: RwSignal<Source>,
    /// The kind that the user says it is.
    pub kind: RwSignal<Option<Kind>>,
    pub findings: Memo<Findings>,
    /// The findings' own list, which often stays the same when the source changes.
    pub diagnostics: Memo<Arc<[Diagnostic]>>,
    /// The document as it was opened: what changes of it are held against.
    pub opened: RwSignal<Source>,
    /// How its lines end: the text area does not know.
    ends: StoredValue<LineEnds>,
    judging: Debounce,
    filling: StoredValue<bool>,
}

impl Document {
    pub fn new(subject: Subject, present: Memo<Option<Timestamp>>) -> Self {
        let source = RwSignal::new(Source::typed(String::new(), LineEnds::default()));
        let kind = RwSignal::new(None);
        let findings = Memo::new(move |_| {
            Findings::of(source.get(), &CheckOptions { kind: kind.get(), now: present.get() })
        });
        Self {
            subject,
            area: StoredValue::new_local(None),
            text: RwSignal::new(Arc::from("")),
            source,
            kind,
            findings,
            diagnostics: Memo::new(move |_| findings.with(|findings| Arc::clone(&findings.diagnostics))),
            opened: RwSignal::new(Source::typed(String::new(), LineEnds::default())),
            ends: StoredValue::default(),
            judging: Debounce::new(),
            filling: StoredValue::new(false),
        }
    }

    /// The word for it: `policy` or `request`.
    pub fn name(self) -> &'static str {
        match self.subject {
            Subject::Policy => "policy",
            Subject::Request => "request",
        }
    }

    /// From now on this is the editor's text area, until the calling component is gone.
    pub fn mount(self, area: HtmlTextAreaElement) {
        self.text.with_untracked(|text| area.set_value(text));
        self.area.set_value(Some(area));
        on_cleanup(move || self.area.set_value(None));
    }

    /// The editor's text area, while it is on the page.
    pub fn area(self) -> Option<HtmlTextAreaElement> {
        self.area.get_value()
    }

    /// The user changed the text in the editor.
    pub fn typed(self, text: String) {
        if self.filling.get_value() || self.text.with_untracked(|old| **old == *text) {
            return;
        }
        self.take(Source::typed(text, self.ends.get_value()));
    }

    /// What the editor shows by now.
    fn take(self, source: Source) {
        self.text.set(Arc::clone(&source.shown));
        if source.shown.len() <= AT_ONCE {
            self.judging.cancel();
            self.source.set(source);
        } else {
            self.judging.after(PAUSE, move || self.source.set(source));
        }
    }

    /// The user is about to put this text into the editor. Where it takes the place of everything, its lines end as they
    /// do from now on.
    pub fn pasted(self, text: &str) {
        let Some(area) = self.area() else { return };
        let (start, end) = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
        if start == Some(0) && end == Some(area.text_length()) {
            self.ends.set_value(LineEnds::of(text));
        }
    }

    /// What is selected in the editor, with the lines' own ends; none where those are the text area's.
    pub fn selected(self) -> Option<String> {
        let (area, ends) = (self.area()?, self.ends.get_value());
        let (start, end) = (area.selection_start().ok()??, area.selection_end().ok()??);
        let selected = JsString::from(area.value()).substring(start, end);
        (ends != LineEnds::LineFeed && start < end).then(|| ends.write(&String::from(selected)).into_owned())
    }

    /// Another document takes the place of this one.
    pub fn open(self, text: String, kind: Option<Kind>) {
        self.kind.set(kind);
        self.put(Source::read(text.into(), false));
    }

    /// A file takes the place of this document.
    pub fn open_file(self, bytes: Vec<u8>) {
        self.put(Source::read(bytes, true));
    }

    fn put(self, source: Source) {
        self.ends.set_value(LineEnds::of(&source.text));
        self.judging.cancel();
        self.show(&source.shown);
        self.text.set(Arc::clone(&source.shown));
        self.opened.set(source.clone());
        self.source.set(source);
    }

    /// True when what was found belongs to what the editor shows.
    pub fn is_fresh(self) -> bool {
        self.text.with(|text| self.findings.with(|findings| Arc::ptr_eq(text, &findings.source.shown)))
    }

    /// Applies the fixes of those diagnostics that are asked for; gives how many went in.
    pub fn mend(self, wanted: impl Fn(usize, &Fix) -> bool) -> usize {
        if !untrack(move || self.is_fresh()) {
            return 0;
        }
        let fixed = self.findings.with_untracked(|findings| {
            let all = findings.diagnostics.iter().enumerate();
            let fixes = all.filter_map(|(index, found)| found.fix.as_ref().map(|fix| (index, fix)));
            fix::apply(
                &findings.source.text,
                fixes.filter(|(index, fix)| wanted(*index, fix)).map(|(_, fix)| fix),
            )
        });
        let source = Source::read(fixed.text.into(), false);
        self.show(&source.shown);
        self.take(source);
        fixed.applied
    }

    /// Puts a text into the editor, changing only what differs. The editor's own event is not the user's.
    fn show(self, new: &str) {
        let Some(area) = self.area() else { return };
        self.filling.set_value(true);
        self.text.with_untracked(|old| {
            let change = Change::between(old, new);
            browser::put(&area, change.start, change.end, change.text);
        });
        // What cannot be typed, such as a NUL character, can still be set.
        if area.value() != new {
            area.set_value(new);
        }
        self.filling.set_value(false);
    }
}

/// The one part in which two texts differ, in UTF-16 offsets of the old one.
struct Change<'n> {
    start: u32,
    end: u32,
    text: &'n str,
}

impl<'n> Change<'n> {
    fn between(old: &str, new: &'n str) -> Self {
        let shared = |(a, b): &(char, char)| a == b;
        let width = |(char, _): (char, char)| char.len_utf8();
        let head: usize = old.chars().zip(new.chars()).take_while(shared).map(width).sum();
        let old_rest = old.get(head..).unwrap_or("");
        let new_rest = new.get(head..).unwrap_or("");
        let tail: usize =
            old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(shared).map(width).sum();
        let gone = old_rest.get(..old_rest.len().saturating_sub(tail)).unwrap_or("");
        let start = units(old.get(..head).unwrap_or(""));
        let text = new_rest.get(..new_rest.len().saturating_sub(tail)).unwrap_or("");
        Self { start, end: start.saturating_add(units(gone)), text }
    }
}

/// A text's length in UTF-16 code units.
pub fn units(text: &str) -> u32 {
    let units = if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
    u32::try_from(units).unwrap_or(u32::MAX)
}
