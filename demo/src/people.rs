//! Who works there.

use std::net::{IpAddr, Ipv4Addr};

/// Somebody with a sign-in name.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The sign-in name; an application's name.
    pub name: &'static str,
    /// The object id.
    pub object_id: &'static str,
    /// A built-in role that lets them do what they do here.
    pub role: &'static str,
    /// From where they come.
    pub address: Ipv4Addr,
    /// It is an application: requests of it show no requestor.
    pub application: bool,
}

const fn person(name: &'static str, object_id: &'static str, role: &'static str, address: [u8; 4]) -> Person {
    let [a, b, c, d] = address;
    Person { name, object_id, role, address: Ipv4Addr::new(a, b, c, d), application: false }
}

/// The first one owns everything and puts the policies.
pub const PEOPLE: [Person; 8] = [
    person("ines.okafor@meridian.example", "0b7d5a0e-52c4-4f7e-9a0d-3f1f3a6c1a01", "Owner", [198, 18, 4, 21]),
    person(
        "tomas.lind@meridian.example",
        "1c3e9b17-7a61-4b0f-8a55-60b1f0f8cd02",
        "Security Admin",
        [198, 18, 4, 34],
    ),
    person(
        "priya.nair@meridian.example",
        "2d90c4f8-03b5-4d8e-b7b6-94a1c8d5e303",
        "Contributor",
        [100, 64, 16, 9],
    ),
    person(
        "jonas.weber@meridian.example",
        "3e61a7d9-9f2c-4c39-8f0e-5d7b2c9af404",
        "Contributor",
        [198, 18, 4, 77],
    ),
    person(
        "mei.tanaka@meridian.example",
        "4f72b8ea-a03d-4d4a-90ff-6e8c3dab0505",
        "Contributor",
        [100, 64, 17, 140],
    ),
    person(
        "luca.ferri@meridian.example",
        "5083c9fb-b14e-4e5b-a100-7f9d4ebc1606",
        "Contributor",
        [100, 64, 18, 3],
    ),
    person(
        "sara.haddad@meridian.example",
        "6194da0c-c25f-4f6c-b211-80ae5fcd2707",
        "Reader",
        [198, 18, 4, 90],
    ),
    Person {
        name: "release-pipeline",
        object_id: "72a5eb1d-d360-407d-8322-91bf60de3808",
        role: "Contributor",
        address: Ipv4Addr::new(10, 0, 6, 5),
        application: true,
    },
];

impl Person {
    /// The address as calls have it.
    pub fn from(&self) -> IpAddr {
        IpAddr::V4(self.address)
    }
}
