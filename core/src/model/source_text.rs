//! Source addresses as they are written: `*`, IPv4 addresses and CIDR blocks, and everything people put
//! in their place.

use core::net::{Ipv4Addr, Ipv6Addr};

use ipnet::Ipv4Net;

use crate::part::{self, AnyCase};

/// A source as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceText {
    /// `*`
    Any,
    /// An address (a /32) or a block without host bits.
    Net(Ipv4Net),
    /// A block whose address has bits set behind the prefix: `10.0.0.5/24`.
    HostBits(Ipv4Net),
    /// Anything else.
    Odd(OddSource),
}

/// What stands where a source is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddSource {
    /// An IPv6 address or block.
    Ipv6,
    /// An IPv4 source with white space or invisible characters around it or its slash.
    Padded(Ipv4Net),
    /// An IPv4 source with zeros in front: `010.0.0.1`, which some read as octal.
    LeadingZeros,
    /// `10.0.0.0/255.255.255.0`, or the two with a blank between them.
    Mask(Ipv4Net),
    /// `10.0.0.1-10.0.0.9`, first to last.
    Range(Ipv4Addr, Ipv4Addr),
    /// Several in one string.
    List,
    /// A word: `Internet`, `VirtualNetwork`, `AzureCloud.WestEurope`.
    ServiceTag,
    /// What samples have in the place of an address: `x.x.x.x`, `MY_IP`.
    Placeholder,
    /// Another word for everybody: `any`, `all`, `0`.
    AnyWord,
    /// Nothing.
    Empty,
    /// A prefix length over 32.
    PrefixLength,
    /// None of these.
    Other,
}

impl SourceText {
    /// Reads a source.
    pub fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Any;
        }
        match net(text) {
            Some(net) if net.trunc() == net => Self::Net(net),
            Some(net) => Self::HostBits(net),
            None => Self::Odd(odd(text)),
        }
    }

    /// The addresses that are meant, where that is certain; `*` is all of IPv4.
    #[inline]
    pub fn net(self) -> Option<Ipv4Net> {
        match self {
            Self::Any => Some(Ipv4Net::default()),
            Self::Net(net) => Some(net),
            Self::HostBits(net) | Self::Odd(OddSource::Padded(net)) => Some(net.trunc()),
            Self::Odd(_) => None,
        }
    }

    /// The sources in a string that may hold several: `10.0.0.1, 10.0.0.2`.
    pub fn parts(text: &str) -> impl Iterator<Item = &str> {
        text.split([',', ';', ' ', '\t', '\r', '\n']).filter(|part| !part.is_empty())
    }
}

/// An address or a block, exactly as the service takes them. Read byte by byte, because every port rule
/// has one; the tests hold it against the standard library's reader.
fn net(text: &str) -> Option<Ipv4Net> {
    let mut bytes = text.bytes();
    let mut address = 0_u32;
    for last in [false, false, false, true] {
        let (octet, end) = decimal(&mut bytes, 255)?;
        address = (address << 8) | octet;
        match (last, end) {
            (false, Some(b'.')) | (true, Some(b'/')) => {}
            (true, None) => return Some(Ipv4Net::from(Ipv4Addr::from_bits(address))),
            _ => return None,
        }
    }
    let (len, end) = decimal(&mut bytes, 32)?;
    let len = u8::try_from(len).ok().filter(|_| end.is_none())?;
    Ipv4Net::new(Ipv4Addr::from_bits(address), len).ok()
}

/// A number without zeros in front, and the byte behind it.
#[inline]
fn decimal(bytes: &mut core::str::Bytes, most: u32) -> Option<(u32, Option<u8>)> {
    let digit = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let mut number = digit(bytes.next().filter(u8::is_ascii_digit)?);
    loop {
        match bytes.next() {
            Some(byte @ b'0'..=b'9') if number > 0 && number <= most => {
                number = number.wrapping_mul(10).wrapping_add(digit(byte));
            }
            Some(b'0'..=b'9') => return None,
            end => return (number <= most).then_some((number, end)),
        }
    }
}

/// The address and the length of an IPv6 block.
fn is_ipv6_block((address, len): (&str, &str)) -> bool {
    let len = len.parse::<u8>().ok().filter(|_| !len.starts_with('+') && len.len() < 4);
    len.is_some_and(|len| len <= 128) && address.parse::<Ipv6Addr>().is_ok()
}

fn block(address: &str, len: &str) -> Option<Ipv4Net> {
    // `u8` alone would take `+8` and `08`.
    let plain = len == "0" || !len.starts_with(['0', '+']);
    let len = len.parse().ok().filter(|_| plain)?;
    Ipv4Net::new(address.parse().ok()?, len).ok()
}

