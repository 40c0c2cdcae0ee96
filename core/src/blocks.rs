//! The fewest blocks with the same addresses as others. `ipnet` has that, too, with a sort and iterators of its own,
//! which are large.

use alloc::vec::Vec;

use ipnet::Ipv4Net;

use crate::order;

/// The fewest blocks that hold just these addresses, in order.
pub(crate) fn aggregate(blocks: &[Ipv4Net]) -> Vec<Ipv4Net> {
    let mut blocks: Vec<Ipv4Net> = blocks.iter().map(Ipv4Net::trunc).collect();
    // The wide before the narrow.
    order::sort(&mut blocks, |net| (u128::from(net.addr().to_bits()) << 8) | u128::from(net.prefix_len()));
    let mut fewest: Vec<Ipv4Net> = Vec::with_capacity(blocks.len());
    for mut net in blocks {
        if fewest.last().is_some_and(|last| last.contains(&net)) {
            continue;
        }
        // Two halves are one whole, which may be half of another.
        while let Some(whole) = net.supernet()
            && fewest.last().is_some_and(|last| last.prefix_len() == net.prefix_len() && whole.contains(last))
        {
            fewest.pop();
            net = whole;
        }
        fewest.push(net);
    }
    fewest
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use core::net::Ipv4Addr;

    use ipnet::Ipv4Net;
    use proptest::prelude::{Strategy, any, proptest};

    use super::aggregate;

    /// Blocks of few addresses touch often; some are as wide as can be.
    fn blocks() -> impl Strategy<Value = Vec<Ipv4Net>> {
        let near = (0_u32..64, 26_u8..=32).prop_map(|(low, len)| (0x0a00_0000 | low, len));
        let wide = (any::<u32>(), 0_u8..=4);
        let block = proptest::prop_oneof![4 => near, 1 => wide];
        let block = block.prop_map(|(bits, len)| Ipv4Net::new(Ipv4Addr::from_bits(bits), len).unwrap());
        proptest::collection::vec(block, 0..24)
    }

    proptest! {
        #[test]
        fn as_ipnet_has_it(blocks in blocks()) {
            assert_eq!(aggregate(&blocks), Ipv4Net::aggregate(&blocks));
        }
    }
}
