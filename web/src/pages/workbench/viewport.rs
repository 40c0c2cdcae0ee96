//! Which part of a text is in sight: the text area scrolls, and what is drawn around it follows.
use std::ops::Range;
use std::sync::Arc;

use js_sys::Reflect;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use crate::browser::{decimal, index, parse, pixels};

/// Lines drawn above and below those in sight: a quick scroll shows them before they are drawn anew.
const SPARE: usize = 8;

/// A text and where its lines start.
#[derive(Clone)]
pub struct Lines {
    text: Arc<str>,
    starts: Arc<[usize]>,
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }
}

impl Lines {
    pub fn of(text: Arc<str>) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end.saturating_add(1));
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, starts }
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// A line by its index from 0, without its end.
    pub fn line(&self, index: usize) -> &str {
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index.saturating_add(1)).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or("");
        line.strip_suffix('\n').unwrap_or(line)
    }
}

/// Where a text area is scrolled to and how much of it shows, in pixels.
#[derive(Clone, Copy)]
pub struct Viewport {
    top: RwSignal<f64>,
    left: RwSignal<f64>,
    height: RwSignal<f64>,
    line_height: RwSignal<f64>,
}

impl Viewport {
    pub fn new() -> Self {
        Self {
            top: RwSignal::new(0.0),
            left: RwSignal::new(0.0),
            height: RwSignal::new(0.0),
            line_height: RwSignal::new(20.0),
        }
    }

    /// Takes the area's size.
    pub fn measure(self, area: &HtmlTextAreaElement) {
        self.height.set(f64::from(area.client_height()));
        let style = window().get_computed_style(area).ok().flatten();
        let height = style.and_then(|style| style.get_property_value("line-height").ok());
        if let Some(height) = height.and_then(|height| parse(height.strip_suffix("px")?)) {
            self.line_height.set(height.max(1.0));
        }
    }

    /// Takes how far the area is scrolled.
    pub fn follow(self, area: &HtmlTextAreaElement) {
        // Not web-sys's own getters: they drop the fractions that a zoomed page has.
        let offset = |key: &str| Reflect::get(area, &key.into()).ok().and_then(|value| value.as_f64());
        self.top.set(offset("scrollTop").unwrap_or_default());
        self.left.set(offset("scrollLeft").unwrap_or_default());
    }

    /// The lines to draw, of so many.
    pub fn lines(self, count: usize) -> Range<usize> {
        let (top, height, line) = (self.top.get(), self.height.get(), self.line_height.get());
        let first = index(top / line).saturating_sub(SPARE);
        let last = index((top + height) / line).saturating_add(SPARE);
        first.min(count)..last.min(count)
    }

    /// The CSS transform that puts drawn lines over those of the text area; numbers do not scroll sideways.
    pub fn shift(self, first: usize, sideways: bool) -> String {
        let down = pixels(first) * self.line_height.get() - self.top.get();
        let left = if sideways { -self.left.get() } else { 0.0 };
        format!("translate({}px, {}px)", decimal(left), decimal(down))
    }

    /// Scrolls so that a line (from 0) and a column are well in sight.
    pub fn reveal(self, area: &HtmlTextAreaElement, line: usize, column: usize) {
        let height = self.line_height.get_untracked();
        let shown = self.height.get_untracked();
        let place = pixels(line) * height;
        let top = f64::from(area.scroll_top());
        if place < top + height || place > top + shown - 3.0 * height {
            area.set_scroll_top(whole(place - shown / 3.0));
        }
        // Characters are about two fifths as wide as lines are high.
        let (place, width) = (pixels(column) * height * 0.4, f64::from(area.client_width()));
        let left = f64::from(area.scroll_left());
        if place < left || place > left + width * 0.8 {
            area.set_scroll_left(whole(place - width / 2.0));
        }
    }
}

fn whole(measure: f64) -> i32 {
    i32::try_from(index(measure)).unwrap_or(i32::MAX)
}
