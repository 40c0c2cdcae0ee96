//! A table of any number of rows, of which those in sight are in the page: sorted by its heads, walked with the keyboard
//! as the ARIA Authoring Practices have a grid, rows to choose and a menu for each.
//!
//! The page scrolls, not the table. A row is told by a number of the caller's that stays with what it stands for: what is
//! chosen, the focus and the scroll survive that the rows change.
mod body;
mod head;
mod keys;
mod selection;
mod sort_by;

use std::sync::Arc;

use leptos::html::Tbody;
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::{Glyph, Icon, Point};
use body::Body;
use head::head;
pub use selection::Selection;
pub use sort_by::SortBy;

/// The rows in their order.
pub type Keys = Arc<Vec<u32>>;

/// A column: its name in addresses and style sheets, and its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub id: &'static str,
    pub name: &'static str,
}

/// By which column the rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: &'static str,
    /// The greatest first.
    pub down: bool,
}

impl Sort {
    /// `name`, or `-name` with the greatest first; none where there is no such column.
    pub fn read(text: &str, columns: &'static [Column]) -> Option<Self> {
        let (down, name) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let column = columns.iter().find(|column| column.id == name)?;
        Some(Self { column: column.id, down })
    }

    /// The same as text.
    pub fn text(self) -> String {
        format!("{}{}", if self.down { "-" } else { "" }, self.column)
    }

    /// What a click on a column's head makes of it.
    pub fn by(self, column: &'static str) -> Self {
        Self { column, down: self.column == column && !self.down }
    }
}

/// Makes a row's cells, one for each column; none where there is no such row any more.
pub type Cells = Box<dyn Fn() -> Vec<AnyView> + Send + Sync>;

/// What stands in the rows. Each cell holds at most one thing that takes the focus, with `tabindex="-1"`.
#[derive(Clone)]
pub struct Content {
    /// A row's name, for screen readers.
    pub name: Arc<dyn Fn(u32) -> String + Send + Sync>,
    /// A row's cells. Asked for once; what they look at then makes them anew.
    pub cells: Arc<dyn Fn(u32) -> Cells + Send + Sync>,
    /// Opens a row's menu there.
    pub menu: Arc<dyn Fn(u32, Point) + Send + Sync>,
}

#[component]
pub fn Table(
    label: &'static str,
    /// For the style sheet: it gives `--columns`, and `--row` for the height of a row.
    class: &'static str,
    columns: &'static [Column],
    #[prop(into)] keys: Signal<Keys>,
    #[prop(into)] sort: Signal<Sort>,
    on_sort: impl Fn(Sort) + Copy + 'static,
    /// None where rows are not chosen.
    selection: Option<Selection>,
    content: Content,
) -> impl IntoView {
    let node = NodeRef::<Tbody>::new();
    let menu = content.menu.clone();
    let body = Body::new(node, keys, menu, move |key| row(key, columns, keys, selection, &content));
    body.follow();
    let count = move || keys.with(|keys| keys.len().saturating_add(1).to_string());
    view! {
        <table
            class=format!("grid {class}{}", if selection.is_some() { "" } else { " grid-plain" })
            role="grid"
            aria-label=label
            aria-multiselectable=selection.is_some().then_some("true")
            aria-rowcount=count
        >
            {head(columns, keys, sort, on_sort, selection)}
            <tbody
                class="grid-rows"
                role="rowgroup"
                node_ref=node
                on:focusin=move |event| body.focused(&event)
                on:keydown=move |event| keys::pressed(body, selection, &event)
                on:contextmenu=move |event| body.context(&event)
            ></tbody>
        </table>
    }
}

/// A row. Its place is told to it by whoever puts it there.
fn row(
    key: u32,
    columns: &'static [Column],
    keys: Signal<Keys>,
    selection: Option<Selection>,
    content: &Content,
) -> AnyView {
    let (name, cells, menu) = ((content.name)(key), (content.cells)(key), content.menu.clone());
    let cell = |(column, content): (&Column, AnyView)| {
        view! {
            <td role="gridcell" class="grid-cell" tabindex="-1" data-column=column.id data-name=column.name>{content}</td>
        }
    };
    let cells = move || columns.iter().zip(cells()).map(cell).collect::<Vec<_>>();
    let check = selection.map(|selection| {
        view! {
            <td role="gridcell" class="grid-cell grid-check">
                <input
                    type="checkbox"
                    tabindex="-1"
                    aria-label=format!("Select {name}")
                    prop:checked=move || selection.has(key)
                    on:click=move |event| selection.choose(key, event.shift_key(), &keys.get_untracked())
                />
            </td>
        }
    });
    let chosen = move || selection.map(|selection| selection.has(key).to_string());
    view! {
        <tr role="row" class="grid-row" aria-selected=chosen>
            {check}
            {cells}
            <td role="gridcell" class="grid-cell grid-more">
                <button
                    type="button"
                    class="button button-quiet"
                    tabindex="-1"
                    aria-haspopup="menu"
                    aria-label=format!("More for {name}")
                    title="More"
                    on:click=move |event| menu(key, Point::below(&event))
                >
                    <Icon glyph=Glyph::More />
                </button>
            </td>
        </tr>
    }
    .into_any()
}
