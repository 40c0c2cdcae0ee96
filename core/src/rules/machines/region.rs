//! Regions: `West Europe` and `westeurope` are the same one.

/// The letters of a region's name: small, without spaces.
pub fn canonical(location: &str) -> impl Iterator<Item = char> {
    location.chars().filter(|&char| char != ' ').map(|char| char.to_ascii_lowercase())
}

/// True for the same region, however it is spelt.
pub fn same(one: &str, other: &str) -> bool {
    canonical(one).eq(canonical(other))
}
