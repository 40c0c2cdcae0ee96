//! Services that are reached over TCP, by their port.

use crate::part::AnyCase;

/// Port and name. Each needs TCP: RDP uses UDP too, but only beside a TCP connection.
const SERVICES: &[(u16, &str)] = &[
    (21, "FTP"),
    (22, "SSH"),
    (23, "Telnet"),
    (135, "RPC"),
    (139, "NetBIOS"),
    (445, "SMB"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (3306, "MySQL"),
    (3389, "RDP"),
    (5432, "PostgreSQL"),
    (5900, "VNC"),
    (5985, "WinRM"),
    (5986, "WinRM"),
    (6379, "Redis"),
    (27017, "MongoDB"),
];

/// The service at that port.
pub fn service(port: u16) -> Option<&'static str> {
    SERVICES.iter().find(|service| service.0 == port).map(|service| service.1)
}

/// The port of the service of that name, in any case.
pub fn port(name: &str) -> Option<u16> {
    SERVICES.iter().find(|service| service.1.same_in_any_case(name)).map(|service| service.0)
}
