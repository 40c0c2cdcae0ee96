//! Packets as bytes: the IP header, the protocol's own, and the number by which the packet is known again.

use std::net::{IpAddr, Ipv6Addr};

use crate::Packet;
use crate::packet::{ICMP, ICMPV6, TCP, UDP};

const HOPS: u8 = 64;

/// The packet with its number in it, from the IP header on.
pub fn write(packet: &Packet, number: u32) -> Vec<u8> {
    let body = body(packet, number);
    let length = u16::try_from(body.len()).expect("short");
    let mut bytes = Vec::with_capacity(64);
    match (packet.source, packet.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            // Version and length; the kernel fills in the checksum.
            bytes.extend([0x45, 0]);
            bytes.extend((20 + length).to_be_bytes());
            bytes.extend([0, 1, 0, 0, HOPS, packet.protocol, 0, 0]);
            bytes.extend(source.octets());
            bytes.extend(destination.octets());
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            bytes.extend([0x60, 0, 0, 0]);
            bytes.extend(length.to_be_bytes());
            bytes.extend([packet.protocol, HOPS]);
            bytes.extend(source.octets());
            bytes.extend(destination.octets());
        }
        _ => panic!("addresses of two families: {packet}"),
    }
    bytes.extend(body);
    bytes
}

/// The number of a packet that arrived, whose bytes begin behind the IP header.
pub fn number(protocol: u8, body: &[u8]) -> Option<u32> {
    let at = place(protocol);
    let bytes = body.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// Where the number stands: TCP's sequence number, UDP's data, an echo's identifier and sequence number, and
/// far enough behind for others.
fn place(protocol: u8) -> usize {
    match protocol {
        UDP => 8,
        _ => 4,
    }
}

fn body(packet: &Packet, number: u32) -> Vec<u8> {
    let mut bytes = match packet.protocol {
        TCP => vec![0; 20],
        UDP => vec![0; 12],
        _ => vec![0; 16],
    };
    match packet.protocol {
        TCP | UDP => {
            bytes[..2].copy_from_slice(&packet.source_port.to_be_bytes());
            bytes[2..4].copy_from_slice(&packet.destination_port.to_be_bytes());
        }
        // Echo requests.
        ICMP => bytes[0] = 8,
        ICMPV6 => bytes[0] = 128,
        _ => {}
    }
    match packet.protocol {
        // A header of 20 bytes, SYN, a window.
        TCP => bytes[12..16].copy_from_slice(&[5 << 4, 2, 0xff, 0xff]),
        UDP => bytes[5] = 12,
        _ => {}
    }
    let at = place(packet.protocol);
    bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
    // Raw sockets leave checksums alone, but that of ICMP for IPv6.
    if let (ICMPV6, IpAddr::V6(source), IpAddr::V6(destination)) =
        (packet.protocol, packet.source, packet.destination)
    {
        let sum = checksum(source, destination, &bytes);
        bytes[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    bytes
}

/// RFC 4443, 2.3: the sum of the body, both addresses, its length and protocol.
fn checksum(source: Ipv6Addr, destination: Ipv6Addr, body: &[u8]) -> u16 {
    let words = body.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]));
    let addresses = source.segments().into_iter().chain(destination.segments()).map(u32::from);
    let length = u32::try_from(body.len()).expect("short");
    let mut sum = words.chain(addresses).sum::<u32>() + length + u32::from(ICMPV6);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("folded")
}
