//! Where a machine's port is reached, and the line that connects to it.

/// Who connects, unless the user says otherwise: the name that Azure proposes, or Amazon's own images have.
#[must_use]
pub const fn usual_user(is_ec2: bool) -> &'static str {
    if is_ec2 { "ec2-user" } else { "azureuser" }
}

/// Where a machine's open port is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// At this address and port.
    At {
        /// The machine's, or the firewall's.
        address: String,
        /// The port there.
        port: u16,
        /// It is a firewall's, which leads to the machine's.
        mapped: bool,
    },
    /// Through a firewall, of which no port is known that leads there: its address, where that is known.
    Firewall(String),
    /// Nobody knows the machine's address.
    Unknown,
}

impl Target {
    /// `mapped` is what a firewall maps to the port; `firewall` the address of the one that the policy names, or empty;
    /// `own` the machine's address.
    #[must_use]
    pub fn new(port: u16, mapped: Option<(&str, u16)>, firewall: Option<&str>, own: Option<&str>) -> Self {
        match (mapped, firewall, own) {
            (Some((address, port)), ..) => Self::At { address: address.to_owned(), port, mapped: true },
            (_, Some(firewall), _) => Self::Firewall(firewall.to_owned()),
            (.., Some(own)) => Self::At { address: own.to_owned(), port, mapped: false },
            _ => Self::Unknown,
        }
    }
}

/// A port that leads to a machine.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The machine's port.
    pub port: u16,
    /// It is open for UDP alone.
    pub udp: bool,
    /// The address to connect to.
    pub address: &'a str,
    /// The port there: another where a firewall maps it.
    pub at: u16,
    /// Its system may be Windows.
    pub windows: bool,
    /// Who connects where no user is named.
    pub usual: &'a str,
}

impl Way<'_> {
    /// What the line is, and the line: the command, or where none is known for the port, its address. `user` is that of
    /// SSH.
    #[must_use]
    pub fn line(&self, user: &str) -> (&'static str, String) {
        let Self { port, udp, address, at, windows, usual } = *self;
        // Remote Desktop has UDP only beside TCP.
        match port {
            22 if !udp => {
                let to = if at == 22 { String::new() } else { format!(" -p {at}") };
                let user = word(user);
                let user = if user.is_empty() { usual } else { &user };
                ("SSH command", format!("ssh{to} {user}@{address}"))
            }
            3389 if !udp => {
                let to = if at == 3389 { address.to_owned() } else { with_port(address, at) };
                ("Remote Desktop command", format!("mstsc /v:{to}"))
            }
            5985 | 5986 if windows && !udp => {
                let tls = if port == 5986 { " -UseSSL" } else { "" };
                let to = format!("-ComputerName {address} -Port {at}{tls}");
                ("PowerShell command", format!("Enter-PSSession {to} -Credential (Get-Credential)"))
            }
            _ => ("address", with_port(address, at)),
        }
    }
}

/// `203.0.113.7:443`, `[2001:db8::7]:443`
fn with_port(address: &str, port: u16) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

/// A user's name as a word of a shell: what it could take for something else is left out.
fn word(user: &str) -> String {
    let letters = user.trim().chars().filter(|char| char.is_alphanumeric() || "._-\\".contains(*char));
    letters.collect::<String>().trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(port: u16, at: u16, windows: bool, user: &str) -> (&'static str, String) {
        let usual = usual_user(false);
        Way { port, udp: false, address: "203.0.113.7", at, windows, usual }.line(user)
    }

    #[test]
    fn each_usual_port_has_its_line() {
        let cases = [
            ((22, 22, false), "SSH command", "ssh azureuser@203.0.113.7"),
            ((22, 50022, true), "SSH command", "ssh -p 50022 azureuser@203.0.113.7"),
            ((3389, 3389, true), "Remote Desktop command", "mstsc /v:203.0.113.7"),
            ((3389, 49200, true), "Remote Desktop command", "mstsc /v:203.0.113.7:49200"),
            (
                (5985, 5985, true),
                "PowerShell command",
                "Enter-PSSession -ComputerName 203.0.113.7 -Port 5985 -Credential (Get-Credential)",
            ),
            (
                (5986, 49986, true),
                "PowerShell command",
                "Enter-PSSession -ComputerName 203.0.113.7 -Port 49986 -UseSSL -Credential (Get-Credential)",
            ),
            ((8080, 8080, true), "address", "203.0.113.7:8080"),
            ((5985, 5985, false), "address", "203.0.113.7:5985"),
        ];
        for ((port, at, windows), what, text) in cases {
            assert_eq!(line(port, at, windows, ""), (what, text.to_owned()));
        }
    }

    #[test]
    fn no_command_connects_by_udp() {
        for port in [22, 3389, 5985, 5986] {
            let usual = usual_user(false);
            let way = Way { port, udp: true, address: "203.0.113.7", at: 50000, windows: true, usual };
            assert_eq!(way.line("ann"), ("address", "203.0.113.7:50000".to_owned()), "{port}");
        }
    }

    #[test]
    fn an_address_with_colons_is_told_from_its_port() {
        let at = |port, at, user| {
            let way =
                Way { port, udp: false, address: "2001:db8::7", at, windows: true, usual: usual_user(true) };
            way.line(user).1
        };
        assert_eq!(at(22, 22, ""), "ssh ec2-user@2001:db8::7");
        assert_eq!(at(3389, 3389, ""), "mstsc /v:2001:db8::7");
        assert_eq!(at(3389, 49200, ""), "mstsc /v:[2001:db8::7]:49200");
        assert_eq!(at(443, 443, ""), "[2001:db8::7]:443");
    }

    #[test]
    fn no_own_address_stands_for_a_firewall() {
        let at = |address: &str, port, mapped| Target::At { address: address.to_owned(), port, mapped };
        let (mapped, firewall, own) = (Some(("198.19.0.4", 54176)), Some("198.19.0.4"), Some("10.0.4.7"));
        let cases = [
            (mapped, firewall, own, at("198.19.0.4", 54176, true)),
            (mapped, None, None, at("198.19.0.4", 54176, true)),
            (None, firewall, own, Target::Firewall("198.19.0.4".to_owned())),
            (None, Some(""), own, Target::Firewall(String::new())),
            (None, None, own, at("10.0.4.7", 3389, false)),
            (None, None, None, Target::Unknown),
        ];
        for (mapped, firewall, own, expected) in cases {
            assert_eq!(Target::new(3389, mapped, firewall, own), expected, "{mapped:?} {firewall:?} {own:?}");
        }
    }

    #[test]
    fn a_user_is_one_word_and_no_option() {
        let cases = [
            ("ann", "ann@"),
            ("  ann ", "ann@"),
            ("ops; reboot", "opsreboot@"),
            ("CORP\\ann", "CORP\\ann@"),
            ("-oProxyCommand=x", "oProxyCommandx@"),
            ("$(id)", "id@"),
            ("`'\"", "azureuser@"),
        ];
        for (user, expected) in cases {
            let (_, text) = line(22, 22, false, user);
            assert_eq!(text, format!("ssh {expected}203.0.113.7"), "{user}");
        }
    }
}
