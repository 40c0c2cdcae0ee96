//! A page of a list.

use alloc::vec::Vec;

/// The items of a page, and whether more follow.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// In the order of the list.
    pub items: Vec<T>,
    more: bool,
}

impl<T> Page<T> {
    /// The first items of a list, so many at most.
    pub fn of(mut list: impl Iterator<Item = T>, most: usize) -> Self {
        let items = list.by_ref().take(most).collect();
        Self { items, more: list.next().is_some() }
    }

    /// The last item, if more follow it: behind it, the next page begins.
    pub fn followed(&self) -> Option<&T> {
        self.items.last().filter(|_| self.more)
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_tells_whether_more_follow() {
        for (most, items, followed) in
            [(0, &[][..], None), (2, &[1, 2], Some(2)), (3, &[1, 2, 3], None), (4, &[1, 2, 3], None)]
        {
            let page = Page::of(1..=3, most);
            assert_eq!((page.items.as_slice(), page.followed().copied()), (items, followed), "{most}");
        }
    }
}
