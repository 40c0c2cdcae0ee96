//! Rules that are resources of their own and whose NSG cannot be known: each may be one of every NSG that it may mean.

use alloc::string::String;
use alloc::vec::Vec;

use super::draft::Draft;
use super::rule::SecurityRule;

/// So many may be in one NSG; of more it is said that anything may be in it.
const MOST: usize = 64;
/// More pairs of rules and NSGs than are looked at one by one.
const MOST_PAIRS: usize = 1 << 20;

impl Draft {
    /// Rules with what is known of their NSGs' ids.
    pub(super) fn add_strays(&mut self, strays: &[(String, SecurityRule)]) {
        let few = strays.len().saturating_mul(self.network.nsgs.len()) <= MOST_PAIRS;
        for group in &mut self.network.nsgs {
            let mut may_be: Vec<&(String, SecurityRule)> = Vec::new();
            if few {
                may_be.extend(strays.iter().filter(|(known, _)| may_mean(known, &group.id)));
            }
            if let Some((known, rule)) = strays.first().filter(|_| !few || may_be.len() > MOST) {
                group.rules.push(SecurityRule::unknown(name(known), rule.place));
                continue;
            }
            group.rules.extend(may_be.into_iter().map(|(known, rule)| {
                let perhaps = rule.perhaps.clone().unwrap_or_else(|| name(known).into());
                SecurityRule { perhaps: Some(perhaps), ..rule.clone() }
            }));
        }
    }
}

/// What tells which NSG it is, where that is an expression.
fn name(id: &str) -> &str {
    id.rsplit('/').next().filter(|name| is_unknown(name)).unwrap_or_default()
}

/// True for what stands for itself, as it cannot be computed.
fn is_unknown(part: &str) -> bool {
    part.contains('(')
}

/// True where both ids may be one: they are compared from behind, as one may leave out what is in front.
fn may_mean(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches('/'), other.trim_start_matches('/'));
    one.rsplit('/').zip(other.rsplit('/')).all(|(one, other)| {
        one.is_empty()
            || other.is_empty()
            || is_unknown(one)
            || is_unknown(other)
            || one.eq_ignore_ascii_case(other)
    })
}
