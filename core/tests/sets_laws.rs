//! Sets of packets: the laws of the algebra, on sets made at random of numbers that meet often.

use crate::sets_support::{region, traffic};
use jitgate_core::sets::{Addresses, Decisions, Region, Size, Traffic};
use proptest::prelude::*;

fn size_of_sum(parts: &[Traffic]) -> Size {
    parts.iter().map(Traffic::size).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn union_and_intersection(a in traffic(), b in traffic(), c in traffic()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.intersection(&b).intersection(&c), a.intersection(&b.intersection(&c)));
        prop_assert_eq!(a.intersection(&b.union(&c)), a.intersection(&b).union(&a.intersection(&c)));
        prop_assert_eq!(a.union(&b.intersection(&c)), a.union(&b).intersection(&a.union(&c)));
        prop_assert_eq!(a.union(&a.intersection(&b)), a.clone());
        prop_assert_eq!(a.union(&a), a.clone());
        prop_assert_eq!(a.union(&Traffic::none()), a.clone());
        prop_assert_eq!(a.intersection(&Traffic::all()), a);
    }

    #[test]
    fn complement(a in traffic(), b in traffic()) {
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.intersection(&b).complement(), a.complement().union(&b.complement()));
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert!(a.union(&a.complement()).is_all());
        prop_assert!(a.intersection(&a.complement()).is_empty());
        prop_assert_eq!(size_of_sum(&[a.clone(), a.complement()]), Traffic::all().size());
    }

    #[test]
    fn difference_and_subset(a in traffic(), b in traffic()) {
        prop_assert_eq!(a.difference(&b), a.intersection(&b.complement()));
        for (a, b) in [(&a, &b), (&a, &a.union(&b)), (&a.intersection(&b), &a)] {
            prop_assert_eq!(a.is_subset(b), a.difference(b).is_empty());
            prop_assert_eq!(a.is_subset(b), a.union(b) == *b);
            prop_assert_eq!(a.is_subset(b), a.intersection(b) == *a);
        }
    }

    #[test]
    fn sizes(a in traffic(), b in traffic()) {
        prop_assert_eq!(
            size_of_sum(&[a.union(&b), a.intersection(&b)]),
            size_of_sum(&[a.clone(), b.clone()])
        );
        prop_assert_eq!(
            size_of_sum(&[a.difference(&b), a.intersection(&b)]),
            a.size()
        );
        prop_assert_eq!(a.is_empty(), a.size() == Size::ZERO);
    }

    #[test]
    fn equal_sets_are_equal_values(a in traffic(), b in traffic()) {
        for (a, b) in [(&a, &b), (&a.union(&b), &a.difference(&b).union(&b))] {
            let equal = a.is_subset(b) && b.is_subset(a);
            prop_assert_eq!(a == b, equal);
            prop_assert_eq!(a.digest() == b.digest(), equal);
            prop_assert_eq!(a.size() == b.size() && a.is_subset(b), equal);
        }
    }

    #[test]
    fn the_way_to_a_set_leaves_no_mark(
        (regions, shuffled) in prop::collection::vec(region(), 1..8)
            .prop_flat_map(|regions| (Just(regions.clone()), Just(regions).prop_shuffle())),
    ) {
        let set: Traffic = regions.iter().cloned().collect();
        let one_by_one = shuffled.iter().fold(Traffic::none(), |sum, region| sum.union(&region.into()));
        prop_assert_eq!(&one_by_one, &set);
        let carved = shuffled
            .iter()
            .fold(Traffic::all(), |rest, region| rest.difference(&Traffic::from(region)));
        prop_assert_eq!(&carved.complement(), &set);
        let rules = shuffled.iter().map(|region| (region, true));
        prop_assert_eq!(&Decisions::first_match(rules, false).expect("few rules").traffic(|allow| allow), &set);
        prop_assert_eq!(Traffic::from_iter(set.boxes()), set);
    }

    #[test]
    fn boxes_have_nothing_in_common(a in traffic()) {
        let boxes = a.boxes();
        let parts: Vec<Traffic> = boxes.iter().map(Traffic::from).collect();
        prop_assert_eq!(parts.iter().cloned().collect::<Traffic>(), a.clone());
        prop_assert_eq!(size_of_sum(&parts), a.size());
        prop_assert!(parts.iter().all(|part| !part.is_empty()));
    }

    #[test]
    fn a_witness_is_in_the_set(a in traffic()) {
        match a.witness() {
            Some(packet) => prop_assert!(a.contains(&packet)),
            None => prop_assert!(a.is_empty()),
        }
    }

    #[test]
    fn a_set_comes_back_from_its_bytes(a in traffic(), b in traffic(), at: prop::sample::Index, change: u8) {
        let mut bytes = Vec::new();
        a.write(&mut bytes);
        b.write(&mut bytes);
        let mut rest = &*bytes;
        prop_assert_eq!(Traffic::read(&mut rest), Some(a));
        prop_assert_eq!(Traffic::read(&mut rest), Some(b));
        prop_assert!(rest.is_empty());
        // What is cut or changed does no harm, whatever comes of it.
        let at = at.index(bytes.len());
        prop_assert_eq!(Traffic::read(&mut bytes.split_at(at.min(7)).0), None);
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= change;
        }
        if let Some(odd) = Traffic::read(&mut &*bytes) {
            let _ = (odd.size(), odd.witness(), odd.boxes().len(), odd.union(&Traffic::all()).is_all());
        }
    }

    #[test]
    fn a_region_is_the_set_of_its_packets(region in region()) {
        let set = Traffic::from(&region);
        prop_assert_eq!(region.size(), set.size());
        prop_assert_eq!(region.witness(), set.witness());
        let all: Addresses = set.boxes().iter().flat_map(|one| one.sources.ranges()).collect();
        prop_assert_eq!(set.sources(), all);
    }

    #[test]
    fn sources_are_those_of_the_boxes(a in traffic()) {
        let boxes = a.boxes();
        let of = |chosen: &dyn Fn(&Region) -> bool| -> Addresses {
            boxes.iter().filter(|one| chosen(one)).flat_map(|one| one.sources.ranges()).collect()
        };
        prop_assert_eq!(a.sources(), of(&|_| true));
        for protocol in [1, 6, 17, 58, 255] {
            prop_assert_eq!(a.sources_of(protocol), of(&|one| one.protocols.contains(protocol)));
        }
    }

    #[test]
    fn decisions_that_agree_are_equal(rules in prop::collection::vec((region(), 0_u8..3), 0..7)) {
        let decisions = Decisions::first_match(rules.iter().map(|(region, label)| (region, *label)), 9);
        let decisions = decisions.expect("few rules");
        // A rule that is there twice, or that no packet comes to, changes nothing.
        let mut again: Vec<(Region, u8)> = rules.iter().flat_map(|rule| [rule.clone(), rule.clone()]).collect();
        again.push((Region::all(), 9));
        again.push((Region::all(), 1));
        prop_assert_eq!(&Decisions::first_match(again, 9).expect("few rules"), &decisions);
        let labels = decisions.labels().to_vec();
        let parts: Vec<Traffic> =
            labels.iter().map(|label| decisions.traffic(|other| other == *label)).collect();
        prop_assert!(parts.iter().all(|part| !part.is_empty()));
        prop_assert_eq!(size_of_sum(&parts), Traffic::all().size());
    }
}
