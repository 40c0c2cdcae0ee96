//! Source addresses as they were written, kept in few bytes: nearly all are `*` or one block.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::Ipv4Net;

use crate::model::SourceText;
use crate::rules::words;

/// `allowedSourceAddressPrefix` and `allowedSourceAddressPrefixes`, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes(Form);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// `*`, in the singular member.
    Any,
    /// One block in the singular member, written as we would write it.
    One(Ipv4Net),
    /// Everything else.
    Other(Box<Other>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Other {
    single: Option<Box<str>>,
    list: Option<Box<[Box<str>]>>,
}

impl Prefixes {
    /// Of the two members, as they are written.
    pub fn new<T: AsRef<str>>(single: Option<&str>, list: Option<&[T]>) -> Self {
        let form = match (single, list) {
            (Some("*"), None) => Form::Any,
            (Some(single), None) => match SourceText::parse(single) {
                SourceText::Net(net) if net.prefix_len() > 0 && words::net(&net) == single => Form::One(net),
                _ => Form::Other(Box::new(Other { single: Some(single.into()), list: None })),
            },
            (single, list) => {
                let list = list.map(|list| list.iter().map(|text| text.as_ref().into()).collect());
                Form::Other(Box::new(Other { single: single.map(Into::into), list }))
            }
        };
        Self(form)
    }

    /// One address or block in the singular member.
    pub fn one(net: Ipv4Net) -> Self {
        Self(if net.prefix_len() == 0 { Form::Any } else { Form::One(net.trunc()) })
    }

    /// `allowedSourceAddressPrefix`, where it was given.
    pub fn single(&self) -> Option<String> {
        match &self.0 {
            Form::Any => Some("*".to_string()),
            Form::One(net) => Some(words::net(net)),
            Form::Other(other) => other.single.as_deref().map(ToString::to_string),
        }
    }

    /// `allowedSourceAddressPrefixes`, where it was given.
    pub fn list(&self) -> Option<&[Box<str>]> {
        match &self.0 {
            Form::Any | Form::One(_) => None,
            Form::Other(other) => other.list.as_deref(),
        }
    }

    /// True where neither member was given, or an empty list alone.
    pub fn says_nothing(&self) -> bool {
        matches!(&self.0, Form::Other(other) if other.single.is_none() && other.list.as_deref().unwrap_or_default().is_empty())
    }

    /// Every source as it is written.
    pub fn texts(&self) -> Vec<String> {
        let list = self.list().unwrap_or_default().iter().map(ToString::to_string);
        self.single().into_iter().chain(list).collect()
    }

    /// The addresses: canonical, without overlaps; `0.0.0.0/0` is everybody. Empty where neither member was given.
    pub fn nets(&self) -> Vec<Ipv4Net> {
        match &self.0 {
            Form::Any => alloc::vec![Ipv4Net::default()],
            Form::One(net) => alloc::vec![*net],
            Form::Other(other) => {
                let list = other.list.as_deref().unwrap_or_default();
                let texts = other.single.iter().chain(list);
                let nets = texts.filter_map(|text| SourceText::parse(text).net()).collect();
                Ipv4Net::aggregate(&nets)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::Prefixes;

    #[test]
    fn what_was_written_comes_back() {
        let none: Option<&[&str]> = None;
        for (text, nets) in [
            ("*", "0.0.0.0/0"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("10.0.0.1", "10.0.0.1/32"),
            ("10.0.0.1/32", "10.0.0.1/32"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.0.0.5/24", "10.0.0.0/24"),
            (" 10.0.0.1", "10.0.0.1/32"),
        ] {
            let prefixes = Prefixes::new(Some(text), none);
            assert_eq!(prefixes.single().as_deref(), Some(text));
            assert_eq!(prefixes.list(), None);
            let found: Vec<_> = prefixes.nets().iter().map(ToString::to_string).collect();
            assert_eq!(found, [nets], "{text}");
        }
        let list = ["10.0.0.0/25", "10.0.0.128/25"];
        let prefixes = Prefixes::new(None, Some(&list[..]));
        assert_eq!(prefixes.texts(), list);
        assert_eq!(prefixes.nets(), ["10.0.0.0/24".parse().unwrap()]);
        assert!(Prefixes::new(None, none).says_nothing());
        assert!(Prefixes::new(None, Some(&list[..0])).says_nothing());
        assert!(!Prefixes::new(None, Some(&list[..1])).says_nothing());
        assert_eq!(Prefixes::new(None, Some(&list[..0])).list(), Some(&[][..]), "it comes back all the same");
        assert_eq!(Prefixes::new(None, none).nets(), []);
    }
}
