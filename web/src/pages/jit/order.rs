//! In what order the machines stand.
use std::cmp::Ordering;
use std::iter::Peekable;
use std::str::Chars;

use super::inventory::{Row, os};
use crate::api::{Class, Machine};
use crate::ui::Sort;

/// By the column, then by the name.
pub fn compare(a: &Row, b: &Row, sort: Sort) -> Ordering {
    let by = by_column(a, b, sort.column);
    let by = if sort.down { by.reverse() } else { by };
    by.then_with(|| natural(&a.name, &b.name)).then_with(|| a.machine.id.cmp(&b.machine.id))
}

fn by_column(a: &Row, b: &Row, column: &str) -> Ordering {
    let (one, other) = (&a.machine, &b.machine);
    match column {
        "access" => standing(one).cmp(&standing(other)).then_with(|| other.open.len().cmp(&one.open.len())),
        "size" => text(&one.size, &other.size),
        "requests" => one.requests.cmp(&other.requests),
        "last" => one.last_start.cmp(&other.last_start),
        // What is open first, then what is exposed: one click tells.
        "connection" => {
            let grave = |row: &Row| (row.machine.open.len(), row.machine.residual.len());
            grave(b).cmp(&grave(a)).then_with(|| a.ports.cmp(&b.ports))
        }
        "user" => text(&one.last_user, &other.last_user),
        "group" => text(&one.resource_group, &other.resource_group),
        "region" => text(&one.location, &other.location),
        "os" => os(one).cmp(os(other)),
        "reason" => text(&one.reason, &other.reason),
        "reachable" => {
            let grave = |row: &Row| {
                let open = &row.machine.unprotected;
                (open.iter().any(|port| port.internet), open.len())
            };
            grave(b).cmp(&grave(a))
        }
        _ => natural(&a.name, &b.name),
    }
}

/// What is configured first.
const fn standing(machine: &Machine) -> u8 {
    match machine.class {
        Class::Configured => 0,
        Class::NotConfigured => 1,
        Class::Unsupported => 2,
    }
}

/// Without regard to case; what there is before what there is not.
fn text(a: &str, b: &str) -> Ordering {
    let small = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    a.is_empty().cmp(&b.is_empty()).then_with(|| small(a).cmp(&small(b)))
}

/// As people count: `web-2` before `web-10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let both = (a.peek().copied(), b.peek().copied());
        let order = match both {
            (Some(one), Some(other)) if one.is_ascii_digit() && other.is_ascii_digit() => {
                let (one, other) = (digits(&mut a), digits(&mut b));
                // A number without its zeros is the greater, the longer it is.
                one.len().cmp(&other.len()).then_with(|| one.cmp(&other))
            }
            (Some(one), Some(other)) => {
                a.next();
                b.next();
                one.cmp(&other)
            }
            (one, other) => return one.cmp(&other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn digits(text: &mut Peekable<Chars>) -> String {
    let mut all = String::new();
    while let Some(digit) = text.next_if(char::is_ascii_digit) {
        if digit != '0' || !all.is_empty() {
            all.push(digit);
        }
    }
    all
}