/// White space, and what is copied from web pages and chats without being seen.
pub fn is_blank(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The IPv4 block that is meant by `::ffff:10.20.0.7` or `::ffff:10.20.0.0/112`: IPv4 in IPv6 clothes.
pub fn mapped(text: &str) -> Option<Ipv4Net> {
    let text = text.trim_matches(is_blank);
    let (address, len) = part::cut(text, '/').unwrap_or((text, "128"));
    let len = len.parse::<u8>().ok()?.checked_sub(96)?;
    Ipv4Net::new(without_brackets(address).parse::<Ipv6Addr>().ok()?.to_ipv4_mapped()?, len).ok()
}

/// The address in `[::1]`, as URLs have it.
fn without_brackets(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

/// A source that would be one without the blanks around it or its slash.
fn padded(text: &str) -> Option<Ipv4Net> {
    let trimmed = text.trim_matches(is_blank);
    match part::cut(trimmed, '/') {
        None if trimmed == "*" => Some(Ipv4Net::default()),
        None => net(trimmed),
        Some((address, len)) => block(address.trim_matches(is_blank), len.trim_matches(is_blank)),
    }
}

#[cold]
fn odd(text: &str) -> OddSource {
    let trimmed = text.trim_matches(is_blank);
    if trimmed.is_empty() {
        return OddSource::Empty;
    }
    if let Some(net) = padded(text) {
        return OddSource::Padded(net);
    }
    if trimmed.len() != text.len() {
        return odd(trimmed);
    }
    if ["any", "all", "0", "everyone", "anywhere"].iter().any(|word| word.same_in_any_case(text)) {
        return OddSource::AnyWord;
    }
    if without_brackets(text).parse::<Ipv6Addr>().is_ok() || part::cut(text, '/').is_some_and(is_ipv6_block) {
        return OddSource::Ipv6;
    }
    if let Some((first, last)) = part::cut(text, '-')
        && let (Ok(first), Ok(last)) = (part::trim(first).parse(), part::trim(last).parse())
        && first <= last
    {
        return OddSource::Range(first, last);
    }
    if let Some(several) = several(text) {
        return several;
    }
    if let Some((address, mask)) = part::cut(text, '/') {
        if let (Ok(address), Ok(mask)) = (address.parse(), mask.parse()) {
            return Ipv4Net::with_netmask(address, mask).map_or(OddSource::Other, OddSource::Mask);
        }
        let digits = !mask.is_empty() && mask.bytes().all(|byte| byte.is_ascii_digit());
        if address.parse::<Ipv4Addr>().is_ok() && digits && !mask.starts_with('0') {
            return OddSource::PrefixLength;
        }
    }
    let digits = |octet: &str| !octet.is_empty() && octet.bytes().all(|byte| byte.is_ascii_digit());
    let octets = text.split(['.', '/']).filter(|octet| digits(octet)).count();
    if octets == text.split(['.', '/']).count() && matches!(octets, 4 | 5) {
        return if text.split(['.', '/']).any(|octet| octet.len() > 1 && octet.starts_with('0')) {
            OddSource::LeadingZeros
        } else {
            OddSource::Other
        };
    }
    if is_placeholder(text) {
        return OddSource::Placeholder;
    }
    let word = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_');
    if text.starts_with(|char: char| char.is_ascii_alphabetic()) && text.chars().all(word) {
        OddSource::ServiceTag
    } else {
        OddSource::Other
    }
}

/// True for `x.x.x.x`, `203.0.113.x`, `MY_IP`, `your-ip/32`, `IP1`: an address that is still to be filled in.
fn is_placeholder(text: &str) -> bool {
    let text = text.split('/').next().unwrap_or(text).to_ascii_lowercase();
    if text.split('.').count() == 4 {
        let all = |octet: &str, fits: fn(&u8) -> bool| !octet.is_empty() && octet.as_bytes().iter().all(fits);
        let octet = |octet| all(octet, u8::is_ascii_digit) || all(octet, |byte| *byte == b'x');
        return part::has(&text, 'x') && text.split('.').all(octet);
    }
    let words = text.trim_end_matches(|char: char| char.is_ascii_digit());
    let mut last = words.rsplit([' ', '_', '-']).next().unwrap_or("");
    for whose in ["my", "your", "client", "public", "source"] {
        last = last.strip_prefix(whose).unwrap_or(last);
    }
    ["ip", "ips", "address", "addresses", "ipaddress", "ipaddresses", "cidr", "range", "iprange"]
        .contains(&last)
}

/// Several sources in one string; none for a string of anything else.
fn several(text: &str) -> Option<OddSource> {
    SourceText::parts(text).nth(1)?;
    // `10.0.0.0 255.255.255.0`, as routers write it, is one block.
    if let Some((address, mask)) = text.split_once(char::is_whitespace)
        && let (Ok(address), Ok(mask)) = (address.parse(), part::trim(mask).parse())
        && let Ok(net) = Ipv4Net::with_netmask(address, mask)
    {
        return Some(OddSource::Mask(net));
    }
    let mut any_sure = false;
    for part in SourceText::parts(text) {
        match SourceText::parse(part) {
            SourceText::Odd(OddSource::Other | OddSource::Empty) => return None,
            SourceText::Odd(OddSource::ServiceTag | OddSource::Placeholder | OddSource::AnyWord) => {}
            _ => any_sure = true,
        }
    }
    any_sure.then_some(OddSource::List)
}

#[cfg(test)]
mod tests {
    use super::OddSource::{
        AnyWord, Empty, Ipv6, LeadingZeros, List, Mask, Other, Padded, Placeholder, PrefixLength, ServiceTag,
    };
    use super::SourceText::{Any, HostBits, Net, Odd};
    use super::{Ipv4Net, OddSource, SourceText, mapped};

    fn net(text: &str) -> Ipv4Net {
        text.parse().expect("a block")
    }

    #[test]
    fn every_spelling_is_told_from_the_others() {
        for (text, expected) in [
            ("*", Any),
            ("10.0.0.1", Net(net("10.0.0.1/32"))),
            ("10.0.0.0/8", Net(net("10.0.0.0/8"))),
            ("0.0.0.0/0", Net(net("0.0.0.0/0"))),
            ("10.0.0.5/24", HostBits(net("10.0.0.5/24"))),
            ("", Odd(Empty)),
            (" \t", Odd(Empty)),
            (" 10.0.0.1", Odd(Padded(net("10.0.0.1/32")))),
            ("10.0.0.0 / 8", Odd(Padded(net("10.0.0.0/8")))),
            ("10.0.0.1\u{200b}", Odd(Padded(net("10.0.0.1/32")))),
            ("* ", Odd(Padded(net("0.0.0.0/0")))),
            ("Any ", Odd(AnyWord)),
            ("0", Odd(AnyWord)),
            ("10.0.0.0/255.0.0.0", Odd(Mask(net("10.0.0.0/8")))),
            ("10.0.0.0 255.0.0.0", Odd(Mask(net("10.0.0.0/8")))),
            ("10.0.0.0/0.255.255.255", Odd(Other)),
            ("10.0.0.1,10.0.0.2", Odd(List)),
            ("10.0.0.1 10.0.0.2", Odd(List)),
            ("10.0.0.1; *", Odd(List)),
            ("10.0.0.1, the office", Odd(List)),
            ("the office", Odd(Other)),
            ("10.0.0.1,10.0.0.256", Odd(Other)),
            ("10.0.0.1,", Odd(Other)),
            ("010.0.0.1", Odd(LeadingZeros)),
            ("10.0.0.0/08", Odd(LeadingZeros)),
            ("10.0.0.0/33", Odd(PrefixLength)),
            ("10.0.0.0/4294967296", Odd(PrefixLength)),
            ("10.0.0.0/+8", Odd(Other)),
            ("10.0.0.0/", Odd(Other)),
            ("10.0.0.256", Odd(Other)),
            ("10.0.0", Odd(Other)),
            ("::1", Odd(Ipv6)),
            ("2001:db8::/32", Odd(Ipv6)),
            ("[2001:db8::1]", Odd(Ipv6)),
            ("AzureCloud.WestEurope", Odd(ServiceTag)),
            ("vpn-gateway", Odd(Other)),
            ("x.x.x.x", Odd(Placeholder)),
            ("XXX.XXX.XXX.XXX/32", Odd(Placeholder)),
            ("203.0.113.x", Odd(Placeholder)),
            ("x.x.x.contoso", Odd(ServiceTag)),
            ("0x10.0.0.1", Odd(Other)),
            ("x.x.x", Odd(ServiceTag)),
            ("10.0.0.*", Odd(Other)),
            ("MY_IP", Odd(Placeholder)),
            (" MyPublicIP ", Odd(Placeholder)),
            ("my ip", Odd(Placeholder)),
            ("your-public-ip/32", Odd(Placeholder)),
            ("sourceIpAddress", Odd(Placeholder)),
            ("IP1", Odd(Placeholder)),
            ("10.0.0.1, MY_IP", Odd(List)),
            ("MY_IP, YOUR_IP", Odd(Placeholder)),
            ("AzureCloud", Odd(ServiceTag)),
            ("ship", Odd(ServiceTag)),
        ] {
            assert_eq!(SourceText::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn ipv4_in_ipv6_clothes() {
        for (text, expected) in [
            ("::ffff:10.20.0.7", Some("10.20.0.7/32")),
            ("::FFFF:a14:7", Some("10.20.0.7/32")),
            ("[::ffff:10.20.0.7]", Some("10.20.0.7/32")),
            ("::ffff:10.20.0.0/112", Some("10.20.0.0/16")),
            ("::ffff:0:0/96", Some("0.0.0.0/0")),
            ("::ffff:0:0/95", None),
            ("::ffff:10.20.0.0/129", None),
            ("::10.20.0.7", None),
            ("2001:db8::1", None),
            ("10.20.0.7", None),
        ] {
            assert_eq!(mapped(text), expected.map(net), "{text}");
        }
    }

    #[test]
    fn ranges_run_upwards() {
        for (text, expected) in [
            ("10.0.0.1-10.0.0.9", true),
            ("10.0.0.1 - 10.0.0.9", true),
            ("10.0.0.1-10.0.0.1", true),
            ("10.0.0.9-10.0.0.1", false),
            ("10.0.0.1-9", false),
        ] {
            let range = matches!(SourceText::parse(text), Odd(OddSource::Range(..)));
            assert_eq!(range, expected, "{text:?}");
        }
    }
}
